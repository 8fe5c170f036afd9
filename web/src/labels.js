/* Chords as people write them, read as onpu.music.symbols reads them. */

import { fifths, modulo, nameOf, pitchClass } from "./spelling.js";

const SHORTHANDS = new Set(["maj", "min", "dim", "aug", "sus2", "sus4", "maj6", "min6", "7", "maj7", "min7", "minmaj7", "dim7",
  "hdim7", "aug7", "1", "5", "9", "maj9", "min9", "11", "maj11", "min11", "13", "maj13", "min13"]);
/* What is written after the root -> shorthand, and degrees. */
const WRITTEN = {
  "": "maj", m: "min", 6: "maj6", m6: "min6", m7: "min7", "m(maj7)": "minmaj7", m7b5: "hdim7", m9: "min9", m11: "min11",
  m13: "min13", M: "maj", mi: "min", "-": "min", "°": "dim", o: "dim", "+": "aug", sus: "sus4", mi6: "min6", "-6": "min6",
  M7: "maj7", ma7: "maj7", "Δ": "maj7", "Δ7": "maj7", "△": "maj7", "△7": "maj7", mi7: "min7", "-7": "min7", mM7: "minmaj7",
  mmaj7: "minmaj7", "mΔ7": "minmaj7", "°7": "dim7", o7: "dim7", "ø": "hdim7", "ø7": "hdim7", min7b5: "hdim7", "-7b5": "hdim7",
  "+7": "aug7", "7#5": "aug7", M9: "maj9", "-9": "min9", add9: "maj(9)", 2: "maj(9)", madd9: "min(9)", "7sus4": "sus4(b7)",
  "7sus": "sus4(b7)", "9sus4": "sus4(b7,9)", 69: "maj6(9)", "7b9": "7(b9)", "7#9": "7(#9)", "7b5": "7(b5,*5)", "7#11": "7(#11)",
};
const TEXTS = { maj: "", min: "m", maj6: "6", min6: "m6", min7: "m7", minmaj7: "m(maj7)", hdim7: "m7b5", min9: "m9", min11: "m11", min13: "m13" };
const SYMBOL = /^([A-G](?:b+|#+)?):?([^/(]*)(\([^)]*\))?(?:\/([A-G](?:b+|#+)?|[b#]*\d+))?$/;
const DEGREES = /^\(\*?[b#]*\d+(, ?\*?[b#]*\d+)*\)$/;
const STEPS = [0, 2, 4, 5, 7, 9, 11];

/* { label, chord } of a text: the label in Harte's syntax, and the chord as reports name it; null for what is none. */
export function read(text) {
  const written = text.trim().replaceAll("♯", "#").replaceAll("♭", "b").replace("6/9", "69")
    .replace(/^[a-g](?=$|[^a-z]|m|b)/, (letter) => letter.toUpperCase());
  if (["N", "N.C.", "NC", "n.c."].includes(written)) return { label: "N", chord: { root: "N", quality: "", degrees: "", bass: null } };
  const [, root, plain, degrees = "", bass] = SYMBOL.exec(written) ?? [];
  if (!root) return null;
  const whole = plain + degrees;
  const known = WRITTEN[whole] ?? (WRITTEN[plain] ?? plain) + degrees;
  const [, quality, more] = /^([^(]*)(\(.*\))?$/.exec(known);
  if (!SHORTHANDS.has(quality) || (more && !DEGREES.test(more))) return null;
  const under = bass && (/\d$/.test(bass) ? bass : degreeOf(root, bass));
  const label = `${root}:${known}${under ? `/${under}` : ""}`;
  return { label, chord: { root, quality, degrees: more?.slice(1, -1) ?? "", bass: under ? onLine(under) || null : null } };
}

/* The text of a chord { root, quality, degrees, bass } to be edited: "Ebm7/Gb". */
export function typed({ root, quality, degrees, bass }) {
  if (root === "N") return "N.C.";
  return root + (TEXTS[quality] ?? quality) + (degrees && `(${degrees})`) + (bass === null ? "" : `/${nameOf(fifths(root) + bass)}`);
}

/* Degree of a note above a root: b3 for C and Eb. */
function degreeOf(root, bass) {
  const step = modulo("CDEFGAB".indexOf(bass[0]) - "CDEFGAB".indexOf(root[0]), 7);
  const off = modulo(pitchClass(bass) - pitchClass(root) - STEPS[step] + 6, 12) - 6;
  return (off > 0 ? "#".repeat(off) : "b".repeat(-off)) + (step + 1);
}

/* Place of a degree on the line of fifths above the root. */
function onLine(degree) {
  const [, accidentals, number] = /^([b#]*)(\d+)$/.exec(degree);
  const place = [0, 2, 4, -1, 1, 3, 5][(Number(number) - 1) % 7];
  return place + 7 * (accidentals.startsWith("b") ? -accidentals.length : accidentals.length);
}
