/* Beats and bar lines: where bars begin, beats moved, added and taken away. */

import { clock, h } from "../../dom.js";
import { last } from "../../report.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { placeOf, tenth } from "./places.js";

const APART = 0.05; // seconds between beats at least
const NEAR = 0.015; // seconds from a beat within which the player is on it
export const METRES = ["2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "3/8", "6/8", "7/8", "9/8", "12/8", "2/2"];

export function correctBeats(app, edits) {
  const { report } = app;
  const nearest = (time) => {
    const { times } = report.beats;
    const index = Math.max(0, last(times, time));
    return index + 1 < times.length && times[index + 1] - time < time - times[index] ? index + 1 : index;
  };
  /* Another metre from a beat on, up to where the next one is known to begin. */
  const metreFrom = (time) => {
    const bar = report.measures.findLast(({ start }) => start <= time + APART) ?? report.measures[0];
    const now = bar ? `${bar.numerator}/${bar.denominator}` : "4/4";
    const choice = h("select", { "aria-label": t("Metre") }, [...new Set([now, ...METRES])].map((text) => h("option", { value: text, selected: text === now }, text)));
    const end = Math.min(report.duration, ...edits.list.filter(({ kind, start }) => kind === "metre_here" && start > time + APART).map(({ start }) => start));
    return [choice, () => {
      const [numerator, denominator] = choice.value.split("/").map(Number);
      edits.add({ kind: "metre_here", start: time, end, numerator, denominator });
    }];
  };
  /* moved: where the player is, if the beat may come there. */
  const open = (index, place, moved = null) => {
    const { times, positions } = report.beats;
    const time = times[index];
    const first = positions[index] === 1;
    const act = (text, ...corrections) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...corrections)) }, text);
    const to = (place) => [{ kind: "no_beat", time }, { kind: "beat", time: place }, ...(first ? [{ kind: "downbeat", time: place }] : [])];
    const free = moved !== null && Math.abs(moved - time) > NEAR && moved > (times[index - 1] ?? -1) + APART && moved < (times[index + 1] ?? Infinity) - APART;
    const [choice, set] = metreFrom(time);
    const opened = panel(t("Beat {position}, {time}", { position: positions[index], time: clock(time) }), place, [h("div", { class: "tray acts" },
      free && act(t("Move to {time}", { time: tenth(moved) }), ...to(moved)),
      !first && act(t("Bar begins here"), { kind: "downbeat", time }),
      first && act(t("No bar begins here"), { kind: "no_downbeat", time }),
      act(t("Not a beat"), { kind: "no_beat", time }),
      h("button", { type: "button", onclick: () => (opened.close(), app.player.playFrom(time)) }, t("Play"))),
    h("div", { class: "tray acts" }, choice, h("button", { type: "button", onclick: () => (opened.close(), set()) }, t("Metre from here on")))]);
  };
  const drag = (index, view, lane) => {
    const { times, positions } = report.beats;
    const line = h("div", { class: "edge" });
    lane.element.append(line);
    const low = (times[index - 1] ?? 0) + APART;
    const high = (times[index + 1] ?? report.duration) - APART;
    const at = (x) => Math.min(Math.max(view.time(x), low), high);
    return {
      move: (x) => (line.style.left = `${view.x(at(x))}px`),
      drop(x) {
        line.remove();
        const time = at(x);
        edits.add({ kind: "no_beat", time: times[index] }, { kind: "beat", time }, ...(positions[index] === 1 ? [{ kind: "downbeat", time }] : []));
      },
      cancel: () => line.remove(),
    };
  };
  const add = (time, place) => {
    const opened = panel(t("At {time}", { time: clock(time) }), place, h("div", { class: "tray acts" },
      h("button", { type: "button", onclick: () => (opened.close(), edits.add({ kind: "beat", time })) }, t("Add a beat")),
      h("button", { type: "button", onclick: () => (opened.close(), edits.add({ kind: "beat", time }, { kind: "downbeat", time })) },
        t("Add a beat that begins a bar"))));
  };
  return {
    beatAt: (time) => edits.add({ kind: "beat", time }),
    openAt: (time, view) => report.beats?.times.length && open(nearest(time), placeOf("beats", view, time), time),
    barAt: (time) => report.beats && edits.add({ kind: "downbeat", time: report.beats.times[nearest(time)] }),
    hit: (view, lane) => (x, y, reach) => {
      if (!report.beats?.times.length) return null;
      const index = nearest(view.time(x));
      const near = Math.abs(view.x(report.beats.times[index]) - x) <= reach;
      return near ? { cursor: "ew-resize", tap: (place) => open(index, place), drag: () => drag(index, view, lane) }
        : { cursor: "copy", tap: (place) => add(view.time(x), place) };
    },
  };
}
