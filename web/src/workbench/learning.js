/* Learning from corrections: what would be learned from, how far it is, what it came to, and which weights are used. */

import { clock, h, percent } from "../dom.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { complain, say } from "./dialogs.js";

export const TASKS = { beats: "Beats and bars", chords: "Chords", key: "Keys", structure: "Sections", notes: "Notes", melody: "Melody", drums: "Drums", voice: "Singing" };
const NAMES = { band: "notes" }; // weights that are not called as their task
const EVERY = 1000; // milliseconds between questions while something is learned
const NEEDED = 30; // seconds of a task

const named = (task) => t(TASKS[NAMES[task] ?? task] ?? task);
const scored = (score) => `${(100 * score).toFixed(1)}%`;

export function createLearning(languages) {
  const closed = new AbortController();
  const place = h("div", { class: "learning" }, h("p", { class: "loading", role: "status" }, t("Loading …")));
  const chosen = new Map(); // task -> whether it is to be learned
  let timer = 0;
  let told = null;
  let begun = 0; // how much history there was when learning began

  const load = async () => {
    clearTimeout(timer);
    try {
      const before = told;
      told = await api.learning();
      if (closed.signal.aborted) return;
      if (before?.running && !told.running) say(told.error || summary(told.history.slice(begun)), Boolean(told.error));
      if (!before?.running) begun = told.history.length;
      /* While it runs only its progress changes: what has the focus stays. */
      if (before && before.running && told.running && before.history.length === told.history.length) progress.write(told.running);
      else draw();
      if (told.running) timer = setTimeout(load, EVERY);
    } catch (error) {
      if (!closed.signal.aborted) complain(error);
    }
  };
  const act = (action) => () => action().then(load, complain);
  const progress = createProgress(act(() => api.stopLearning()));

  const draw = () => {
    const focused = document.activeElement?.dataset?.name;
    for (const task of Object.keys(told.seconds)) if (!chosen.has(task)) chosen.set(task, true);
    if (told.running) progress.write(told.running);
    place.replaceChildren(
      h("p", {}, t("What you correct, onpu can learn: it then hears music like yours better. A part of what you have set right is kept out, to see whether it does.")),
      told.running ? progress.element : choice(),
      ...[sources(), older(), history()].filter(Boolean));
    if (focused) place.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  };

  /* Which tasks, and the button that begins. */
  const choice = () => {
    const possible = told.enough.filter((task) => chosen.get(task));
    const begin = h("button", { type: "button", class: "primary", "data-name": "begin", disabled: possible.length === 0,
      onclick: act(() => api.learn(told.enough.filter((task) => chosen.get(task)))) }, t("Learn from my corrections"));
    const rows = Object.entries(told.seconds).map(([task, seconds]) => {
      const enough = told.enough.includes(task);
      const box = h("input", { type: "checkbox", checked: enough && chosen.get(task), disabled: !enough, "data-name": `task-${task}`,
        onchange: () => (chosen.set(task, box.checked), draw()) });
      return h("li", {}, h("label", { class: "check" }, box, h("b", {}, named(task)),
        h("span", { class: "quiet" }, enough ? t("{time} set right", { time: clock(seconds) })
          : t("{time} set right; {needed} s are needed", { time: clock(seconds), needed: NEEDED }))));
    });
    return h("section", { "aria-label": t("What is learned") }, rows.length ? h("ul", { class: "tasks" }, rows)
      : h("p", { class: "nothing" }, t("Nothing is corrected yet. Correct a song, or say when you save it that something in it is right.")),
    rows.length > 0 && h("p", { class: "tray" }, begin, " ", h("span", { class: "hint" }, t("some minutes, in the background; it can be stopped, and goes on after a restart"))),
    told.error && h("p", { class: "bad", role: "alert" }, told.error));
  };
  const sources = () => told.songs.length > 0 && h("details", {}, h("summary", { "data-name": "songs" }, t(told.songs.length === 1 ? "from 1 song" : "from {count} songs", { count: told.songs.length })),
    h("ul", { class: "sources" }, told.songs.map(({ song, title, artist, known }) => h("li", {}, h("a", { href: `#/song/${song}` }, title), artist && h("span", { class: "artist" }, ` ${artist}`),
      h("div", { class: "quiet" }, Object.entries(known).map(([task, spans]) => `${named(task)} ${spans.map(([start, end]) => `${clock(start)}–${clock(end)}`).join(", ")}`).join(" · "))))));
  const older = () => told.older.length > 0 && h("section", { class: "older" },
    h("p", {}, t(told.older.length === 1 ? "1 song was heard by other weights than those in use." : "{count} songs were heard by other weights than those in use.", { count: told.older.length })),
    h("button", { type: "button", "data-name": "again", onclick: act(async () => {
      await api.allAgain();
      say(t("They are heard anew, one after the other; what you have set right stays."));
    }) }, t("Hear them anew")));

  /* What each learning came to, the newest first. */
  const history = () => {
    const used = Object.entries(told.in_use);
    return told.history.length > 0 && h("section", { "aria-label": t("What was learned") }, h("h2", {}, t("What was learned")),
      h("ol", { class: "verdicts" }, told.history.map((each) => verdict(each, told, (name, number) => act(() => api.useWeights(name, number)))).reverse()),
      used.length > 0 && h("p", { class: "tray" }, used.map(([name]) => h("button", { type: "button", "data-name": `shipped-${name}`, onclick: act(() => api.useWeights(name, 0)) },
        t("{task}: back to what onpu came with", { task: named(name) })))));
  };

  const element = h("div", { class: "library" },
    h("header", { class: "top" }, h("a", { class: "home", href: "#/" }, `← ${t("Library")}`), languages),
    h("main", {}, h("h1", {}, t("Learning")), place));
  document.title = `${t("Learning")} – onpu`;
  load();
  return { element, leave: async () => true, close: () => (closed.abort(), clearTimeout(timer)) };
}

/* What is being learned, and how far it is. */
function createProgress(stop) {
  const bar = h("progress", { max: 1 });
  const text = h("span", { role: "status", "aria-live": "polite" });
  const left = h("span", { class: "quiet" });
  const element = h("section", { class: "running" }, h("div", {}, text, " ", left), bar,
    h("button", { type: "button", "data-name": "stop", onclick: stop }, t("Cancel")));
  return {
    element,
    write({ task, progress, left: seconds }) {
      const said = task ? t("Learning: {task}", { task: named(task) }) : t("It begins when no song is being heard.");
      if (text.textContent !== said) text.textContent = said;
      bar.value = progress;
      bar.setAttribute("aria-label", said);
      left.textContent = [percent(progress), seconds === null ? "" : t("{time} left", { time: clock(seconds) })].filter(Boolean).join(" · ");
    },
  };
}

function verdict(each, { in_use: used }, use) {
  const { name, number, kept, before, after, composed_before: forgot, composed_after: still, recordings, seconds, made } = each;
  const current = used[name] === number;
  return h("li", { class: kept ? "better" : "" },
    h("div", {}, h("b", {}, named(name)), " ", kept ? t("better") : t("no better, so nothing was changed"), current && h("span", { class: "tag" }, t("in use")),
      h("div", {}, t("On what was kept out {before} before, {after} after; on composed songs {forgot} before, {still} after.",
        { before: scored(before), after: scored(after), forgot: scored(forgot), still: scored(still) })),
      h("div", { class: "quiet" }, `${new Date(made).toLocaleString(document.documentElement.lang)} · ${clock(seconds)} · ${recordings.join(", ")}`)),
    kept && !current && h("button", { type: "button", "data-name": `use-${name}-${number}`, "aria-label": `${t("Use these")}: ${named(name)} ${number}`, onclick: use(name, number) }, t("Use these")));
}

/* "Beats and bars: better" of what was just learned. */
const summary = (entries) => entries.map(({ name, kept }) => `${named(name)}: ${kept ? t("better") : t("no better, so nothing was changed")}`).join(" · ") || t("Learning has ended.");
