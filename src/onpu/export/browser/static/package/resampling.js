/* Another rate, by a windowed sinc in phases, designed as soxr's "HQ": passed up to .913 of the lower Nyquist frequency,
   stopped from it on, 126 dB down, linear in phase and without delay. */

const PASS = 0.913;
const DECIBELS = 126;

/** Consecutive blocks at one rate -> the same sound at another. */
export class Resampler {
  constructor(before, after) {
    const common = divisor(before, after);
    this.up = after / common;
    this.down = before / common;
    const lower = Math.min(1, after / before); // Nyquist frequency that stays, in those of the input
    const width = lower * (1 - PASS);
    const half = Math.ceil((DECIBELS - 7.95) / (2.285 * Math.PI * width) / 2); // Kaiser's formula, in input samples
    this.half = half;
    this.phases = table(this.up, half, lower * (1 + PASS) / 2);
    this.held = new Float32Array(half - 1);
    this.first = 1 - half; // number of the input sample that is held first
    this.taken = 0; // input samples so far
    this.done = 0; // output samples so far
  }

  /** What is determined so far; the rest after the last block, as long as the whole input was. */
  push(samples, last = false) {
    const { half, up, down, phases } = this;
    this.taken += samples.length;
    const tail = last ? half : 0;
    const held = new Float32Array(this.held.length + samples.length + tail);
    held.set(this.held);
    held.set(samples, this.held.length);
    const end = this.first + held.length; // of input samples
    const whole = Math.round((this.taken * up) / down);
    const ready = Math.max(this.done, Math.ceil(((end - half) * up) / down)); // outputs whose inputs are all there
    const out = new Float32Array((last ? whole : ready) - this.done);
    let number = this.done;
    for (let slot = 0; slot < out.length; slot++, number++) {
      const place = Math.floor((number * down) / up);
      const from = place - half + 1 - this.first;
      const row = ((number * down) % up) * 2 * half;
      let one = 0;
      let other = 0;
      for (let tap = 0; tap < 2 * half; tap += 2) {
        one += held[from + tap] * phases[row + tap];
        other += held[from + tap + 1] * phases[row + tap + 1];
      }
      out[slot] = one + other;
    }
    this.done = number;
    const keep = Math.max(this.first, Math.floor((number * down) / up) - half + 1);
    this.held = held.slice(keep - this.first);
    this.first = keep;
    return out;
  }
}

/* Row p: weights of the input samples around an output that lies p / up after one of them. */
function table(up, half, cutoff) {
  const beta = 0.1102 * (DECIBELS - 8.7);
  const weights = new Float64Array(up * 2 * half);
  for (let phase = 0; phase < up; phase++) {
    const row = weights.subarray(phase * 2 * half, (phase + 1) * 2 * half);
    let sum = 0;
    for (let tap = 0; tap < 2 * half; tap++) {
      const distance = tap - half + 1 - phase / up;
      const x = Math.PI * cutoff * distance;
      const inside = 1 - (distance / half) ** 2;
      row[tap] = inside <= 0 ? 0 : (x === 0 ? 1 : Math.sin(x) / x) * bessel(beta * Math.sqrt(inside));
      sum += row[tap];
    }
    for (let tap = 0; tap < 2 * half; tap++) row[tap] /= sum;
  }
  return weights;
}

/* Modified Bessel function of the first kind and order 0. */
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let number = 1; term > 1e-17 * sum; number++) {
    term *= (x / (2 * number)) ** 2;
    sum += term;
  }
  return sum;
}

function divisor(one, other) {
  return other ? divisor(other, one % other) : one;
}
