/* Notes: drawn where there is none, moved in time and pitch, taken away. */

import { clock, h } from "../../dom.js";
import { noteName } from "../../pitches.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { edgesHere, pitchChoice, placeOf, sixteenth } from "./places.js";
import { snapped } from "./snapping.js";

const USUAL = 0.25; // seconds of a note that is tapped
const SHORTEST = 0.05;
const APART = 1.0; // seconds of silence over which two notes are joined
const KEYS = [21, 108]; // pitches that can be chosen

export function correctNotes(app, edits) {
  const { report } = app;
  const note = (start, end, pitch, like) => ({ kind: "note", start, end, pitch, ...(like ?? { program: 0 }) });
  const gone = (index) => ({ kind: "no_note", start: report.notes.onsets[index], pitch: report.notes.pitches[index] });
  const like = (index) => ({ program: programOf(report, index), velocity: report.notes.velocities[index] });

  /* The next note of the same pitch and instrument that begins soon after one has ended; -1. */
  const following = (index) => {
    const { onsets, offsets, pitches, programs } = report.notes;
    return onsets.findIndex((onset, i) => onset > onsets[index] && onset - offsets[index] < APART && programs[i] === programs[index] &&
      Math.round(pitches[i]) === Math.round(pitches[index]));
  };
  const open = (index, place, time) => {
    const { onsets, offsets, pitches } = report.notes;
    const name = noteName(report, pitches[index], onsets[index], 0);
    const act = (text, ...corrections) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...corrections)) }, text);
    const next = following(index);
    const moved = (steps) => [gone(index), note(onsets[index], offsets[index], Math.round(pitches[index]) + steps, like(index))];
    const placed = (start, end) => [gone(index), note(Math.max(0, start), Math.min(end, report.duration), pitches[index], like(index))];
    const [start, end, step] = [onsets[index], offsets[index], sixteenth(report, onsets[index])];
    const opened = panel(t("{note}, {time}", { note: name, time: clock(onsets[index]) }), place, h("div", { class: "tray acts" },
      act(t("Delete"), gone(index)), act(t("Semitone up"), ...moved(1)), act(t("Semitone down"), ...moved(-1)),
      act(t("Octave up"), ...moved(12)), act(t("Octave down"), ...moved(-12)),
      start >= step && act(t("Earlier"), ...placed(start - step, end - step)), end + step < report.duration && act(t("Later"), ...placed(start + step, end + step)),
      act(t("Longer"), ...placed(start, end + step)), end - start > step + SHORTEST && act(t("Shorter"), ...placed(start, end - step)),
      edgesHere((text, run) => act(text, ...run()), [start, end], time, placed),
      time - onsets[index] > SHORTEST && offsets[index] - time > SHORTEST && act(t("Split at {time}", { time: clock(time) }), gone(index),
        note(onsets[index], time, pitches[index], like(index)), note(time, offsets[index], pitches[index], like(index))),
      next >= 0 && act(t("Join with next"), gone(index), gone(next), note(onsets[index], offsets[next], pitches[index], like(index))),
      h("button", { type: "button", onclick: () => (opened.close(), app.player.playFrom(onsets[index])) }, t("Play"))));
  };
  const box = (lane) => {
    const drawn = h("div", { class: "ghost" });
    lane.element.append(drawn);
    return drawn;
  };
  const place = (drawn, view, { start, end, pitch }, rows) => Object.assign(drawn.style, { left: `${view.x(start)}px`,
    width: `${Math.max(2, (end - start) * view.scale)}px`, top: `${rows.y(pitch) - rows.row / 2}px`, height: `${rows.row}px` });

  const moving = (index, x, y, view, lane) => {
    const { onsets, offsets, pitches } = report.notes;
    const { rows } = lane;
    const drawn = box(lane);
    const grip = view.time(x) > offsets[index] - 6 / view.scale ? "end" : "whole";
    const at = (newX, newY, event) => {
      if (grip === "end") return { start: onsets[index], pitch: pitches[index],
        end: Math.max(onsets[index] + SHORTEST, snapped(report, view.time(newX), view, event.altKey)) };
      const start = Math.max(0, snapped(report, onsets[index] + view.time(newX) - view.time(x), view, event.altKey));
      return { start, end: start + offsets[index] - onsets[index], pitch: Math.round(pitches[index]) + Math.round((y - newY) / rows.row) };
    };
    return {
      move: (newX, newY, event) => place(drawn, view, at(newX, newY, event), rows),
      drop(newX, newY, event) {
        drawn.remove();
        const { start, end, pitch } = at(newX, newY, event);
        edits.add(gone(index), note(start, Math.min(end, report.duration), pitch, like(index)));
      },
      cancel: () => drawn.remove(),
    };
  };
  const drawing = (x, y, view, lane) => {
    const { rows } = lane;
    const drawn = box(lane);
    const pitch = rows.pitch(y);
    const at = (newX, event) => {
      const [one, other] = [x, newX].map((each) => snapped(report, Math.max(0, view.time(each)), view, event.altKey));
      return { start: Math.min(one, other), end: Math.max(one, other, Math.min(one, other) + SHORTEST), pitch };
    };
    return {
      move: (newX, newY, event) => place(drawn, view, at(newX, event), rows),
      drop(newX, newY, event) {
        drawn.remove();
        const { start, end } = at(newX, event);
        edits.add(note(start, Math.min(end, report.duration), pitch));
      },
      cancel: () => drawn.remove(),
    };
  };
  /* A note of a pitch that is chosen. */
  const add = (start, pitch, where) => {
    const choice = pitchChoice(report, start, KEYS, pitch);
    const opened = panel(t("Note, {time}", { time: clock(start) }), where, h("div", { class: "tray acts" }, choice,
      h("button", { type: "button", onclick: () => (opened.close(), edits.add(note(start, Math.min(start + USUAL, report.duration), Number(choice.value)))) }, t("Add this note"))));
  };
  return {
    /* The note that sounds at a time; of several one is chosen; where there is none, one is added. */
    openAt(time, view) {
      if (!report.notes) return;
      const { onsets, offsets, pitches } = report.notes;
      const here = onsets.flatMap((onset, index) => (onset <= time + 0.02 && offsets[index] > time ? [index] : []));
      const place = placeOf("notes", view, time);
      if (here.length === 1) return open(here[0], place, time);
      if (!here.length) return add(time, 60, place);
      const opened = panel(t("Note, {time}", { time: clock(time) }), place, h("div", { class: "offers" }, here.map((index) =>
        h("button", { type: "button", class: "offer plain", onclick: () => (opened.close(), open(index, place, time)) }, noteName(report, pitches[index], time, 0))),
      h("button", { type: "button", class: "offer plain", onclick: () => (opened.close(), add(time, 60, place)) }, t("Another note"))));
    },
    hit: (view, lane) => (x, y) => {
      if (!lane.rows || y > lane.rows.height) return null;
      const index = lane.under(x, y);
      if (index >= 0) return { cursor: "move", tap: (where) => open(index, where, snapped(report, view.time(x), view, false)), drag: () => moving(index, x, y, view, lane) };
      const start = snapped(report, view.time(x), view, false);
      return { cursor: "crosshair", drag: () => drawing(x, y, view, lane), tap: (where) => add(start, lane.rows.pitch(y), where) };
    },
  };
}

/* The MIDI program of a note of the report. */
function programOf({ notes }, index) {
  return notes.names[notes.programs[index]].program ?? 0;
}
