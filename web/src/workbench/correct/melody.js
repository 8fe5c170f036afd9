/* The melody: a tone drawn over what was heard, or silence over it. */

import { clock, h } from "../../dom.js";
import { noteName } from "../../pitches.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";

const SHORTEST = 0.04; // seconds

export function correctMelody(app, edits) {
  const { report } = app;
  /* A stretch drawn at a pitch: it asks whether it is sung there, or nothing is. */
  const drawing = (x, y, view, lane) => {
    const { rows } = lane;
    const drawn = h("div", { class: "ghost" });
    lane.element.append(drawn);
    const pitch = rows.pitch(y);
    const span = (newX) => [Math.max(0, Math.min(view.time(x), view.time(newX))), Math.min(report.duration, Math.max(view.time(x), view.time(newX)))];
    return {
      move(newX) {
        const [start, end] = span(newX);
        Object.assign(drawn.style, { left: `${view.x(start)}px`, width: `${(end - start) * view.scale}px`, top: `${rows.y(pitch) - rows.row / 2}px`, height: `${rows.row}px` });
      },
      drop(newX) {
        drawn.remove();
        const [start, end] = span(newX);
        if (end - start < SHORTEST) return;
        const { left, top } = lane.element.getBoundingClientRect();
        const place = { left: left + view.x(start), right: left + view.x(end), top: top + y, bottom: top + y };
        const act = (text, value) => h("button", { type: "button", onclick: () => (opened.close(), edits.add({ kind: "melody", start, end, pitch: value })) }, text);
        const opened = panel(t("Melody, {start} to {end}", { start: clock(start), end: clock(end) }), place, h("div", { class: "tray acts" },
          act(t("{note} is sung", { note: noteName(report, pitch, start, 0) }), pitch), act(t("Nothing is sung here"), null)));
      },
      cancel: () => drawn.remove(),
    };
  };
  return { hit: (view, lane) => (x, y) => (lane.rows ? { cursor: "crosshair", drag: () => drawing(x, y, view, lane) } : null) };
}
