/* What the keys and panels of corrections share: steps of the beat, edges that come to the player's place, pitches to choose. */

import { clock, h } from "../../dom.js";
import { noteName } from "../../pitches.js";
import { last } from "../../report.js";
import { t } from "../../texts.js";

const NEAR = 0.05; // seconds from an edge within which it is there already
const USUAL = 0.5; // seconds of a beat where none are known

/* A sixteenth: a quarter of the beat that a time lies in. */
export function sixteenth(report, time) {
  const grid = report.beats?.times;
  if (!grid || grid.length < 2) return USUAL / 4;
  const index = Math.min(Math.max(last(grid, time), 0), grid.length - 2);
  return (grid[index + 1] - grid[index]) / 4;
}

/* Buttons that bring the beginning or the end of a stretch to a time that lies in it; set(start, end). act: makes a button. */
export function edgesHere(act, [start, end], time, set, [first, final] = [true, true]) {
  if (time - start < NEAR || end - time < NEAR) return [];
  return [first && act(t("Begins at {time}", { time: tenth(time) }), () => set(time, end)),
    final && act(t("Ends at {time}", { time: tenth(time) }), () => set(start, time))];
}

/* 12.34 -> "0:12.3". */
export const tenth = (time) => `${clock(time)}.${Math.floor((time % 1) * 10)}`;

/* A choice of pitches around one. */
export function pitchChoice(report, time, [lowest, highest], pitch) {
  const all = Array.from({ length: highest - lowest + 1 }, (_, i) => highest - i);
  return h("select", { "aria-label": t("Pitch") }, all.map((each) =>
    h("option", { value: String(each), selected: each === pitch }, noteName(report, each, time, 0))));
}

/* Where the panel of a lane opens that is asked for by a key. */
export const placeOf = (lane, view, time) => {
  const box = document.querySelector(`.lane.${lane}`)?.getBoundingClientRect();
  if (!box) return { left: 8, right: 8, top: 8, bottom: 8 };
  const x = box.left + view.x(time);
  return { left: x, right: x, top: box.top, bottom: Math.min(box.bottom, window.innerHeight) };
};
