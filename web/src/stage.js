/* The lanes, one above the other over one time axis, with the cursor across them. */

import { fitted, h, themed } from "./dom.js";
import { LANES } from "./lanes/index.js";
import { measureAt } from "./report.js";
import { t } from "./texts.js";
import { createView } from "./view.js";

/* A lane is made by a function of the app that returns null where the report has nothing for it, or
   { name, title, height, element, draw(view), mark(time)?, labels?, lasting? }: draw on every scroll, zoom and
   transposition, mark when the moment changes; labels: an element for the margin instead of the title; lasting: of the
   sound, not of what was found in it. `show` hides a lane or brings it
   back; what is hidden is not drawn. Where the report says something else than before, the lanes of what was found are
   made anew; those of the sound stay. */
export function createStage(app) {
  const lanes = LANES.map((make) => ({ make, ...make(app) })).filter(({ element }) => element);
  const cursor = h("div", { class: "cursor" });
  const loop = h("div", { class: "loop", hidden: true });
  const grid = h("canvas", { class: "grid" });
  const sticky = h("div", { class: "sticky" }, grid, lanes.map((lane) => lane.element), loop, cursor);
  const pane = h("div", { class: "pane", tabIndex: -1 }, h("div", { class: "spacer" }, sticky));
  const captions = new Map(lanes.map((lane) => [lane, h("div", { class: `caption ${lane.name}` })]));
  const margin = h("div", { class: "margin" }, ...captions.values());
  let visible = lanes;
  const dress = (lane) => {
    lane.element.classList.add("lane", lane.name);
    lane.element.style.height = captions.get(lane).style.height = `${lane.height}px`;
    captions.get(lane).replaceChildren(lane.labels ?? t(lane.title));
  };
  const renew = (lane) => {
    const [old, hidden] = [lane.element, lane.element.hidden];
    Object.assign(lane, lane.make(app) ?? { element: h("div"), draw: () => {}, mark: undefined, labels: undefined });
    lane.element.hidden = hidden;
    old.replaceWith(lane.element);
    dress(lane);
    app.editor?.attach(lane, view);
    lane.draw(view); // at once: the pointer may be over it before the next frame, and asks where it is
  };
  lanes.forEach(dress);

  const view = createView(app.report, pane);
  const mark = () => {
    const time = app.player.time;
    cursor.style.transform = `translateX(${view.x(time)}px)`;
    visible.forEach((lane) => lane.mark?.(time));
  };
  const draw = () => {
    sticky.style.width = `${view.width}px`;
    for (const lane of visible.toReversed()) lane.draw(view); // blocks last: what they change costs the others a layout
    drawGrid(app.report, view, grid, visible.reduce((sum, lane) => sum + lane.height, 0));
    loop.hidden = !app.player.loop;
    if (app.player.loop) {
      const [start, end] = app.player.loop.map(view.x);
      Object.assign(loop.style, { left: `${start}px`, width: `${end - start}px` });
    }
    mark();
  };
  let asked = false;
  const redraw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => ((asked = false), draw()));
  };
  const show = (lane, on) => {
    lane.element.hidden = captions.get(lane).hidden = !on;
    visible = lanes.filter(({ element }) => !element.hidden);
    redraw();
  };
  /* A lane that comes later stands below another one. */
  const insert = (make, after) => {
    const lane = { make, ...make(app) };
    const above = lanes.find(({ name }) => name === after) ?? lanes.at(-1);
    lanes.splice(lanes.indexOf(above) + 1, 0, lane);
    captions.set(lane, h("div", { class: `caption ${lane.name}` }));
    dress(lane);
    above.element.after(lane.element);
    captions.get(above).after(captions.get(lane));
    show(lane, true);
    return lane;
  };
  lanes.forEach((lane) => app.editor?.attach(lane, view));
  view.on(redraw);
  app.onFound(() => {
    lanes.filter(({ lasting }) => !lasting).forEach(renew);
    redraw();
  });
  app.onTransposed(redraw);
  app.onLook(redraw);
  app.player.on("time", () => {
    if (app.player.playing) view.follow(app.player.time);
    mark();
  });
  app.player.on("state", () => app.player.playing && (view.following = true));

  sticky.addEventListener("click", (event) => {
    if (event.defaultPrevented) return;
    app.player.seek(view.time(event.clientX - sticky.getBoundingClientRect().left));
  });
  return { view, redraw, lanes, show, insert, empty: !lanes.length, element: h("section", { class: "stage", "aria-label": t("Timeline") }, margin, pane) };
}

const CLOSEST = 8; // pixels between bar lines

/* Bar lines behind the cursor, through all lanes that are no blocks. */
function drawGrid(report, view, canvas, height) {
  const context = fitted(canvas, view.width, height);
  canvas.style.height = `${height}px`;
  context.fillStyle = themed("--ink");
  context.globalAlpha = 0.22;
  let free = -Infinity;
  for (const bar of report.measures.slice(Math.max(0, measureAt(report, view.start)))) {
    const x = Math.round(view.x(bar.start));
    if (bar.start > view.end) break;
    if (x < free) continue;
    context.fillRect(x, 0, 1, height);
    free = x + CLOSEST;
  }
}
