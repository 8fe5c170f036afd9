/* What a version can be taken away as. */

import { t } from "../texts.js";
import { api } from "./api.js";
import { complain, menu, say } from "./dialogs.js";

const FORMATS = [ // format, name, note, which of the sheets
  ["midi", "MIDI", "notes, drums, tempo, for sequencers"], ["musicxml", "Score (MusicXML)", "for MuseScore, Sibelius, Dorico", "score"],
  ["musicxml", "Lead sheet (MusicXML)", "melody, words and chords", "lead"], ["pdf", "Score (PDF)", "engraved, to be printed", "score"],
  ["pdf", "Lead sheet (PDF)", "engraved, to be printed", "lead"], ["svg", "SVG", "engraved sheets as pictures"], ["html", "Web page", "the report, to be passed on"],
  ["jams", "JAMS", "everything, for programs"], ["lab", "Chords (.lab)", "for Sonic Visualiser and mir_eval"],
  ["beats", "Beats", "times and positions"], ["lrc", "Words (.lrc)", "words with their times, for players"], ["csv", "Sonic Visualiser", "layers as CSV"], ["audacity", "Audacity", "label tracks"],
  ["events", "Note events (.csv)", "notes as a table"], ["tagged", "Tagged copy", "the recording, with tempo and key in its tags"],
];

/* Lets the browser save what is in memory as a file. */
export function takeAway(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function createExports(id, edits) {
  const take = async (format, sheet) => {
    if (edits.dirty) say(t("The saved version {number} is exported; save to have your corrections in it.", { number: edits.version }));
    try {
      const { name, blob } = await api.exported(id, format, edits.version, sheet);
      takeAway(blob, name);
    } catch (error) {
      complain(error);
    }
  };
  return menu(`${t("Export")} ▾`, t("Export"), () => FORMATS.map(([format, name, note, sheet]) => [t(name), () => take(format, sheet), t(note)]));
}
