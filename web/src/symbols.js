/* Chord symbols and key names as musicians write them, transposed. */

import { h } from "./dom.js";
import { fifths, modulo, nameOf, names, pitchClass, signature } from "./spelling.js";
import { t } from "./texts.js";

/* Quality in Harte's syntax -> what stands after the root on the line, and above it. */
const QUALITIES = {
  maj: ["", ""], min: ["m", ""], dim: ["", "°"], aug: ["", "+"], sus2: ["", "sus2"], sus4: ["", "sus4"],
  maj6: ["", "6"], min6: ["m", "6"], 7: ["", "7"], maj7: ["", "maj7"], min7: ["m", "7"], minmaj7: ["m", "maj7"],
  dim7: ["", "°7"], hdim7: ["", "ø7"], aug7: ["", "+7"], 1: ["", "1"], 5: ["", "5"], 9: ["", "9"], 11: ["", "11"],
  13: ["", "13"], maj9: ["", "maj9"], maj11: ["", "maj11"], maj13: ["", "maj13"], min9: ["m", "9"],
  min11: ["m", "11"], min13: ["m", "13"],
};

/* Bb -> B♭. */
export const pretty = (text) => text.replaceAll("#", "♯").replaceAll("b", "♭");

/* A chord label's parts { root, line, above, bass, pitch }, transposed by semitones, spelled for the key of the sounding
   music transposed likewise; pitch: class of the sounding root, for its colour; null for N and what is no chord. */
export function symbol(report, label, keyLabel, semitones) {
  const chord = report.names.chords[label];
  if (!chord) return { root: label, line: "", above: "", bass: "", pitch: null };
  if (chord.root === "N") return { root: "N.C.", line: "", above: "", bass: "", pitch: null };
  const pitch = pitchClass(chord.root);
  const key = report.names.keys[keyLabel] ?? { tonic: 0, mode: "major" };
  const spelled = names(modulo(key.tonic + semitones, 12), key.mode);
  const root = semitones ? spelled[modulo(pitch + semitones, 12)] : chord.root;
  const [line, above] = QUALITIES[chord.quality] ?? ["", chord.quality];
  const degrees = chord.degrees && `(${pretty(chord.degrees).replaceAll("*", "no")})`;
  const bass = chord.bass === null ? "" : pretty(nameOf(fifths(root) + chord.bass));
  return { root: pretty(root), line, above: above + degrees, bass, pitch };
}

/* The same in one line: "E♭m7/G♭". */
export const inLine = ({ root, line, above, bass }) => root + line + above + (bass && `/${bass}`);

/* How wide it is about, in em. */
export function widthOf({ root, line, above, bass }) {
  const wide = (text, letter) => [...text].reduce((sum, sign) => sum + (/[♯♭]/.test(sign) ? 0.4 : 1) * letter, 0);
  return wide(root, 0.72) + wide(line, 0.85) + wide(above, 0.38) + (bass && 0.35 + wide(bass, 0.62));
}

/* The same as an element. */
export function symbolElement(parts) {
  return h("span", { class: "symbol", role: "img", "aria-label": inLine(parts) },
    h("span", { class: parts.pitch === null ? "root none" : "root" }, engraved(parts.root)),
    parts.line && h("span", { class: "line" }, parts.line),
    parts.above && h("sup", {}, engraved(parts.above)),
    parts.bass && h("span", { class: "bass" }, "/", engraved(parts.bass)));
}

/* Text with its accidentals as elements, which are set smaller. */
export function engraved(text) {
  return text.split(/([♯♭]+)/).filter(Boolean)
    .map((part) => (/[♯♭]/.test(part) ? h("span", { class: "accidental" }, part) : part));
}

/* "E♭ major", transposed; the label itself where it is no key. */
export function keyName(report, label, semitones) {
  const key = report.names.keys[label];
  if (!key) return label === "N" ? t("no key") : label;
  const tonic = modulo(key.tonic + semitones, 12);
  const name = semitones ? names(tonic, key.mode)[tonic] : label.split(":")[0].split(" ")[0];
  return `${pretty(name)} ${t(key.mode)}`;
}

/* "♭♭♭", "♯"; "" for none. */
export function accidentals(report, label, semitones) {
  const key = report.names.keys[label];
  if (!key) return "";
  const sharps = signature(modulo(key.tonic + semitones, 12), key.mode);
  return sharps < 0 ? "♭".repeat(-sharps) : "♯".repeat(sharps);
}
