/* What can be made of the passage that is repeated, or of the whole song. */

import { t } from "../../texts.js";
import { api } from "../api.js";
import { complain, menu, say } from "../dialogs.js";
import { runs } from "../jobs.js";

const FORMS = [["performance", "primer", "Continue this", "piano, as it is played"], ["pixelcnn", "continue", "Continue this", "chords and melody"],
  ["seq2seq", "melody", "Chords for this melody", ""], ["chorale", "soprano", "Four voices for this melody", ""],
  ["midinet", "after", "A melody after this", ""], ["musicvae", "interpolate", "In between this and another", ""]];
const CHANGES = [["convert-strings", "Strings instead of piano"], ["convert-guitar", "Guitar instead of piano"], ["convert-band", "A band instead of piano"],
  ["enhance", "Without noise"]];
const EVERY = 2000; // milliseconds

export function createPassage(id, app, signal) {
  const passage = () => app.player.loop ?? [0, null];
  const follow = async (job) => {
    say(t("It is being made; it will be in the library."));
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
      if (signal.aborted) return;
      const told = await api.job(job);
      if (told.state === "failed") return say(told.error, true);
      if (!runs(told)) return say(t("{title} is in the library.", { title: told.title }));
    }
  };
  const change = (to) => {
    const [start, end] = passage();
    api.change(id, { to, start, end }).then(({ job }) => follow(job)).catch(complain);
  };
  const form = (maker, input) => {
    const [start, end] = passage();
    location.hash = `#/make/${maker}?${new URLSearchParams({ [input]: [id, start, end ?? ""].join(",") })}`;
  };
  return menu(`${t("Make")} ▾`, t("Make something of the bars that are repeated, or of the whole song"), () => [
    ...FORMS.map(([maker, input, text, note]) => [t(text), () => form(maker, input), note && t(note)]),
    [t("Songs like this"), () => (location.hash = `#/like/${id}`), t("of the library")],
    ...CHANGES.map(([to, text]) => [t(text), () => change(to), ""])]);
}

/* input -> passages, of the query of an address. */
export function given(query) {
  const out = {};
  for (const [input, text] of new URLSearchParams(query)) {
    const [song, start, end] = text.split(",");
    out[input] = [{ song, start: start && Number(start) ? Number(start) : null, end: end ? Number(end) : null }];
  }
  return out;
}
