/* The recording taken apart: asked for, waited for, then a strip for each part with mute, solo and level, and their lane. */

import { h } from "../dom.js";
import { stems as lane } from "../lanes/stems.js";
import { outline } from "../report.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { createDeck } from "./deck.js";
import { complain } from "./dialogs.js";
import { createProgress, runs, watched } from "./jobs.js";

const LOUDEST = 6; // dB
const SOFTEST = -40;
export const gainOf = (decibels) => (decibels <= SOFTEST ? 0 : 10 ** (decibels / 20));

/* A slider of a level in dB; set(decibels). */
export function fader(name, set, value = 0) {
  const shown = h("output", {});
  const write = (decibels) => (shown.textContent = decibels <= SOFTEST ? "−∞" : `${decibels > 0 ? "+" : decibels < 0 ? "−" : ""}${Math.abs(decibels)} dB`);
  const input = h("input", { type: "range", min: SOFTEST, max: LOUDEST, step: 1, value, "aria-label": t("Level: {name}", { name }),
    oninput: () => (write(Number(input.value)), set(Number(input.value))),
    ondblclick: () => ((input.value = 0), write(0), set(0)) });
  write(value);
  return { element: h("span", { class: "fader" }, input, shown), set: (decibels) => ((input.value = decibels), write(decibels)) };
}

/* waiting: those who are called with the deck once the parts are there. */
export function createStems(id, app, practice, stage, signal) {
  const body = h("div", { class: "strips" });
  const ready = [];
  let deck = null;
  let asking = false; // a job is waited for

  const strips = () => app.mixer.parts.map((part) => {
    const toggle = (text, title, act, pressed) => {
      const button = h("button", { type: "button", class: "switch", title: `${t(title)}: ${t(part.title)}`, "aria-label": `${t(title)}: ${t(part.title)}`,
        "aria-pressed": "false", onclick: () => act(part) }, text);
      app.mixer.on(() => button.setAttribute("aria-pressed", String(pressed(part))));
      return button;
    };
    return h("div", { class: "strip", role: "group", "aria-label": t(part.title) }, h("span", { class: "part-name" }, t(part.title)),
      toggle("M", "Mute", app.mixer.mute, ({ muted }) => muted), toggle("S", "Solo", app.mixer.solo, ({ solo }) => solo),
      fader(t(part.title), (decibels) => app.mixer.level(part, gainOf(decibels))).element);
  });
  let opening = null; // a promise of all this
  const open = (stems) => (opening ??= opened(stems));
  const opened = async (stems) => {
    await practice.sound.parts(stems.rate);
    deck = app.player.take((tell) => createDeck(stems, (name, number) => api.stem(id, name, number), practice.sound, app.report.duration, tell));
    app.mixer.add(stems.parts.map(({ name, peaks }, index) => ({ name, title: TITLES[name] ?? name, peaks: outline(peaks),
      hear: (gain) => deck.hear(index, gain / stems.level) })));
    practice.metronome.follow(deck);
    body.replaceChildren(...strips());
    stage.insert(lane, "waveform");
    ready.splice(0).forEach((act) => act(deck));
  };
  const follow = async (job) => {
    const progress = createProgress(t("Taking the song apart"));
    body.replaceChildren(progress.element);
    const ended = await watched(job, progress.show, signal);
    if (!ended) return;
    if (ended.state === "done") return open((await api.stems(id)).stems);
    body.replaceChildren(button, ended.error && h("p", { class: "bad" }, ended.error));
  };
  const ask = async () => {
    if (asking) return;
    asking = true;
    button.disabled = true;
    try {
      await follow((await api.takeApart(id)).job);
    } catch (error) {
      body.replaceChildren(button);
      complain(error);
    } finally {
      button.disabled = asking = false;
    }
  };
  const button = h("button", { type: "button", onclick: ask }, t("Take the song apart"));
  const look = async () => {
    const { stems, job } = await api.stems(id);
    if (signal.aborted) return;
    if (stems) await open(stems);
    else if (runs(job)) await ask();
  };
  body.append(button, h("p", { class: "hint" }, t("Voice, drums, bass and the rest, to be muted or heard alone. It takes about as long as the song.")));
  const details = h("details", { class: "desk-part", ontoggle: () => details.open && !deck && look().catch(complain) },
    h("summary", {}, h("h2", {}, t("Stems"))), body);
  return {
    element: details,
    /* Calls act(deck) once the parts are there, and has them fetched or made. */
    async use(act) {
      if (deck) return act(deck);
      ready.push(act);
      details.open = true;
      const { stems } = await api.stems(id);
      await (stems ? open(stems) : ask());
    },
    close: () => deck?.close(),
  };
}

const TITLES = { vocals: "Voice", drums: "Drums", bass: "Bass", other: "The rest" };
