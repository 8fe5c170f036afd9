/* Drum hits, a row for each part of the kit: the taller the louder, the paler the less sure. */

import { clock, fitted, h, percent, themed } from "../dom.js";
import { hover } from "../hover.js";
import { last } from "../report.js";
import { t } from "../texts.js";

const ROW = 17; // pixels
const WIDE = 3.5;
const HIDDEN = 0.5; // pixels by which a hit must come after the one before in its row to be drawn
const NEAR = 5; // pixels beside a hit that still mean it
const SHADES = 4; // of confidence
const USUAL = ["Hi-hat", "Snare", "Kick"]; // rows where there are no hits, and some may be added

export function drums(app) {
  const found = app.report.drums;
  const rows = found?.rows.length ? found.rows : found && app.editor ? USUAL : [];
  if (!rows.length) return null;
  const canvas = h("canvas");
  const element = h("div", {}, canvas);
  const height = ROW * rows.length;
  const labels = h("div", { class: "rows" }, rows.map((name) => h("span", {}, t(name))));
  let shown = null;

  const draw = (view) => {
    shown = view;
    const context = fitted(canvas, view.width, height);
    context.fillStyle = themed("--line");
    for (let row = 1; row < rows.length; row++) context.fillRect(0, row * ROW - 0.5, view.width, 0.5);
    const from = Math.max(0, last(found.times, view.start - WIDE / view.scale));
    const shades = Array.from({ length: SHADES }, () => []);
    const covered = rows.map(() => -Infinity);
    for (let index = from; index < found.times.length && found.times[index] <= view.end; index++) {
      if ((found.times[index] - covered[found.parts[index]]) * view.scale < HIDDEN) continue;
      covered[found.parts[index]] = found.times[index];
      shades[Math.min(SHADES - 1, Math.floor(found.confidence[index] * SHADES))].push(index);
    }
    context.fillStyle = themed("--hit");
    shades.forEach((indices, shade) => {
      context.globalAlpha = 0.25 + (0.75 * (shade + 1)) / SHADES;
      for (const index of indices) {
        const tall = Math.max(2, (found.velocities[index] / 127) * (ROW - 4));
        context.fillRect(view.x(found.times[index]), (found.parts[index] + 1) * ROW - 2 - tall, WIDE, tall);
      }
    });
  };

  /* Index of the hit nearest to a place in its row, so many pixels away at most; -1 where there is none. */
  const under = (x, y, near) => {
    const time = shown.time(x);
    const reach = near / shown.scale;
    let best = -1;
    for (let index = last(found.times, time + reach); index >= 0 && found.times[index] > time - reach - WIDE / shown.scale; index--)
      if (found.parts[index] === Math.floor(y / ROW) &&
        (best < 0 || Math.abs(found.times[index] - time) < Math.abs(found.times[best] - time))) best = index;
    return best;
  };
  hover(element, (x, y) => {
    const best = under(x, y, NEAR);
    if (best < 0) return null;
    return [found.names[found.pitches[best]],
      t("{time} · velocity {velocity} · {share} sure", { time: clock(found.times[best]), velocity: found.velocities[best],
        share: percent(found.confidence[best]) })];
  });
  return { name: "drums", title: "Drums", height, element, labels, draw, under, row: ROW, rows };
}
