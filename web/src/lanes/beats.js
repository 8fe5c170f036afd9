/* The bars with their numbers and beats. A click plays from the bar; a drag over bars repeats them. */

import { fitted, h, themed } from "../dom.js";
import { measureAt } from "../report.js";
import { t } from "../texts.js";

const CLOSEST_NUMBERS = 26; // pixels
const CLOSEST_BEATS = 7;

export function beats(app) {
  const { report } = app;
  if (!report.measures.length) return null;
  const canvas = h("canvas");
  const element = h("div", { title: t("Click: play from this bar. Drag: repeat these bars.") }, canvas);
  const height = 30;
  let shown = null;

  const barUnder = (event) => {
    const index = measureAt(report, shown.time(event.clientX - element.getBoundingClientRect().left));
    return index < 0 ? null : report.measures[index];
  };
  /* A finger that drags tells no click: what is dragged ends with the pointer. */
  let first = null;
  let dragged = false;
  element.addEventListener("pointerdown", (event) => {
    first = event.button === 0 ? barUnder(event) : null;
    dragged = false;
  });
  element.addEventListener("pointerup", (event) => {
    const bar = first && barUnder(event);
    if (!bar || bar === first) return;
    dragged = true;
    const [from, to] = first.index < bar.index ? [first, bar] : [bar, first];
    app.repeat([from.start, to.end]);
    app.player.playFrom(from.start);
  });
  element.addEventListener("click", (event) => {
    const bar = barUnder(event);
    if (!bar) return;
    event.preventDefault();
    if (dragged) return;
    app.repeat(null);
    app.player.playFrom(bar.start);
  });

  return {
    name: "beats",
    title: "Bars",
    height,
    element,
    draw(view) {
      shown = view;
      const context = fitted(canvas, view.width, height);
      const [ink, quiet, faint] = ["--ink", "--quiet", "--line"].map(themed);
      context.font = `600 11px ${themed("--text-font")}`;
      context.textBaseline = "top";
      const firstBar = Math.max(0, measureAt(report, view.start));
      let free = -Infinity;
      for (const bar of report.measures.slice(firstBar)) {
        if (bar.start > view.end) break;
        const x = Math.round(view.x(bar.start));
        const wide = (bar.end - bar.start) * view.scale;
        if (wide / bar.beats.length >= CLOSEST_BEATS) {
          context.fillStyle = faint;
          for (const beat of bar.beats.slice(1)) context.fillRect(Math.round(view.x(beat)), height - 8, 1, 8);
        }
        const numbered = x >= free && (wide >= CLOSEST_NUMBERS || bar.number % 4 === 1);
        context.fillStyle = bar.number === 0 ? faint : quiet;
        context.fillRect(x, numbered ? 4 : height - 12, 1.5, height);
        if (numbered) {
          context.fillStyle = ink;
          context.fillText(String(bar.number), x + 5, 5);
          free = x + 14 + context.measureText(String(bar.number)).width;
        }
      }
      context.fillStyle = themed("--accent");
      for (const time of app.editor?.knownBeats() ?? []) context.fillRect(Math.round(view.x(time)) - 1, height - 14, 3, 14);
    },
  };
}
