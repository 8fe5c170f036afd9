/* The parts that the recording was taken apart into, an outline each; M mutes one, S lets it be heard alone. */

import { fitted, h, themed } from "../dom.js";
import { t } from "../texts.js";

const ROW = 40; // pixels

export function stems(app) {
  const { parts } = app.mixer;
  if (!parts.length) return null;
  const canvas = h("canvas");
  const height = ROW * parts.length;
  const loudest = parts.reduce((most, { peaks }) => peaks.reduce((high, peak) => Math.max(high, peak), most), 1e-3);
  let redraw = () => {};

  const button = (part, letter, title, act, pressed) => {
    const element = h("button", { type: "button", title: `${t(title)}: ${t(part.title ?? part.name)}`, "aria-label": `${t(title)}: ${t(part.title ?? part.name)}`,
      "aria-pressed": "false", onclick: () => act(part) }, letter);
    app.mixer.on(() => element.setAttribute("aria-pressed", String(pressed(part))));
    return element;
  };
  const labels = h("div", { class: "rows parts" }, parts.map((part) => h("div", { class: "part" }, h("span", {}, t(part.title ?? part.name)),
    button(part, "M", "Mute", app.mixer.mute, ({ muted }) => muted),
    button(part, "S", "Solo", app.mixer.solo, ({ solo }) => solo))));
  app.mixer.on(() => redraw());

  const draw = (view) => {
    redraw = () => draw(view);
    const context = fitted(canvas, view.width, height);
    parts.forEach((part, row) => {
      const middle = (row + 0.5) * ROW;
      const second = part.peaks.length / (app.report.sound?.duration ?? app.report.duration); // peaks in one
      context.fillStyle = themed("--line");
      if (row) context.fillRect(0, row * ROW - 0.5, view.width, 0.5);
      context.fillStyle = themed(app.mixer.heard(part) ? "--played" : "--wave");
      context.globalAlpha = app.mixer.heard(part) ? 1 : 0.35;
      for (let x = 0; x < view.width; x++) {
        const from = Math.floor(view.time(x) * second);
        const peak = part.peaks.subarray(Math.max(0, from), Math.max(1, Math.ceil(view.time(x + 1) * second)))
          .reduce((most, each) => Math.max(most, each), 0);
        const tall = Math.max(0.5, (peak / loudest) * (ROW / 2 - 2));
        context.fillRect(x, middle - tall, 1, 2 * tall);
      }
      context.globalAlpha = 1;
    });
  };
  return { name: "stems", lasting: true, title: "Stems", height, element: h("div", {}, canvas), labels, draw };
}
