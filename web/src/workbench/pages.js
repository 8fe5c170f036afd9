/* An engraved sheet page by page: as many systems as fit into the window, with the pages before and after. */

import { h } from "../dom.js";
import { last } from "../report.js";
import { t } from "../texts.js";

const SHARE = 0.78; // of the window's height that a page may have
const MOST = 900; // pixels
const SWIPE = 50; // pixels that a finger moves sideways to turn the page

/* picture: an SVG with groups of the class system; frame: the element that shows a page of it. { element: the buttons,
   show(node): the page on which a part of the picture lies, unless the user has turned away from it }. */
export function createPages(picture, frame) {
  const systems = [...picture.querySelectorAll("g.system")];
  const number = h("span", { role: "status" });
  const button = (text, title, step) => h("button", { type: "button", "aria-label": t(title), title: t(title), onclick: () => turn(step) }, text);
  const [back, on] = [button("‹", "Page before", -1), button("›", "Next page", 1)];
  const element = h("div", { class: "turning" }, back, number, on);
  let pages = [0]; // distances of their beginnings from the top of the picture, in pixels
  let edges = []; // top and bottom of each system
  let shown = 0;
  let away = false; // the user has turned to another page than that which sounds

  const lay = () => {
    const top = picture.getBoundingClientRect().top;
    const high = picture.getBoundingClientRect().height;
    if (!high) return;
    const room = Math.min(SHARE * window.innerHeight, MOST);
    edges = systems.map((system) => system.getBoundingClientRect()).map((place) => [place.top - top, place.bottom - top]);
    pages = [0];
    for (let index = 1; index < edges.length; index++)
      if (edges[index][1] > pages.at(-1) + room) pages.push((edges[index - 1][1] + edges[index][0]) / 2);
    shown = Math.min(shown, pages.length - 1);
    const ends = pages.map((begin, page) => (pages[page + 1] ?? high) - begin);
    frame.style.height = `${Math.max(...ends)}px`;
    draw();
  };
  const draw = () => {
    const high = picture.getBoundingClientRect().height;
    picture.style.marginTop = `${-pages[shown]}px`;
    picture.style.clipPath = `inset(${pages[shown]}px 0 ${Math.max(0, high - (pages[shown + 1] ?? high))}px 0)`;
    number.textContent = t("Page {page} of {count}", { page: shown + 1, count: pages.length });
    back.disabled = shown === 0;
    on.disabled = shown === pages.length - 1;
    element.hidden = pages.length < 2;
  };
  const go = (page) => {
    const wanted = Math.min(Math.max(page, 0), pages.length - 1);
    if (wanted === shown) return;
    shown = wanted;
    draw();
  };
  const turn = (step) => {
    away = true;
    go(shown + step);
  };
  frame.addEventListener("keydown", (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step || pages.length < 2) return;
    event.preventDefault();
    turn(step);
  });
  let begun = null;
  frame.addEventListener("touchstart", (event) => (begun = event.touches.length === 1 ? event.touches[0].clientX : null), { passive: true });
  frame.addEventListener("touchend", (event) => {
    const moved = begun === null ? 0 : event.changedTouches[0].clientX - begun;
    if (Math.abs(moved) > SWIPE) turn(moved < 0 ? 1 : -1);
  }, { passive: true });
  new ResizeObserver(lay).observe(picture);
  return {
    element,
    show(node) {
      if (!edges.length) return;
      const system = systems.indexOf(node.closest("g.system"));
      if (system < 0) return;
      const page = last(pages, edges[system][0] + 1);
      if (page === shown) away = false;
      if (!away) go(page);
    },
  };
}
