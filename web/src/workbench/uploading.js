/* Files on their way into the library: from the disk, or dropped, folders with all that is in them. */

import { h, percent } from "../dom.js";
import { t } from "../texts.js";
import { api } from "./api.js";

const SOUNDS = /\.(wav|flac|mp3|m4a|aac|ogg|oga|opus|aif|aiff|wma|webm|mp4|mka|caf|au|w64)$/i;

/* { element, add(files), drop(transfer) }: element lists what is on its way and what was refused; arrived() is called
   for each that has come. */
export function createUploads(arrived) {
  const list = h("ul", { class: "uploads", "aria-label": t("Uploads") });
  const queue = [];
  let busy = false;

  const next = async () => {
    if (busy || !queue.length) return;
    busy = true;
    const { file, row, bar, note, ended } = queue.shift();
    try {
      await api.upload(file, (share) => {
        bar.value = share;
        note.textContent = share < 1 ? percent(share) : t("Checking");
      }, ended.signal);
      row.remove();
      arrived();
    } catch (error) {
      if (error.name === "AbortError") row.remove();
      else {
        row.classList.add("failed");
        bar.remove();
        note.textContent = error.status === 0 ? t("onpu does not answer. Is `onpu serve` still running?") : error.message;
      }
    }
    busy = false;
    next();
  };

  const add = (files) => {
    for (const file of files) {
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
      queue.push({ file, row, bar, note, ended });
    }
    next();
  };

  const drop = async (transfer) => {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return add(transfer.files);
    for (const entry of entries) add(await within(entry, entry.isDirectory));
  };
  return { element: list, add, drop };
}

/* The sounds in a folder and its folders; a file itself, whatever it is. */
async function within(entry, chosen) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return !chosen || SOUNDS.test(file.name) ? [file] : [];
  }
  const reader = entry.createReader();
  const out = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return out;
    for (const each of some) out.push(...(await within(each, true)));
  }
}

/* Those of a chosen folder's files that are sounds. */
export const soundsOf = (files) => [...files].filter(({ name }) => SOUNDS.test(name));
