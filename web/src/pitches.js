/* Pitches as notes with names, and places of pitches in a lane. */

import { keyAt } from "./report.js";
import { modulo, names } from "./spelling.js";
import { pretty } from "./symbols.js";

/* "E♭4", for a MIDI number: spelled in the key at that time, both transposed; middle C is C4. */
export function noteName(report, pitch, time, shift) {
  const key = report.names.keys[keyAt(report, time)] ?? { tonic: 0, mode: "major" };
  const sounding = Math.round(pitch) + shift;
  const name = names(modulo(key.tonic + shift, 12), key.mode)[modulo(sounding, 12)];
  const natural = sounding - (name.includes("b") ? 1 - name.length : name.length - 1);
  return `${pretty(name)}${Math.floor(natural / 12) - 1}`;
}

/* "+12 cents", "" for none. */
export function centsOff(pitch) {
  const cents = Math.round(100 * (pitch - Math.round(pitch)));
  return cents ? `${cents > 0 ? "+" : "−"}${Math.abs(cents)} cents` : "";
}

const BLACK = new Set([1, 3, 6, 8, 10]);

/* The rows of the semitones from the lowest to the highest pitch: of { lowest, highest }, with the height of the lane
   and of one row, and the way from pitches to places and back. */
export function rowsOf(pitches, tallest, finest) {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const pitch of pitches) [lowest, highest] = [Math.min(lowest, pitch), Math.max(highest, pitch)];
  if (lowest > highest) return null;
  [lowest, highest] = [Math.floor(lowest) - 2, Math.ceil(highest) + 2];
  const row = Math.min(finest, tallest / (highest - lowest + 1));
  const height = Math.round(row * (highest - lowest + 1));
  return { lowest, highest, row, height, y: (pitch) => (highest - pitch + 0.5) * row,
    pitch: (y) => highest - Math.floor(y / row) };
}

/* Black keys as shades, octaves as lines; names are transposed, so the C moves. */
export function drawKeys(context, rows, width, shift, { shade, line }) {
  for (let pitch = rows.lowest; pitch <= rows.highest; pitch++) {
    const top = rows.y(pitch) - rows.row / 2;
    const named = modulo(pitch + shift, 12);
    if (BLACK.has(named)) {
      context.fillStyle = shade;
      context.fillRect(0, top, width, rows.row);
    }
    if (named === 0) {
      context.fillStyle = line;
      context.fillRect(0, Math.round(top + rows.row), width, 1);
    }
  }
}

export const CAPTION = 20; // pixels from a lane's top in which its name stands on narrow screens

/* Names of the Cs as [text, distance from the lane's top in pixels]. */
export function octaves(rows, shift) {
  const out = [];
  for (let pitch = rows.lowest; pitch <= rows.highest; pitch++)
    if (modulo(pitch + shift, 12) === 0) out.push([`C${(pitch + shift) / 12 - 1}`, rows.y(pitch)]);
  return out;
}
