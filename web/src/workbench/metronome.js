/* A click on the beats that were found, and bars counted in before the music. Clicks are scheduled ahead on the clock of
   the sound card, so that a busy page does not let them stumble. */

import { last, measureAt } from "../report.js";

const AHEAD = 0.15; // seconds
const EVERY = 40; // milliseconds between looks at what comes
const READINGS = 15; // of the media's clock, of which the median counts
const HIGH = 1568; // hertz of the first beat of a bar
const LOW = 1046;
const USUAL = 0.5; // seconds of a beat where none were found

export function createMetronome(app, sound) {
  const { report, player } = app;
  let on = false;
  let timer = 0;
  let offsets = []; // time of the sound card less that of the recording, divided by the speed
  let next = 0; // time of the recording up to which clicks are scheduled
  const sounding = new Set();

  const click = (at, high) => {
    const context = sound.context();
    const [voice, level] = [context.createOscillator(), context.createGain()];
    voice.frequency.value = high ? HIGH : LOW;
    level.gain.setValueAtTime(high ? 0.5 : 0.32, at);
    level.gain.exponentialRampToValueAtTime(0.001, at + 0.05);
    voice.connect(level).connect(context.destination);
    voice.start(at);
    voice.stop(at + 0.06);
    sounding.add(voice);
    voice.onended = () => sounding.delete(voice);
  };
  const silence = () => {
    sounding.forEach((voice) => voice.stop());
    sounding.clear();
    offsets = [];
  };
  const schedule = () => {
    if (!player.playing || !report.beats) return;
    const { times, positions } = report.beats;
    const offset = sound.clock() - player.time / player.rate;
    offsets = [...offsets.slice(1 - READINGS), offset];
    const steady = [...offsets].sort((one, other) => one - other)[offsets.length >> 1];
    const until = player.time + AHEAD * player.rate;
    if (Math.abs(next - until) > 1) next = player.time;
    for (let index = last(times, next) + 1; index < times.length && times[index] <= until; index++) {
      const at = steady + times[index] / player.rate;
      if (at > sound.context().currentTime && !(player.loop && times[index] >= player.loop[1] - 0.01)) click(at, positions[index] === 1);
    }
    next = Math.max(next, until);
  };
  const turn = () => {
    clearInterval(timer);
    silence();
    if (on && player.playing) {
      next = player.time - 0.03;
      timer = setInterval(schedule, EVERY);
      schedule();
    }
  };
  player.on("state", turn);
  player.media?.addEventListener("seeked", turn);
  player.media?.addEventListener("ratechange", turn);

  return {
    get on() {
      return on;
    },
    set on(wanted) {
      on = wanted;
      turn();
    },
    stop: () => (clearInterval(timer), silence()),
    /* Counts a bar, so that the music follows in time; resolves to whether it was not stopped: signal. */
    async countIn(signal) {
      const context = sound.context();
      await context.resume();
      const bar = report.measures[Math.max(0, measureAt(report, player.time))];
      const beats = bar?.numerator ?? 4;
      const length = (bar ? (bar.end - bar.start) / bar.beats.length : USUAL) / player.rate;
      const from = context.currentTime + 0.06;
      for (let beat = 0; beat < beats; beat++) click(from + beat * length, beat === 0);
      const wait = (from + beats * length - context.currentTime) * 1000;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), wait);
        signal.addEventListener("abort", () => (clearTimeout(timer), silence(), resolve(false)), { once: true });
      });
    },
  };
}
