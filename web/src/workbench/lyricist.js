/* Words of a song from elsewhere: a file with their times, chosen or dropped onto the song, or a text without times. */

import { h } from "../dom.js";
import { sungIn } from "../lyrics.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { laidOut } from "./correct/words.js";
import { askedText, complain, menu, say } from "./dialogs.js";
import { watched } from "./jobs.js";

const KNOWN = /\.(lrc|txt)$/i;

/* A button with what can be done; signal: ends the listening for files that are dropped. used(): is called before words are
   put in. */
export function createLyricist(id, { report }, edits, used, signal) {
  const none = () => ({ kind: "no_lyric", start: 0, end: report.duration });
  const put = (corrections) => {
    used();
    edits.add(...corrections);
  };
  const fromFile = async (file) => {
    try {
      const { corrections } = await api.words(id, file);
      put(corrections);
      say(t("Words of {name} are there; save to keep them.", { name: file.name }));
    } catch (error) {
      complain(error);
    }
  };
  const files = h("input", { type: "file", accept: ".lrc,.txt", hidden: true, "aria-label": t("Words from a file"), onchange: () => {
    if (files.files[0]) fromFile(files.files[0]);
    files.value = "";
  } });
  const typed = async (about) => {
    const text = await askedText(t("Words without times"), about, t("Set"));
    return (text ?? "").split("\n").map((line) => line.replace(/\s+/g, " ").trim().slice(0, 200)).filter(Boolean);
  };
  const paste = async () => {
    const lines = await typed(t("A line each. They are laid over what is sung, and can be moved then."));
    if (lines.length) put([none(), ...laidOut(lines, sungIn(report), report.duration)]);
  };
  const place = async () => {
    const lines = await typed(t("All that is sung, in kana or Latin letters, words parted by spaces. onpu listens where each is sung."));
    if (!lines.length) return;
    say(t("It is listened to where the words are sung …"));
    try {
      const done = await watched((await api.place(id, lines)).job, () => {}, signal);
      if (done?.state === "done") put(done.result.corrections);
      else if (done?.error) say(done.error, true);
    } catch (error) {
      complain(error);
    }
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault(), { signal });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const file = [...event.dataTransfer.files].find(({ name }) => KNOWN.test(name));
    if (file) fromFile(file);
    else say(t("Onto a song, words are dropped (.lrc, UltraStar .txt); songs are dropped into the library."), true);
  }, { signal });
  return h("span", {}, files, menu(`${t("Words")} ▾`, t("Words of the song"), () => [
    [t("From a file"), () => files.click(), t(".lrc, UltraStar .txt")],
    [t("Text without times"), paste, ""],
    [t("Japanese, placed by listening"), place, t("kana or Latin letters")],
    ...(sungIn(report).lines.length ? [[t("Take all words away"), () => put([none()]), ""]] : [])]));
}
