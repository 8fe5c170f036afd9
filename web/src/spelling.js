/* Which enharmonic name a note has in a key: the rule of onpu.music.spelling, on the line of fifths
   (… Bb F C G D A E B F# …): the twelve names used in a key are twelve neighbours around its own seven. */

const LETTERS = "FCGDAEB";
const SIGNATURE_OF_C = { major: 0, minor: -3, dorian: -2, phrygian: -4, lydian: 1, mixolydian: -1, locrian: -5 };
const MINOR = new Set(["minor", "dorian", "phrygian", "locrian"]);

export const modulo = (value, by) => ((value % by) + by) % by;

/* Place of a name on the line: 0 for C, 1 for G, -2 for Bb. */
export function fifths(name) {
  const accidentals = name.slice(1);
  return LETTERS.indexOf(name[0]) - 1 + 7 * (accidentals.includes("b") ? -accidentals.length : accidentals.length);
}

export function nameOf(place) {
  const accidentals = Math.floor((place + 1) / 7);
  return LETTERS[modulo(place + 1, 7)] + (accidentals > 0 ? "#".repeat(accidentals) : "b".repeat(-accidentals));
}

/* 0 for C … 11 for B. */
export const pitchClass = (name) => modulo(7 * fifths(name), 12);

/* Sharps of the key signature, flats negative. */
export function signature(tonic, mode) {
  const sharps = modulo(7 * tonic + 5, 12) - 5 + SIGNATURE_OF_C[mode];
  return sharps < -6 ? sharps + 12 : sharps > 6 ? sharps - 12 : sharps;
}

/* Names of the twelve pitch classes in a key, C first. */
export function names(tonic, mode) {
  const lowest = Math.max(-8, Math.min(signature(tonic, mode) - (MINOR.has(mode) ? 3 : 4), 1));
  return Array.from({ length: 12 }, (_, pitch) => nameOf(lowest + modulo(7 * pitch - lowest, 12)));
}
