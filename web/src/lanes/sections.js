/* The form; a click repeats a section. */

import { t } from "../texts.js";
import { blocks } from "./blocks.js";

export function sections(app) {
  const { sections: found } = app.report;
  if (!found?.labels.length) return null;
  const kinds = [...new Set(found.labels)];
  const lane = blocks(found, (index) => ({ content: t(found.labels[index]), title: t("Repeat {label}", { label: t(found.labels[index]) }),
    state: app.editor?.stateOf("section", found.starts[index], found.ends[index]),
    style: { borderLeft: `3px solid hsl(${(kinds.indexOf(found.labels[index]) * 137) % 360} 55% 55%)` } }), app.repeatSection);
  return { name: "sections", title: "Form", height: 24, ...lane };
}
