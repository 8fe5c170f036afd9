/* Answers on standard output what the page's own spelling says; the question on standard input is JSON:
   { names, cases: [[label, key, semitones]], bars: [[numerator, denominator, beats]] }, names as the report has them. */

import { readFileSync } from "node:fs";

import { beatNote } from "../../web/src/report.js";
import { names, signature } from "../../web/src/spelling.js";
import { inLine, keyName, symbol } from "../../web/src/symbols.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const report = { names: asked.names };
const modes = ["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"];
console.log(JSON.stringify({
  beats: asked.bars.map(([numerator, denominator, count]) => beatNote({ numerator, denominator, beats: Array(count).fill(0) })),
  keys: modes.flatMap((mode) => Array.from({ length: 12 }, (_, tonic) => [tonic, mode, signature(tonic, mode), names(tonic, mode)])),
  symbols: asked.cases.map(([label, key, semitones]) => {
    const parts = symbol(report, label, key, semitones);
    return [parts.root, parts.bass, inLine(parts), keyName(report, key, semitones)];
  }),
}));
