/* Keys: space plays and pauses, arrows go by bars and beats and transpose, + − 0 zoom. */

import { last, measureAt } from "./report.js";

const SECONDS = 5; // a step, where there are no bars
const GRACE = 0.35; // seconds after a beat in which going back means the one before
const ZOOM = 1.6;

/* signal: ends the listening. */
export function listenToKeys(app, view, signal) {
  const { player, report } = app;
  const step = (event, way) => {
    const times = event.shiftKey ? report.bars?.grid : report.measures.map((bar) => bar.start);
    if (!times?.length) return player.seek(player.time + way * SECONDS);
    const slack = way < 0 ? -(player.playing ? GRACE : 0.02) : 0.02;
    const index = last(times, player.time + slack) + (way > 0 ? 1 : 0);
    player.seek(index < 0 ? 0 : times[Math.min(index, times.length - 1)]);
    view.following = true;
    view.follow(player.time);
  };
  const actions = {
    " ": () => player.toggle(),
    ArrowLeft: (event) => step(event, -1),
    ArrowRight: (event) => step(event, 1),
    ArrowUp: () => app.transpose(app.shift + 1),
    ArrowDown: () => app.transpose(app.shift - 1),
    Home: () => (player.seek(0), view.show(0)),
    "+": () => view.zoomBy(ZOOM, player.time),
    "=": () => view.zoomBy(ZOOM, player.time),
    "-": () => view.zoomBy(1 / ZOOM, player.time),
    0: () => view.whole(),
    r: () => {
      const bar = report.measures[measureAt(report, player.time)];
      if (bar) app.repeat(player.loop ? null : [bar.start, bar.end]);
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input, textarea, summary, dialog, [popover]")) return;
    if (!actions[event.key] || event.defaultPrevented) return;
    event.preventDefault();
    actions[event.key](event);
  }, { signal });
}
