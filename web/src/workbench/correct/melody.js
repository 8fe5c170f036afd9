/* The melody: its tones moved in time and pitch with their glides, made longer and shorter, split, joined, taken away and
   drawn; what is sung over what was heard, or that nothing is. */

import { h } from "../../dom.js";
import { noteName } from "../../pitches.js";
import { t } from "../../texts.js";
import { toneAt, tonesOf } from "../../tones.js";
import { panel } from "../dialogs.js";
import { edgesHere, pitchChoice, placeOf, sixteenth, tenth } from "./places.js";
import { snapped } from "./snapping.js";

const SHORTEST = 0.04; // seconds
const USUAL = 0.5; // seconds of a tone that is tapped
const APART = 1.0; // seconds of silence over which two tones are joined
const GAP = 0.06; // seconds between the two parts of a tone that is split
const SIDEWAYS = 5; // pixels below which a tone that is dragged stays at its time
const WIDEST = [36, 96]; // pitches that can be chosen

export function correctMelody(app, edits) {
  const { report } = app;
  const silence = (start, end) => ({ kind: "melody", start, end, pitch: null });
  const sung = (start, end, pitch) => ({ kind: "melody", start, end: Math.min(end, report.duration), pitch });
  const rounded = (value) => Math.round(value * 1e4) / 1e4;
  /* A tone's own curve, in a stretch, moved. */
  const curve = ({ points }, start, end, seconds = 0, semitones = 0) => ({ kind: "melody_line", start: rounded(start), end: rounded(Math.min(end, report.duration)),
    points: points.map(([time, pitch]) => [rounded(Math.max(0, time + seconds)), Math.min(127, Math.max(0, rounded(pitch + semitones)))])
      .filter(([time], index, all) => index === 0 || time > all[index - 1][0]) });
  const moved = (tone, seconds, semitones) => {
    const by = Math.min(Math.max(seconds, -tone.start), report.duration - SHORTEST - tone.start);
    return [...(by ? [silence(tone.start, tone.end)] : []), curve(tone, tone.start + by, tone.end + by, by, semitones)];
  };
  const resized = (tone, start, end) => [
    ...(start > tone.start ? [silence(tone.start, start)] : []), ...(end < tone.end ? [silence(end, tone.end)] : []), curve(tone, start, end)];
  const joined = (tone, next) => tone.pitch === next.pitch
    ? [{ kind: "melody_line", start: rounded(tone.end - 0.02), end: rounded(next.start + 0.01), points: [[rounded(tone.end - 0.02), tone.pitch], [rounded(next.start + 0.01), next.pitch]] }]
    : [sung(tone.start, next.end, next.end - next.start > tone.end - tone.start ? next.pitch : tone.pitch)];

  const open = (index, place, time) => {
    const tones = tonesOf(report.melody);
    const [tone, next] = [tones[index], tones[index + 1]];
    const phrase = tones.filter(({ line }) => line === tone.line);
    const act = (text, run) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(...run())) }, text);
    const step = sixteenth(report, tone.start);
    const name = noteName(report, tone.pitch, tone.start, 0);
    const all = (semitones) => () => phrase.flatMap((each) => moved(each, 0, semitones));
    const opened = panel(t("{note}, {start} to {end}", { note: name, start: tenth(tone.start), end: tenth(tone.end) }), place, h("div", { class: "tray acts" },
      act(t("Nothing is sung here"), () => [silence(tone.start, tone.end)]),
      act(t("Right as it is"), () => [curve(tone, tone.start, tone.end)]),
      act(t("Semitone up"), () => moved(tone, 0, 1)), act(t("Semitone down"), () => moved(tone, 0, -1)),
      act(t("Octave up"), () => moved(tone, 0, 12)), act(t("Octave down"), () => moved(tone, 0, -12)),
      phrase.length > 1 && [act(t("Phrase an octave up"), all(12)), act(t("Phrase an octave down"), all(-12))],
      act(t("Earlier"), () => moved(tone, -step, 0)), act(t("Later"), () => moved(tone, step, 0)),
      act(t("Longer"), () => resized(tone, tone.start, tone.end + step)),
      tone.end - tone.start > step + SHORTEST && act(t("Shorter"), () => resized(tone, tone.start, tone.end - step)),
      time - tone.start > GAP && tone.end - time > GAP && act(t("Split at {time}", { time: tenth(time) }), () => [silence(time - GAP / 2, time + GAP / 2)]),
      edgesHere((text, run) => act(text, run), [tone.start, tone.end], time, (start, end) => resized(tone, start, end)),
      next && next.start - tone.end < APART && act(t("Join with next"), () => joined(tone, next)),
      h("button", { type: "button", onclick: () => (opened.close(), app.player.playFrom(tone.start)) }, t("Play"))));
  };
  /* Whether something is sung in a stretch, and which pitch. */
  const ask = (start, end, pitch, place) => {
    const choice = pitchChoice(report, start, [Math.min(WIDEST[0], pitch), Math.max(WIDEST[1], pitch)], pitch);
    const act = (text, value) => h("button", { type: "button", onclick: () => (opened.close(), edits.add(sung(start, end, value()))) }, text);
    const opened = panel(t("Melody, {start} to {end}", { start: tenth(start), end: tenth(end) }), place, h("div", { class: "tray acts" },
      choice, act(t("This is sung"), () => Number(choice.value)), act(t("Nothing is sung here"), () => null)));
  };
  const ghost = (lane, view, rows) => {
    const drawn = h("div", { class: "ghost" });
    lane.element.append(drawn);
    return {
      show: ({ start, end, pitch }) => Object.assign(drawn.style, { left: `${view.x(start)}px`, width: `${Math.max(2, (end - start) * view.scale)}px`,
        top: `${rows.y(pitch) - rows.row / 2}px`, height: `${rows.row}px` }),
      remove: () => drawn.remove(),
    };
  };
  const drawing = (x, y, view, lane) => {
    const pitch = lane.rows.pitch(y);
    const drawn = ghost(lane, view, lane.rows);
    const at = (newX) => ({ start: Math.max(0, Math.min(view.time(x), view.time(newX))), end: Math.min(report.duration, Math.max(view.time(x), view.time(newX))), pitch });
    return {
      move: (newX) => drawn.show(at(newX)),
      drop(newX) {
        drawn.remove();
        const { start, end } = at(newX);
        if (end - start < SHORTEST) return;
        const { left, top } = lane.element.getBoundingClientRect();
        ask(start, end, pitch, { left: left + view.x(start), right: left + view.x(end), top: top + y, bottom: top + y });
      },
      cancel: drawn.remove,
    };
  };
  const dragged = (tone, side, x, y, view, lane) => {
    const drawn = ghost(lane, view, lane.rows);
    const at = (newX, newY, event) => {
      const time = (from) => snapped(report, from + view.time(newX) - view.time(x), view, event.altKey);
      if (side === "end") return { ...tone, end: Math.min(Math.max(time(tone.end), tone.start + SHORTEST), report.duration) };
      if (side === "start") return { ...tone, start: Math.min(Math.max(time(tone.start), 0), tone.end - SHORTEST) };
      const start = Math.abs(newX - x) < SIDEWAYS ? tone.start : Math.max(0, time(tone.start));
      return { start, end: start + tone.end - tone.start, pitch: tone.pitch + Math.round((y - newY) / lane.rows.row) };
    };
    return {
      move: (newX, newY, event) => drawn.show(at(newX, newY, event)),
      drop(newX, newY, event) {
        drawn.remove();
        const { start, end, pitch } = at(newX, newY, event);
        if (side) edits.add(...resized(tone, start, end));
        else if (start !== tone.start || pitch !== tone.pitch) edits.add(...moved(tone, start - tone.start, pitch - tone.pitch));
      },
      cancel: drawn.remove,
    };
  };
  /* [tone, index, side] at a place: the tone whose curve is near, and the edge of it that is in reach. */
  const under = (x, y, reach, view, lane) => {
    const tones = tonesOf(report.melody);
    const near = Math.max(lane.rows.row / 2, reach);
    const index = [view.time(x), view.time(x - reach), view.time(x + reach)].map((time) => toneAt(tones, time)).find((each) => each >= 0) ?? -1;
    if (index < 0) return null;
    const tone = tones[index];
    if (tone.points.every(([, pitch]) => Math.abs(lane.rows.y(pitch) - y) > near)) return null;
    const grip = Math.min(reach, ((tone.end - tone.start) * view.scale) / 4);
    const side = Math.abs(view.x(tone.end) - x) <= grip ? "end" : Math.abs(view.x(tone.start) - x) <= grip ? "start" : "";
    return { tone, index, side };
  };
  return {
    openAt(time, view) {
      if (!report.melody) return;
      const index = toneAt(tonesOf(report.melody), time);
      const place = placeOf("melody", view, time);
      if (index >= 0) open(index, place, time);
      else ask(time, Math.min(time + USUAL, report.duration), tonesOf(report.melody)[0]?.pitch ?? 60, place);
    },
    hit: (view, lane) => (x, y, reach) => {
      if (!lane.rows) return null;
      const found = under(x, y, reach, view, lane);
      if (found) return { cursor: found.side ? "ew-resize" : "move", tap: (place) => open(found.index, place, snapped(report, view.time(x), view, false)),
        drag: () => dragged(found.tone, found.side, x, y, view, lane) };
      const start = snapped(report, view.time(x), view, false);
      return { cursor: "crosshair", drag: () => drawing(x, y, view, lane),
        tap: (place) => ask(start, Math.min(start + USUAL, report.duration), lane.rows.pitch(y), place) };
    },
  };
}
