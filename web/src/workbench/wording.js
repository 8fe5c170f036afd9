/* Corrections in words. */

import { clock } from "../dom.js";
import { noteName } from "../pitches.js";
import { pretty } from "../symbols.js";
import { read, typed } from "../labels.js";
import { t } from "../texts.js";

const WORDS = {
  beat: "Beat at {time}", no_beat: "No beat at {time}", downbeat: "Bar begins at {time}", no_downbeat: "No bar begins at {time}",
  metre: "Metre {numerator}/{denominator}", metre_here: "Metre {numerator}/{denominator}, {start} to {end}", shift_bars: "Bars moved by {beats} beats", chord: "Chord {label}, {start} to {end}",
  key: "Key {label}, {start} to {end}", section: "Section {label}, {start} to {end}", boundary: "Section begins at {time}",
  no_boundary: "No section begins at {time}", note: "Note {pitch} at {start}", no_note: "No note {pitch} at {start}",
  lyric: "Words {label}, {start} to {end}", no_lyric: "Nothing is sung, {start} to {end}",
  melody: "Melody {pitch}, {start} to {end}", melody_line: "Melody drawn, {start} to {end}", drum: "Drum hit at {time}", no_drum: "No drum hit at {time}",
};

const MOST = 4; // corrections of a step that are told one by one

/* All corrections of a step. */
export function stepText(report, { corrections }) {
  const told = corrections.slice(0, corrections.length > MOST ? 2 : MOST).map((each) => textOf(report, each));
  if (corrections.length > MOST) told.push(t("and {count} more", { count: corrections.length - 2 }));
  return told.join(" · ");
}

/* "Chord E♭m7, 0:12 to 0:14". */
export function textOf(report, correction) {
  const { kind } = correction;
  if (kind === "tempo_octave") return t(correction.factor > 1 ? "Double tempo" : "Half tempo");
  if (kind === "shift_beats") return t("Beats moved by half a beat");
  if (kind === "shift_bars" && Math.abs(correction.beats) === 1)
    return t(correction.beats > 0 ? "Bars begin a beat later" : "Bars begin a beat earlier");
  const said = { ...correction };
  for (const name of ["time", "start", "end"]) if (name in said) said[name] = tenths(said[name]);
  if (kind === "chord") said.label = pretty(typed(read(said.label)?.chord ?? { root: said.label, quality: "maj", degrees: "", bass: null }));
  if (kind === "lyric") said.label = said.label ? t("“{text}”", { text: said.label }) : t("unknown");
  if (kind === "key") said.label = said.label.replace(/^([A-G][b#]?):?/, (root) => pretty(root)).replace(":", " ");
  if ("pitch" in said) said.pitch = said.pitch === null ? t("silent") : noteName(report, said.pitch, correction.start, 0);
  return t(WORDS[kind] ?? kind, said);
}

/* 12.34 -> "0:12.3". */
const tenths = (time) => `${clock(time)}.${Math.floor((time % 1) * 10)}`;

const COUNTED = { chord: ["1 chord", "{count} chords"], key: ["1 key", "{count} keys"], section: ["1 section", "{count} sections"],
  lyric: ["1 passage of words", "{count} passages of words"],
  beat: ["1 beat", "{count} beats"], note: ["1 note", "{count} notes"], drum: ["1 drum hit", "{count} drum hits"] };

/* "3 chords, 12 beats"; "" where nothing has changed. */
export function changesIn(found) {
  return Object.entries(found).filter(([, rows]) => rows.length)
    .map(([kind, rows]) => t(COUNTED[kind][rows.length === 1 ? 0 : 1], { count: rows.length })).join(t(", "));
}
