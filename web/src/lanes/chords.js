/* Chords, coloured by their roots; the paler, the less sure. */

import { colourOf, inkOn } from "../colours.js";
import { clock, percent } from "../dom.js";
import { inLine, symbolElement, widthOf } from "../symbols.js";
import { t } from "../texts.js";
import { blocks } from "./blocks.js";

export function chords(app) {
  const { chords: found } = app.report;
  if (!found?.labels.length) return null;
  const lane = blocks(found, (index, width) => {
    const parts = app.chord(index);
    const name = inLine(parts);
    const sure = found.confidence[index];
    const size = Math.min(17, (0.9 * width) / widthOf(parts));
    return {
      content: size >= 8.5 ? symbolElement(parts) : null,
      title: t("{name}, {time}, {share} sure", { name, time: clock(found.starts[index]), share: percent(sure) }),
      state: app.editor?.stateOf("chord", found.starts[index], found.ends[index]),
      style: {
        background: colourOf(parts.pitch, 0.35 + 0.65 * sure),
        color: inkOn(parts.pitch, 0.35 + 0.65 * sure),
        fontSize: `${size}px`,
      },
    };
  }, (index) => app.player.playFrom(found.starts[index]));
  return { name: "chords", title: "Chords", height: 46, ...lane };
}
