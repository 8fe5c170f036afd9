/* Where someone sings, and the words: each at its time, or a run of them where there is no room for each; the paler, the less
   sure. */

import { clock, h, percent, themed } from "../dom.js";
import { spaced, sungIn, textOf } from "../lyrics.js";
import { segmentsWithin } from "../report.js";
import { t } from "../texts.js";
import { blocks } from "./blocks.js";

const LEAST = 12; // pixels in which something can be read

export function voice(app) {
  const found = sungIn(app.report);
  if (!found.labels.length && !app.editor) return null;
  const measure = document.createElement("canvas").getContext("2d");
  const words = h("div", { class: "words", "aria-hidden": "true" });
  const lane = blocks(found, (index) => {
    const sure = found.confidence[index];
    return {
      content: null,
      title: t("{what}, {start} to {end}, {share} sure", { what: found.labels[index] || t("Singing"), start: clock(found.starts[index]),
        end: clock(found.ends[index]), share: percent(sure) }),
      state: app.editor?.stateOf("lyric", found.starts[index], found.ends[index]),
      style: { background: `color-mix(in srgb, var(--sung) ${Math.round(25 + 75 * sure)}%, transparent)` },
    };
  }, (index) => app.player.playFrom(found.starts[index]));
  const begins = new Set(found.lines);

  /* Runs of words, each as long as its text needs; none goes on over the end of a line. */
  const runs = (view) => {
    const out = [];
    const [from, to] = segmentsWithin(found, view.start, view.end);
    for (let row = from; row < to; ) {
      const first = row;
      const x = view.x(found.starts[first]);
      const next = () => (row < found.labels.length ? view.x(found.starts[row]) : Infinity);
      do row++;
      while (row < to && found.labels[row] && !begins.has(row) && x + measure.measureText(textOf(found, first, row)).width + 6 > next());
      if (!found.labels[first]) continue;
      const text = row - first > 1 ? textOf(found, first, row) : spaced(found.labels[first]).trim() + (spaced(found.labels[first]).endsWith(" ") ? "" : "-");
      const room = Math.min(next(), view.width + 400) - x;
      if (room >= LEAST) out.push(h("span", { style: { left: `${x}px`, maxWidth: `${room}px` } }, text));
    }
    return out;
  };
  return {
    ...lane,
    name: "voice",
    title: found.lines.length ? "Words" : "Voice",
    height: 26,
    draw(view) {
      lane.draw(view);
      measure.font = `600 12px ${themed("--text-font")}`;
      words.replaceChildren(...runs(view));
      lane.element.append(words);
    },
  };
}
