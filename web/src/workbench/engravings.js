/* Lead sheet and score as they are printed, engraved when they are asked for. */

import { h } from "../dom.js";
import { unpacked } from "../engraved.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { complain } from "./dialogs.js";
import { createScore } from "./score.js";

const NARROW = 640; // pixels below which fewer bars stand beside each other
const LEAD = "Lead sheet as printed"; // of which repeats are folded

export function createEngravings(id, app, edits) {
  const pages = h("div");
  let shown = null; // the version
  let scores = [];
  const show = async () => {
    if (!details.open || shown === edits.version) return;
    shown = edits.version;
    pages.replaceChildren(h("p", { role: "status" }, t("Engraving …")));
    try {
      const { sheets, written } = await api.sheets(id, details.clientWidth < NARROW);
      scores.forEach((score) => score.close());
      scores = await Promise.all(sheets.map(async ({ name, picture }) => createScore(app, name, await unpacked(picture), name === LEAD ? written : [])));
      pages.replaceChildren(...(scores.length ? scores.map(({ element }) => element) : [h("p", {}, t("Install onpu[engrave] to see engraved sheets here."))]));
    } catch (error) {
      shown = null;
      pages.replaceChildren();
      complain(error);
    }
  };
  const details = h("details", { ontoggle: show }, h("summary", {}, h("h2", {}, t("Engraved sheets"))), pages);
  app.onFound(show);
  return h("section", { class: "engraved", "aria-label": t("Engraved sheets") }, details);
}
