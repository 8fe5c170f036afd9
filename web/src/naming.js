/* Other ways to write a chord than by its name: as a degree of the key, or as the triad that is easiest to play. */

import { isMinor } from "./qualities.js";
import { modulo, pitchClass } from "./spelling.js";
import { pretty, symbol } from "./symbols.js";

const NUMERALS = ["I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"];
const TRIADS = { dim: "dim", dim7: "dim", hdim7: "dim", aug: "aug", aug7: "aug", sus2: "sus2", sus4: "sus4", 5: "5", 1: "1" };

/* Parts of a symbol (see symbols.js) with a Roman numeral for its root: what is minor is written small. */
export function numeral(report, label, keyLabel, semitones) {
  const parts = symbol(report, label, keyLabel, semitones);
  const key = report.names.keys[keyLabel];
  if (parts.pitch === null || !key) return parts;
  const chord = report.names.chords[label];
  const degree = (pitch) => pretty(NUMERALS[modulo(pitch - key.tonic, 12)]);
  const root = pitchClass(chord.root);
  const roman = degree(root);
  const bass = chord.bass === null ? "" : degree(root + 7 * chord.bass);
  return { ...parts, root: isMinor(chord) ? roman.toLowerCase() : roman, line: "", bass };
}

/* Parts of a symbol that is a triad over its root. */
export function simple(report, label, keyLabel, semitones) {
  const chord = report.names.chords[label];
  if (!chord || chord.root === "N") return symbol(report, label, keyLabel, semitones);
  const quality = TRIADS[chord.quality] ?? (isMinor(chord) ? "min" : "maj");
  const names = { ...report.names, chords: { [label]: { ...chord, quality, degrees: "", bass: null } } };
  return symbol({ names }, label, keyLabel, semitones);
}
