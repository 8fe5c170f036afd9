/* An engraved sheet that follows the sound: the bar that sounds is marked, the page turns with it, a click on a bar plays from
   there. */

import { h } from "../dom.js";
import { measureAt } from "../report.js";
import { t } from "../texts.js";

const SVG = "http://www.w3.org/2000/svg";
const AHEAD = 24; // pixels above a system that is turned to
const STYLE = ".measure { cursor: pointer; } .cursor { fill: #2f55c8; fill-opacity: .16; pointer-events: none; } svg { display: block; width: 100%; min-width: 760px; height: auto; }";

/* What draws in a picture, and nothing that runs, fetches or is read out: the sheet is a picture as a whole. */
function harmless(text) {
  const picture = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  for (const style of picture.querySelectorAll("style")) style.textContent = style.textContent.replace(/@import[^;]*;|url\([^)]*\)/g, "");
  for (const each of picture.querySelectorAll("script, foreignObject, image, iframe, a")) each.remove();
  for (const each of [picture, ...picture.querySelectorAll("*")])
    for (const { name, value } of [...each.attributes])
      if (name.startsWith("on") || name.startsWith("aria-") || (name.endsWith("href") && !value.startsWith("#"))) each.removeAttribute(name);
  return document.importNode(picture, true);
}

/* { element, close() } of a sheet: the text of an SVG picture, in which each bar is a group of the class measure. */
export function createScore(app, name, text) {
  const picture = harmless(text);
  const paper = h("div", { class: "paper following", tabIndex: 0, role: "img", "aria-label": name });
  const shade = paper.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  shade.append(style, picture);
  const bars = [...picture.querySelectorAll("g.measure")];
  const cursor = document.createElementNS(SVG, "rect");
  cursor.setAttribute("class", "cursor");
  let shown = -1;
  let open = true;

  /* Sheets whose repeats are folded have fewer bars than the song: where these lie is not known. */
  const follows = () => bars.length === app.report.measures.length;
  const mark = () => {
    if (!open || !follows() || !paper.isConnected || !paper.checkVisibility()) return;
    const index = measureAt(app.report, app.player.time);
    if (index === shown) return;
    shown = index;
    if (index < 0) return void cursor.remove();
    const bar = bars[index];
    const { x, y, width, height } = bar.getBBox();
    for (const [side, value] of Object.entries({ x, y, width, height })) cursor.setAttribute(side, value);
    bar.prepend(cursor);
    if (app.player.playing) turn(bar);
  };
  const turn = (bar) => {
    const [place, frame] = [bar.getBoundingClientRect(), paper.getBoundingClientRect()];
    if (place.top < frame.top || place.bottom > frame.bottom) paper.scrollTop += place.top - frame.top - AHEAD;
    if (place.left < frame.left || place.right > frame.right) paper.scrollLeft += place.left - frame.left - AHEAD;
  };
  picture.addEventListener("click", (event) => {
    const index = bars.indexOf(event.target.closest("g.measure"));
    if (index >= 0 && follows()) app.player.playFrom(app.report.measures[index].start);
  });
  app.player.on("time", mark);
  requestAnimationFrame(mark);
  return {
    element: h("figure", {}, h("figcaption", {}, t(name)), paper),
    close: () => (open = false),
  };
}
