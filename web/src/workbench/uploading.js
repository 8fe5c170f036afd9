/* Files on their way into the library: from the disk, or dropped, folders with all that is in them. */

import { h, percent } from "../dom.js";
import { t } from "../texts.js";
import { api } from "./api.js";

const SOUNDS = /\.(wav|flac|mp3|m4a|aac|ogg|oga|opus|aif|aiff|wma|webm|mp4|mka|caf|au|w64)$/i;
const WORDS = /\.(lrc|txt)$/i;
const stem = ({ name, webkitRelativePath: path }) => (path || name).replace(/\.[^.]*$/, "");

/* { element, add(files), drop(transfer) }: element lists what is on its way and what was refused; arrived() is called
   for each that has come. */
export function createUploads(arrived) {
  const list = h("ul", { class: "uploads", "aria-label": t("Uploads") });
  const queue = [];
  let busy = false;

  const next = async () => {
    if (busy || !queue.length) return;
    busy = true;
    const { file, words, row, bar, note, ended } = queue.shift();
    try {
      await api.upload([file, ...words], (share) => {
        bar.value = share;
        note.textContent = share < 1 ? percent(share) : t("Checking");
      }, ended.signal);
      row.remove();
      arrived();
    } catch (error) {
      if (error.name === "AbortError") row.remove();
      else {
        row.classList.add("failed");
        arrived(); // a recording whose words were refused has come all the same
        bar.remove();
        note.textContent = error.status === 0 ? t("onpu does not answer. Is `onpu serve` still running?") : error.message;
      }
    }
    busy = false;
    next();
  };

  /* Words go with the recording of their name. */
  const add = (files) => {
    const sounds = [...files].filter(({ name }) => !WORDS.test(name));
    const texts = [...files].filter(({ name }) => WORDS.test(name));
    const named = new Set(sounds.map(stem));
    const alone = texts.filter((file) => !named.has(stem(file))); // the server says what is wrong with them
    for (const file of [...sounds, ...alone]) {
      const words = alone.includes(file) ? [] : texts.filter((each) => stem(each) === stem(file)).slice(0, 1);
      const ended = new AbortController();
      const bar = h("progress", { max: 1, value: 0, "aria-label": file.name });
      const note = h("span", { class: "note" }, t("Waiting"));
      const row = h("li", {}, h("span", { class: "what" }, file.name), bar, note, h("button", { type: "button",
        "aria-label": t("Take away {name}", { name: file.name }), onclick: () => {
          ended.abort();
          const index = queue.findIndex((each) => each.row === row);
          if (index >= 0) queue.splice(index, 1);
          row.remove();
        } }, "×"));
      list.append(row);
      queue.push({ file, words, row, bar, note, ended });
    }
    next();
  };

  const drop = async (transfer) => {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return add(transfer.files);
    const found = [];
    for (const entry of entries) found.push(...(await within(entry, entry.isDirectory)));
    add(found);
  };
  return { element: list, add, drop };
}

/* The sounds in a folder and its folders; a file itself, whatever it is. */
async function within(entry, chosen) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return !chosen || SOUNDS.test(file.name) || WORDS.test(file.name) ? [file] : [];
  }
  const reader = entry.createReader();
  const out = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return out;
    for (const each of some) out.push(...(await within(each, true)));
  }
}

/* Those of a chosen folder's files that are sounds, and their words. */
export function soundsOf(files) {
  const sounds = [...files].filter(({ name }) => SOUNDS.test(name));
  const names = new Set(sounds.map(stem));
  return [...sounds, ...[...files].filter((file) => WORDS.test(file.name) && names.has(stem(file)))];
}
