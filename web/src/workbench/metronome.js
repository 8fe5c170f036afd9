/* A click on the beats that were found, and bars counted in before the music. Clicks are scheduled ahead on the clock of
   the sound card, through which the recording goes too, so that a busy page does not let them stumble: with parts on the very
   sample, else where the median of many readings of the recording's clock says. */

import { last, measureAt } from "../report.js";

const AHEAD = 0.15; // seconds
const EVERY = 40; // milliseconds between looks at what comes
const READINGS = 15; // of the media's clock, of which the median counts
const HIGH = 1568; // hertz of the first beat of a bar
const LOW = 1046;
const EARLY = 0.2; // seconds by which parts are started ahead
const USUAL = 0.5; // seconds of a beat where none were found

export function createMetronome(app, sound) {
  const { report, player } = app;
  let on = false;
  let deck = null;
  let timer = 0;
  let offsets = []; // time of the sound card less that of the recording, divided by the speed
  let next = 0; // time of the recording up to which clicks are scheduled
  const sounding = new Map(); // voice -> when it begins

  const click = (at, high) => {
    const context = sound.context();
    const [voice, level] = [context.createOscillator(), context.createGain()];
    voice.frequency.value = high ? HIGH : LOW;
    level.gain.setValueAtTime(high ? 0.5 : 0.32, at);
    level.gain.exponentialRampToValueAtTime(0.001, at + 0.05);
    voice.connect(level).connect(context.destination);
    voice.start(at);
    voice.stop(at + 0.06);
    sounding.set(voice, at);
    voice.onended = () => sounding.delete(voice);
  };
  const silence = (from = 0) => {
    for (const [voice, at] of sounding) if (at >= from) voice.stop(), sounding.delete(voice);
    offsets = [];
  };
  const within = (from, to, act) => {
    const { times, positions } = report.beats;
    for (let index = last(times, from - 1e-9) + 1; index < times.length && times[index] < to; index++)
      act(times[index], positions[index] === 1);
  };
  const schedule = () => {
    if (!player.playing || !report.beats) return;
    const offset = sound.clock() - player.time / player.rate;
    offsets = [...offsets.slice(1 - READINGS), offset];
    const steady = [...offsets].sort((one, other) => one - other)[offsets.length >> 1];
    const until = player.time + AHEAD * player.rate;
    if (Math.abs(next - until) > 1) next = player.time;
    within(next, until, (time, high) => {
      const at = steady + time / player.rate;
      if (at > sound.context().currentTime && !(player.loop && time >= player.loop[1] - 0.01)) click(at, high);
    });
    next = Math.max(next, until);
  };
  const turn = () => {
    clearInterval(timer);
    if (deck) return;
    silence();
    if (on && player.playing) {
      next = player.time - 0.03;
      timer = setInterval(schedule, EVERY);
      schedule();
    }
  };
  player.on("state", turn);
  player.on("moved", turn);

  return {
    get on() {
      return on;
    },
    set on(wanted) {
      on = wanted;
      if (on && !deck) sound.join().catch(() => {});
      if (deck) deck.again();
      else turn();
    },
    /* Parts are played from now on, and clicks with them. */
    follow(played) {
      deck = played;
      turn();
      deck.along({
        stretch(from, to, at, rate) {
          if (on && report.beats)
            within(from, to, (time, high) => click(Math.max(at + (time - from) / rate + sound.latency, sound.context().currentTime), high));
        },
        silence,
      });
    },
    stop: () => (clearInterval(timer), silence()),
    /* Counts a bar, so that the music follows in time; resolves when it is to be started, to the time of the sound card at
       which it begins, or to null where it was stopped: signal. */
    async countIn(signal) {
      const context = sound.context();
      await (deck ? deck.ready() : context.resume());
      if (signal.aborted) return null;
      const bar = report.measures[Math.max(0, measureAt(report, player.time))];
      const beats = bar?.numerator ?? 4;
      const length = (bar ? (bar.end - bar.start) / bar.beats.length : USUAL) / player.rate;
      const from = context.currentTime + 0.06;
      for (let beat = 0; beat < beats; beat++) click(from + beat * length, beat === 0);
      const begins = from + beats * length - sound.latency;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(begins), (begins - (deck ? EARLY : 0) - context.currentTime) * 1000);
        signal.addEventListener("abort", () => (clearTimeout(timer), silence(), resolve(null)), { once: true });
      });
    },
  };
}
