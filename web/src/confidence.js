/* How sure the analysis is: of the whole, and of every chord and key with what else it might be. */

import { clock, h, percent } from "./dom.js";
import { keyAt, measureAt } from "./report.js";
import { keyName, symbol, symbolElement } from "./symbols.js";
import { t } from "./texts.js";

/* null where nothing was found, and where all is certain, as in what was composed. */
export function createConfidence(app) {
  if (!cards(app).length) return null;
  const whole = h("div", { class: "cards" });
  const chords = h("div");
  const details = h("details", {}, h("summary", {}, t("Every chord")), chords);
  let order = "time";

  const write = () => {
    whole.replaceChildren(...cards(app));
    if (details.open) chords.replaceChildren(table(app, order, (next) => ((order = next), write())));
  };
  details.addEventListener("toggle", write);
  app.onTransposed(write);
  app.onFound(write);
  write();
  return h("section", { class: "confidence", "aria-label": t("Confidence") }, h("h2", {}, t("How sure")), whole,
    app.report.chords?.labels.length ? details : null);
}

const LISTED = 6; // lines a card

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function meter(share) {
  return h("span", { class: "meter", title: percent(share) },
    h("span", { class: "filled", style: { width: percent(share) } }));
}

function cards({ report, shift }) {
  const { key, keys, tempo, metre, beats, tuning, chords, tags } = report;
  const counted = [["{count} beats", beats], ["{count} notes", report.notes], ["{count} drum hits", report.drums], ["{count} onsets", report.onsets]]
    .filter(([, found]) => found?.confidence.length)
    .map(([name, { confidence }]) => [t(name, { count: confidence.length }), mean(confidence)]);
  const lasting = chords?.labels.length
    ? chords.labels.reduce((sum, _, i) => sum + chords.confidence[i] * (chords.ends[i] - chords.starts[i]), 0) /
      chords.labels.reduce((sum, _, i) => sum + chords.ends[i] - chords.starts[i], 0) : null;
  const all = [
    key && ["Key", key.labels.map((label, i) => [keyName(report, label, shift), key.confidence[i]])],
    keys && ["Key along the way", keys.labels.map((label, i) =>
      [`${clock(keys.starts[i])}  ${keyName(report, label, shift)}`, keys.confidence[i]])],
    tempo && ["Tempo", tempo.bpm.map((bpm, i) => [`${bpm.toFixed(1)} bpm`, tempo.strength[i]])],
    metre && ["Metre", metre.times.map((time, i) =>
      [`${time > 1 ? `${clock(time)}  ` : ""}${metre.numerators[i]}/${metre.denominators[i]}`, metre.confidence[i]])],
    tuning && ["Tuning", tuning.cents.map((cents, i) =>
      [`A = ${(440 * 2 ** (cents / 1200)).toFixed(1)} Hz (${cents < 0 ? "−" : "+"}${Math.abs(cents).toFixed(0)} cents)`,
        tuning.confidence[i]])],
    tags?.labels.length && ["In words", tags.labels.map((label, i) => [label.replace(":", ": "), tags.confidence[i]])
      .filter(([label]) => !/^(instrument|kind|style):/.test(label))],
    (counted.length || lasting !== null) && ["On average",
      [...counted, lasting !== null && [t("{count} chords", { count: chords.labels.length }), lasting]].filter(Boolean)],
  ].filter(Boolean);
  if (all.every(([, rows]) => rows.length && rows.every(([, share]) => share === 1))) return [];
  return all.map(([title, rows]) => h("div", { class: "card" }, h("h3", {}, t(title)),
    rows.length ? rows.slice(0, LISTED).map(([text, share]) => h("div", { class: "line" }, h("span", {}, text), meter(share),
      h("span", { class: "share" }, percent(share)))) : h("div", { class: "line" }, t("none found")),
    rows.length > LISTED && h("div", { class: "name" }, t("and {count} more", { count: rows.length - LISTED }))));
}

function table(app, order, sort) {
  const { report, shift } = app;
  const { chords } = report;
  const indices = chords.labels.map((_, index) => index);
  if (order === "sure") indices.sort((one, other) => chords.confidence[one] - chords.confidence[other]);
  const heading = (text, kind) => h("th", { scope: "col", "aria-sort": order === kind ? "ascending" : "none" },
    h("button", { type: "button", onclick: () => sort(kind) }, text));
  return h("table", {},
    h("thead", {}, h("tr", {}, heading(t("Time"), "time"), h("th", { scope: "col" }, t("Bar")), h("th", { scope: "col" }, t("Chord")),
      heading(t("Sure"), "sure"), h("th", { scope: "col" }, t("Or")))),
    h("tbody", {}, indices.map((index) => {
      const bar = report.measures[measureAt(report, chords.starts[index] + 0.05)];
      const key = keyAt(report, chords.starts[index]);
      const others = (chords.alternatives?.[index] ?? []).map((label, rank) => h("span", { class: "other" },
        symbolElement(symbol(report, label, key, shift)), ` ${percent(chords.chances[index][rank])}`));
      return h("tr", {},
        h("td", {}, h("button", { type: "button", onclick: () => app.player.playFrom(chords.starts[index]) },
          clock(chords.starts[index]))),
        h("td", {}, bar ? String(bar.number) : "–"), h("td", { class: "chord" }, symbolElement(app.chord(index))),
        h("td", {}, meter(chords.confidence[index]), " ", percent(chords.confidence[index])), h("td", {}, others));
    })));
}
