/* Keys: of a region, of the whole, from a bar on. */

import { clock, h } from "../../dom.js";
import { segmentAt } from "../../report.js";
import { nameOf } from "../../spelling.js";
import { pretty } from "../../symbols.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { edgesHere } from "./places.js";
import { draggedEdge, edgeAt, onBeat } from "./snapping.js";

const TONICS = { major: [-6, 6], minor: [-3, 9] }; // places on the line of fifths: Gb to F#, Eb to D# minor
const MODES = { major: "major", minor: "minor" };

export function correctKeys(app, edits) {
  const { report } = app;
  const key = (start, end, label) => ({ kind: "key", start, end, label });

  /* The edge before a region comes to lie at a time. */
  const move = (edge, time) => {
    const { starts, ends, labels } = report.keys;
    edits.add(key(starts[edge - 1], time, labels[edge - 1]), key(time, ends[edge], labels[edge]));
  };
  const open = (index, place, time) => {
    const { starts, ends, labels } = report.keys;
    const now = report.names.keys[labels[index]];
    const tonic = h("select", { "aria-label": t("Tonic") });
    const mode = h("select", { "aria-label": t("Mode"), onchange: () => fill() }, Object.entries(MODES).map(([value, text]) =>
      h("option", { value, selected: value === now?.mode }, t(text))));
    const fill = () => {
      const [low, high] = TONICS[mode.value];
      const names = Array.from({ length: high - low + 1 }, (_, i) => nameOf(low + i));
      const before = tonic.value || labels[index].split(/[: ]/)[0];
      tonic.replaceChildren(...names.map((name) => h("option", { value: name, selected: name === before }, pretty(name))));
    };
    fill();
    const act = (text, start, end) => h("button", { type: "button", onclick: () => {
      opened.close();
      edits.add(key(start(), end(), `${tonic.value} ${mode.value}`));
    } }, text);
    const plain = (text, run) => h("button", { type: "button", onclick: () => (opened.close(), run()) }, text);
    const from = onBeat(report, time);
    const opened = panel(t("Key"), place, [h("div", { class: "tray" }, tonic, mode), h("div", { class: "tray acts" },
      act(labels.length > 1 ? t("Set from {start} to {end}", { start: clock(starts[index]), end: clock(ends[index]) }) : t("Set"),
        () => starts[index], () => ends[index]),
      labels.length > 1 && act(t("Set for the whole song"), () => 0, () => report.duration),
      from - starts[index] > 0.5 && ends[index] - from > 0.5 && act(t("Set from {start} on", { start: clock(from) }), () => from, () => ends[index]),
      index + 1 < labels.length && act(t("Join with next"), () => starts[index], () => ends[index + 1])),
    h("div", { class: "tray acts" }, edgesHere((text, run) => plain(text, run), [starts[index], ends[index]], time,
      (start, end) => (end === ends[index] ? move(index, start) : move(index + 1, end)), [index > 0, index + 1 < labels.length]),
    labels.length > 1 && plain(t("Delete"), () => (index > 0 ? edits.add(key(starts[index - 1], ends[index], labels[index - 1])) : edits.add(key(starts[0], ends[1], labels[1])))))]);
  };
  return {
    openAt(time) {
      const index = segmentAt(report.keys, time);
      if (index >= 0) open(index, document.querySelector(".lane.keys").getBoundingClientRect(), time);
    },
    hit: (view, lane) => (x, y, reach) => {
      const edge = edgeAt(report.keys, x, view, reach);
      const index = segmentAt(report.keys, view.time(x));
      return {
        cursor: edge >= 0 ? "col-resize" : "pointer",
        tap: index < 0 ? null : (place) => open(index, place, view.time(x)),
        drag: edge < 0 ? null : () => draggedEdge(app, lane.element, view, report.keys, edge, (time) => move(edge, time)),
      };
    },
  };
}
