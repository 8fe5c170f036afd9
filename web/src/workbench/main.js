/* The workbench: a library of recordings, and each of them to hear, see and correct. */

import "../style.css";
import "./workbench.css";
import { h } from "../dom.js";
import { LANGUAGES, speak, spoken, t } from "../texts.js";
import { createLearning } from "./learning.js";
import { createLibrary } from "./library.js";
import { createMaking } from "./making/making.js";
import { given } from "./making/passage.js";
import { openSong } from "./song.js";

const place = h("div", { class: "place" });
document.body.append(place);
let view = null; // { element, leave(), close() }
let shown = null; // the address of what is shown

const address = () => location.hash.replace(/^#/, "") || "/";

/* What an address shows. Another one is gone to once the view has let go. */
async function go() {
  if (address() === shown) return;
  if (view && !(await view.leave())) {
    history.replaceState(null, "", `#${shown}`);
    return;
  }
  show();
}

function show() {
  view?.close();
  shown = address();
  document.documentElement.lang = spoken();
  const id = /^\/song\/([\w-]+)$/.exec(shown)?.[1];
  const like = /^\/like\/([\w-]+)$/.exec(shown)?.[1] ?? "";
  const [, maker, query] = /^\/make(?:\/(\w+))?(?:\?(.*))?$/.exec(shown) ?? [null];
  view = id ? openSong(id, languages()) : shown === "/learning" ? createLearning(languages())
    : shown.startsWith("/make") ? createMaking(languages(), maker, given(query)) : createLibrary(languages(), like);
  place.replaceChildren(view.element);
  window.scrollTo(0, 0);
}

function languages() {
  const choice = h("select", { class: "languages", title: t("Language"), "aria-label": t("Language"), onchange: async () => {
    if (!(await view.leave())) return (choice.value = spoken());
    speak(choice.value);
    show();
  } }, Object.entries(LANGUAGES).map(([value, text]) => h("option", { value, selected: value === spoken(), lang: value }, text)));
  return choice;
}

window.addEventListener("hashchange", go);
show();
