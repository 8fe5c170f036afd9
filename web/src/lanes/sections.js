/* The form. */

import { blocks } from "./blocks.js";

export function sections(app) {
  const { sections: found } = app.report;
  if (!found?.labels.length) return null;
  const lane = blocks(found, (index) => ({ content: found.labels[index], title: found.labels[index], style: {} }),
    (index) => app.player.playFrom(found.starts[index]));
  return { name: "sections", title: "Form", height: 24, ...lane };
}
