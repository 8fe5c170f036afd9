/* An engraved sheet that follows the sound: the bar that sounds is marked, the page turns with it, a click on a bar plays from
   there. */

import { h } from "../dom.js";
import { measureAt } from "../report.js";
import { t } from "../texts.js";
import { createPages } from "./pages.js";

const SVG = "http://www.w3.org/2000/svg";
const EARLY = 0.35; // seconds by which the page is turned before its first bar
const STYLE = ".measure { cursor: pointer; } .cursor { fill: #2f55c8; fill-opacity: .16; pointer-events: none; } svg { display: block; width: 100%; height: auto; }";

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

/* { element, close() } of a sheet: the text of an SVG picture, in which each bar is a group of the class measure. written: for
   each bar of the song the index of the measure in which it is written, where repeats are folded. */
export function createScore(app, name, text, written) {
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

  const pages = createPages(picture, paper);
  const most = Math.max(-1, ...written);
  /* Index of the measure of a bar of the song; -1 where it is not known. */
  const measureOf = (bar) => {
    const count = app.report.measures.length;
    if (bars.length === count) return bar;
    return written.length === count && bars.length > most ? written[bar] : -1;
  };
  /* The bar of the song that is nearest to the player among those that are written in a measure. */
  const barOf = (measure) => measure >= 0 && app.report.measures.filter(({ index }) => measureOf(index) === measure)
    .reduce((best, bar) => (!best || Math.abs(bar.start - app.player.time) < Math.abs(best.start - app.player.time) ? bar : best), null);
  const mark = () => {
    if (!open || !paper.isConnected || !paper.checkVisibility()) return;
    const at = (time) => measureOf(Math.max(0, measureAt(app.report, time)));
    if (app.player.playing) {
      const coming = bars[at(app.player.time + EARLY * app.player.rate)];
      if (coming) pages.show(coming);
    }
    const index = measureAt(app.report, app.player.time) < 0 ? -1 : at(app.player.time);
    if (index === shown) return;
    shown = index;
    if (index < 0) return void cursor.remove();
    const bar = bars[index];
    const { x, y, width, height } = bar.getBBox();
    for (const [side, value] of Object.entries({ x, y, width, height })) cursor.setAttribute(side, value);
    bar.prepend(cursor);
    if (!app.player.playing) pages.show(bar);
  };
  picture.addEventListener("click", (event) => {
    const bar = barOf(bars.indexOf(event.target.closest("g.measure")));
    if (bar) app.player.playFrom(bar.start);
  });
  app.player.on("time", mark);
  requestAnimationFrame(mark);
  return {
    element: h("figure", {}, h("figcaption", {}, t(name), pages.element), paper),
    close: () => (open = false),
  };
}
