/* The piano roll: notes in the colours of their instruments' families, the louder the fuller; under it the pedal. */

import { clock, fitted, h, percent, themed } from "../dom.js";
import { hover } from "../hover.js";
import { familyColour } from "../instruments.js";
import { CAPTION, centsOff, drawKeys, noteName, octaves, rowsOf } from "../pitches.js";
import { last, segmentAt, segmentsWithin } from "../report.js";
import { t } from "../texts.js";

const TALLEST = 264; // pixels
const FINEST = 9;
const USUAL = [48, 72]; // pitches that are shown where there are no notes, and some may be drawn
const STRIP = 10; // of the pedal
const FAINTEST = 0.3; // opacity of velocity 1
const SHADES = 8; // of velocity
const HIDDEN = 0.5; // pixels by which a note must reach beyond the one before to be drawn
const NEAR = 2; // pixels beside a note that still mean it

export function notes(app) {
  const { report } = app;
  const { notes: found, pedal } = report;
  const rows = found && (rowsOf(found.pitches, TALLEST, FINEST) ?? (app.editor && rowsOf(USUAL, TALLEST, FINEST)));
  if (!rows) return null;
  const strip = pedal?.starts.length ? STRIP : 0;
  const height = rows.height + strip;
  const latest = runningMaximum(found.offsets);
  const canvas = h("canvas");
  const element = h("div", {}, canvas);
  const labels = h("div", { class: "octaves" });
  let shown = null;

  const family = (index) => found.names[found.programs[index]].family;
  const within = (start, end) => [last(latest, start) + 1, last(found.onsets, end) + 1];

  const draw = (view) => {
    shown = view;
    const context = fitted(canvas, view.width, height);
    drawKeys(context, rows, view.width, app.shift, { shade: themed("--soft"), line: themed("--line") });
    for (const [name, members] of grouped(...within(view.start, view.end), view.scale)) {
      context.fillStyle = familyColour(name);
      members.forEach((indices, shade) => {
        context.globalAlpha = FAINTEST + ((1 - FAINTEST) * (shade + 0.5)) / SHADES;
        for (const index of indices) {
          const x = view.x(found.onsets[index]);
          const wide = Math.max((found.offsets[index] - found.onsets[index]) * view.scale - 0.7, 1.2);
          const top = rows.y(found.pitches[index]) - rows.row / 2;
          context.fillRect(x, top, wide, Math.max(rows.row - (rows.row > 3 ? 0.8 : 0), 1.5));
        }
      });
    }
    context.globalAlpha = 1;
    if (strip) drawPedal(context, view);
    labels.replaceChildren(h("span", {}, t("Notes")), strip ? h("span", { class: "below" }, "pedal") : "",
      ...octaves(rows, app.shift).map(([name, y]) => h("span", { class: y < CAPTION ? "octave covered" : "octave", style: { top: `${y}px` } }, name)));
  };

  /* Family -> for each shade of velocity the indices of its notes, without those that lie on others of the same pitch. */
  const grouped = (from, to, scale) => {
    const groups = new Map();
    const covered = new Map();
    for (let index = from; index < to; index++) {
      const name = family(index);
      if (app.hidden.has(name)) continue;
      if (!groups.has(name)) groups.set(name, Array.from({ length: SHADES }, () => [])), covered.set(name, []);
      const until = covered.get(name);
      const pitch = Math.round(found.pitches[index]);
      if (found.offsets[index] - (until[pitch] ?? -Infinity) < HIDDEN / scale) continue;
      until[pitch] = found.offsets[index];
      groups.get(name)[Math.min(SHADES - 1, Math.floor((found.velocities[index] / 128) * SHADES))].push(index);
    }
    return groups;
  };

  const drawPedal = (context, view) => {
    context.fillStyle = themed("--line");
    context.fillRect(0, rows.height, view.width, 1);
    context.fillStyle = themed("--quiet");
    const [from, to] = segmentsWithin(pedal, view.start, view.end);
    for (let index = from; index < to; index++) {
      context.globalAlpha = 0.25 + 0.6 * pedal.confidence[index];
      const x = view.x(pedal.starts[index]);
      context.fillRect(x, rows.height + 3, Math.max(view.x(pedal.ends[index]) - x - 1, 1), STRIP - 5);
    }
    context.globalAlpha = 1;
  };

  /* Index of the note under a place, the nearest in pitch, then the last to begin; -1 where there is none. */
  const under = (x, y) => {
    const [time, slack] = [shown.time(x), NEAR / shown.scale];
    const off = (index) => Math.abs(rows.y(found.pitches[index]) - y);
    let best = -1;
    const [from, to] = within(time - slack, time + slack);
    for (let index = from; index < to; index++) {
      if (found.offsets[index] < time - slack || off(index) > rows.row / 2 + NEAR || app.hidden.has(family(index))) continue;
      if (best < 0 || off(index) <= off(best)) best = index;
    }
    return best;
  };
  hover(element, (x, y) => {
    if (y > rows.height) {
      const index = segmentAt(pedal, shown.time(x));
      return index < 0 ? null : [t("Pedal down"), t("{share} sure", { share: percent(pedal.confidence[index]) })];
    }
    const index = under(x, y);
    if (index < 0) return null;
    const [onset, pitch] = [found.onsets[index], found.pitches[index]];
    return [
      `${noteName(report, pitch, onset, app.shift)} ${centsOff(pitch)}`.trim(), found.names[found.programs[index]].name,
      t("{time} · velocity {velocity} · {share} sure", { time: clock(onset), velocity: found.velocities[index], share: percent(found.confidence[index]) }),
    ];
  });
  element.addEventListener("click", (event) => {
    const { left, top } = element.getBoundingClientRect();
    const index = under(event.clientX - left, event.clientY - top);
    if (index < 0) return;
    event.preventDefault();
    app.player.playFrom(found.onsets[index]);
  });
  return { name: "notes", title: "Notes", height, element, labels, draw, rows, under };
}

function runningMaximum(values) {
  let most = -Infinity;
  return values.map((value) => (most = Math.max(most, value)));
}
