/* The lead sheet: bars in rows of four with their chords, key and time signatures where they begin. It is what prints. */

import { h } from "./dom.js";
import { beatNote, firstWhole, measureAt, segmentAt, wholeKey } from "./report.js";
import { accidentals, keyName, symbolElement, widthOf } from "./symbols.js";
import { t } from "./texts.js";

const IN_ROW = 4;
const PARTS = 2; // of a beat, on which a chord may stand

export function createSheet(app) {
  const { report } = app;
  const body = h("div", { class: "bars" });
  const head = h("p", { class: "head" });
  let bars = [];

  const write = () => {
    const rows = inRows(report.measures, sectionStarts(report));
    bars = [];
    body.replaceChildren(...rows.map((row) => h("div", { class: row[0].number === 0 ? "row pickup" : "row" },
      row.map((bar) => (bars[bar.index] = barElement(app, bar))))));
    head.replaceChildren(...facts(app));
  };
  const current = () => {
    const index = app.player.time < (report.measures.at(-1)?.end ?? 0) ? measureAt(report, app.player.time) : -1;
    if (bars[index]?.classList.contains("current")) return;
    body.querySelector(".current")?.classList.remove("current");
    bars[index]?.classList.add("current");
  };
  const sounding = () => {
    const index = String(segmentAt(report.chords, app.player.time));
    if (body.dataset.sounding === index) return;
    body.dataset.sounding = index;
    body.querySelectorAll(".slot.sounding").forEach((slot) => slot.classList.remove("sounding"));
    body.querySelectorAll(`[data-chord="${index}"]`).forEach((slot) => slot.classList.add("sounding"));
  };
  write();
  app.onTransposed(write);
  app.onTransposed(current);
  app.onFound(write);
  app.onFound(current);
  app.player.on("time", current);
  app.player.on("time", sounding);

  return h("section", { class: "sheet", "aria-label": t("Lead sheet") },
    h("header", {}, h("h2", {}, t("Lead sheet")), h("button", { type: "button", onclick: () => window.print() }, t("Print"))),
    h("h1", { class: "title" }, report.title), head, body);
}

/* "E♭ major ♭♭♭ · 3/4 · ♩ = 96 · written 2 semitones up". */
function facts({ report, shift }) {
  const key = wholeKey(report);
  const bpm = report.tempo?.bpm[0];
  const bar = firstWhole(report);
  const note = bar ? beatNote(bar) : "♩";
  return [
    key && report.names.keys[key] ? [keyName(report, key, shift), accidentals(report, key, shift)].join(" ").trim() : null,
    bar ? `${bar.numerator}/${bar.denominator}` : null,
    bpm && note ? `${note} = ${Math.round(bpm)}` : null,
    shift ? t(shift > 0 ? "written {count} semitones up" : "written {count} semitones down", { count: Math.abs(shift) }) : null,
  ].filter(Boolean).map((text) => h("span", {}, text));
}

/* Index of a bar -> number of the section that begins with it, or nearest to it. */
function sectionStarts(report) {
  const starts = new Map();
  report.sections?.labels.forEach((_, index) => {
    const time = report.sections.starts[index];
    const bar = report.measures[Math.max(0, measureAt(report, time))];
    if (bar && report.sections.ends[index] > bar.start)
      starts.set(Math.min(bar.index + (time - bar.start > (bar.end - bar.start) / 2 ? 1 : 0), report.measures.length - 1), index);
  });
  return starts;
}

/* Rows of bars; the bar after an anacrusis and every section begin one. */
function inRows(measures, sections) {
  const rows = [];
  for (const bar of measures) {
    const row = rows.at(-1);
    const full = !row || row.length === IN_ROW || row[0].number === 0 || (sections.has(bar.index) && row.length);
    if (full) rows.push([]);
    rows.at(-1).push({ ...bar, section: sections.get(bar.index), opening: !rows.at(-1).length });
  }
  return rows;
}

function barElement(app, bar) {
  const { report, shift } = app;
  const before = report.measures[bar.index - 1];
  const signature = !before || before.numerator !== bar.numerator || before.denominator !== bar.denominator
    ? h("span", { class: "signature", "aria-label": `${bar.numerator}/${bar.denominator}` },
      h("span", {}, bar.numerator), h("span", {}, bar.denominator)) : null;
  const newKey = before && bar.key && before.key !== bar.key
    ? h("span", { class: "new-key" }, keyName(report, bar.key, shift)) : null;
  const slots = bar.beats.length * PARTS;
  const [on, repeated] = held(app, bar, before);
  const content = [
    repeated ? h("span", { class: "repeat", role: "img", "aria-label": "as before" }, repeatSign()) : on >= 0 && chord(app, bar, on, null),
    bar.chords.map(({ beat, index }) => chord(app, bar, index, beat)),
  ];
  return h("button", {
    class: `bar${newKey ? " keyed" : ""}`, type: "button", title: t("Play from bar {number}", { number: bar.number }), "data-bar": bar.number,
    onclick: () => app.player.playFrom(bar.start),
  },
  h("span", { class: "over" }, h("span", { class: "number" }, bar.number),
    bar.section !== undefined && sectionName(app, bar.section), newKey),
  signature,
  h("span", { class: "slots", style: { gridTemplateColumns: `repeat(${slots}, minmax(0, 1fr))` } }, content));
}

/* The letter or name of a section; a click repeats it. */
function sectionName(app, index) {
  const label = app.report.sections.labels[index];
  const name = h("span", { class: "section", title: t("Repeat {label}", { label: t(label) }) }, t(label));
  name.addEventListener("click", (event) => (event.stopPropagation(), app.repeatSection(index)));
  return name;
}

const UNSURE = 0.5;

/* A chord on its beat; null: it sounds on into the bar. It gets smaller where the next one leaves it little room. */
function chord(app, bar, index, beat) {
  const unsure = app.report.chords.confidence[index] < UNSURE;
  const next = bar.chords.find((other) => other.beat > (beat ?? 0))?.beat ?? bar.beats.length;
  const parts = app.chord(index);
  const element = h("span", { class: `slot${beat === null ? " on" : ""}${unsure ? " unsure" : ""}`, "data-chord": index,
    style: { gridColumnStart: 1 + Math.round((beat ?? 0) * PARTS) } }, symbolElement(parts));
  element.style.setProperty("--fit", ((0.94 * (next - (beat ?? 0))) / bar.beats.length / widthOf(parts)).toFixed(4));
  return element;
}

/* [index of the chord that sounds on into the bar or -1, whether a repeat sign says it]: it does within a row, where
   nothing else happens in this bar nor in the one before. */
function held(app, bar, before) {
  if (bar.chords[0]?.beat === 0) return [-1, false];
  const index = segmentAt(app.report.chords, bar.start + 0.02);
  return [index, index >= 0 && !bar.chords.length && !bar.opening && before?.chords.length === 1];
}

function repeatSign() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 16");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M5 15 17 1h3L8 15zM4.2 4.5a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0M17 11.5a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0");
  icon.append(path);
  return icon;
}
