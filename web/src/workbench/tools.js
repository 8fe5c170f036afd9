/* Tools to correct with: on and off, undo and redo, bars and tempo, the list of corrections, saving, versions. */

import { h } from "../dom.js";
import { firstWhole } from "../report.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { METRES } from "./correct/beats.js";
import { asked, complain, panel, say, sure } from "./dialogs.js";
import { TASKS } from "./learning.js";
import { createLyricist } from "./lyricist.js";
import { stepText } from "./wording.js";

const KEPT = "onpu.who";
const KEYS = { c: "chords", k: "keys", s: "sections", w: "voice", t: "beats", m: "melody", n: "notes", h: "drums" }; // key -> lane that it opens
const FIELDS = { beats: "beats", chords: "chords", key: "keys", structure: "sections", notes: "notes", melody: "melody", drums: "drums", voice: "voice" };

export function createTools({ id, said, app, edits, editor, view, reload, practice, signal }) {
  let versions = said.versions;
  let confirmed = said.confirmed ?? [];
  const confirmable = Object.keys(TASKS).filter((task) => app.report[FIELDS[task]]);
  const button = (text, title, act, name) => h("button", { type: "button", class: name ?? "", title: t(title), ...(/[↶↷]/.test(text) && { "aria-label": t(title) }), onclick: act }, text);
  const pencil = button(t("Correct"), "Correct what onpu found (E)", () => tools.correct(!editor.on), "switch correct");
  const undo = button("↶", "Undo (Ctrl+Z)", edits.undo);
  const redo = button("↷", "Redo (Ctrl+Shift+Z)", edits.redo);
  const listed = button("", "List of corrections", () => showList(), "count");
  const status = h("span", { class: "status", role: "status", "aria-live": "polite" });
  const save = button(t("Save"), "Save as a new version (Ctrl+S)", () => keep(), "primary");
  const confirm = button(t("Confirm"), "Say what is right, so that it can be learned from", () => keep(true));
  const history = button("", "Versions", () => showVersions());

  const metre = h("select", { title: t("Metre"), "aria-label": t("Metre"), onchange: () => {
    const [numerator, denominator] = metre.value.split("/").map(Number);
    edits.add({ kind: "metre", numerator, denominator });
  } }, METRES.map((text) => h("option", { value: text }, text)));
  const bars = app.report.beats && h("span", { class: "group" }, metre,
    button(t("Bars ←"), "Bars begin a beat earlier", () => edits.add({ kind: "shift_bars", beats: -1 })),
    button(t("Bars →"), "Bars begin a beat later", () => edits.add({ kind: "shift_bars", beats: 1 })),
    button(t("Half tempo"), "Every other beat is none", () => edits.add({ kind: "tempo_octave", factor: 0.5 })),
    button(t("Double tempo"), "There is a beat between every two", () => edits.add({ kind: "tempo_octave", factor: 2 })),
    button(t("Half a beat →"), "Off-beats were taken for beats", () => edits.add({ kind: "shift_beats", by: 0.5 })));
  const lyricist = createLyricist(id, app, edits, () => tools.correct(true), signal);
  lyricist.classList.add("editing");
  const bar = h("div", { class: "tools", role: "toolbar", "aria-label": t("Correct") }, pencil,
    h("span", { class: "group editing" }, undo, redo, listed), bars && h("span", { class: "editing" }, bars), lyricist, status);

  /* The list of corrections, each of which can be taken out. */
  const showList = () => {
    const rows = () => edits.steps.map((step) => h("li", {}, h("span", {}, stepText(app.report, step)),
      h("button", { type: "button", "aria-label": t("Take out"), title: t("Take out"), onclick: () => (opened.close(), edits.remove(step)) }, "×")));
    const opened = panel(t("Corrections"), listed.getBoundingClientRect(), edits.steps.length
      ? h("ol", { class: "corrections" }, rows().reverse()) : h("p", {}, t("Nothing is corrected yet.")));
  };
  const keep = async (confirming = false) => {
    if (edits.busy || !(edits.dirty || confirming)) return;
    const answer = await asked(t("Save as a new version"), [["who", t("Your name"), localStorage.getItem(KEPT) ?? ""], ["note", t("Note"), ""]], t("Save"),
      { text: t("Everything in it is right, and can be learned from:"), options: confirmable.map((task) => [task, t(TASKS[task]), confirmed.includes(task)]) });
    if (!answer) return;
    localStorage.setItem(KEPT, answer.who);
    const steps = edits.steps;
    try {
      confirmed = answer.ticked;
      const { version } = await api.save(id, { corrections: edits.list, confirmed, who: answer.who, note: answer.note, base: edits.version });
      edits.savedAs(version, steps);
      ({ versions } = await api.song(id));
      tools.write();
      say(t("Saved as version {number}", { number: version }));
    } catch (error) {
      complain(error);
    }
  };
  const showVersions = () => {
    const when = (time) => new Date(typeof time === "number" ? time * 1000 : time).toLocaleString(document.documentElement.lang);
    const restore = async (number) => {
      opened.close();
      if (edits.dirty && !(await sure(t("Leave without saving?"), t("Your corrections since the last version are not saved."), t("Restore")))) return;
      try {
        const { version } = await api.restore(id, number);
        edits.forget();
        await reload();
        say(t("Version {number} is back, as version {version}", { number, version }));
      } catch (error) {
        complain(error);
      }
    };
    const opened = panel(t("Versions"), history.getBoundingClientRect(), h("ol", { class: "versions" }, [...versions].sort((one, other) => other.number - one.number)
      .map(({ number, when: time, who, note }) => h("li", {}, h("div", {}, h("b", {}, t("Version {number}", { number })), " ",
        h("span", { class: "quiet" }, [when(time), who].filter(Boolean).join(" · ")), note && h("div", {}, note)),
      number !== edits.version && h("button", { type: "button", onclick: () => restore(number) }, t("Restore"))))));
  };

  const tools = {
    element: bar,
    saving: h("span", { class: "tray" }, save, confirm, history),
    status: (text) => (status.textContent = text),
    correct(on) {
      editor.on = on;
      if (on) practice.reset();
      document.body.classList.toggle("correcting", on);
      tools.write();
    },
    write() {
      pencil.setAttribute("aria-pressed", String(editor.on));
      bar.querySelectorAll(".editing").forEach((each) => (each.hidden = !editor.on));
      undo.disabled = !edits.canUndo;
      redo.disabled = !edits.canRedo;
      listed.textContent = t(edits.steps.length === 1 ? "1 correction" : "{count} corrections", { count: edits.steps.length });
      if (edits.busy) status.textContent = t("Deciding …");
      status.classList.toggle("busy", edits.busy);
      save.disabled = !edits.dirty || edits.busy;
      save.textContent = edits.dirty ? t("Save") : t("Saved");
      history.textContent = t("Version {number}", { number: edits.version });
      const first = firstWhole(app.report);
      if (first) {
        const text = `${first.numerator}/${first.denominator}`;
        if (!METRES.includes(text)) metre.append(h("option", { value: text }, text));
        metre.value = text;
      }
    },
    /* Keys of the corrections. */
    listen(signal) {
      const { hands } = editor;
      const shown = (open) => () => {
        view.follow(app.player.time);
        requestAnimationFrame(() => open(app.player.time, view));
      };
      const acts = { ...Object.fromEntries(Object.entries(KEYS).map(([key, lane]) => [key, shown(hands[lane].openAt)])), b: hands.beats.beatAt, d: hands.beats.barAt };
      document.addEventListener("keydown", (event) => {
        if (event.target.closest("input, textarea, dialog, [popover]")) return;
        const key = event.key.toLowerCase();
        const control = event.ctrlKey || event.metaKey;
        const act = control ? { z: event.shiftKey ? edits.redo : edits.undo, y: edits.redo, s: keep }[key]
          : event.altKey || event.target.closest("select") ? null : key === "e" ? () => tools.correct(!editor.on) : editor.on && acts[key] && (() => acts[key](app.player.time));
        if (!act) return;
        event.preventDefault();
        act();
      }, { signal });
      signal.addEventListener("abort", () => document.body.classList.remove("correcting"));
    },
  };
  tools.write();
  return tools;
}
