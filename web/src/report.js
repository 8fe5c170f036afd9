/* The contents of the page, as src/onpu/formats/report/contents.py wrote them, with the questions that lanes ask. */

export function load() {
  const said = JSON.parse(document.getElementById("contents").textContent);
  const stream = document.getElementById("sound").textContent.trim();
  const playable = (base64) => URL.createObjectURL(new Blob([bytes(base64)], { type: said.sound.type }));
  return {
    ...reportOf(said, stream && said.sound ? playable(stream) : null),
    stems: said.stems?.map(({ name, peaks, stream }) => ({ name, peaks: outline(peaks), audio: playable(stream) })),
  };
}

/* The report of what `contents.py` wrote, with the address of the recording, or null. */
export function reportOf(said, audio) {
  const voice = said.voice && { lines: [], ...said.voice }; // versions of earlier libraries do not tell lines
  return { ...said, voice, audio, peaks: said.sound ? outline(said.sound.peaks) : null, measures: said.bars ? measures(said.bars) : [] };
}

export const outline = (base64) => Float32Array.from(bytes(base64), (level) => level / 255);

function bytes(base64) {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/* Bars as objects: index, number, start and end in seconds, times of the beats, time signature, key, and the chords
   that begin in it as { beat, index }. */
function measures(bars) {
  return bars.numbers.map((number, index) => {
    const [first, last] = [bars.firsts[index], bars.firsts[index + 1]];
    return {
      index,
      number,
      start: bars.grid[first],
      end: bars.grid[last],
      beats: bars.grid.slice(first, last),
      numerator: bars.numerators[index],
      denominator: bars.denominators[index],
      key: bars.keys[index],
      chords: bars.chords ? bars.chords[index].map(([beat, chord]) => ({ beat, index: chord })) : [],
    };
  });
}

/* Index of the last of ascending values that is not above `value`; -1 where all are. */
export function last(values, value) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/* Index of the segment in which a time lies, or -1. */
export function segmentAt(segments, time) {
  if (!segments) return -1;
  const index = last(segments.starts, time);
  return index >= 0 && time < segments.ends[index] ? index : -1;
}

/* Indices [from, to) of the segments that touch a stretch of time. */
export function segmentsWithin(segments, start, end) {
  return [Math.max(0, last(segments.ends, start)), last(segments.starts, end) + 1];
}

/* Index of the bar in which a time lies; -1 before the first, and where there are none. */
export function measureAt(report, time) {
  if (!report.measures.length) return -1;
  const beat = last(report.bars.grid, time);
  return beat < 0 ? -1 : Math.min(last(report.bars.firsts, beat), report.measures.length - 1);
}

/* Label of the key at a time: of the region, else of the whole; "" where none is known. */
export function keyAt(report, time) {
  const index = segmentAt(report.keys, time);
  return index >= 0 ? report.keys.labels[index] : wholeKey(report);
}

/* Label of the key of the whole: the first candidate, else the region that lasts longest; "" where none is known. */
export function wholeKey(report) {
  if (report.key?.labels.length) return report.key.labels[0];
  if (!report.keys?.labels.length) return "";
  const lasting = new Map();
  report.keys.labels.forEach((label, i) =>
    lasting.set(label, (lasting.get(label) ?? 0) + report.keys.ends[i] - report.keys.starts[i]));
  return [...lasting].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/* The first whole bar, by which metre and tempo of the whole are told; undefined where there is none. */
export const firstWhole = (report) => report.measures.find(({ number }) => number > 0) ?? report.measures[0];

/* The note that is a beat of a bar: a dotted quarter in 6/8, an eighth in 7/8; "" where no one note is. */
export function beatNote({ numerator, denominator, beats }) {
  return { 0.5: "♪", 0.75: "♪.", 1: "♩", 1.5: "♩.", 2: "𝅗𝅥" }[(4 * numerator) / denominator / beats.length] ?? "";
}
