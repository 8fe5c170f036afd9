/* Songs that are like one: which way, how far the listening is, and what each has in common with it. */

import { h, percent } from "../dom.js";
import { pretty } from "../symbols.js";
import { t } from "../texts.js";
import { api } from "./api.js";

const WAYS = { timbre: "Sound: instruments, density, colour", cover: "Chords and melody, in any key and tempo" };
const SHARED = { key: "key {text}", tempo: "{text} bpm", metre: "{text}", chords: "chords {text}", tags: "{text}" };

/* chosen(way): another way of likeness is wanted, null: all songs. { element, listening, write(like, count) }: like: what the server says of the
   song that others are like, undefined where nothing is asked. */
export function createLikeness(chosen) {
  const title = h("h2", {});
  const way = h("select", { "aria-label": t("Alike in"), title: t("Alike in"), onchange: () => chosen(way.value) },
    Object.entries(WAYS).map(([value, text]) => h("option", { value }, t(text))));
  const bar = h("progress", { max: 1, "aria-label": t("Listening for likeness") });
  const note = h("p", { class: "hint", role: "status" });
  const element = h("section", { class: "likeness", hidden: true }, h("div", { class: "tray" }, title, way,
    h("button", { type: "button", onclick: () => chosen(null) }, t("All songs"))), bar, note);
  return {
    element,
    listening: false,
    song: "", // its id
    write(like, count) {
      element.hidden = !like;
      this.listening = Boolean(like?.job);
      if (!like) return;
      this.song = like.id;
      title.textContent = t("Songs like {title}", { title: like.title });
      way.value = like.by;
      bar.hidden = !like.job;
      note.textContent = like.job ? t("The library is listened to once for this …") : count ? "" : t("There is no other song to compare it with.");
      if (like.job) api.job(like.job).then(({ progress }) => (bar.value = progress), () => {});
    },
  };
}

/* "84 % alike · key F minor · chords i-bVI-bIII", as elements. */
export function commonOf({ similarity, semitones, same, common }) {
  const texts = [t("{share} alike", { share: percent(similarity) }), same && t("the same song"),
    semitones !== null && semitones !== 0 && t(semitones > 0 ? "{count} semitones higher" : "{count} semitones lower", { count: Math.abs(semitones) }),
    ...common.map(({ what, text }) => t(SHARED[what], { text: what === "tags" ? text : pretty(text) }))];
  return texts.filter(Boolean).map((text) => h("span", {}, text));
}
