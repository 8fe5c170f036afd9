/* What all parts of a page about one recording share: the report, the player, and what is looked at how. */

import { createMixer } from "./mixer.js";
import { numeral, simple } from "./naming.js";
import { keyAt } from "./report.js";
import { symbol } from "./symbols.js";

const FARTHEST = 11; // semitones
const NAMINGS = { names: symbol, simple, numerals: numeral };

/* Events: transposed (names are written otherwise), look (light or dark), repeat (what is played again and again), found
   (the report says something else than before). */
export function createApp(report, player, signal) {
  const listeners = { transposed: [], look: [], repeat: [], found: [] };
  const tell = (event) => listeners[event].forEach((listener) => listener());
  const on = (event) => (listener) => listeners[event].push(listener);

  const app = {
    report,
    player,
    mixer: createMixer(report, player),
    shift: 0, // semitones that names are transposed by
    naming: "names", // how chords are written: names, simple, or numerals
    hidden: new Set(), // families of instruments that are not shown
    editor: null, // where the report can be corrected: what lanes tell it of clicks and drags
    named: (label, time) => NAMINGS[app.naming](report, label, keyAt(report, time), app.shift),
    chord: (index) => app.named(report.chords.labels[index], report.chords.starts[index]),
    transpose(semitones) {
      app.shift = Math.max(-FARTHEST, Math.min(FARTHEST, semitones));
      tell("transposed");
    },
    nameChords(naming) {
      app.naming = naming;
      tell("transposed");
    },
    repeat(span) {
      player.loop = span;
      tell("repeat");
    },
    /* Plays a section again and again; clicked once more, the music goes on after it. */
    repeatSection(index) {
      const span = [report.sections.starts[index], report.sections.ends[index]];
      const again = player.loop?.[0] === span[0] && player.loop[1] === span[1];
      app.repeat(again ? null : span);
      if (!again) player.playFrom(span[0]);
    },
    tell,
    onTransposed: on("transposed"),
    onLook: on("look"),
    onRepeat: on("repeat"),
    onFound: on("found"),
  };
  const looks = window.matchMedia("(prefers-color-scheme: dark)");
  looks.addEventListener("change", () => tell("look"), { signal });
  return app;
}
