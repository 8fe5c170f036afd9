/* Drum hits: tapped in, tapped away, moved along their row. */

import { h } from "../../dom.js";
import { snapped } from "./snapping.js";

export function correctDrums(app, edits) {
  const { report } = app;
  const hit = (time, drum) => ({ kind: "drum", time, drum });
  const gone = (index) => ({ kind: "no_drum", time: report.drums.times[index], drum: Number(report.drums.pitches[index]) });
  /* The percussion that a row's hits mostly are. */
  const usual = (row) => {
    const counts = new Map();
    report.drums.parts.forEach((part, i) => part === row && counts.set(report.drums.pitches[i], (counts.get(report.drums.pitches[i]) ?? 0) + 1));
    return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [38, 0])[0];
  };
  return {
    hit: (view, lane) => (x, y, reach) => {
      const index = lane.under(x, y, reach);
      if (index < 0) {
        const row = Math.floor(y / lane.row);
        return { cursor: "copy", tap: () => edits.add(hit(snapped(report, view.time(x), view, false), Number(usual(row)))) };
      }
      return { cursor: "pointer", tap: () => edits.add(gone(index)), drag: () => {
        const line = h("div", { class: "edge" });
        lane.element.append(line);
        const at = (newX, event) => Math.min(Math.max(snapped(report, view.time(newX), view, event.altKey), 0), report.duration - 0.01);
        return {
          move: (newX, newY, event) => (line.style.left = `${view.x(at(newX, event))}px`),
          drop(newX, newY, event) {
            line.remove();
            edits.add(gone(index), hit(at(newX, event), Number(report.drums.pitches[index])));
          },
          cancel: () => line.remove(),
        };
      } };
    },
  };
}
