/* The page of the report: what was found in a recording, laid out. */

import "./style.css";
import { createApp } from "./app.js";
import { createConfidence } from "./confidence.js";
import { createControls } from "./controls.js";
import { h } from "./dom.js";
import { createEngraved } from "./engraved.js";
import { createFacts } from "./facts.js";
import { listenToKeys } from "./keyboard.js";
import { createLegend } from "./legend.js";
import { createLyrics } from "./lyrics.js";
import { createNow } from "./now.js";
import { createOverview } from "./overview.js";
import { createPlayer } from "./player.js";
import { load } from "./report.js";
import { createSheet } from "./sheet.js";
import { createStage } from "./stage.js";
import { t } from "./texts.js";

const report = load();
const app = createApp(report, createPlayer(report));
const stage = createStage(app);
const found = [
  createNow(app),
  createLyrics(app),
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
  h("header", { class: "top" }, h("h1", {}, report.title), createFacts(app), report.tags?.said && h("p", { class: "facts" }, report.tags.said)),
  h("main", {}, found),
  stage.empty ? h("footer", {}, t("Nothing was found in this recording.")) : h("footer", { class: "keys" }, `${report.audio ? "Space plays · " : ""}← → by bars, with shift by beats · ↑ ↓ transpose · + − 0 zoom · R repeats the bar`));
listenToKeys(app, stage.view);
