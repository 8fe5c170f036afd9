/* A pattern on a grid: a row for each drum, a column for each step. A click goes from nothing to a hit, an accent, a ghost
   note and back; arrows move, space sets. */

import { h } from "../../dom.js";
import { t } from "../../texts.js";

export const ROWS = { crash: "Crash", ride: "Ride", open_hat: "Open hi-hat", closed_hat: "Closed hi-hat", high_tom: "High tom", mid_tom: "Middle tom",
  low_tom: "Low tom", snare: "Snare", kick: "Kick" };
const NEXT = { ".": "x", x: "X", X: "g", g: "." };
const SAID = { ".": "nothing", x: "hit", X: "accent", g: "ghost note" };
const LARGEST = 64; // steps that fit

/* drawn(pattern): it was changed. { element, show(pattern) } */
export function createGrid(drawn) {
  const table = h("div", { class: "steps", role: "grid", "aria-label": t("Pattern") });
  let pattern = null;

  const cell = (row, step) => {
    const button = h("button", { type: "button", role: "gridcell", "data-row": row, "data-step": step, tabIndex: -1, onclick: () => {
      const signs = [...(pattern.rows[row] ?? ".".repeat(length()))];
      signs[step] = NEXT[signs[step]];
      pattern = { ...pattern, rows: { ...pattern.rows, [row]: signs.join("") } };
      write(button, row, step);
      drawn(pattern);
    } });
    write(button, row, step);
    return button;
  };
  const length = () => pattern.beats * pattern.steps * pattern.bars;
  const write = (button, row, step) => {
    const sign = pattern.rows[row]?.[step] ?? ".";
    button.dataset.sign = sign;
    button.setAttribute("aria-label", `${t(ROWS[row])} ${Math.floor(step / pattern.steps) + 1}.${(step % pattern.steps) + 1}: ${t(SAID[sign])}`);
  };
  table.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const at = event.target.closest("[data-step]");
    if (!way || !at) return;
    const rows = Object.keys(ROWS);
    const [row, step] = [rows.indexOf(at.dataset.row) + way[0], Number(at.dataset.step) + way[1]];
    event.preventDefault();
    event.stopPropagation();
    table.querySelector(`[data-row="${rows[row]}"][data-step="${step}"]`)?.focus();
  });
  return {
    element: table,
    show(shown) {
      pattern = shown;
      table.hidden = !pattern || length() > LARGEST;
      if (table.hidden) return;
      table.style.setProperty("--steps", length());
      table.replaceChildren(...Object.keys(ROWS).map((row) => h("div", { class: "steps-row", role: "row" },
        h("span", { class: "steps-name", role: "rowheader" }, t(ROWS[row])),
        Array.from({ length: length() }, (_, step) => {
          const button = cell(row, step);
          if (step % pattern.steps === 0) button.classList.add(step % (pattern.steps * pattern.beats) === 0 ? "bar-begins" : "beat-begins");
          return button;
        }))));
      table.querySelector("button").tabIndex = 0;
    },
  };
}
