/* Lanes of labelled stretches: chords, keys, sections. Only what is in view is in the page. */

import { h } from "../dom.js";
import { segmentAt, segmentsWithin } from "../report.js";

/* element with draw and mark for `segments`; face(index, width in pixels) -> { content, style, title, state? }, play(index)
   when one is clicked; state: a class that says what was set right. */
export function blocks(segments, face, play) {
  const element = h("div");
  let current = -1;
  return {
    element,
    draw(view) {
      const [from, to] = segmentsWithin(segments, view.start, view.end);
      const shown = [];
      for (let index = from; index < to; index++) {
        const start = Math.max(view.x(segments.starts[index]), -4);
        const end = Math.min(view.x(segments.ends[index]), view.width + 4);
        if (end - start <= 0.3) continue;
        const { content, style, title, state } = face(index, end - start);
        const block = h("button", { class: state ? `block ${state}` : "block", type: "button", title, tabIndex: -1, "data-index": index,
          style: { left: `${start}px`, width: `${Math.max(end - start - 1, 0.5)}px`, ...style } }, content);
        block.addEventListener("click", (event) => (event.preventDefault(), play(index)));
        shown.push(block);
      }
      element.replaceChildren(...shown);
      current = -1;
    },
    mark(time) {
      const index = segmentAt(segments, time);
      if (index === current) return;
      element.querySelector(".current")?.classList.remove("current");
      element.querySelector(`[data-index="${index}"]`)?.classList.add("current");
      current = index;
    },
  };
}
