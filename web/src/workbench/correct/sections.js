/* Sections: named, moved, split, joined. */

import { clock, h } from "../../dom.js";
import { last, segmentAt } from "../../report.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { edgesHere } from "./places.js";
import { draggedEdge, edgeAt } from "./snapping.js";

const NAMES = ["intro", "verse", "pre-chorus", "chorus", "bridge", "solo", "instrumental", "outro"];

export function correctSections(app, edits) {
  const { report } = app;
  const section = (start, end, label) => ({ kind: "section", start, end, label });
  /* The bar line nearest to a time. */
  const onBar = (time) => {
    const lines = report.measures.map(({ start }) => start);
    if (!lines.length) return time;
    const index = Math.max(0, last(lines, time));
    const next = lines[index + 1] ?? lines[index];
    return Math.abs(next - time) < Math.abs(lines[index] - time) ? next : lines[index];
  };
  /* The edge before a section comes to lie at a time. */
  const move = (edge, time) => {
    const { starts, ends, labels } = report.sections;
    edits.add(section(starts[edge - 1], time, labels[edge - 1]), section(time, ends[edge], labels[edge]));
  };
  const open = (index, place, time) => {
    const { starts, ends, labels } = report.sections;
    const input = h("input", { type: "text", value: labels[index], maxLength: 60, "aria-label": t("Name of the section"), autocomplete: "off" });
    const all = labels.filter((label) => label === labels[index]).length > 1 ? h("input", { type: "checkbox" }) : null;
    const choose = (text) => {
      if (!text.trim()) return;
      opened.close();
      const named = labels.map((_, i) => i).filter((i) => i === index || (all?.checked && labels[i] === labels[index]));
      edits.add(...named.map((i) => section(starts[i], ends[i], text.trim())));
    };
    const act = (text, ...corrections) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...corrections)) }, text);
    const split = onBar(time);
    const names = [...new Set([...labels, ...NAMES])].filter((name) => name !== labels[index]).slice(0, 12);
    const opened = panel(t("Section, {start} to {end}", { start: clock(starts[index]), end: clock(ends[index]) }), place, [
      h("form", { class: "tray", onsubmit: (event) => (event.preventDefault(), choose(input.value)) }, input,
        h("button", { type: "submit", class: "primary" }, t("Set"))),
      h("div", { class: "offers" }, names.map((name) => h("button", { type: "button", class: "offer plain", onclick: () => choose(name) }, name))),
      all && h("label", { class: "check" }, all, t("All that are called {name}", { name: labels[index] })),
      h("div", { class: "tray acts" },
        split - starts[index] > 0.5 && ends[index] - split > 0.5 && act(t("Split at {time}", { time: clock(split) }),
          section(starts[index], split, labels[index]), section(split, ends[index], labels[index]), { kind: "boundary", time: split }),
        index + 1 < labels.length && act(t("Join with next"), section(starts[index], ends[index + 1], labels[index])),
        edgesHere((text, run) => h("button", { type: "button", onclick: () => (opened.close(), run()) }, text), [starts[index], ends[index]], split,
          (start, end) => (end === ends[index] ? move(index, start) : move(index + 1, end)), [index > 0, index + 1 < labels.length]),
        labels.length > 1 && act(t("Delete"), index > 0 ? section(starts[index - 1], ends[index], labels[index - 1]) : section(starts[0], ends[1], labels[1])),
        h("button", { type: "button", onclick: () => (opened.close(), app.repeatSection(index)) }, t("Repeat")))]);
    input.select();
  };
  return {
    openAt(time) {
      const index = segmentAt(report.sections, time);
      if (index >= 0) open(index, document.querySelector(".lane.sections").getBoundingClientRect(), time);
    },
    hit: (view, lane) => (x, y, reach) => {
      const edge = edgeAt(report.sections, x, view, reach);
      const index = segmentAt(report.sections, view.time(x));
      return {
        cursor: edge >= 0 ? "col-resize" : "pointer",
        tap: index < 0 ? null : (place) => open(index, place, view.time(x)),
        drag: edge < 0 ? null : () => draggedEdge(app, lane.element, view, report.sections, edge, (time) => move(edge, time)),
      };
    },
  };
}
