/* Beats and bar lines: where bars begin, beats moved, added and taken away. */

import { clock, h } from "../../dom.js";
import { last } from "../../report.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";

const APART = 0.05; // seconds between beats at least

export function correctBeats(app, edits) {
  const { report } = app;
  const nearest = (time) => {
    const { times } = report.beats;
    const index = Math.max(0, last(times, time));
    return index + 1 < times.length && times[index + 1] - time < time - times[index] ? index + 1 : index;
  };
  const open = (index, place) => {
    const { times, positions } = report.beats;
    const time = times[index];
    const first = positions[index] === 1;
    const act = (text, ...corrections) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...corrections)) }, text);
    const opened = panel(t("Beat {position}, {time}", { position: positions[index], time: clock(time) }), place, h("div", { class: "tray acts" },
      !first && act(t("Bar begins here"), { kind: "downbeat", time }),
      first && act(t("No bar begins here"), { kind: "no_downbeat", time }),
      act(t("Not a beat"), { kind: "no_beat", time }),
      h("button", { type: "button", onclick: () => (opened.close(), app.player.playFrom(time)) }, t("Play"))));
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
