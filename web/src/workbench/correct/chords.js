/* Chords: another name, split, joined, taken away; an edge moved. */

import { clock, h, percent } from "../../dom.js";
import { read, typed } from "../../labels.js";
import { keyAt, measureAt, segmentAt } from "../../report.js";
import { inLine, symbol, symbolElement } from "../../symbols.js";
import { t } from "../../texts.js";
import { panel } from "../dialogs.js";
import { edgesHere } from "./places.js";
import { draggedEdge, edgeAt, onBeat } from "./snapping.js";

const OTHERS = 8; // chords of the song that are offered

export function correctChords(app, edits) {
  const { report } = app;
  const label = (index, text, start = report.chords.starts[index], end = report.chords.ends[index]) =>
    ({ kind: "chord", start, end, label: text });

  const move = (index, time) => {
    const { starts, ends, labels } = report.chords;
    edits.add(label(index - 1, labels[index - 1], starts[index - 1], time), label(index, labels[index], time, ends[index]));
  };
  const alike = (index) => report.chords.labels.map((_, i) => i).filter((i) => i !== index && report.chords.labels[i] === report.chords.labels[index]);

  /* The panel of a chord; place: where it opens. */
  const open = (index, place, time = report.chords.starts[index]) => {
    const { chords, names } = report;
    const start = chords.starts[index];
    const bar = report.measures[Math.max(0, measureAt(report, time + 0.02))];
    const preview = h("div", { class: "preview", "aria-live": "polite" });
    const input = h("input", { type: "text", value: names.chords[chords.labels[index]] ? typed(names.chords[chords.labels[index]]) : "",
      autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-label": t("Chord"), "aria-describedby": "chord-help" });
    const others = alike(index);
    const all = others.length ? h("input", { type: "checkbox" }) : null;
    const key = keyAt(report, start);
    const choose = (text) => {
      opened.close();
      edits.add(label(index, text, late.checked ? inside : start), ...(all?.checked ? others.map((other) => label(other, text)) : []));
    };
    const show = () => {
      const found = read(input.value);
      input.setAttribute("aria-invalid", String(!found));
      preview.replaceChildren(found ? symbolElement(symbol({ names: { chords: { x: found.chord }, keys: names.keys } }, "x", key, 0))
        : h("span", { class: "bad" }, input.value.trim() ? t("Not a chord. Write it as Am7, F♯m7♭5, G/B or N.C.") : ""));
      confirm.disabled = !found;
      return found;
    };
    const confirm = h("button", { type: "submit", class: "primary" }, t("Set"));
    input.addEventListener("input", show);
    const offer = (text, chance) => h("button", { type: "button", class: "offer", onclick: () => choose(text) },
      symbolElement(symbol(report, text, key, 0)), chance !== undefined && h("small", {}, percent(chance)));
    const heard = (chords.alternatives?.[index] ?? []).map((text, rank) => [text, chords.chances[index][rank]])
      .filter(([text, chance]) => text !== chords.labels[index] && chance >= 0.005);
    const known = new Set([chords.labels[index], ...heard.map(([text]) => text)]);
    const used = often(report).filter((text) => !known.has(text) && text !== "N").slice(0, OTHERS);
    const split = Math.min(Math.max(onBeat(report, time), start), chords.ends[index]);
    const inside = split - start > 0.05 && chords.ends[index] - split > 0.05 ? split : onBeat(report, (start + chords.ends[index]) / 2);
    const can = inside - start > 0.05 && chords.ends[index] - inside > 0.05;
    const late = h("input", { type: "checkbox" });
    const act = (text, action, enabled = true) => h("button", { type: "button", disabled: !enabled, onclick: () => (opened.close(), action()) }, text);
    const opened = panel(t("Chord, bar {bar}, {time}", { bar: bar?.number ?? "–", time: clock(Math.max(start, time)) }), place, [
      h("form", { class: "tray", onsubmit: (event) => {
        event.preventDefault();
        const found = show();
        if (found) choose(found.label);
      } }, input, confirm),
      preview,
      h("p", { class: "help", id: "chord-help", hidden: true }, t("Not a chord. Write it as Am7, F♯m7♭5, G/B or N.C.")),
      heard.length > 0 && [h("h3", {}, t("Or, as onpu hears it")), h("div", { class: "offers" }, heard.map(([text, chance]) => offer(text, chance)))],
      used.length > 0 && [h("h3", {}, t("Often in this song")), h("div", { class: "offers" }, used.map((text) => offer(text)))],
      can && h("label", { class: "check" }, late, t("Only from {time} on", { time: clock(inside) })),
      all && h("label", { class: "check" }, all, t(others.length === 1 ? "The other {chord} too" : "The {count} other {chord} too",
        { count: others.length, chord: inLine(app.chord(index)) })),
      h("div", { class: "tray acts" },
        act(t("Right as it is"), () => edits.add(label(index, chords.labels[index]))),
        act(t("Split at {time}", { time: clock(inside) }), () => divide(index, inside), can),
        act(t("Join with next"), () => join(index), index + 1 < chords.labels.length),
        edgesHere(act, [start, chords.ends[index]], time, (from, to) => (to === chords.ends[index] ? move(index, from) : move(index + 1, to)),
          [index > 0, index + 1 < chords.labels.length]),
        act(t("No chord"), () => edits.add(label(index, "N"))),
        act(t("Delete"), () => remove(index), chords.labels.length > 1),
        act(t("Play"), () => app.player.playFrom(start)))]);
    show();
    input.select();
  };
  /* What follows is left to hear, with a name that can be typed over at once. */
  const divide = async (index, time) => {
    const { starts, ends, labels, alternatives } = report.chords;
    const second = alternatives?.[index]?.find((text) => text !== labels[index] && text !== "N") ?? "N";
    await edits.add(label(index, labels[index], starts[index], time), label(index, second, time, ends[index]));
    const added = segmentAt(report.chords, time + 0.02);
    const block = document.querySelector(`.lane.chords [data-index="${added}"]`);
    if (added >= 0 && block) open(added, block.getBoundingClientRect());
  };
  const join = (index) => edits.add(label(index, report.chords.labels[index], report.chords.starts[index], report.chords.ends[index + 1]));
  const remove = (index) => {
    const { starts, ends, labels } = report.chords;
    if (index > 0) edits.add(label(index - 1, labels[index - 1], starts[index - 1], ends[index]));
    else edits.add(label(1, labels[1], starts[0], ends[1]));
  };

  return {
    open,
    /* Opens the chord at a time, beside its block. */
    openAt(time) {
      const index = segmentAt(report.chords, time);
      const block = document.querySelector(`.lane.chords [data-index="${index}"]`);
      if (index >= 0) open(index, (block ?? document.querySelector(".lane.chords")).getBoundingClientRect(), time);
    },
    hit: (view, lane) => (x, y, reach) => {
      const edge = edgeAt(report.chords, x, view, reach);
      const index = segmentAt(report.chords, view.time(x));
      return {
        cursor: edge >= 0 ? "col-resize" : "pointer",
        tap: index < 0 ? null : (place) => open(index, place, view.time(x)),
        drag: edge < 0 ? null : () => draggedEdge(app, lane.element, view, report.chords, edge, (time) => move(edge, time)),
      };
    },
  };
}

/* Labels of the song, those that last longest first. */
function often({ chords }) {
  const lasting = new Map();
  chords.labels.forEach((label, i) => lasting.set(label, (lasting.get(label) ?? 0) + chords.ends[i] - chords.starts[i]));
  return [...lasting].sort(([, one], [, other]) => other - one).map(([label]) => label);
}
