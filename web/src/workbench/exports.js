/* What a version can be taken away as. */

import { t } from "../texts.js";
import { api } from "./api.js";
import { menu, say } from "./dialogs.js";

const FORMATS = [
  ["midi", "MIDI", "notes, drums, tempo, for sequencers"], ["musicxml", "MusicXML", "for MuseScore, Sibelius, Dorico"],
  ["pdf", "PDF", "engraved sheets"], ["svg", "SVG", "engraved sheets as pictures"], ["html", "Web page", "the report, to be passed on"],
  ["jams", "JAMS", "everything, for programs"], ["lab", "Chords (.lab)", "for Sonic Visualiser and mir_eval"],
  ["beats", "Beats", "times and positions"], ["csv", "Sonic Visualiser", "layers as CSV"], ["audacity", "Audacity", "label tracks"],
  ["events", "Note events (.csv)", "notes as a table"],
];

export function createExports(id, edits) {
  return menu(`${t("Export")} ▾`, t("Export"), () => FORMATS.map(([format, name, note]) => [t(name), () => {
    if (edits.dirty) say(t("The saved version {number} is exported; save to have your corrections in it.", { number: edits.version }));
    const link = Object.assign(document.createElement("a"), { href: api.exported(id, format, edits.version), download: "" });
    document.body.append(link);
    link.click();
    link.remove();
  }, t(note)]));
}
