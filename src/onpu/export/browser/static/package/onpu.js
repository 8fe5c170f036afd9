/* onpu in the browser: a recording -> what is found in it. Nothing leaves the visitor's machine. */

import { nativeRate } from "./rates.js";

export const MOST_SECONDS = 900;
const MOST_BYTES = 600e6;
const MOST_THREADS = 4;

/** What goes wrong in a way that a user can mend. `code` says how, `message` in one line of English. */
export class OnpuError extends Error {
  constructor(code, message, length) {
    super(message);
    this.name = "OnpuError";
    this.code = code;
    this.length = length;
  }
}

let worker = null;
let jobs = 0;
const waiting = new Map();

/** Find everything that can be told of a recording. */
export async function analyze(recording, options = {}) {
  return JSON.parse((await asked(recording, options, null)).timeline);
}

/** The same, with the page about it. */
export async function report(recording, options = {}) {
  const answer = await asked(recording, options, options.title ?? titleOf(recording));
  return { timeline: JSON.parse(answer.timeline), html: answer.html };
}

/** End what is going on and give back its memory. */
export function close() {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(new OnpuError("stopped", "the analysis was stopped"));
  waiting.clear();
}

async function asked(recording, { tasks = null, threads = usualThreads(), onprogress = () => {} }, title) {
  onprogress("decode", 0);
  const sound = await decoded(recording);
  const job = { channels: sound.channels, rate: sound.rate, tasks, threads };
  if (title !== null) job.report = { title, stream: sound.stream ?? wav(sound), mime: sound.mime || "audio/wav" };
  return new Promise((resolve, reject) => {
    const number = ++jobs;
    waiting.set(number, { resolve, reject, onprogress });
    const buffers = new Set([...job.channels, ...(job.report ? [job.report.stream] : [])].map((each) => each.buffer));
    started().postMessage({ number, ...job }, [...buffers]);
  });
}

function usualThreads() {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 1;
}

function started() {
  if (worker) return worker;
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { number, stage, share, answer, error } }) => {
    const job = waiting.get(number);
    if (!job) return;
    if (stage) return job.onprogress(stage, share);
    waiting.delete(number);
    if (answer) job.resolve(answer);
    else job.reject(new OnpuError(error.code, error.message));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const error = new OnpuError("broken", `the analysis cannot be started (${event.message ?? "worker.js is missing"}); serve the folder over http`);
    const all = [...waiting.values()];
    waiting.clear();
    worker = null;
    for (const { reject } of all) reject(error);
  };
  return worker;
}

function titleOf(recording) {
  return (recording.name ?? "Recording").replace(/\.[^.]+$/, "");
}

/** Channels, their rate, and the file itself where there is one. */
async function decoded(recording) {
  if (globalThis.AudioBuffer && recording instanceof AudioBuffer) {
    short(recording.duration, "the recording");
    return { channels: channelsOf(recording), rate: recording.sampleRate };
  }
  if (recording?.channels && recording.rate) {
    const channels = recording.channels.map((each) => Float32Array.from(each));
    short((channels[0]?.length ?? 0) / recording.rate, "the recording");
    return { channels, rate: recording.rate };
  }
  const name = recording.name ?? "the recording";
  if (recording.size > MOST_BYTES) throw new OnpuError("long", `${name}: has ${Math.round(recording.size / 1e6)} MB, which are more than a browser holds; use onpu analyze`, "?");
  const bytes = new Uint8Array(recording instanceof ArrayBuffer ? recording.slice() : await recording.arrayBuffer());
  if (!bytes.length) throw new OnpuError("empty", `${name}: is empty (0 bytes); get a complete copy`);
  const mime = recording.type || "audio/mpeg";
  short(await lengthOf(new Blob([bytes], { type: mime })), name);
  const rate = nativeRate(bytes) ?? 44_100;
  let sound;
  try {
    sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.slice().buffer);
  } catch {
    throw new OnpuError("undecodable", `${name}: this browser finds no sound in it; convert it to MP3, FLAC or WAV`);
  }
  short(sound.duration, name);
  if (!sound.length) throw new OnpuError("empty", `${name}: holds no sound`);
  return { channels: channelsOf(sound), rate, stream: bytes, mime };
}

function short(seconds, name) {
  if (seconds <= MOST_SECONDS) return;
  throw new OnpuError("long", `${name}: lasts ${clock(seconds)}, and a page takes ${clock(MOST_SECONDS)} at most; use onpu analyze`, clock(seconds));
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** Seconds that a file says it has, before it is decoded; 0 where it does not say. */
function lengthOf(blob) {
  if (!globalThis.Audio) return 0;
  return new Promise((resolve) => {
    const address = URL.createObjectURL(blob);
    const player = new Audio();
    const end = (seconds) => {
      URL.revokeObjectURL(address);
      resolve(Number.isFinite(seconds) ? seconds : 0);
    };
    player.onloadedmetadata = () => end(player.duration);
    player.onerror = () => end(0);
    player.preload = "metadata";
    player.src = address;
  });
}

function channelsOf(buffer) {
  return Array.from({ length: buffer.numberOfChannels }, (_, number) => buffer.getChannelData(number).slice());
}

/** Samples as a file, 16 bits, their channels' mean. */
function wav({ channels, rate }) {
  const length = channels[0].length;
  const bytes = new Uint8Array(44 + 2 * length);
  const view = new DataView(bytes.buffer);
  const text = (place, word) => [...word].forEach((letter, number) => view.setUint8(place + number, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * length, true);
  text(8, "WAVEfmt ");
  [[16, 16], [24, rate], [28, 2 * rate], [40, 2 * length]].forEach(([place, value]) => view.setUint32(place, value, true));
  [[20, 1], [22, 1], [32, 2], [34, 16]].forEach(([place, value]) => view.setUint16(place, value, true));
  text(36, "data");
  for (let sample = 0; sample < length; sample++) {
    const mean = channels.reduce((sum, channel) => sum + channel[sample], 0) / channels.length;
    view.setInt16(44 + 2 * sample, Math.round(32767 * Math.max(-1, Math.min(1, mean))), true);
  }
  return bytes;
}
