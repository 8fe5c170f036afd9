/** Beats, chords, keys, notes and drums of a recording, found in the browser. */

/** What can be analysed: a file or its bytes, decoded sound, or samples of each channel with their rate in Hz. */
export type Recording = Blob | ArrayBuffer | AudioBuffer | { channels: ArrayLike<number>[]; rate: number };

export type Stage = "decode" | "load" | "hear" | "decide" | "draw";

export interface Options {
  /** Listeners, such as `["beats", "chords"]`; left out: all that the package has (`parts.json` lists them). */
  tasks?: string[];
  /** Threads of the networks. More than one needs a page that is cross-origin isolated; left out: up to four there. */
  threads?: number;
  /** Called with what is being done, and which share of it is done, in [0, 1]. */
  onprogress?: (stage: Stage, share: number) => void;
}

/** A list a column: seconds, confidences in [0, 1] … Columns with the same rows are equally long. */
export type Columns<Name extends string> = { [column in Name]: number[] };

export interface Segments {
  starts: number[];
  ends: number[];
  labels: string[];
  confidence: number[];
  /** The most probable labels of each, the best first, and how probable they are. */
  alternatives: string[][];
  chances: number[][];
}

/** What `timeline.save("song.json")` writes in Python; what was not looked for is missing. */
export interface Timeline {
  /** Of the recording, in seconds. */
  duration: number;
  /** Beats; positions count in the bar, from 1. */
  beats?: Columns<"times" | "positions" | "confidence">;
  metre?: Columns<"times" | "numerators" | "denominators" | "confidence">;
  /** Tempi in beats a minute with their strengths, the strongest first, and the tempo along time. */
  tempo?: Columns<"bpm" | "strength" | "times" | "curve">;
  /** Keys along time, such as `A:minor`. */
  keys?: Segments;
  /** Chords in Harte's syntax, such as `C:maj7/3`; `N` for none. */
  chords?: Segments;
  /** Of the whole recording. */
  key?: { labels: string[]; confidence: number[] };
  /** Cents above A = 440 Hz. */
  tuning?: Columns<"cents" | "confidence">;
  /** Pitches are MIDI numbers, programs those of General MIDI. */
  notes?: Columns<"onsets" | "offsets" | "pitches" | "velocities" | "programs" | "confidence">;
  /** Pitches of General MIDI's percussion. */
  drums?: Columns<"times" | "pitches" | "velocities" | "confidence">;
  /** Hz; negative where nobody sings or plays. */
  melody?: Columns<"times" | "frequencies" | "confidence">;
  onsets?: Columns<"times" | "confidence">;
  pedal?: Columns<"starts" | "ends" | "confidence">;
  sections?: Segments;
  instruments?: { starts: number[]; ends: number[]; labels: string[]; confidence: number[] };
  tags?: { labels: string[]; confidence: number[] };
  [other: string]: unknown;
}

export type Fault = "empty" | "undecodable" | "long" | "memory" | "sound" | "stopped" | "broken";

/** What goes wrong: in one line of English, and by a word. */
export class OnpuError extends Error {
  readonly code: Fault;
  /** Of what is too long: minutes and seconds. */
  readonly length?: string;
}

/** Seconds that a recording may last. */
export const MOST_SECONDS: number;

/** Find everything that can be told of a recording. Throws `OnpuError`. */
export function analyze(recording: Recording, options?: Options): Promise<Timeline>;

/** The same, with the page about it: one HTML file, to be shown in a frame or saved. title: what stands above. */
export function report(recording: Recording, options?: Options & { title?: string }): Promise<{ timeline: Timeline; html: string }>;

/** End what is going on (it throws `stopped`) and give back its memory. */
export function close(): void;
