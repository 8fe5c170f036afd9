/* How the chord that sounds is played: on a guitar, a ukulele, or a piano. */

import { h } from "../dom.js";
import { pitchesOf } from "../qualities.js";
import { keyAt, segmentAt } from "../report.js";
import { fifths, modulo, nameOf } from "../spelling.js";
import { inLine, symbol } from "../symbols.js";
import { t } from "../texts.js";
import { fingering, FRETTED } from "./fingering.js";

const KEPT = "onpu.instrument";
const INSTRUMENTS = { "": "No diagram", guitar: "Guitar", ukulele: "Ukulele", piano: "Piano" };
const SHOWN = 4; // frets

const svg = (tag, properties, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
};

/* Element that shows the chord at the player's time, and the choice of an instrument. */
export function createDiagrams(app) {
  const { report } = app;
  let instrument = localStorage.getItem(KEPT) ?? "guitar";
  const picture = h("div", { class: "diagram" });
  const choice = h("select", { "aria-label": t("Instrument of the diagrams"), title: t("Instrument of the diagrams"), onchange: () => {
    instrument = choice.value;
    localStorage.setItem(KEPT, instrument);
    write(true);
  } }, Object.entries(INSTRUMENTS).map(([value, text]) => h("option", { value, selected: value === instrument }, t(text))));
  let seen = null;
  const write = (force) => {
    const index = segmentAt(report.chords, app.player.time);
    if (index === seen && force !== true) return;
    seen = index;
    const chord = index < 0 ? null : written(app, index);
    const name = chord ? inLine(symbol(report, report.chords.labels[index], keyAt(report, report.chords.starts[index]), app.shift)) : "";
    picture.replaceChildren(...(instrument ? [instrument === "piano" ? keys(chord, name) : frets(chord, name, instrument)] : []));
  };
  app.player.on("time", write);
  app.onTransposed(() => write(true));
  app.onFound(() => write(true));
  write(true);
  return h("div", { class: "diagrams" }, picture, choice);
}

/* The chord as it is read, with the transposition of names. */
function written({ report, shift }, index) {
  const chord = report.names.chords[report.chords.labels[index]];
  if (!chord || chord.root === "N" || !shift) return chord;
  return { ...chord, root: nameOf(modulo(fifths(chord.root) + 7 * shift + 5, 12) - 5) };
}

function frets(chord, name, instrument) {
  const count = FRETTED[instrument].strings.length;
  const shape = chord && chord.root !== "N" ? fingering(chord, instrument) : null;
  const [left, top, wide, tall] = [16, 18, 12, 15];
  const right = left + (count - 1) * wide;
  const picture = svg("svg", { viewBox: `0 0 ${right + 14} ${top + SHOWN * tall + 8}`, role: "img",
    "aria-label": shape ? `${name}: ${shape.frets.map((fret) => fret ?? "x").join(" ")}` : name || t("No chord") });
  const pressed = shape?.frets.filter((fret) => fret > 0) ?? [];
  const first = Math.max(...pressed, 0) <= SHOWN ? 1 : Math.min(...pressed);
  for (let fret = 0; fret <= SHOWN; fret++) picture.append(svg("line", { x1: left, x2: right, y1: top + fret * tall, y2: top + fret * tall,
    class: fret === 0 && first === 1 ? "nut" : "wire" }));
  for (let string = 0; string < count; string++) picture.append(svg("line", { x1: left + string * wide, x2: left + string * wide, y1: top,
    y2: top + SHOWN * tall, class: "wire" }));
  if (first > 1) {
    const text = svg("text", { x: left - 5, y: top + 0.7 * tall, class: "fret" });
    text.textContent = first;
    picture.append(text);
  }
  const y = (fret) => top + (fret - first + 0.5) * tall;
  if (shape?.barre) {
    const from = shape.frets.findIndex((fret) => fret !== null);
    picture.append(svg("rect", { x: left + from * wide - 4, width: right - left - from * wide + 8, y: y(shape.barre) - 4, height: 8, rx: 4, class: "finger" }));
  }
  shape?.frets.forEach((fret, string) => {
    const x = left + string * wide;
    if (fret > 0) picture.append(svg("circle", { cx: x, cy: y(fret), r: 4.6, class: "finger" }));
    else {
      const text = svg("text", { x, y: top - 5, class: "open" });
      text.textContent = fret === 0 ? "○" : "×";
      picture.append(text);
    }
  });
  return picture;
}

function keys(chord, name) {
  const pitches = pitchesOf(chord);
  const sounding = new Set(pitches ? [...pitches.tones, pitches.bass] : []);
  const picture = svg("svg", { viewBox: "0 0 141 52", role: "img", class: "keyboard", "aria-label": name || t("No chord") });
  const whites = [0, 2, 4, 5, 7, 9, 11];
  const look = (pitch) => `${sounding.has(pitch) ? "sounding" : ""}${pitches && pitch === pitches.root ? " root" : ""}`;
  for (let place = 0; place < 14; place++) picture.append(svg("rect", { x: 0.5 + place * 10, y: 0.5, width: 10, height: 50, class: `white ${look(whites[place % 7])}` }));
  for (let octave = 0; octave < 2; octave++) [[1, 1], [3, 2], [6, 4], [8, 5], [10, 6]].forEach(([pitch, place]) =>
    picture.append(svg("rect", { x: 0.5 + (octave * 7 + place) * 10 - 3, y: 0.5, width: 6, height: 31, class: `black ${look(pitch)}` })));
  return picture;
}
