/* Buttons: play, speed, transposition, zoom, print. */

import { clock, h } from "./dom.js";
import { t } from "./texts.js";

const SPEEDS = [0.25, 0.35, 0.5, 0.65, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];
const ZOOM = 1.6;

const PLAY = "M7 4.5v15l13-7.5z";
const PAUSE = "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z";

/* more: groups of other buttons, beside those of transposition. */
export function createControls(app, view, ...more) {
  const { player, report } = app;
  const button = (text, title, action, name) =>
    h("button", { type: "button", class: name ?? "", title: t(title), ...(!/\p{L}/u.test(text) && { "aria-label": t(title) }), onclick: action }, text);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.append(path);
  const play = button(icon, "Play", () => player.toggle(), "play");
  const time = h("span", { class: "time" });
  const repeat = button("↻ ×", "Stop repeating these bars", () => app.repeat(null), "repeat");
  const speed = h("select", { title: t("Speed"), "aria-label": t("Speed"), onchange: () => (player.rate = Number(speed.value)) },
    SPEEDS.map((rate) => h("option", { value: rate, selected: rate === 1 }, `${rate} ×`)));
  const steps = h("output", { title: t("Semitones that names are transposed by") });

  const showState = () => {
    path.setAttribute("d", player.playing ? PAUSE : PLAY);
    play.title = t(player.playing ? "Pause (space)" : "Play (space)");
    play.setAttribute("aria-label", t(player.playing ? "Pause" : "Play"));
    repeat.hidden = !player.loop;
  };
  const showTime = () => (time.textContent = `${clock(player.time)} / ${clock(report.duration)}`);
  const showShift = () => (steps.textContent = app.shift > 0 ? `+${app.shift}` : app.shift < 0 ? `−${-app.shift}` : "0");
  player.on("state", showState);
  player.on("time", showTime);
  app.onTransposed(showShift);
  app.onRepeat(showState);
  showState();
  showTime();
  showShift();

  const named = Object.keys(report.names.chords).length || Object.keys(report.names.keys).length ||
    report.notes?.onsets.length || report.melody?.times.length;
  return h("nav", { class: "controls", "aria-label": t("Controls") },
    report.audio ? play : null,
    time,
    report.audio ? speed : null,
    repeat,
    more,
    h("span", { class: "space" }),
    named ? h("span", { class: "group transpose" }, h("span", { class: "name" }, t("Transpose")),
      button("−", "Transpose down a semitone (↓)", () => app.transpose(app.shift - 1)), steps,
      button("+", "Transpose up a semitone (↑)", () => app.transpose(app.shift + 1))) : null,
    h("span", { class: "group zoom" }, h("span", { class: "name" }, t("Zoom")),
      button("−", "Show more (−)", () => view.zoomBy(1 / ZOOM, player.time)),
      button(t("All"), "Show the whole recording (0)", () => view.whole()),
      button("+", "Show closer (+)", () => view.zoomBy(ZOOM, player.time))));
}
