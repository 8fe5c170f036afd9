/* Words: typed, split, joined, moved, taken away, and put where nothing was heard. */

import { clock, h } from "../../dom.js";
import { spaced, sungIn } from "../../lyrics.js";
import { segmentAt } from "../../report.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { edgesHere } from "./places.js";
import { snapped } from "./snapping.js";

const SHORTEST = 0.08; // seconds of a passage
const USUAL = 1.5; // seconds of one that is added by a tap
const TOUCHING = 0.02; // seconds within which two passages follow each other

/* Text in parts of which the first has about a share of it: whole words, else parts of the word. */
export function halved(text, share) {
  const words = text.split(" ").filter(Boolean);
  if (words.length > 1) {
    const count = Math.min(Math.max(Math.round(share * words.length), 1), words.length - 1);
    return [words.slice(0, count).join(" "), words.slice(count).join(" ")];
  }
  const [word = ""] = words;
  const letters = [...word];
  if (letters.length < 2) return [word, ""];
  const count = Math.min(Math.max(Math.round(share * letters.length), 1), letters.length - 1);
  return [`${letters.slice(0, count).join("")}-`, letters.slice(count).join("")];
}

/* Corrections that divide a passage into its words, each as long as it has letters. */
export function wordByWord(start, end, text) {
  const words = text.split(" ").filter(Boolean);
  const lengths = words.map((word) => [...word].length + 1);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let at = start;
  return words.map((label, index) => {
    const until = index + 1 < words.length ? at + ((end - start) * lengths[index]) / total : end;
    const made = { kind: "lyric", start: at, end: until, label };
    at = until;
    return made;
  });
}

export function correctWords(app, edits) {
  const { report } = app;
  const lyric = (start, end, label) => ({ kind: "lyric", start, end: Math.min(end, report.duration), label });
  const nothing = (start, end) => ({ kind: "no_lyric", start, end });
  const clean = (text) => text.replace(/\s+/g, " ").trim();

  /* The panel in which words are typed; acts(opened, typed) -> further buttons. */
  const ask = (title, place, value, set, acts = () => []) => {
    const input = h("input", { type: "text", value, maxLength: 200, "aria-label": t("Words"), autocomplete: "off", spellcheck: false });
    const opened = panel(title, place, [
      h("form", { class: "tray", onsubmit: (event) => (event.preventDefault(), opened.close(), set(clean(input.value))) }, input,
        h("button", { type: "submit", class: "primary" }, t("Set"))),
      h("p", { class: "hint" }, t("A hyphen at the end says that the word goes on.")),
      h("div", { class: "tray acts" }, acts().map(([text, act]) => h("button", { type: "button", onclick: () => (opened.close(), act()) }, text)))]);
    input.select();
  };
  const open = (index, place, time) => {
    const { starts, ends, labels } = sungIn(report);
    const [start, end, label] = [starts[index], ends[index], labels[index]];
    const split = Math.min(Math.max(time, start), end);
    const [first, second] = halved(label, (split - start) / (end - start));
    const next = index + 1 < labels.length;
    ask(t("Words, {start} to {end}", { start: clock(start), end: clock(end) }), place, label, (text) => edits.add(lyric(start, end, text)), () => [
      split - start > SHORTEST && end - split > SHORTEST && [t("Split at {time}", { time: clock(split) }), () =>
        edits.add(lyric(start, split, first), lyric(split, end, second))],
      label.includes(" ") && [t("A word each"), () => edits.add(...wordByWord(start, end, label))],
      next && [t("Join with next"), () => edits.add(lyric(start, ends[index + 1], clean(spaced(label) + labels[index + 1])))],
      ...edgesHere((text, act) => [text, act], [start, end], split, (from, to) => edits.add(nothing(start, end), lyric(from, to, label))),
      [t("Nothing is sung here"), () => edits.add(nothing(start, end))],
      [t("Play"), () => app.player.playFrom(start)]].filter(Boolean));
  };
  const add = (start, end, place) => ask(t("Words, {start} to {end}", { start: clock(start), end: clock(end) }), place, "",
    (text) => edits.add(lyric(start, end, text)));
  /* Room for new words at a time: up to the next passage. */
  const room = (time) => [time, Math.min(time + USUAL, sungIn(report).starts.find((start) => start > time) ?? report.duration, report.duration)];

  /* [row, "start" or "end"] of the edge at a place, or null. */
  const edgeOf = (x, view, reach) => {
    const { starts, ends } = sungIn(report);
    let best = null;
    for (let row = 0; row < starts.length; row++) {
      const near = Math.min(reach, ((ends[row] - starts[row]) * view.scale) / 3);
      for (const [side, time] of [["start", starts[row]], ["end", ends[row]]]) {
        const away = Math.abs(view.x(time) - x);
        if (away <= near && (!best || away < best.away)) best = { row, side, away };
      }
    }
    return best;
  };
  const shown = (lane, view, at) => {
    const drawn = h("div", { class: "ghost", style: { top: "0", bottom: "0" } });
    lane.element.append(drawn);
    return {
      move(x, y, event) {
        const [start, end] = at(x, event);
        Object.assign(drawn.style, { left: `${view.x(start)}px`, width: `${(end - start) * view.scale}px` });
      },
      cancel: () => drawn.remove(),
    };
  };
  const dragged = (lane, view, at, dropped) => {
    const ghost = shown(lane, view, at);
    return { ...ghost, drop: (x, y, event) => (ghost.cancel(), dropped(...at(x, event), event)) };
  };
  const resize = ({ row, side }, view, lane) => {
    const { starts, ends, labels } = sungIn(report);
    const [start, end] = [starts[row], ends[row]];
    const other = side === "start" ? row - 1 : row + 1;
    const touches = other >= 0 && other < labels.length && Math.abs(side === "start" ? ends[other] - start : starts[other] - end) < TOUCHING;
    const low = side === "start" ? (touches ? starts[other] + SHORTEST : ends[row - 1] ?? 0) : start + SHORTEST;
    const high = side === "start" ? end - SHORTEST : (touches ? ends[other] - SHORTEST : starts[row + 1] ?? report.duration);
    const at = (x, event) => {
      const time = Math.min(Math.max(snapped(report, view.time(x), view, event.altKey), low), high);
      return side === "start" ? [time, end] : [start, time];
    };
    return dragged(lane, view, at, (from, to) => edits.add(nothing(start, end),
      ...(touches ? [side === "start" ? lyric(starts[other], from, labels[other]) : lyric(to, ends[other], labels[other])] : []),
      lyric(from, to, labels[row])));
  };
  const moving = (row, x, view, lane) => {
    const { starts, ends, labels } = sungIn(report);
    const at = (newX, event) => {
      const start = Math.min(Math.max(0, snapped(report, starts[row] + view.time(newX) - view.time(x), view, event.altKey)), report.duration - SHORTEST);
      return [start, start + ends[row] - starts[row]];
    };
    return dragged(lane, view, at, (start, end) => edits.add(nothing(starts[row], ends[row]), lyric(start, end, labels[row])));
  };
  const drawing = (x, view, lane) => {
    const at = (newX, event) => {
      const [one, other] = [x, newX].map((each) => Math.min(Math.max(0, snapped(report, view.time(each), view, event.altKey)), report.duration));
      return [Math.min(one, other), Math.max(one, other, Math.min(one, other) + SHORTEST)];
    };
    return dragged(lane, view, at, (start, end, event) => add(start, end, { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY }));
  };
  return {
    openAt(time) {
      const index = segmentAt(sungIn(report), time);
      const place = document.querySelector(".lane.voice")?.getBoundingClientRect() ?? { left: 0, right: 0, top: 0, bottom: 0 };
      if (index >= 0) open(index, place, time);
      else add(...room(time), place);
    },
    hit: (view, lane) => (x, y, reach) => {
      const edge = edgeOf(x, view, reach);
      const index = segmentAt(sungIn(report), view.time(x));
      if (edge) return { cursor: "col-resize", tap: index < 0 ? null : (place) => open(index, place, view.time(x)), drag: () => resize(edge, view, lane) };
      if (index >= 0) return { cursor: "move", tap: (place) => open(index, place, view.time(x)), drag: () => moving(index, x, view, lane) };
      return { cursor: "copy", tap: (place) => add(...room(view.time(x)), place), drag: () => drawing(x, view, lane) };
    },
  };
}

/* Lines of a text laid over where someone sings, each as long as it has letters: a beginning, from which they are moved. */
export function laidOut(lines, { starts, ends }, duration) {
  const sung = starts.length ? starts.map((start, row) => [start, ends[row]]) : [[0, duration]];
  if (sung.length === lines.length) return lines.map((label, row) => ({ kind: "lyric", start: sung[row][0], end: sung[row][1], label }));
  const lengths = lines.map((line) => [...line].length + 2);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const seconds = sung.reduce((sum, [start, end]) => sum + end - start, 0);
  /* The moment by which so many seconds were sung; late: at the beginning of a passage rather than the end of the one before. */
  const moment = (spent, late) => {
    let left = spent;
    for (const [start, end] of sung) {
      if (left < end - start - (late ? 1e-6 : -1e-6)) return start + left;
      left -= end - start;
    }
    return sung.at(-1)[1];
  };
  let before = 0;
  return lines.map((label, row) => {
    const start = moment((seconds * before) / total, true);
    before += lengths[row];
    return { kind: "lyric", start, end: Math.max(moment((seconds * before) / total, false), start + SHORTEST), label };
  });
}
