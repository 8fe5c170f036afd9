/* The recording in a line: "E♭ major · 4/4 · 96 beats a minute · 3:12". */

import { clock, h } from "./dom.js";
import { firstWhole, wholeKey } from "./report.js";
import { keyName } from "./symbols.js";
import { t } from "./texts.js";

export function createFacts(app) {
  const { report } = app;
  const text = () => {
    const key = wholeKey(report);
    const bar = firstWhole(report);
    const bpm = report.tempo?.bpm[0];
    return [
      key && keyName(report, key, app.shift),
      bar && `${bar.numerator}/${bar.denominator}`,
      bpm && t("{bpm} beats a minute", { bpm: Math.round(bpm) }),
      clock(report.duration),
    ].filter(Boolean).join(" · ");
  };
  const element = h("p", { class: "facts" }, text());
  const write = () => (element.textContent = text());
  app.onTransposed(write);
  app.onFound(write);
  return element;
}
