/* Questions, messages, and panels beside what they are about. */

import { h } from "../dom.js";
import { t } from "../texts.js";

const said = h("div", { class: "messages", role: "status", "aria-live": "polite" });
const SHOWN = 6000; // milliseconds

/* A line at the foot of the page; an error stays until it is closed. */
export function say(text, error = false) {
  if (!said.isConnected) document.body.append(said);
  const line = h("div", { class: error ? "message error" : "message" }, h("span", {}, text));
  const close = h("button", { type: "button", "aria-label": t("Close"), onclick: () => line.remove() }, "×");
  line.append(close);
  said.replaceChildren(...[...said.children].slice(-2), line);
  if (!error) setTimeout(() => line.remove(), SHOWN);
}

/* What went wrong, in the page's words where the server could not be reached. */
export function complain(error) {
  if (error.name === "AbortError") return;
  say(error.status === 0 ? t("onpu does not answer. Is `onpu serve` still running?") : error.message, true);
}

/* A dialog with buttons [[value, text, look]]; resolves to the value of the one pressed, null where it is closed. */
function dialog(title, content, buttons) {
  return new Promise((resolve) => {
    const box = h("dialog", { class: "dialog", "aria-label": title }, h("form", { method: "dialog" }, h("h2", {}, title), content,
      h("div", { class: "answers" }, buttons.map(([value, text, look]) => h("button", { value, class: look ?? "" }, text)))));
    box.addEventListener("close", () => (box.remove(), resolve(box.returnValue || null)));
    document.body.append(box);
    box.showModal();
  });
}

/* Whether it is to be done. */
export const sure = async (title, text, action) =>
  (await dialog(title, h("p", {}, text), [["", t("Cancel")], ["yes", action, "danger"]])) === "yes";

/* Values of fields [[name, label, value]], or null. choices: { text, options [[name, label, checked]] } that are ticked or
   not; the names of those that are come as `ticked`. */
export async function asked(title, fields, action, choices = null) {
  const inputs = fields.map(([name, label, value]) => [name, h("input", { type: "text", value, maxLength: 200, "aria-label": label }), label]);
  const content = inputs.map(([, input, label]) => h("label", { class: "field" }, h("span", {}, label), input));
  const boxes = (choices?.options ?? []).map(([name, label, checked]) => [name, h("input", { type: "checkbox", checked }), label]);
  if (boxes.length) content.push(h("fieldset", { class: "choices" }, h("legend", {}, choices.text),
    boxes.map(([, box, label]) => h("label", { class: "check" }, box, label))));
  const answer = await dialog(title, content, [["", t("Cancel")], ["yes", action, "primary"]]);
  const ticked = boxes.filter(([, box]) => box.checked).map(([name]) => name);
  return answer === "yes" ? { ...Object.fromEntries(inputs.map(([name, input]) => [name, input.value.trim()])), ticked } : null;
}

/* A text of several lines, or null. */
export async function askedText(title, about, action) {
  const text = h("textarea", { rows: 12, maxLength: 20_000, "aria-label": title, spellcheck: false });
  const answer = await dialog(title, [h("p", {}, about), text], [["", t("Cancel")], ["yes", action, "primary"]]);
  return answer === "yes" ? text.value : null;
}

/* A panel at a place of the window; on a narrow one at its foot. close() takes it away. */
export function panel(title, place, content) {
  const box = h("div", { class: "panel", role: "dialog", "aria-label": title, popover: "auto" }, h("h2", {}, title), content);
  const back = document.activeElement;
  document.body.append(box);
  box.showPopover();
  const { offsetWidth: wide, offsetHeight: tall } = box;
  const below = place.bottom + 8 + tall < window.innerHeight || place.top < tall + 16;
  box.style.left = `${Math.max(8, Math.min(place.left, window.innerWidth - wide - 8))}px`;
  box.style.top = `${Math.max(8, below ? Math.min(place.bottom + 8, window.innerHeight - tall - 8) : place.top - tall - 8)}px`;
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    box.remove();
    back?.focus?.({ preventScroll: true });
  });
  box.querySelector("input, select, button")?.focus({ preventScroll: true });
  return { element: box, close: () => box.isConnected && box.hidePopover() };
}

/* A button that opens a menu; items() -> [[text, act, note]], made anew each time. */
export function menu(text, title, items) {
  const button = h("button", { type: "button", class: "menu", title, "aria-haspopup": "menu", onclick: () => {
    const opened = panel(title, button.getBoundingClientRect(), h("div", { class: "items", role: "menu" }, items().map(([name, act, note]) =>
      h("button", { type: "button", role: "menuitem", onclick: () => (opened.close(), act()) }, name, note && h("small", {}, note)))));
    opened.element.classList.add("list");
  } }, text);
  return button;
}
