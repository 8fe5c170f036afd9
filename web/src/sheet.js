/* The lead sheet: bars in rows of four with their chords, key and time signatures where they begin. It is what prints. */

import { h } from "./dom.js";
import { measureAt, segmentAt, wholeKey } from "./report.js";
import { accidentals, keyName, symbolElement } from "./symbols.js";

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
  write();
  app.onTransposed(write);
  app.onTransposed(current);
  app.player.on("time", current);

  return h("section", { class: "sheet", "aria-label": "Lead sheet" },
    h("header", {}, h("h2", {}, "Lead sheet"), h("button", { type: "button", onclick: () => window.print() }, "Print")),
    h("h1", { class: "title" }, report.title), head, body);
}

/* "E♭ major ♭♭♭ · ♩ = 96 · written 2 semitones up". */
function facts({ report, shift }) {
  const key = wholeKey(report);
  const bpm = report.tempo?.bpm[0];
  const bar = report.measures[0];
  return [
    key && report.names.keys[key] ? [keyName(report, key, shift), accidentals(report, key, shift)].join(" ").trim() : null,
    bar ? `${bar.numerator}/${bar.denominator}` : null,
    bpm ? `♩ = ${Math.round(bpm)}` : null,
    shift ? `written ${Math.abs(shift)} semitone${Math.abs(shift) > 1 ? "s" : ""} ${shift > 0 ? "up" : "down"}` : null,
  ].filter(Boolean).map((text) => h("span", {}, text));
}

/* Index of a bar -> label of the section that begins with it, or nearest to it. */
function sectionStarts(report) {
  const starts = new Map();
  report.sections?.labels.forEach((label, index) => {
    const time = report.sections.starts[index];
    const bar = report.measures[Math.max(0, measureAt(report, time))];
    if (bar && report.sections.ends[index] > bar.start)
      starts.set(Math.min(bar.index + (time - bar.start > (bar.end - bar.start) / 2 ? 1 : 0), report.measures.length - 1), label);
  });
  return starts;
}

/* Rows of bars; an anacrusis and every section begin one. */
function inRows(measures, sections) {
  const rows = [];
  for (const bar of measures) {
    const row = rows.at(-1);
    const full = !row || row.length === IN_ROW || row[0].number === 0 || (sections.has(bar.index) && row.length);
    if (full) rows.push([]);
    rows.at(-1).push({ ...bar, section: sections.get(bar.index) });
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
  const starting = bar.chords.map(({ beat, index }) =>
    h("span", { class: "slot", style: { gridColumnStart: 1 + Math.round(beat * PARTS) } }, symbolElement(app.chord(index))));
  const content = starting.length ? starting : [held(app, bar, before)].filter(Boolean);
  const many = bar.chords.length > 2 || bar.chords.length * 2 > bar.beats.length * 2 ? " many" : "";
  return h("button", {
    class: `bar${newKey ? " keyed" : ""}${many}`, type: "button", title: `Play from bar ${bar.number}`, "data-bar": bar.number,
    onclick: () => app.player.playFrom(bar.start),
  },
  h("span", { class: "over" }, bar.section ? h("span", { class: "section" }, bar.section) : null, newKey,
    h("span", { class: "number" }, bar.number)),
  signature,
  h("span", { class: "slots", style: { gridTemplateColumns: `repeat(${slots}, minmax(0, 1fr))` } }, content));
}

/* In a bar in which no chord begins: a repeat sign, or the chord that sounds on where the bar before had several. */
function held(app, bar, before) {
  const index = segmentAt(app.report.chords, (bar.start + bar.beats[0]) / 2 + 1e-3);
  if (index < 0) return null;
  if (before && before.chords.length <= 1) return h("span", { class: "repeat", "aria-label": "as before" }, repeatSign());
  return h("span", { class: "slot on" }, symbolElement(app.chord(index)));
}

function repeatSign() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 16");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M5 15 17 1h3L8 15zM4.2 4.5a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0M17 11.5a1.8 1.8 0 1 0 3.6 0 1.8 1.8 0 1 0-3.6 0");
  icon.append(path);
  return icon;
}
