/* Onsets as ticks: along the foot of the waveform, or in a lane of their own where there is no sound. */

import { fitted, h, themed } from "../dom.js";
import { last } from "../report.js";

export const TICK = 12; // pixels
const SHADES = 4; // of confidence
const HIDDEN = 0.5; // pixels by which a tick must come after the one before to be drawn

/* The less sure, the paler and shorter. */
export function drawOnsets(canvas, found, view, height) {
  const context = fitted(canvas, view.width, height);
  let covered = -Infinity;
  const shades = Array.from({ length: SHADES }, () => []);
  for (let index = Math.max(0, last(found.times, view.start)); index < found.times.length; index++) {
    if (found.times[index] > view.end) break;
    if ((found.times[index] - covered) * view.scale < HIDDEN) continue;
    covered = found.times[index];
    shades[Math.min(SHADES - 1, Math.floor(found.confidence[index] * SHADES))].push(index);
  }
  context.fillStyle = themed("--onset");
  shades.forEach((indices, shade) => {
    const share = (shade + 1) / SHADES;
    context.globalAlpha = 0.3 + 0.7 * share;
    const tall = TICK * (0.4 + 0.6 * share);
    for (const index of indices) context.fillRect(view.x(found.times[index]), height - tall, 1.5, tall);
  });
}

export function onsets(app) {
  const { onsets: found, audio } = app.report;
  if (!found?.times.length || audio) return null;
  const canvas = h("canvas");
  const height = TICK + 6;
  return { name: "onsets", lasting: true, title: "Onsets", height, element: h("div", {}, canvas),
    draw: (view) => drawOnsets(canvas, found, view, height) };
}
