/* The page: a song is dropped, the package `onpu` analyses it here, the report is shown. */

import { close, report } from "./onpu/onpu.js";
import { speak, spoken, t } from "./texts.js";

const at = (id) => document.getElementById(id);
const SHARES = { decode: [0, 0.05], load: [0.05, 0.2], hear: [0.2, 0.8], decide: [0.8, 0.95], draw: [0.95, 1] };
const WORDS = {
  decode: "Reading {name}", load: "Fetching what listens (once)", hear: "Listening to {name}",
  decide: "Deciding on beats, chords and notes", draw: "Drawing the report",
};
const WRONG = {
  long: "{name}: lasts {length}; this page takes 15 minutes at most. Use onpu analyze.",
  undecodable: "{name}: this browser finds no sound in it; convert it to MP3, FLAC or WAV.",
  empty: "{name}: is empty; get a complete copy.",
  memory: "{name}: this browser has not enough memory for it; close other pages, or use onpu analyze.",
};
const TRIED = "onpu.isolated";
let addresses = [];
let stage = null; // [text, values] of what is shown
let wrong = null;

function say() {
  document.documentElement.lang = spoken();
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  at("report").title = t("Report");
  at("stage").textContent = stage ? t(...stage) : "";
  at("error").textContent = wrong ? t(...wrong) : "";
  at("error").hidden = !wrong;
}

function show(what) {
  at("drop").hidden = what !== "drop";
  at("work").hidden = what !== "work";
  document.querySelector("main").hidden = what === "result";
  at("result").hidden = what !== "result";
}

async function hear(file) {
  wrong = null;
  progress(file, "decode", 0);
  show("work");
  try {
    const { timeline, html } = await report(file, { onprogress: (name, share) => progress(file, name, share) });
    offer(file.name.replace(/\.[^.]+$/, ""), timeline, html);
  } catch (error) {
    show("drop");
    wrong = error.code === "stopped" ? null : [WRONG[error.code] ?? "{name}: cannot be analysed ({reason}).",
      { name: file.name, reason: error.message, length: error.length }];
    say();
    at("file").focus();
  }
}

function progress(file, name, share) {
  const [from, to] = SHARES[name];
  at("progress").value = from + (to - from) * share;
  stage = [WORDS[name], { name: file.name }];
  say();
}

/* Where the host does not isolate the page, isolate.js does, once it is loaded again; a tab tries that once. */
async function isolate() {
  const { serviceWorker } = navigator;
  if (crossOriginIsolated || !isSecureContext || !serviceWorker || sessionStorage.getItem(TRIED)) return;
  sessionStorage.setItem(TRIED, "yes");
  const taken = new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  await serviceWorker.register("isolate.js");
  if (!serviceWorker.controller) await taken;
  if (at("work").hidden && at("result").hidden) location.reload();
}

/* The report as a page of its own, and both as files. */
function offer(title, timeline, html) {
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [[html, "text/html"], [JSON.stringify(timeline), "application/json"]]
    .map(([text, type]) => URL.createObjectURL(new Blob([text], { type })));
  [at("page").href, at("json").href] = addresses;
  at("page").download = `${title}.html`;
  at("json").download = `${title}.json`;
  at("title").textContent = title;
  at("report").src = addresses[0];
  show("result");
}

at("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) hear(file);
});
at("stop").addEventListener("click", close);
addEventListener("keydown", ({ key }) => key === "Escape" && !at("work").hidden && close());
at("another").addEventListener("click", () => {
  at("report").removeAttribute("src");
  show("drop");
  at("file").focus();
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", kind === "dragover");
    const [file] = kind === "drop" ? event.dataTransfer.files : [];
    if (file && at("work").hidden) hear(file);
  });
}
at("language").value = spoken();
at("language").addEventListener("change", ({ target }) => {
  speak(target.value);
  say();
  if (!at("result").hidden) at("report").contentWindow.location.reload();
});
say();
isolate().catch(() => {}); // on one thread it is slower, and right
