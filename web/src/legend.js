/* What is shown: a button for each lane, and for each family of instruments with its colour. */

import { h } from "./dom.js";
import { familiesOf, familyColour } from "./instruments.js";
import { t } from "./texts.js";

export function createLegend(app, stage) {
  const chip = (content, title, toggle) => {
    const button = h("button", { type: "button", class: "chip", title, "aria-pressed": "true", onclick: () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      toggle(on);
    } }, content);
    return button;
  };
  const lanes = stage.lanes.map((lane) => chip(t(lane.title), t("Show or hide: {name}", { name: t(lane.title) }), (on) => stage.show(lane, on)));
  const families = familiesOf(app.report);
  const swatches = families.map(([family]) => h("span", { class: "swatch" }));
  const paint = () => swatches.forEach((swatch, i) => (swatch.style.background = familyColour(families[i][0])));
  app.onLook(paint);
  paint();
  const instruments = families.map(([family, count], i) => {
    const programs = Object.values(app.report.notes.names).filter((each) => each.family === family).map(({ name }) => name);
    return chip([swatches[i], t(family), h("span", { class: "count" }, count)], programs.join(", "), (on) => {
      app.hidden[on ? "delete" : "add"](family);
      stage.redraw();
    });
  });
  return h("div", { class: "legend" },
    lanes.length > 1 && h("div", { class: "chips", role: "group", "aria-label": t("Lanes") }, lanes),
    instruments.length > 0 && h("div", { class: "chips instruments", role: "group", "aria-label": t("Instruments") }, instruments));
}
