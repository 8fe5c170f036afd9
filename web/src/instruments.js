/* Families of instruments: their colours, and which of them are shown. */

import { dark } from "./colours.js";

/* Family of General MIDI, or voice -> hue and how colourful; what often plays together lies far apart. */
const LOOKS = {
  voice: [345, 0.13], piano: [262, 0.14], "chromatic percussion": [200, 0.11], organ: [310, 0.14], guitar: [60, 0.14], bass: [25, 0.17],
  strings: [150, 0.13], ensemble: [170, 0.11], brass: [88, 0.14], reed: [340, 0.15], pipe: [225, 0.12],
  "synth lead": [130, 0.17], "synth pad": [285, 0.11], "synth effects": [110, 0.1], ethnic: [45, 0.09],
  percussive: [10, 0.08], "sound effects": [0, 0],
};

export const FAMILIES = Object.keys(LOOKS);

export function familyColour(family) {
  const [hue, chroma] = LOOKS[family];
  return dark() ? `oklch(0.74 ${chroma} ${hue})` : `oklch(0.58 ${chroma} ${hue})`;
}

/* Families of the report's notes in their order, with their numbers of notes: [[family, count]]. */
export function familiesOf({ notes }) {
  const counts = new Map();
  for (const program of notes?.programs ?? []) {
    const { family } = notes.names[program];
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  return FAMILIES.filter((family) => counts.has(family)).map((family) => [family, counts.get(family)]);
}
