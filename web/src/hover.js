/* What lies under the pointer, said beside it. */

import { h } from "./dom.js";

const tip = h("div", { class: "tip", role: "tooltip", hidden: true });

/* say(x, y) in pixels of the element -> lines of text or null. */
export function hover(element, say) {
  const hide = () => (tip.hidden = true);
  element.addEventListener("pointermove", (event) => {
    const { left, top } = element.getBoundingClientRect();
    const lines = event.buttons ? null : say(event.clientX - left, event.clientY - top);
    tip.hidden = !lines;
    if (!lines) return;
    if (!tip.isConnected) document.body.append(tip);
    tip.replaceChildren(...lines.filter(Boolean).map((line) => h("div", {}, line)));
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${event.clientY + 16}px`;
  });
  element.addEventListener("pointerleave", hide);
  element.addEventListener("pointerdown", hide);
}
