/* Drum hits: tapped in, tapped away, moved along their row and to another. */

import { h } from "../../dom.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { placeOf, tenth } from "./places.js";
import { snapped } from "./snapping.js";

const USUAL = { Kick: 36, Snare: 38, "Hi-hat": 42, "Open hi-hat": 46, Toms: 47, Ride: 51, Crash: 49, Percussion: 54 };
const NEAR = 0.06; // seconds from the player's place within which a hit is there

export function correctDrums(app, edits) {
  const { report } = app;
  const hit = (time, drum) => ({ kind: "drum", time, drum });
  const gone = (index) => ({ kind: "no_drum", time: report.drums.times[index], drum: Number(report.drums.pitches[index]) });
  /* The percussion that a row's hits mostly are. */
  const usual = (row, rows) => {
    const counts = new Map();
    report.drums.parts.forEach((part, i) => part === row && counts.set(report.drums.pitches[i], (counts.get(report.drums.pitches[i]) ?? 0) + 1));
    return Number([...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [USUAL[rows[row]] ?? 38, 0])[0]);
  };
  return {
    openAt(time, view) {
      if (!report.drums) return;
      const act = (text, ...corrections) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...corrections)) }, text);
      const here = report.drums.times.flatMap((each, index) => (Math.abs(each - time) < NEAR ? [index] : []));
      const opened = panel(t("Drums, {time}", { time: tenth(time) }), placeOf("drums", view, time), [
        here.length > 0 && h("div", { class: "tray acts" }, here.map((index) => act(t("Take away {name}", { name: t(report.drums.rows[report.drums.parts[index]]) }), gone(index)))),
        h("div", { class: "tray acts" }, Object.entries(USUAL).map(([name, drum]) => act(t("Add {name}", { name: t(name) }), hit(time, drum))))]);
    },
    hit: (view, lane) => (x, y, reach) => {
      const rowAt = (place) => Math.min(Math.max(Math.floor(place / lane.row), 0), lane.rows.length - 1);
      const index = lane.under(x, y, reach);
      if (index < 0) return { cursor: "copy", tap: () => edits.add(hit(snapped(report, view.time(x), view, false), usual(rowAt(y), lane.rows))) };
      return { cursor: "pointer", tap: () => edits.add(gone(index)), drag: () => {
        const drawn = h("div", { class: "ghost" });
        lane.element.append(drawn);
        const at = (newX, newY, event) => {
          const row = rowAt(newY);
          return { row, time: Math.min(Math.max(snapped(report, view.time(newX), view, event.altKey), 0), report.duration - 0.01),
            drum: row === report.drums.parts[index] ? Number(report.drums.pitches[index]) : usual(row, lane.rows) };
        };
        return {
          move(newX, newY, event) {
            const { row, time } = at(newX, newY, event);
            Object.assign(drawn.style, { left: `${view.x(time) - 1}px`, width: "6px", top: `${row * lane.row}px`, height: `${lane.row}px` });
          },
          drop(newX, newY, event) {
            drawn.remove();
            const { time, drum } = at(newX, newY, event);
            edits.add(gone(index), hit(time, drum));
          },
          cancel: () => drawn.remove(),
        };
      } };
    },
  };
}
