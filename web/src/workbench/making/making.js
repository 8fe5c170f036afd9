/* Making: a form for each maker, out of its options; what is made becomes a song of the library. */

import { clock, h } from "../../dom.js";
import { t } from "../../texts.js";
import { api } from "../api.js";
import { complain, say } from "../dialogs.js";
import { createProgress, watched } from "../jobs.js";

/* maker: name of the one that is chosen at first. given: input -> passages { song, start, end } that are filled in. */
export function createMaking(languages, maker, given) {
  const closed = new AbortController();
  const body = h("div", { class: "making" }, h("p", { role: "status" }, t("Loading …")));
  const element = h("div", { class: "desk" }, h("header", { class: "top" }, h("div", { class: "tray" },
    h("a", { class: "home", href: "#/" }, `← ${t("Library")}`), h("span", { class: "space" }), languages), h("h1", {}, t("Make music"))), h("main", {}, body));

  const load = async () => {
    try {
      const [{ makers }, { songs }] = await Promise.all([api.makers(), api.songs("is:ready", "title")]);
      if (closed.signal.aborted) return;
      const place = h("div", { class: "form-place" });
      const show = (name) => place.replaceChildren(createForm(makers.find((each) => each.name === name), songs, name === maker ? given : {}, closed.signal));
      const choice = h("select", { "aria-label": t("What is made"), onchange: () => show(choice.value) },
        makers.map(({ name, title }) => h("option", { value: name, selected: name === maker }, t(title))));
      body.replaceChildren(h("label", { class: "field" }, h("span", {}, t("What is made")), choice), place);
      show(choice.value);
    } catch (error) {
      if (!closed.signal.aborted) body.replaceChildren(h("p", { class: "bad", role: "alert" }, error.status === 0 ? t("onpu does not answer. Is `onpu serve` still running?") : error.message));
    }
  };
  document.title = `${t("Make music")} – onpu`;
  load();
  return { element, leave: async () => true, close: () => closed.abort() };
}

function createForm(maker, songs, given, signal) {
  const options = maker.options.map((option) => ({ option, ...fieldOf(option) }));
  const inputs = maker.inputs.map((input) => ({ input, ...passagesOf(input, songs, given[input.name] ?? []) }));
  const weights = maker.weights.length > 1 && h("select", { "aria-label": t("Weights") }, maker.weights.map((name) => h("option", { value: name }, name)));
  const sound = maker.sounds.length > 0 && h("select", { "aria-label": t("Instrument") }, maker.sounds.map((name) => h("option", { value: name, selected: name === maker.sound }, t(name))));
  const bpm = maker.bpm > 0 && h("input", { type: "number", min: 20, max: 300, step: "any", placeholder: String(maker.bpm), "aria-label": t("Tempo") });
  const title = h("input", { type: "text", maxLength: 100, value: t(maker.title), "aria-label": t("Title") });
  const progress = createProgress(t("Making …"));
  progress.element.hidden = true;
  const bad = h("p", { class: "bad", role: "alert" });
  const result = h("p", { role: "status" });
  const go = h("button", { type: "submit", class: "primary" }, t("Make"));

  /* What is decided by music that is given cannot be chosen beside it. */
  const hideDecided = () => {
    const decided = new Set(inputs.filter(({ chosen }) => chosen()).flatMap(({ input }) => input.decides));
    const needing = new Set(maker.inputs.flatMap(({ needed_by: names }) => names));
    const served = new Set(inputs.filter(({ chosen }) => chosen()).flatMap(({ input }) => input.needed_by));
    for (const { option, element } of options) element.hidden = decided.has(option.name) || (needing.has(option.name) && !served.has(option.name));
  };
  const submit = async (event) => {
    event.preventDefault();
    bad.textContent = result.textContent = "";
    go.disabled = true;
    try {
      const told = {
        maker: maker.name, title: title.value.trim(), weights: weights ? weights.value : "", sound: sound ? sound.value : "",
        bpm: bpm && bpm.value ? Number(bpm.value) : null,
        options: Object.fromEntries(options.filter(({ element, changed }) => !element.hidden && changed()).map(({ option, value }) => [option.name, value()])),
        given: Object.fromEntries(inputs.filter(({ chosen }) => chosen()).map(({ input, value }) => [input.name, value()])),
      };
      progress.element.hidden = false;
      const done = await watched((await api.make(told)).job, progress.show, signal);
      if (done?.state === "done") {
        result.replaceChildren(h("a", { href: "#/" }, t("{title} is in the library.", { title: told.title })), " ", t("It is listened to now."));
        say(t("{title} is in the library.", { title: told.title }));
      } else if (done?.error) bad.textContent = done.error;
    } catch (error) {
      if (error.status) bad.textContent = error.message;
      else complain(error);
    } finally {
      go.disabled = false;
      progress.element.hidden = true;
    }
  };
  const labelled = (text, element) => element && h("label", { class: "field" }, h("span", {}, text), element);
  const form = h("form", { class: "form", onsubmit: submit, oninput: hideDecided, onchange: hideDecided },
    h("p", { class: "hint" }, t(maker.help)),
    inputs.map(({ element }) => element),
    h("div", { class: "fields" }, options.map(({ element }) => element), labelled(t("Instrument"), sound), labelled(t("Tempo"), bpm), labelled(t("Weights"), weights), labelled(t("Title"), title)),
    h("div", { class: "strip" }, go), progress.element, bad, result);
  hideDecided();
  return form;
}

/* { element, changed(), value() } of an option. */
function fieldOf({ name, help, kind, several, choices, default: usual }) {
  const label = t(name.replaceAll("_", " "));
  const about = `${name}-about`;
  const shown = Array.isArray(usual) ? usual.join(", ") : usual ?? "";
  let input;
  if (choices.length) input = h("select", {}, choices.map((choice) => h("option", { value: choice, selected: choice === usual }, t(choice))));
  else if (kind === "yes") input = h("input", { type: "checkbox", checked: usual === true });
  else if ((kind === "whole" || kind === "number") && !several) input = h("input", { type: "number", step: kind === "whole" ? 1 : "any", placeholder: String(shown) });
  else input = h("input", { type: "text", placeholder: String(shown), maxLength: 300 });
  input.setAttribute("aria-describedby", about);
  input.name = name;
  const one = (text) => (kind === "words" ? text : Number(text));
  return {
    element: h("label", { class: "field" }, h("span", {}, label), input, h("small", { id: about }, t(help))),
    changed: () => (kind === "yes" ? input.checked !== (usual === true) : choices.length ? input.value !== usual : input.value.trim() !== ""),
    value: () => (kind === "yes" ? input.checked : several ? input.value.split(/[\s,]+/).filter(Boolean).map(one) : one(input.value.trim())),
  };
}

/* { element, chosen(), value() } of music that may be given: songs of the library, or passages of them. */
function passagesOf(input, songs, given) {
  const rows = Array.from({ length: input.files }, (_, index) => {
    const filled = given[index];
    const name = input.files > 1 ? `${t(input.name)} ${index + 1}` : t(input.name);
    const song = h("select", { "aria-label": name }, h("option", { value: "" }, t("Nothing")),
      songs.map(({ id, title, duration }) => h("option", { value: id, selected: id === filled?.song }, `${title} (${clock(duration)})`)));
    const at = (text, value) => h("input", { type: "number", min: 0, step: "any", value: value ?? "", placeholder: text, "aria-label": `${name}: ${text}` });
    const [start, end] = [at(t("from (s)"), filled?.start), at(t("to (s)"), filled?.end)];
    return { song, start, end, element: h("span", { class: "passage" }, song, start, end) };
  });
  return {
    element: h("fieldset", { class: "field" }, h("legend", {}, t(input.name.replaceAll("_", " "))), rows.map(({ element }) => element), h("small", {}, t(input.help))),
    chosen: () => rows.every(({ song }) => song.value),
    value: () => rows.map(({ song, start, end }) => ({ song: song.value, start: Number(start.value || 0), end: end.value ? Number(end.value) : null })),
  };
}
