/* The page: what the report says, laid out. */

import "./style.css";
import { createConfidence } from "./confidence.js";
import { createControls } from "./controls.js";
import { clock, h } from "./dom.js";
import { listenToKeys } from "./keyboard.js";
import { createEngraved } from "./engraved.js";
import { createLegend } from "./legend.js";
import { createMixer } from "./mixer.js";
import { createNow } from "./now.js";
import { createOverview } from "./overview.js";
import { createPlayer } from "./player.js";
import { firstWhole, keyAt, load, wholeKey } from "./report.js";
import { createSheet } from "./sheet.js";
import { createStage } from "./stage.js";
import { keyName, symbol } from "./symbols.js";

const FARTHEST = 11; // semitones

const report = load();
const player = createPlayer(report);
const listeners = { transposed: [], look: [], repeat: [] };
const tell = (event) => listeners[event].forEach((listener) => listener());

/* What all parts of the page share. */
const app = {
  report,
  player,
  mixer: createMixer(report, player),
  shift: 0, // semitones that names are transposed by
  hidden: new Set(), // families of instruments that are not shown
  chord: (index) => symbol(report, report.chords.labels[index], keyAt(report, report.chords.starts[index]), app.shift),
  transpose(semitones) {
    app.shift = Math.max(-FARTHEST, Math.min(FARTHEST, semitones));
    tell("transposed");
  },
  repeat(span) {
    app.player.loop = span;
    tell("repeat");
  },
  /* Plays a section again and again; clicked once more, the music goes on after it. */
  repeatSection(index) {
    const span = [report.sections.starts[index], report.sections.ends[index]];
    const again = player.loop?.[0] === span[0] && player.loop[1] === span[1];
    app.repeat(again ? null : span);
    if (!again) player.playFrom(span[0]);
  },
  onTransposed: (listener) => listeners.transposed.push(listener),
  onLook: (listener) => listeners.look.push(listener), // light or dark
  onRepeat: (listener) => listeners.repeat.push(listener),
};

/* "E♭ major · 4/4 · 96 beats a minute · 3:12". */
function facts() {
  const key = wholeKey(report);
  const bar = firstWhole(report);
  const bpm = report.tempo?.bpm[0];
  const text = () => [
    key && keyName(report, key, app.shift),
    bar && `${bar.numerator}/${bar.denominator}`,
    bpm && `${Math.round(bpm)} beats a minute`,
    clock(report.duration),
  ].filter(Boolean).join(" · ");
  const element = h("p", { class: "facts" }, text());
  app.onTransposed(() => (element.textContent = text()));
  return element;
}

const stage = createStage(app);
const found = [
  createNow(app),
  !stage.empty && createControls(app, stage.view),
  !stage.empty && createLegend(app, stage),
  createOverview(app, stage.view),
  !stage.empty && stage.element,
  report.measures.length > 0 && report.chords !== null && createSheet(app),
  createEngraved(app),
  createConfidence(app),
];
app.onRepeat(stage.redraw);
document.body.append(
  h("header", { class: "top" }, h("h1", {}, report.title), facts(), report.tags?.said && h("p", { class: "facts" }, report.tags.said)),
  h("main", {}, found),
  stage.empty ? h("footer", {}, "Nothing was found in this recording.") : h("footer", { class: "keys" }, `${report.audio ? "Space plays · " : ""}← → by bars, with shift by beats · ↑ ↓ transpose · + − 0 zoom · R repeats the bar`));
listenToKeys(app, stage.view);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tell("look"));
