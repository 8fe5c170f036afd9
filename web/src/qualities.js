/* Which notes a chord has: the qualities and degrees of Harte et al. (2005), as onpu.music.harte reads them. */

import { modulo, pitchClass } from "./spelling.js";

/* Quality -> semitones above the root. */
const INTERVALS = {
  maj: [0, 4, 7], min: [0, 3, 7], dim: [0, 3, 6], aug: [0, 4, 8], sus2: [0, 2, 7], sus4: [0, 5, 7],
  maj6: [0, 4, 7, 9], min6: [0, 3, 7, 9], 7: [0, 4, 7, 10], maj7: [0, 4, 7, 11], min7: [0, 3, 7, 10],
  minmaj7: [0, 3, 7, 11], dim7: [0, 3, 6, 9], hdim7: [0, 3, 6, 10], aug7: [0, 4, 8, 10], 1: [0], 5: [0, 7],
  9: [0, 4, 7, 10, 14], maj9: [0, 4, 7, 11, 14], min9: [0, 3, 7, 10, 14], 11: [0, 4, 7, 10, 14, 17],
  maj11: [0, 4, 7, 11, 14, 17], min11: [0, 3, 7, 10, 14, 17], 13: [0, 4, 7, 10, 14, 17, 21],
  maj13: [0, 4, 7, 11, 14, 17, 21], min13: [0, 3, 7, 10, 14, 17, 21],
};
const STEPS = [0, 2, 4, 5, 7, 9, 11]; // semitones of the degrees of a major scale

/* Semitones of a degree: 10 for b7, 14 for 9. */
function semitones(degree) {
  const [, accidentals, number] = /^([b#]*)(\d+)$/.exec(degree) ?? [null, "", "1"];
  const place = Number(number) - 1;
  const off = accidentals.startsWith("b") ? -accidentals.length : accidentals.length;
  return 12 * Math.floor(place / 7) + STEPS[place % 7] + off;
}

/* Semitones above the root, ascending, of a chord { quality, degrees } as the report names it. */
export function intervals({ quality, degrees }) {
  const tones = new Set(INTERVALS[quality] ?? [0]);
  for (const degree of degrees ? degrees.split(",").map((text) => text.trim()) : []) {
    if (degree.startsWith("*")) tones.delete(semitones(degree.slice(1)));
    else tones.add(semitones(degree));
  }
  return [...tones].sort((one, other) => one - other);
}

/* { root, bass, tones } as pitch classes, of a chord that the report names; null for no chord. */
export function pitchesOf(chord) {
  if (!chord || chord.root === "N") return null;
  const root = pitchClass(chord.root);
  const bass = chord.bass === null ? root : modulo(root + 7 * chord.bass, 12);
  return { root, bass, tones: [...new Set(intervals(chord).map((interval) => modulo(root + interval, 12)))] };
}

/* Whether it has a minor third and no major one. */
export function isMinor(chord) {
  const tones = intervals(chord);
  return tones.includes(3) && !tones.includes(4);
}
