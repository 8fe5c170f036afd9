/* Falling notes: what is to be played comes down onto a keyboard, in the colours of its instruments, and the keys that sound
   are lit. */

import { fitted, h, themed } from "../dom.js";
import { familyColour } from "../instruments.js";
import { last } from "../report.js";
import { t } from "../texts.js";

const COMING = 4; // seconds that are seen
const HEIGHT = 420; // pixels
const KEYS = 84; // of these, the keyboard's
const BLACK = new Set([1, 3, 6, 8, 10]);
const MARGIN = 3; // semitones beside the lowest and highest note
const PIANO = [21, 108];
const LEAST = 36; // semitones that are shown

export function createFalling(app) {
  const { report, player } = app;
  if (!report.notes?.onsets.length) return null;
  const canvas = h("canvas", { role: "img", "aria-label": t("Falling notes") });
  const pane = h("div", { class: "falling", style: { height: `${HEIGHT}px` } }, canvas);
  const details = h("details", { class: "desk-part", ontoggle: () => draw() }, h("summary", {}, h("h2", {}, t("Falling notes"))), pane);

  /* Pitch -> [left edge, width] in pixels: white keys beside each other, black ones between them. */
  const keyboard = (low, high, wide) => {
    const whites = [];
    for (let pitch = low; pitch <= high; pitch++) if (!BLACK.has(pitch % 12)) whites.push(pitch);
    const step = wide / whites.length;
    const keys = new Map(whites.map((pitch, index) => [pitch, [index * step, step]]));
    for (let pitch = low; pitch <= high; pitch++)
      if (BLACK.has(pitch % 12)) keys.set(pitch, [(keys.get(pitch - 1)?.[0] ?? -step) + step * 0.7, step * 0.6]);
    return keys;
  };
  /* Lowest and highest key: white, with all notes between them. */
  const range = ({ pitches }) => {
    const heard = Array.from(pitches, (pitch) => Math.round(pitch + app.shift));
    let low = Math.max(PIANO[0], heard.reduce((least, pitch) => Math.min(least, pitch), Infinity) - MARGIN);
    let high = Math.min(PIANO[1], heard.reduce((most, pitch) => Math.max(most, pitch), -Infinity) + MARGIN);
    const lacking = Math.max(0, LEAST - (high - low));
    low = Math.max(PIANO[0], low - Math.floor(lacking / 2));
    high = Math.min(PIANO[1], high + Math.ceil(lacking / 2));
    while (BLACK.has(low % 12)) low--;
    while (BLACK.has(high % 12)) high++;
    return [low, high];
  };
  const draw = () => {
    const { notes } = report;
    if (!details.open || !notes?.onsets.length || !pane.clientWidth) return;
    const wide = pane.clientWidth;
    const context = fitted(canvas, wide, HEIGHT);
    const [low, high] = range(notes);
    const keys = keyboard(low, high, wide);
    const [floor, now] = [HEIGHT - KEYS, player.time];
    const y = (time) => floor - ((time - now) / COMING) * floor;
    const lit = new Map();
    context.fillStyle = themed("--line");
    for (const bar of report.measures) if (bar.start > now && bar.start < now + COMING) context.fillRect(0, y(bar.start), wide, 1);
    for (let index = last(notes.onsets, now + COMING); index >= 0; index--) {
      if (notes.offsets[index] <= now) continue;
      const pitch = Math.round(notes.pitches[index] + app.shift);
      const family = notes.names[notes.programs[index]].family;
      const key = keys.get(pitch);
      if (!key || app.hidden.has(family)) continue;
      const [top, bottom] = [Math.max(0, y(notes.offsets[index])), Math.min(floor, y(notes.onsets[index]))];
      context.fillStyle = familyColour(family);
      context.beginPath();
      context.roundRect(key[0] + 1, top, key[1] - 2, Math.max(3, bottom - top - 1), 4);
      context.fill();
      if (notes.onsets[index] <= now) lit.set(pitch, context.fillStyle);
    }
    for (const black of [false, true])
      for (const [pitch, [x, width]] of keys) {
        if (BLACK.has(pitch % 12) !== black) continue;
        context.fillStyle = lit.get(pitch) ?? (black ? "#1b1f27" : "#ffffff");
        context.fillRect(x, floor, width - (black ? 0 : 1), black ? KEYS * 0.62 : KEYS);
      }
    /* Over all keys: on a phone a name is wider than its key. */
    context.fillStyle = "#5c6472";
    context.font = `10px ${themed("--text-font")}`;
    for (const [pitch, [x]] of keys) if (pitch % 12 === 0) context.fillText(`C${pitch / 12 - 1}`, x + 1, HEIGHT - 6);
  };
  player.on("time", draw);
  app.onTransposed(draw);
  app.onFound(draw);
  app.onLook(draw);
  new ResizeObserver(draw).observe(pane);
  return details;
}
