/* Which instruments play, a row for each: the paler, the less sure. */

import { clock, fitted, h, percent, themed } from "../dom.js";
import { hover } from "../hover.js";
import { t } from "../texts.js";

const ROW = 15; // pixels

export function players(app) {
  const found = app.report.instruments;
  if (!found?.rows.length) return null;
  const canvas = h("canvas");
  const element = h("div", {}, canvas);
  const height = ROW * found.rows.length;
  const labels = h("div", { class: "rows" }, found.rows.map((name) => h("span", {}, t(name))));
  let shown = null;

  const draw = (view) => {
    shown = view;
    const context = fitted(canvas, view.width, height);
    context.fillStyle = themed("--line");
    for (let row = 1; row < found.rows.length; row++) context.fillRect(0, row * ROW - 0.5, view.width, 0.5);
    context.fillStyle = themed("--played");
    found.starts.forEach((start, index) => {
      if (found.ends[index] < view.start || start > view.end) return;
      const from = Math.max(view.x(start), -1);
      const to = Math.min(view.x(found.ends[index]), view.width + 1);
      context.globalAlpha = 0.2 + 0.8 * found.confidence[index];
      context.fillRect(from, found.parts[index] * ROW + 3, Math.max(to - from - 1, 1), ROW - 6);
    });
  };

  hover(element, (x, y) => {
    const [time, row] = [shown.time(x), Math.floor(y / ROW)];
    const index = found.starts.findIndex((start, i) => found.parts[i] === row && start <= time && time < found.ends[i]);
    if (index < 0) return null;
    return [t(found.rows[row]), t("{start} to {end} · {share} sure", { start: clock(found.starts[index]), end: clock(found.ends[index]),
      share: percent(found.confidence[index]) })];
  });
  return { name: "players", title: "Players", height, element, labels, draw };
}
