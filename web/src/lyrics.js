/* Words of the song: how they are written, and the line that is sung at the moment, with what comes next. */

import { h } from "./dom.js";
import { last, segmentAt } from "./report.js";
import { t } from "./texts.js";

const SOON = 0.4; // seconds before a line in which it is shown already

const NONE = { starts: [], ends: [], labels: [], confidence: [], lines: [] };

/* Sung passages of a report; none where they were not listened for. */
export const sungIn = ({ voice }) => voice ?? NONE;

/* A syllable whose word goes on ends with a hyphen. */
export const goesOn = (label) => label.length > 1 && label.endsWith("-");

/* What is written of it before the next one. */
export const spaced = (label) => (goesOn(label) ? label.slice(0, -1) : `${label} `);

/* Words of rows [from, to) in one text. */
export const textOf = ({ labels }, from, to) => labels.slice(from, to).filter(Boolean).map(spaced).join("").trim();

/* Rows [from, to) of a line of words. */
export const lineRows = ({ lines, labels }, line) => [lines[line], lines[line + 1] ?? labels.length];

/* The line that is sung, word by word, and the one after it. It is hidden where no words are known. */
export function createLyrics(app) {
  const now = h("p", { class: "line-now" });
  const next = h("p", { class: "line-next" });
  const element = h("section", { class: "lyrics", "aria-label": t("Words") }, now, next);
  let begins = []; // of the lines, in seconds
  let shown = null; // line whose words are in the page
  let sung = null;

  const write = () => {
    const voice = sungIn(app.report);
    element.hidden = !voice.lines.length;
    if (element.hidden) return;
    const [from, to] = lineRows(voice, shown);
    now.replaceChildren(...voice.labels.slice(from, to).map((label, index) => label && h("span", { "data-row": from + index,
      onclick: () => app.player.playFrom(voice.starts[from + index]) }, spaced(label))).filter(Boolean));
    next.textContent = shown + 1 < voice.lines.length ? textOf(voice, ...lineRows(voice, shown + 1)) : "";
    sung = null;
  };
  const mark = () => {
    const voice = sungIn(app.report);
    if (!voice.lines.length) return;
    const { time } = app.player;
    const line = Math.max(0, last(begins, time + SOON));
    if (line !== shown) {
      shown = line;
      write();
    }
    const row = segmentAt(voice, time);
    if (row === sung) return;
    sung = row;
    for (const word of now.children) {
      const own = Number(word.dataset.row);
      word.className = own === row ? "sounding" : voice.ends[own] <= time ? "past" : "";
    }
  };
  const renew = () => {
    const voice = sungIn(app.report);
    begins = voice.lines.map((row) => voice.starts[row]);
    shown = 0;
    write();
    mark();
  };
  app.player.on("time", mark);
  app.onFound(renew);
  renew();
  return element;
}
