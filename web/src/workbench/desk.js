/* The desk on which a song lies: the report's lanes and sheet, with tools to practise and to correct. */

import { createApp } from "../app.js";
import { createConfidence } from "../confidence.js";
import { createControls } from "../controls.js";
import { h } from "../dom.js";
import { createFacts } from "../facts.js";
import { listenToKeys } from "../keyboard.js";
import { createLegend } from "../legend.js";
import { createLyrics } from "../lyrics.js";
import { createNow } from "../now.js";
import { createOverview } from "../overview.js";
import { createPlayer } from "../player.js";
import { reportOf } from "../report.js";
import { createSheet } from "../sheet.js";
import { createStage } from "../stage.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { createEditor } from "./correct/editor.js";
import { createDiagrams } from "./diagrams.js";
import { complain, say } from "./dialogs.js";
import { differences } from "./differences.js";
import { createEdits } from "./edits.js";
import { createEngravings } from "./engravings.js";
import { createExports } from "./exports.js";
import { createFalling } from "./falling.js";
import { createPassage } from "./making/passage.js";
import { createPractice } from "./practice.js";
import { createDrumix } from "./drumix/drumix.js";
import { createStems } from "./stems.js";
import { createTools } from "./tools.js";
import { changesIn } from "./wording.js";

export function createDesk(id, said, { resume, reload }) {
  const closed = new AbortController();
  const report = reportOf(said.contents, api.audio(id));
  const player = createPlayer(report);
  player.media.preload = "auto";
  player.media.addEventListener("error", () => say(t("The recording cannot be played."), true));
  const app = createApp(report, player, closed.signal);

  const edits = createEdits(id, said.version, said.corrections, {
    decided(contents, corrections) {
      const before = { ...report };
      const { sound, peaks, audio, stems } = report;
      Object.assign(report, reportOf({ ...contents, sound: null }, audio), { sound, peaks, stems });
      const found = differences(before, report);
      editor.changed(found);
      app.tell("found");
      const text = changesIn(found);
      if (corrections.length || text) tools.status(text ? t("Decided anew: {changes}", { changes: text }) : t("Nothing else has changed"));
    },
    changed: () => tools.write(),
    refused: complain,
  });
  const editor = createEditor(app, edits);
  app.editor = editor;

  const stage = createStage(app);
  const practice = createPractice(app);
  const stems = createStems(id, app, practice, stage, closed.signal);
  const drumix = createDrumix(id, app, practice, stems, closed.signal);
  const tools = createTools({ id, said, app, edits, editor, view: stage.view, reload, practice, signal: closed.signal });
  const now = createNow(app);
  now?.append(createDiagrams(app));
  app.onRepeat(stage.redraw);
  listenToKeys(app, stage.view, closed.signal);
  tools.listen(closed.signal);

  const sheet = report.measures.length > 0 && report.chords !== null && createSheet(app);
  /* A chord of the sheet is corrected as one of the lane is. */
  if (sheet) sheet.addEventListener("click", (event) => {
    const slot = editor.on && event.target.closest(".slot[data-chord]");
    if (!slot) return;
    event.stopPropagation();
    const bar = report.measures.find(({ number }) => String(number) === slot.closest("[data-bar]").dataset.bar);
    editor.hands.chords.open(Number(slot.dataset.chord), slot.firstChild.getBoundingClientRect(), bar.start);
  }, true);
  const element = h("main", {}, now, createLyrics(app), createControls(app, stage.view, practice.element), tools.element, createLegend(app, stage),
    createOverview(app, stage.view), stage.element, createFalling(app), stems.element, drumix.element,
    sheet, createEngravings(id, app, edits), createConfidence(app),
    h("footer", { class: "keys" }, t("Space plays · ← → by bars, with shift by beats · ↑ ↓ transpose · + − 0 zoom · R repeats the bar · E corrects: C chord, B adds a beat, T beat, D bar line, K key, S section, M melody, N note, H drums, W words · Ctrl+Z undoes")));
  if (resume && edits.resume()) {
    tools.correct(true);
    say(t("What you had not saved last time is here again."));
  }
  const heading = h("div", { class: "heading" }, h("h1", {}, said.song.title), said.song.artist && h("p", { class: "artist" }, said.song.artist),
    createFacts(app), h("div", { class: "tray" }, tools.saving, createPassage(id, app, closed.signal), createExports(id, edits)));
  return {
    element,
    heading,
    get dirty() {
      return edits.dirty;
    },
    forget: edits.forget,
    close() {
      closed.abort();
      player.pause();
      drumix.close();
      stems.close();
      practice.close();
    },
  };
}
