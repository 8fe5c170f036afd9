/* The page's language: English texts are the keys of the tables of other languages. */

import { LEARNING } from "./texts/japanese-learning.js";
import { MAKING } from "./texts/japanese-making.js";
import { FOUND } from "./texts/japanese-words.js";
import { JAPANESE } from "./texts/japanese.js";

const TABLES = { en: {}, ja: { ...LEARNING, ...MAKING, ...FOUND, ...JAPANESE } };
const KEPT = "onpu.language"; // name in the browser's storage
let language = chosen();

function chosen() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept in TABLES) return kept;
  } catch {
    // a page opened from a file may have no storage
  }
  return globalThis.navigator?.language?.startsWith("ja") ? "ja" : "en";
}

export const LANGUAGES = { en: "English", ja: "日本語" };
export const spoken = () => language;

export function speak(name) {
  language = name;
  localStorage.setItem(KEPT, name);
}

/* The text in the page's language, with {name} replaced by values. */
export function t(text, values = {}) {
  return (TABLES[language][text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
