/* The library: what there is, what is being analysed, and how to find something. */

import { clock, h, percent } from "../dom.js";
import { pretty } from "../symbols.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { complain, sure } from "./dialogs.js";
import { commonOf, createLikeness } from "./likeness.js";
import { createUploads, soundsOf } from "./uploading.js";

const SORTS = { added: "Newest first", title: "Title", artist: "Artist", key: "Key", tempo: "Tempo", duration: "Length" };
const EXAMPLES = ["key:F minor", "tempo:90-110", "metre:3/4", "chords:ii-V-I", "tag:rock"];
const EVERY = 1000; // milliseconds between questions while something is analysed
const TYPING = 200; // milliseconds of rest before what is typed is looked for
const RUNNING = new Set(["waiting", "analysing"]);

/* like: id of the song that others are to be like, "" for none. */
export function createLibrary(languages, like) {
  const closed = new AbortController();
  const search = h("input", { type: "search", placeholder: t("Search title, artist, key, chords …"), "aria-label": t("Search") });
  const sort = h("select", { "aria-label": t("Order"), title: t("Order") },
    Object.entries(SORTS).map(([value, text]) => h("option", { value }, t(text))));
  const likeness = createLikeness((by) => {
    if (by === null && like) return void (location.hash = "#/");
    search.value = by === null ? "" : `like:${likeness.song} by:${by}`;
    load();
  });
  if (like) search.value = `like:${like}`;
  const list = h("ul", { class: "songs", "aria-label": t("Songs") });
  const nothing = h("div", { class: "nothing" });
  const counted = h("p", { class: "counted", "aria-live": "polite" });
  const uploads = createUploads(() => load());
  const rows = new Map();
  let timer = 0;
  let asking = 0;

  const load = async () => {
    clearTimeout(timer);
    const turn = ++asking;
    try {
      const { songs, like: to } = await api.songs(search.value.trim(), sort.value);
      if (turn !== asking || closed.signal.aborted) return;
      likeness.write(to, songs.length);
      show(songs);
      if (to?.job || songs.some(({ state, again }) => RUNNING.has(state) || again)) timer = setTimeout(load, EVERY);
    } catch (error) {
      if (turn === asking && !closed.signal.aborted) {
        complain(error);
        counted.textContent = "";
      }
    }
  };
  const show = (songs) => {
    const kept = new Set(songs.map(({ id }) => id));
    for (const [id, row] of rows) if (!kept.has(id)) row.element.remove(), rows.delete(id);
    songs.forEach((song, index) => {
      if (!rows.has(song.id)) rows.set(song.id, createRow(song, load));
      const row = rows.get(song.id);
      row.write(song);
      if (list.children[index] !== row.element) list.insertBefore(row.element, list.children[index] ?? null);
    });
    const searching = search.value.trim() !== "";
    counted.textContent = songs.length ? t(songs.length === 1 ? "1 song" : "{count} songs", { count: songs.length }) : "";
    nothing.hidden = songs.length > 0;
    nothing.replaceChildren(...(searching ? [!likeness.listening && h("p", {}, t("Nothing fits this search."))].filter(Boolean) : [h("p", { class: "big" }, t("Drop a song here")),
      h("p", {}, t("onpu listens to it and shows its chords, beats, sections, notes and words. It stays on this computer."))]));
  };

  const files = h("input", { type: "file", multiple: true, accept: "audio/*,video/*,.lrc,.txt", hidden: true, "aria-label": t("Add files"),
    onchange: () => (uploads.add(files.files), (files.value = "")) });
  const folder = h("input", { type: "file", webkitdirectory: true, hidden: true, "aria-label": t("Add a folder"),
    onchange: () => (uploads.add(soundsOf(folder.files)), (folder.value = "")) });
  const examples = h("div", { class: "examples", role: "group", "aria-label": t("Examples of searches") }, EXAMPLES.map((text) =>
    h("button", { type: "button", onclick: () => ((search.value = text), load()) }, text)));

  const element = h("div", { class: "library" },
    h("header", { class: "top" }, h("h1", {}, "onpu"), h("span", { class: "space" }), h("a", { class: "home", href: "#/learning" }, t("Learning")), languages),
    h("main", {},
      h("div", { class: "adding" },
        h("button", { type: "button", class: "primary", onclick: () => files.click() }, t("Add songs")),
        h("button", { type: "button", onclick: () => folder.click() }, t("Add a folder")), files, folder,
        h("a", { class: "button", href: "#/make" }, t("Make music")),
        h("span", { class: "hint" }, t("or drop them anywhere on this page"))),
      h("div", { class: "finding", role: "search" }, search, sort),
      examples, uploads.element, likeness.element, counted, list, nothing));

  let typing = 0;
  search.addEventListener("input", () => (clearTimeout(typing), (typing = setTimeout(load, TYPING))));
  sort.addEventListener("change", load);
  const options = { signal: closed.signal };
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  }, options);
  document.addEventListener("dragleave", (event) => !event.relatedTarget && document.body.classList.remove("dropping"), options);
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    uploads.drop(event.dataTransfer);
  }, options);
  document.title = "onpu";
  load();
  return { element, leave: async () => true, close: () => (closed.abort(), clearTimeout(timer)) };
}

/* { element, write(song) } of a song in the list; changed() after what was done with it. */
function createRow(song, changed) {
  const act = (action) => () => action().then(changed, complain);
  const button = (text, action, name) => h("button", { type: "button", class: name ?? "", onclick: action }, text);
  const title = h("a", { class: "title", href: `#/song/${song.id}` });
  const artist = h("span", { class: "artist" });
  const facts = h("span", { class: "facts" });
  const bar = h("progress", { max: 1 });
  const note = h("span", { class: "note" });
  const common = h("p", { class: "common" });
  const cancel = button(t("Cancel"), act(() => api.cancel(song.id)));
  const retry = button(t("Try again"), act(() => api.retry(song.id)));
  const again = button(t("Hear again"), act(() => api.again(song.id)));
  const alike = h("a", { class: "alike", href: `#/like/${song.id}` }, icon(ALIKE));
  const remove = button(icon(BIN), async () => {
    if (await sure(t("Delete {title}?", { title: title.textContent }),
      t("The recording and all its corrections are taken out of the library. The file it came from stays."), t("Delete")))
      act(() => api.remove(song.id))();
  }, "remove");
  const element = h("li", { class: "song" }, h("div", { class: "names" }, title, artist), facts,
    h("div", { class: "state" }, bar, note), h("div", { class: "acts" }, cancel, retry, again, alike, remove), common);
  return {
    element,
    write(song) {
      const { state, left, error, older } = song;
      const anew = song.again ?? "";
      const progress = anew ? song.again_progress : song.progress;
      title.textContent = song.title;
      if (state === "ready") title.href = `#/song/${song.id}`;
      else title.removeAttribute("href");
      artist.textContent = song.artist ?? "";
      facts.replaceChildren(...factsOf(song).map((text) => h("span", {}, text)));
      element.dataset.state = state;
      element.dataset.said = String(Boolean(anew || (state === "ready" && (older || error))));
      bar.hidden = state !== "analysing" && anew !== "hearing";
      bar.value = progress ?? 0;
      bar.setAttribute("aria-label", t("Analysing {title}", { title: song.title }));
      note.textContent = {
        waiting: t("Waiting"), failed: error ?? "", cancelled: t("Cancelled"),
        ready: anew === "waiting" ? t("Waits to be heard anew") : anew ? [t("Heard anew"), left ? t("{time} left", { time: clock(left) }) : ""].filter(Boolean).join(" · ")
          : error || (older ? t("Heard by other weights") : ""),
        analysing: [progress ? percent(progress) : t("Starting"), left ? t("{time} left", { time: clock(left) }) : ""].filter(Boolean).join(" · "),
      }[state] ?? "";
      cancel.hidden = !RUNNING.has(state) && !anew;
      again.hidden = state !== "ready" || !older || Boolean(anew);
      retry.hidden = state !== "failed" && state !== "cancelled";
      common.replaceChildren(...(song.common ? commonOf(song) : []));
      common.hidden = !song.common;
      alike.hidden = state !== "ready";
      alike.title = t("Songs like {title}", { title: song.title });
      alike.setAttribute("aria-label", alike.title);
      remove.hidden = state === "analysing";
      remove.title = t("Delete {title}", { title: song.title });
      remove.setAttribute("aria-label", remove.title);
    },
  };
}

const ALIKE = "M4 9.5c2.7-4 5.3-4 8-1.5s5.3 2.5 8-1.5v3c-2.7 4-5.3 4-8 1.5s-5.3-2.5-8 1.5zM4 16c2.7-4 5.3-4 8-1.5s5.3 2.5 8-1.5v3c-2.7 4-5.3 4-8 1.5s-5.3-2.5-8 1.5z";
const BIN = "M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7z";

function icon(path) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawn.append(line);
  return drawn;
}

function factsOf({ state, key, tempo, metre, duration, chords_summary: chords, tags }) {
  if (state !== "ready") return duration ? ["", "", "", clock(duration)] : [];
  const tagged = (Array.isArray(tags) ? tags : []).slice(0, 3).map((tag) => tag.replace(/^\w+:/, ""));
  return [key ? pretty(key.replace(/ .*/, "")) + key.replace(/^\S+/, "") : "", tempo ? `${Math.round(tempo)} bpm` : "", metre, clock(duration),
    chords ? pretty(chords) : "", tagged.join(" · ")];
}
