/* Regions of keys. */

import { colourOf, inkOn } from "../colours.js";
import { percent } from "../dom.js";
import { keyName } from "../symbols.js";
import { t } from "../texts.js";
import { blocks } from "./blocks.js";

export function keys(app) {
  const { keys: found, names } = app.report;
  if (!found?.labels.length) return null;
  const lane = blocks(found, (index, width) => {
    const name = keyName(app.report, found.labels[index], app.shift);
    const pitch = names.keys[found.labels[index]]?.tonic ?? null;
    return {
      content: width > 20 ? name : null,
      title: t("{name}, {share} sure", { name, share: percent(found.confidence[index]) }),
      state: app.editor?.stateOf("key", found.starts[index], found.ends[index]),
      style: { background: colourOf(pitch, 0.3 + 0.5 * found.confidence[index]), color: inkOn(pitch, 0.3 + 0.5 * found.confidence[index]) },
    };
  }, (index) => app.player.playFrom(found.starts[index]));
  return { name: "keys", title: "Key", height: 24, ...lane };
}
