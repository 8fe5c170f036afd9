/* Where a dragged edge comes to lie: on a beat or halfway between two where one is near, else where it was let go. */

import { last } from "../../report.js";

const NEAR = 9; // pixels

export function snapped(report, time, view, free) {
  const grid = report.beats?.times;
  if (free || !grid?.length) return time;
  const index = last(grid, time);
  const around = [grid[index], grid[index + 1]].filter((beat) => beat !== undefined);
  if (around.length === 2) around.push((around[0] + around[1]) / 2);
  const nearest = around.reduce((best, beat) => (Math.abs(beat - time) < Math.abs(best - time) ? beat : best));
  return Math.abs(nearest - time) * view.scale <= NEAR ? nearest : time;
}

/* The beat nearest to a time, else the time itself. */
export function onBeat(report, time) {
  const grid = report.beats?.times;
  if (!grid?.length) return time;
  const index = Math.max(0, last(grid, time));
  const next = grid[index + 1] ?? grid[index];
  return Math.abs(next - time) < Math.abs(grid[index] - time) ? next : grid[index];
}

/* Edge of a stretch within reach of a place: index of the stretch after it; -1. Both beginning and end of the whole stay. */
export function edgeAt(segments, x, view, reach) {
  const after = last(segments.starts, view.time(x) + reach / view.scale);
  if (after < 1) return -1;
  return Math.abs(view.x(segments.starts[after]) - x) <= reach ? after : -1;
}

/* Drags the edge before stretch `index` of a lane: a line follows the pointer; moved(time) when it is let go. */
export function draggedEdge(app, element, view, segments, index, moved) {
  const line = document.createElement("div");
  line.className = "edge";
  element.append(line);
  const low = segments.starts[index - 1] + 0.05;
  const high = segments.ends[index] - 0.05;
  const at = (x, event) => Math.min(Math.max(snapped(app.report, view.time(x), view, event.altKey), low), high);
  return {
    move: (x, y, event) => (line.style.left = `${view.x(at(x, event))}px`),
    drop: (x, y, event) => (line.remove(), moved(at(x, event))),
    cancel: () => line.remove(),
  };
}
