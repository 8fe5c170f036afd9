/* The melody: its pitch as a curve over the semitones, the paler the less sure, with the names of what it holds. */

import { clock, fitted, h, percent, themed } from "../dom.js";
import { hover } from "../hover.js";
import { CAPTION, centsOff, drawKeys, noteName, octaves, rowsOf } from "../pitches.js";
import { last } from "../report.js";
import { t } from "../texts.js";
import { heldNotes } from "../tones.js";

const TALLEST = 150; // pixels
const FINEST = 7;
const SHADES = 4; // of confidence
const USUAL = [55, 79]; // pitches that are shown where there is no melody, and one may be drawn
const HIDDEN = 0.7; // pixels by which the curve must go on to be drawn
const NEAR = 9; // pixels beside the curve that still mean it

export function melody(app) {
  const { report } = app;
  const found = report.melody;
  const rows = found && (rowsOf(found.pitches, TALLEST, FINEST) ?? (app.editor && rowsOf(USUAL, TALLEST, FINEST)));
  if (!rows) return null;
  const held = heldNotes(found);
  const canvas = h("canvas");
  const element = h("div", {}, canvas);
  const labels = h("div", { class: "octaves" });
  let shown = null;

  const draw = (view) => {
    shown = view;
    const context = fitted(canvas, view.width, rows.height);
    drawKeys(context, rows, view.width, app.shift, { shade: themed("--soft"), line: themed("--line") });
    drawCurve(context, view);
    drawNames(context, view);
    labels.replaceChildren(h("span", {}, t("Melody")),
      ...octaves(rows, app.shift).map(([name, y]) => h("span", { class: y < CAPTION ? "octave covered" : "octave", style: { top: `${y}px` } }, name)));
  };

  const drawCurve = (context, view) => {
    const paths = Array.from({ length: SHADES }, () => new Path2D());
    const point = (index) => [view.x(found.times[index]), rows.y(found.pitches[index])];
    const far = ([x, y], [otherX, otherY]) => Math.abs(x - otherX) + Math.abs(y - otherY) > HIDDEN;
    for (let line = Math.max(0, last(starts, view.start)); line < starts.length && starts[line] <= view.end; line++) {
      const [first, end] = [found.firsts[line], found.firsts[line + 1]];
      const from = first + Math.max(0, last(found.times.slice(first, end), view.start));
      let place = point(from);
      for (let index = from; index < end && found.times[index] <= view.end; index++) {
        const next = point(Math.min(index + 1, end - 1));
        if (index + 1 < end - 1 && !far(place, next)) continue;
        const path = paths[Math.min(SHADES - 1, Math.floor(found.confidence[index] * SHADES))];
        path.moveTo(...place);
        path.lineTo(index + 1 < end ? next[0] : place[0] + 1, next[1]);
        place = next;
      }
    }
    context.strokeStyle = themed("--accent");
    context.lineWidth = 2;
    context.lineCap = "square";
    paths.forEach((path, shade) => {
      context.globalAlpha = 0.25 + (0.75 * (shade + 1)) / SHADES;
      context.stroke(path);
    });
    context.globalAlpha = 1;
  };

  const drawNames = (context, view) => {
    context.font = `600 10px ${themed("--text-font")}`;
    context.fillStyle = themed("--ink");
    context.textBaseline = "middle";
    let free = -Infinity;
    for (let index = Math.max(0, last(held.starts, view.start)); index < held.starts.length; index++) {
      if (held.starts[index] > view.end) break;
      const name = noteName(report, held.pitches[index], held.starts[index], app.shift);
      const x = view.x(held.starts[index]);
      const wide = context.measureText(name).width;
      if (x < free || (held.ends[index] - held.starts[index]) * view.scale < 0.6 * wide) continue;
      const y = rows.y(held.pitches[index]);
      context.fillText(name, x, y < 16 ? y + 11 : y - 9);
      free = x + wide + 4;
    }
  };

  const starts = found.firsts.slice(0, -1).map((first) => found.times[first]);
  hover(element, (x, y) => {
    const time = shown.time(x);
    const line = last(starts, time);
    if (line < 0) return null;
    const [first, end] = [found.firsts[line], found.firsts[line + 1]];
    const index = first + last(found.times.slice(first, end), time);
    const next = Math.min(index + 1, end - 1);
    if (time > found.times[end - 1] + NEAR / shown.scale) return null;
    const span = found.times[next] - found.times[index];
    const share = span ? Math.min(1, (time - found.times[index]) / span) : 0;
    const pitch = found.pitches[index] + share * (found.pitches[next] - found.pitches[index]);
    if (Math.abs(rows.y(pitch) - y) > NEAR) return null;
    const hertz = 440 * 2 ** ((pitch - 69) / 12);
    return [`${noteName(report, pitch, time, app.shift)} ${centsOff(pitch)}`.trim(), `${hertz.toFixed(1)} Hz`,
      t("{time} · {share} sure", { time: clock(time), share: percent(found.confidence[index]) })];
  });
  return { name: "melody", title: "Melody", height: rows.height, element, labels, draw, rows };
}
