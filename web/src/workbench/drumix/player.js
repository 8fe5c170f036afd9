/* Plays hits along with the parts of a song, on the clock of the sound card. */

import { last } from "../../report.js";
import { api } from "../api.js";
import { gainOf } from "../stems.js";
import { hitsOf, layerOf, loudness } from "./placing.js";

/* rules: how hits are played. gain: of all kits in this song. */
export function createDrummer(app, deck, sound, rules, gain) {
  const context = sound.context();
  const out = context.createGain();
  const late = context.createDelay(2); // parts that are transposed are heard later
  out.gain.value = gain / rules.level;
  out.connect(late).connect(context.destination);
  const levels = Object.fromEntries(Object.keys(rules.drums).map((drum) => {
    const level = context.createGain();
    level.connect(out);
    return [drum, level];
  }));
  const kits = new Map(); // name -> a promise of { row: buffers }, and what has come of it
  const there = new Map();
  const sounding = new Set();
  let hits = [];
  let mix = null;
  let on = false;

  const fetched = (name) => {
    if (!kits.has(name)) {
      const loading = api.kit(name).then(async ({ rows }) => {
        const entries = Object.entries(rows).map(async ([row, layers]) =>
          [row, await Promise.all(Array.from({ length: layers }, async (_, layer) => context.decodeAudioData(await api.hit(name, row, layer))))]);
        there.set(name, Object.fromEntries(await Promise.all(entries)));
      });
      loading.catch(() => kits.delete(name));
      kits.set(name, loading);
    }
    return kits.get(name);
  };
  const silence = (at = 0) => {
    for (const voice of sounding) if (voice.at >= at) voice.node.stop(), sounding.delete(voice);
      else voice.level.gain.setTargetAtTime(0, Math.max(at, context.currentTime), 0.01);
  };
  const stretch = (from, to, at, rate) => {
    if (!on) return;
    late.delayTime.value = sound.latency;
    const first = rules.lead;
    for (let index = last(hits.map(({ time }) => time), from - 1e-9) + 1; index < hits.length && hits[index].time < to; index++) {
      const { time, row, velocity, drum, end } = hits[index];
      const buffers = there.get(mix.drums[drum].kit)?.[row];
      if (!buffers?.length) continue;
      const node = new AudioBufferSourceNode(context, { buffer: buffers[layerOf(velocity, buffers.length)] });
      const level = context.createGain();
      const begins = at + (time - from) / rate - first;
      const skipped = Math.max(0, context.currentTime - begins);
      level.gain.value = loudness(rules, velocity);
      if (end !== undefined) {
        const cut = begins + first + (end - time) / rate;
        level.gain.setValueAtTime(loudness(rules, velocity), cut);
        level.gain.linearRampToValueAtTime(0, cut + rules.choke);
      }
      node.connect(level).connect(levels[drum]);
      node.start(begins + skipped, skipped);
      const voice = { node, level, at: begins };
      sounding.add(voice);
      node.onended = () => sounding.delete(voice);
    }
  };
  deck.along({ stretch, silence });

  const drummer = {
    get on() {
      return on;
    },
    set on(wanted) {
      on = wanted;
      if (!on) silence();
      deck.again();
    },
    /* Plays another mix from now on; resolves when its kits are there. */
    async play(wanted) {
      mix = wanted;
      hits = hitsOf(rules, mix, app.report.beats, app.report.drums);
      for (const [drum, { level, muted }] of Object.entries(mix.drums))
        levels[drum].gain.setTargetAtTime(muted ? 0 : gainOf(level), context.currentTime, 0.01);
      const names = new Set(Object.values(mix.drums).filter(({ muted }) => !muted).map(({ kit }) => kit));
      const waiting = [...names].filter((name) => !there.has(name));
      deck.again();
      if (!waiting.length) return;
      await Promise.all(waiting.map(fetched));
      deck.again();
    },
    stop: silence,
  };
  return drummer;
}
