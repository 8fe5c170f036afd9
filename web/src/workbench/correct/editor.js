/* What can be corrected on the lanes, and how what was set right looks there. */

import { correctBeats } from "./beats.js";
import { correctChords } from "./chords.js";
import { correctDrums } from "./drums.js";
import { listen } from "./gestures.js";
import { correctKeys } from "./keys.js";
import { correctMelody } from "./melody.js";
import { correctNotes } from "./notes.js";
import { correctSections } from "./sections.js";
import { correctWords } from "./words.js";

const LANES = { chords: correctChords, beats: correctBeats, keys: correctKeys, sections: correctSections, notes: correctNotes,
  drums: correctDrums, melody: correctMelody, voice: correctWords };
const SHOWN = 2400; // milliseconds
const SAME = 0.02; // seconds within which two edges are one

/* app.editor: `on` while corrections are made. */
export function createEditor(app, edits) {
  const hands = Object.fromEntries(Object.entries(LANES).map(([name, make]) => [name, make(app, edits)]));
  let fading = 0;
  let fresh = {}; // kind -> [[start, end]] of what was decided anew
  const editor = {
    on: false,
    hands,
    attach(lane, view) {
      const hand = hands[lane.name];
      if (!hand) return;
      lane.element.classList.add("correctable");
      listen(lane.element, () => editor.on, hand.hit(view, lane));
    },
    /* How a stretch looks: set right by the user, or decided anew around that. */
    stateOf(kind, start, end) {
      const own = edits.list.some((each) => each.kind === kind && each.start < end - SAME && each.end > start + SAME);
      if (own) return "confirmed";
      return fresh[kind]?.some(([from]) => Math.abs(from - start) < SAME) ? "fresh" : "";
    },
    /* Times at which the user has said that there is a beat, or the first of a bar. */
    knownBeats: () => edits.list.filter(({ kind }) => kind === "beat" || kind === "downbeat").map(({ time }) => time),
    changed(found) {
      fresh = found;
      clearTimeout(fading);
      fading = setTimeout(() => (fresh = {}), SHOWN);
    },
  };
  return editor;
}
