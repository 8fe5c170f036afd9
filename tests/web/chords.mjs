/* Answers on standard output how the page reads chords; the question on standard input is JSON: { names, texts, labels },
   names as the report has them. */

import { readFileSync } from "node:fs";

import { read, typed } from "../../web/src/labels.js";
import { pitchesOf } from "../../web/src/qualities.js";
import { fingering, FRETTED } from "../../web/src/workbench/fingering.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({
  read: asked.texts.map((text) => read(text)?.label ?? null),
  again: asked.labels.map((label) => read(typed(asked.names[label]))?.label ?? null),
  chords: asked.labels.map((label) => read(label)?.chord ?? null),
  pitches: asked.labels.map((label) => pitchesOf(asked.names[label])),
  shapes: asked.labels.map((label) => Object.fromEntries(Object.entries(FRETTED).map(([instrument, { strings }]) => {
    const shape = fingering(asked.names[label], instrument);
    return [instrument, shape && shape.frets.map((fret, string) => (fret === null ? null : strings[string] + fret))];
  }))),
  frets: Object.fromEntries(["C:maj", "G:maj", "A:min", "E:min", "D:maj", "F:maj"].map((label) =>
    [label, fingering(read(label).chord, "guitar").frets.map((fret) => fret ?? "x").join("")])),
}));
