/* What sounds at the moment: the chord, large, what else it might be, what comes next; key, bar and beat. */

import { colourOf } from "./colours.js";
import { h, percent } from "./dom.js";
import { keyAt, last, measureAt, segmentAt, wholeKey } from "./report.js";
import { inLine, keyName, symbolElement } from "./symbols.js";
import { t } from "./texts.js";

const COMING = 3;
const UNSURE = 0.08; // an alternative less likely than this is not mentioned

/* null where nothing was found that has a moment. */
export function createNow(app) {
  const { report } = app;
  const chord = h("div", { class: "chord", "aria-live": "off" });
  const doubt = h("div", { class: "doubt" });
  const coming = h("div", { class: "coming" });
  const key = h("div", { class: "value key" });
  const place = h("div", { class: "value place" });
  const facts = [
    report.measures.length ? h("div", { class: "fact" }, h("div", { class: "name" }, t("Bar")), place) : null,
    wholeKey(report) ? h("div", { class: "fact" }, h("div", { class: "name" }, t("Key")), key) : null,
  ];
  const harmony = report.chords?.labels.length
    ? [h("div", { class: "sounding" }, chord, doubt), h("div", { class: "next" }, h("div", { class: "name" }, t("Next")), coming)]
    : [];
  if (!facts.some(Boolean) && !harmony.length) return null;
  let seen = null;

  const write = (force) => {
    const time = app.player.time;
    const bar = measureAt(report, time);
    if (bar >= 0) {
      const { number, beats, end } = report.measures[bar];
      place.textContent = time < end ? `${number} · ${Math.max(0, last(beats, time)) + 1}` : "–";
    } else place.textContent = "–";
    key.textContent = keyName(report, keyAt(report, time), app.shift) || "–";
    const index = segmentAt(report.chords, time);
    if (index === seen && force !== true) return;
    seen = index;
    if (!harmony.length) return;
    const parts = index < 0 ? { root: "–", line: "", above: "", bass: "", pitch: null } : app.chord(index);
    chord.replaceChildren(symbolElement(parts));
    chord.style.setProperty("--colour", colourOf(parts.pitch));
    doubt.replaceChildren(...(index < 0 ? [] : doubts(index)));
    coming.replaceChildren(...next(index < 0 ? last(report.chords.starts, time) : index));
  };

  const doubts = (index) => {
    const { confidence, alternatives, chances, starts } = report.chords;
    const others = (alternatives?.[index] ?? []).map((label, rank) => [label, chances[index][rank]])
      .filter(([, chance]) => chance >= UNSURE);
    const names = others.map(([label, chance]) =>
      `${inLine(app.named(label, starts[index]))} ${percent(chance)}`);
    const sure = t("{share} sure", { share: percent(confidence[index]) });
    return names.length ? [sure, " · ", t("or {names}", { names: names.join(", ") })] : [sure];
  };
  const next = (index) =>
    Array.from({ length: COMING }, (_, ahead) => index + 1 + ahead)
      .filter((ahead) => ahead < report.chords.labels.length)
      .map((ahead) => symbolElement(app.chord(ahead)));

  app.player.on("time", write);
  app.onTransposed(() => write(true));
  app.onLook(() => write(true));
  app.onFound(() => write(true));
  write(true);
  return h("section", { class: harmony.length ? "now" : "now plain", "aria-label": t("Now") }, harmony, h("div", { class: "facts" }, facts));
}
