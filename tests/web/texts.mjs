/* Prints the texts of the pages as JSON: those that have a translation, and those that the sources say by t("…"). */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { FOUND } from "../../web/src/texts/japanese-words.js";
import { LEARNING } from "../../web/src/texts/japanese-learning.js";
import { MAKING } from "../../web/src/texts/japanese-making.js";
import { JAPANESE } from "../../web/src/texts/japanese.js";

const sources = new URL("../../web/src", import.meta.url).pathname;
const files = readdirSync(sources, { recursive: true }).filter((name) => name.endsWith(".js") && !name.startsWith("texts/"));

/* The string literals that are the first argument of t(…) or one of its alternatives. */
function said(code) {
  const out = [];
  for (const { index } of code.matchAll(/\bt\(/g)) {
    let [at, depth] = [index + 2, 1];
    for (let quote = ""; depth > 0 && at < code.length; at++) {
      const sign = code[at];
      if (quote) quote = sign === quote && code[at - 1] !== "\\" ? "" : quote;
      else if (sign === '"' || sign === "`") quote = sign;
      else if ("([{".includes(sign)) depth++;
      else if (")]}".includes(sign)) depth--;
      if (depth === 1 && !quote && sign === ",") break;
    }
    const argument = code.slice(index + 2, at - 1);
    out.push(...[...argument.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => JSON.parse(`"${text}"`)));
  }
  return out;
}

const tables = [LEARNING, MAKING, FOUND, JAPANESE];
console.log(JSON.stringify({
  translated: Object.assign({}, ...tables),
  twice: tables.flatMap((table) => Object.keys(table)).filter((text, index, all) => all.indexOf(text) !== index),
  said: Object.fromEntries(files.map((name) => [name, said(readFileSync(join(sources, name), "utf8"))])),
}));
