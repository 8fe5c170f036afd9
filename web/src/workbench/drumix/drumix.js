/* Drumix: the song's drums are taken out, and others put in their place: pattern, kit, level and muting of each drum, on
   the song's own beats, while it plays. */

import { h } from "../../dom.js";
import { t } from "../../texts.js";
import { api } from "../api.js";
import { complain, say } from "../dialogs.js";
import { takeAway } from "../exports.js";
import { createProgress, watched } from "../jobs.js";
import { fader } from "../stems.js";
import { createGrid } from "./grid.js";
import { createDrummer } from "./player.js";

const DRUMS = { kick: "Kick", snare: "Snare", hihat: "Hi-hat", toms: "Toms", cymbals: "Cymbals" };
const KEEPING = 800; // milliseconds of rest before a mix is stored

export function createDrumix(id, app, practice, stems, signal) {
  const body = h("div", { class: "drumix" });
  let rules = null;
  let drummer = null;
  let mix = null;
  let timer = 0;
  const strips = new Map();

  const changed = () => {
    drummer?.play(mix).catch(complain);
    clearTimeout(timer);
    timer = setTimeout(() => api.keepDrums(id, mix).catch(complain), KEEPING);
  };
  const set = (drum, values) => {
    mix = { ...mix, drums: { ...mix.drums, [drum]: { ...mix.drums[drum], ...values } } };
    changed();
  };
  const options = (select, entries, value) => {
    select.replaceChildren(...entries.map(([name, text]) => h("option", { value: name, selected: name === value }, text)));
    select.value = value;
  };
  const patterns = () => [["played", t("As it was played")], ...(mix.drawn ? [["drawn", t("Drawn")]] : []), ["none", t("Nothing")],
    ...rules.patterns.map(({ name, title }) => [name, t(title)])];
  const kits = () => rules.kits.map(({ name, title }) => [name, title]);

  const strip = (drum) => {
    const select = (title, act) => h("select", { "aria-label": `${t(title)}: ${t(DRUMS[drum])}`, title: t(title), onchange: (event) => act(event.target.value) });
    const pattern = select("Pattern", (value) => (set(drum, { pattern: value }), show()));
    const kit = select("Kit", (value) => set(drum, { kit: value }));
    const level = fader(t(DRUMS[drum]), (decibels) => set(drum, { level: decibels }));
    const mute = h("button", { type: "button", class: "switch", "aria-label": `${t("Mute")}: ${t(DRUMS[drum])}`, title: t("Mute"),
      onclick: () => (set(drum, { muted: !mix.drums[drum].muted }), show()) }, "M");
    strips.set(drum, { show() {
      const own = mix.drums[drum];
      options(pattern, patterns(), own.pattern);
      options(kit, kits(), own.kit);
      level.set(own.level);
      mute.setAttribute("aria-pressed", String(own.muted));
    } });
    return h("div", { class: "strip", role: "group", "aria-label": t(DRUMS[drum]) }, h("span", { class: "part-name" }, t(DRUMS[drum])), mute, pattern, kit, level.element);
  };

  const all = (title, act) => h("select", { "aria-label": t(title), title: t(title), onchange: (event) => act(event.target.value) });
  const everyPattern = all("Pattern of all drums", (value) => {
    for (const drum of Object.keys(DRUMS)) mix = { ...mix, drums: { ...mix.drums, [drum]: { ...mix.drums[drum], pattern: value } } };
    changed();
    show();
  });
  const everyKit = all("Kit of all drums", (value) => {
    for (const drum of Object.keys(DRUMS)) mix = { ...mix, drums: { ...mix.drums, [drum]: { ...mix.drums[drum], kit: value } } };
    changed();
    show();
  });
  const grid = createGrid((pattern) => {
    const first = mix.drawn === null;
    mix = { ...mix, drawn: { ...pattern, name: "drawn", title: "" } };
    for (const drum of Object.keys(DRUMS))
      if (first || mix.drums[drum].pattern === shownPattern().name) mix = { ...mix, drums: { ...mix.drums, [drum]: { ...mix.drums[drum], pattern: "drawn" } } };
    changed();
    for (const each of strips.values()) each.show();
  });
  /* The pattern that the grid shows: what most drums play, or a bar of nothing to be drawn in. */
  const shownPattern = () => {
    const names = Object.values(mix.drums).map(({ pattern }) => pattern).filter((name) => name !== "played" && name !== "none");
    const counted = names.map((name) => [names.filter((other) => other === name).length, name]).sort((one, other) => other[0] - one[0]);
    const name = counted[0]?.[1];
    if (name === "drawn" || (!name && mix.drawn)) return mix.drawn;
    return rules.patterns.find((each) => each.name === name) ?? { name: "drawn", title: "", beats: beatsOfBar(), steps: 4, bars: 1, swing: 0, rows: {} };
  };
  const beatsOfBar = () => Math.min(12, Math.max(1, ...(app.report.beats?.positions ?? [4]).slice(0, 64)));
  const show = () => {
    options(everyPattern, [["", t("Pattern of all drums")], ...patterns()], "");
    options(everyKit, [["", t("Kit of all drums")], ...kits()], "");
    for (const each of strips.values()) each.show();
    grid.show(shownPattern());
    remove.hidden = !rules.kits.some(({ own }) => own);
  };

  const power = h("button", { type: "button", class: "switch primary-switch", "aria-pressed": "false", onclick: () => turn(power.getAttribute("aria-pressed") !== "true") }, t("Drumix"));
  const original = fader(t("The song's own drums"), (decibels) => {
    mix = { ...mix, original: decibels <= -40 ? null : decibels };
    hearOriginal();
    changed();
  }, -40);
  const drums = () => app.mixer.parts.find(({ name }) => name === "drums");
  const hearOriginal = () => app.mixer.level(drums(), drummer.on ? (mix.original === null ? 0 : 10 ** (mix.original / 20)) : 1);
  const turn = (on) => {
    power.setAttribute("aria-pressed", String(on));
    drummer.on = on;
    hearOriginal();
  };

  const files = h("input", { type: "file", multiple: true, hidden: true, accept: ".sf2,.sfz,audio/*", "aria-label": t("Add a kit"), onchange: async () => {
    try {
      const { kits: added } = await api.addKit([...files.files]);
      rules = await api.drums();
      show();
      say(t("{title} is there as a kit now.", { title: added[0]?.title ?? "" }));
    } catch (error) {
      complain(error);
    } finally {
      files.value = "";
    }
  } });
  const remove = h("select", { "aria-label": t("Remove a kit"), title: t("Remove a kit"), onfocus: () => options(remove,
    [["", t("Remove a kit")], ...rules.kits.filter(({ own }) => own).map(({ name, title }) => [name, title])], ""), onchange: async () => {
    try {
      await api.removeKit(remove.value);
      rules = await api.drums();
      for (const [drum, { kit }] of Object.entries(mix.drums)) if (!rules.kits.some(({ name }) => name === kit)) set(drum, { kit: rules.kits[0].name });
      show();
    } catch (error) {
      complain(error);
    }
  } }, h("option", { value: "" }, t("Remove a kit")));
  const progress = createProgress(t("Writing the song with these drums"));
  progress.element.hidden = true;
  const download = h("button", { type: "button", onclick: async () => {
    download.disabled = true;
    progress.element.hidden = false;
    try {
      const done = await watched((await api.writeDrumix(id, mix)).job, progress.show, signal);
      if (done?.state === "done") takeAway(await api.made(done.id), done.result.name);
      else if (done?.error) say(done.error, true);
    } catch (error) {
      complain(error);
    } finally {
      download.disabled = false;
      progress.element.hidden = true;
    }
  } }, t("Write as a file"));
  const credits = () => rules.kits.filter(({ credit }) => credit).map(({ title, credit }) => `${title}: ${credit}`).join(" · ");

  const open = async (deck) => {
    const [told, stored] = await Promise.all([api.drums(), api.songDrums(id)]);
    if (signal.aborted) return;
    rules = told;
    mix = stored.mix ?? { drums: Object.fromEntries(Object.keys(DRUMS).map((drum) => [drum, { pattern: app.report.drums?.times.length ? "played" : "rock", kit: rules.kits[0].name, level: 0, muted: false }])),
      drawn: null, original: null };
    for (const each of Object.values(mix.drums)) if (!rules.kits.some(({ name }) => name === each.kit)) each.kit = rules.kits[0].name;
    drummer = createDrummer(app, deck, practice.sound, rules, stored.gain ?? 1);
    app.onFound(() => drummer.play(mix).catch(complain));
    body.replaceChildren(
      h("div", { class: "strip" }, power, everyPattern, everyKit),
      h("div", { class: "strips" }, Object.keys(DRUMS).map(strip),
        h("div", { class: "strip" }, h("span", { class: "part-name" }, t("The song's own drums")), original.element)),
      h("div", { class: "grid-pane", tabIndex: 0, role: "group", "aria-label": t("Pattern") }, grid.element),
      h("div", { class: "strip" }, h("button", { type: "button", onclick: () => files.click() }, t("Add a kit")), files, remove, download),
      progress.element,
      h("p", { class: "hint" }, t("A kit is a soundfont (.sf2), or an .sfz file chosen together with its samples."), " ", credits()));
    original.set(mix.original ?? -40);
    show();
    turn(true);
    await drummer.play(mix);
  };
  const start = h("button", { type: "button", onclick: () => stems.use((deck) => open(deck).catch(complain)) }, t("Change the drums"));
  body.append(start, h("p", { class: "hint" }, app.report.beats
    ? t("Other drums for this song, on its own beats: the song is taken apart first.") : t("No beats were found in this song, on which drums could play.")));
  start.disabled = !app.report.beats;
  return {
    element: h("details", { class: "desk-part" }, h("summary", {}, h("h2", {}, t("Drumix"))), body),
    close() {
      clearTimeout(timer);
      drummer?.stop();
    },
  };
}
