/* Answers on standard output what the page's own spelling says; the question on standard input is JSON:
   { names, cases: [[label, key, semitones]] }, names as the report has them. */

import { readFileSync } from "node:fs";

import { names, signature } from "../../web/src/spelling.js";
import { inLine, keyName, symbol } from "../../web/src/symbols.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const report = { names: asked.names };
const modes = ["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"];
console.log(JSON.stringify({
  keys: modes.flatMap((mode) => Array.from({ length: 12 }, (_, tonic) => [tonic, mode, signature(tonic, mode), names(tonic, mode)])),
  symbols: asked.cases.map(([label, key, semitones]) => {
    const parts = symbol(report, label, key, semitones);
    return [parts.root, parts.bass, inLine(parts), keyName(report, key, semitones)];
  }),
}));
