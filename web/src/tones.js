/* The melody as tones: what is held on a semitone, and the whole curve cut into them. */

import { last } from "./report.js";

const STEADY = 0.6; // semitones that a held note may waver to either side
const LONG = 0.12; // seconds from which a note is held
const FRAME = 0.012; // seconds that the last point of a line sounds on

/* Stretches on one semitone: starts, ends in seconds, pitches, and the line of the curve of each. */
export function heldNotes({ times, pitches, firsts }) {
  const out = { starts: [], ends: [], pitches: [], lines: [] };
  for (let line = 0; line + 1 < firsts.length; line++) {
    let from = firsts[line];
    while (from < firsts[line + 1]) {
      let to = from + 1;
      while (to < firsts[line + 1] && Math.abs(pitches[to] - Math.round(pitches[from])) <= STEADY) to++;
      if (times[to - 1] - times[from] >= LONG) {
        out.starts.push(times[from]);
        out.ends.push(times[to - 1]);
        out.pitches.push(Math.round(mean(times, pitches, from, to)));
        out.lines.push(line);
      }
      from = to;
    }
  }
  return out;
}

const known = new WeakMap(); // melody -> its tones

/* The whole curve as tones { start, end, pitch, line, points [[time, pitch]] }: a glide is shared by those on either side. */
export function tonesOf(melody) {
  if (!known.has(melody)) known.set(melody, cut(melody));
  return known.get(melody);
}

function cut(melody) {
  const { times, pitches, firsts } = melody;
  const held = heldNotes(melody);
  const out = [];
  let next = 0; // of what is held
  for (let line = 0; line + 1 < firsts.length; line++) {
    const [first, end] = [firsts[line], firsts[line + 1]];
    const own = [];
    while (held.lines[next] === line) own.push(next++);
    const edges = own.slice(1).map((index, before) => (held.ends[own[before]] + held.starts[index]) / 2);
    const bounds = [times[first], ...edges, times[end - 1] + FRAME];
    for (let part = 0; part + 1 < bounds.length; part++) {
      const pitch = own.length ? held.pitches[own[part]] : Math.round(mean(times, pitches, first, end));
      out.push({ start: bounds[part], end: bounds[part + 1], pitch, line, points: between(times, pitches, first, end, bounds[part], bounds[part + 1]) });
    }
  }
  return out;
}

/* The tone in which a time lies, or -1. */
export function toneAt(tones, time) {
  let [low, high] = [0, tones.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tones[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  return low > 0 && time < tones[low - 1].end ? low - 1 : -1;
}

/* Points of the curve from start to end, with those on both edges. */
function between(times, pitches, first, end, start, stop) {
  const inside = [];
  for (let index = Math.max(first, last(times, start)); index < end && times[index] < stop; index++)
    if (times[index] > start) inside.push([times[index], pitches[index]]);
  const at = (time) => {
    const index = Math.min(Math.max(last(times, time), first), end - 1);
    const next = Math.min(index + 1, end - 1);
    const span = times[next] - times[index];
    return pitches[index] + (span ? Math.min(1, (time - times[index]) / span) : 0) * (pitches[next] - pitches[index]);
  };
  return [[start, at(start)], ...inside, [stop, at(stop)]];
}

/* Of the curve between points [from, to), over time; of a single point its own. */
function mean(times, pitches, from, to) {
  if (to - from < 2) return pitches[from];
  let sum = 0;
  for (let i = from; i + 1 < to; i++) sum += ((pitches[i] + pitches[i + 1]) / 2) * (times[i + 1] - times[i]);
  return sum / (times[to - 1] - times[from]);
}
