/* Jobs of the server that take a while: watched until they end. */

import { clock, h, percent } from "../dom.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { complain } from "./dialogs.js";

const EVERY = 700; // milliseconds
const OPEN = new Set(["waiting", "running"]);

export const runs = (job) => job !== null && OPEN.has(job.state);

/* Follows a job; each(what is said of it). Resolves to the job once it has ended, to null where signal has. */
export async function watched(id, each, signal) {
  for (;;) {
    const job = await api.job(id);
    if (signal.aborted) return null;
    each(job);
    if (!runs(job)) return job;
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (signal.aborted) return null;
  }
}

/* { element, show(job) }: how far a job is, and a button to leave it. */
export function createProgress(name) {
  const bar = h("progress", { max: 1, "aria-label": name });
  const note = h("span", { class: "note", role: "status" });
  let shown = null;
  const cancel = h("button", { type: "button", onclick: () => api.cancelJob(shown).catch(complain) }, t("Cancel"));
  return {
    element: h("div", { class: "job" }, h("span", {}, name), bar, note, cancel),
    show({ id, state, progress, left }) {
      shown = id;
      bar.value = progress;
      note.textContent = state === "waiting" ? t("Waiting")
        : [progress ? percent(progress) : t("Starting"), left ? t("{time} left", { time: clock(left) }) : ""].filter(Boolean).join(" · ");
    },
  };
}
