/* Where someone sings, with the syllables; the paler, the less sure. */

import { clock, percent } from "../dom.js";
import { blocks } from "./blocks.js";

export function voice(app) {
  const { voice: found } = app.report;
  if (!found?.labels.length) return null;
  const lane = blocks(found, (index, width) => {
    const sure = found.confidence[index];
    return {
      content: width > 12 ? found.labels[index] : null,
      title: `${found.labels[index] || "Singing"}, ${clock(found.starts[index])} to ${clock(found.ends[index])}, ${percent(sure)} sure`,
      style: { background: `color-mix(in srgb, var(--sung) ${Math.round(25 + 75 * sure)}%, transparent)` },
    };
  }, (index) => app.player.playFrom(found.starts[index]));
  return { name: "voice", title: "Voice", height: 24, ...lane };
}
