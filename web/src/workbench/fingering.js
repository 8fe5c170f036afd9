/* Where fingers go on a fretted instrument for a chord: a shape that players know, else the one that is easiest to play,
   searched over the neck. */

import { pitchesOf } from "../qualities.js";
import { modulo, pitchClass } from "../spelling.js";
import { MOVED, OPEN } from "./shapes.js";

export const FRETTED = {
  guitar: { strings: [40, 45, 50, 55, 59, 64], bass: true },
  ukulele: { strings: [67, 60, 64, 69], bass: false },
};
const REACH = 3; // frets from the lowest finger to the highest
const HIGHEST = 9;
const FINGERS = 4;
const MIN_STRINGS = 3; // that sound
const cache = new Map();

/* { frets: of each string, null where it is not played, barre: fret or 0 } of a chord as the report names it; null. */
export function fingering(chord, instrument) {
  const name = `${instrument}|${chord?.root}|${chord?.quality}|${chord?.degrees}|${chord?.bass}`;
  if (!cache.has(name)) cache.set(name, known(chord, instrument) ?? search(pitchesOf(chord), FRETTED[instrument]));
  return cache.get(name);
}

/* The shape of a plain chord over its root; null where none is known. */
function known(chord, instrument) {
  if (!chord || chord.root === "N" || chord.degrees || chord.bass !== null) return null;
  const root = pitchClass(chord.root);
  for (const [name, shape] of Object.entries(OPEN[instrument])) {
    const [of, quality] = name.split(" ");
    if (quality === chord.quality && pitchClass(of) === root) return shaped([...shape].map((fret) => (fret === "x" ? null : Number(fret))));
  }
  if (instrument !== "guitar" || !MOVED[chord.quality]) return null;
  const places = MOVED[chord.quality].map((shape, string) => {
    if (!shape) return null;
    const steps = shape.split(" ").map((step) => (step === "x" ? null : Number(step)));
    let at = modulo(root - FRETTED.guitar.strings[string], 12);
    while (at + Math.min(...steps.filter((step) => step !== null)) < 1) at += 12;
    return steps.map((step) => (step === null ? null : at + step));
  }).filter(Boolean);
  const highest = (frets) => Math.max(...frets);
  return shaped(places.reduce((best, next) => (highest(next) < highest(best) ? next : best)));
}

/* With the fret of a finger that lies over several strings, or 0. */
function shaped(frets) {
  const pressed = frets.filter((fret) => fret > 0);
  const low = Math.min(...pressed);
  const first = frets.indexOf(low);
  return { frets, barre: pressed.length > FINGERS && first >= 0 && !frets.slice(first).includes(0) ? low : 0 };
}

function search(pitches, { strings, bass }) {
  if (!pitches) return null;
  const { root, tones } = pitches;
  const lowest = bass ? pitches.bass : null;
  const tonal = new Set([...tones, pitches.bass]);
  const fifth = (root + 7) % 12;
  /* Of more than four notes those that make the chord: root, third, seventh, and the last; the root is the bass player's
     where there is none of one's own. */
  const needed = tones.length > 4 ? [...(bass ? [tones[0]] : []), tones[1], tones[3], tones.at(-1)] : tones;
  let best = null;
  for (let position = 1; position <= HIGHEST; position++) {
    const choices = strings.map((open) => {
      const frets = [];
      for (let fret = position; fret <= position + REACH; fret++) if (tonal.has((open + fret) % 12)) frets.push(fret);
      if (tonal.has(open % 12)) frets.unshift(0);
      if (bass) frets.push(null); // not played
      return frets;
    });
    walk(choices, [], (frets) => {
      const cost = costOf(frets, strings, { needed, lowest, fifth });
      if (cost !== null && (!best || cost.cost < best.cost)) best = { frets, ...cost };
    });
  }
  return best;
}

function walk(choices, frets, found) {
  if (frets.length === choices.length) return found(frets);
  for (const fret of choices[frets.length]) walk(choices, [...frets, fret], found);
}

/* null where it is not the chord, or cannot be played. */
function costOf(frets, strings, { needed, lowest, fifth }) {
  const first = frets.findIndex((fret) => fret !== null);
  const end = frets.findLastIndex((fret) => fret !== null) + 1;
  if (first < 0 || frets.slice(first, end).includes(null) || end - first < MIN_STRINGS) return null;
  const sounding = frets.slice(first, end).map((fret, i) => (strings[first + i] + fret) % 12);
  if (lowest !== null && sounding[0] !== lowest) return null;
  const missing = needed.filter((tone) => !sounding.includes(tone));
  if (missing.some((tone) => tone !== fifth)) return null;
  const pressed = frets.filter((fret) => fret > 0);
  const low = Math.min(...pressed, 99);
  const open = frets.filter((fret) => fret === 0).length;
  const atLow = pressed.filter((fret) => fret === low).length;
  const barre = pressed.length > FINGERS || (atLow > 2 && !open) ? low : 0;
  if (barre && (open || frets.slice(frets.indexOf(low)).some((fret) => fret !== null && fret < low))) return null;
  const fingers = barre ? pressed.length - atLow + 1 : pressed.length;
  if (fingers > FINGERS) return null;
  const span = pressed.length ? Math.max(...pressed) - low : 0;
  const played = end - first;
  const above = (frets.length - end) * (needed.length > 2 ? 1.6 : 0.3);
  const cost = fingers + 1.2 * span + 0.7 * (pressed.length ? low - 1 : 0) + (barre ? 2 : 0) + 1.3 * first * (strings.length > 4 ? 1 : 3) +
    3 * missing.length + above - 0.9 * open - 0.2 * played;
  return { cost, barre };
}
