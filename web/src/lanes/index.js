/* The lanes of the stage from top to bottom. A new one: a file here that exports a function (see stage.js), and a line. */

import { beats } from "./beats.js";
import { chords } from "./chords.js";
import { chroma } from "./chroma.js";
import { drums } from "./drums.js";
import { keys } from "./keys.js";
import { melody } from "./melody.js";
import { notes } from "./notes.js";
import { onsets } from "./onsets.js";
import { players } from "./players.js";
import { sections } from "./sections.js";
import { spectrogram } from "./spectrogram.js";
import { stems } from "./stems.js";
import { voice } from "./voice.js";
import { waveform } from "./waveform.js";

export const LANES = [sections, beats, chords, keys, waveform, onsets, stems, players, voice, melody, notes, drums, spectrogram,
  chroma];
