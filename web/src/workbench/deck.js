/* A source of sound for the player that plays several parts on the clock of the sound card, sample by sample in step. They
   come in files of some seconds, of which a few are kept.

   What plays is laid out ahead as runs: from a time of the sound card on, the song plays from one moment to another; a
   repeated span is a run after the other. Whoever plays along (click, drums) is told of each stretch once, just before
   it is heard. */

const AHEAD = 1.2; // seconds of sound that are laid out
const SOON = 0.25; // seconds ahead that those who play along are told of
const EVERY = 60; // milliseconds between looks at what comes
const BEGIN = 0.06; // seconds until a run can begin
const FADE = 0.004; // seconds, at both ends of a run
const KEPT = 5; // pieces in memory

/* stems: what the server says of them. piece(name, number) -> a promise of the bytes of a file. sound: see sound.js. */
export function createDeck(stems, piece, sound, duration, tell) {
  const context = sound.context();
  const length = stems.samples / stems.rate;
  const seconds = stems.segment / stems.rate; // of a piece
  const levels = stems.parts.map(() => {
    const level = context.createGain();
    level.connect(sound.entry());
    return level;
  });
  const pieces = new Map(); // number -> { buffers, or promise }
  const along = [];
  let playing = false;
  let position = 0; // while it rests
  let rate = 1;
  let loop = null;
  let runs = []; // { at, from, to, laid, told, gates }
  let timer = 0;
  let turn = 0; // of playing and resting, so that what was waited for is not done late

  const fetched = (number) => {
    const known = pieces.get(number);
    pieces.delete(number);
    const entry = known ?? { buffers: null, promise: null };
    entry.promise ??= Promise.all(stems.parts.map(async ({ name }) => context.decodeAudioData(await piece(name, number))))
      .then((buffers) => (entry.buffers = buffers), (error) => (pieces.delete(number), Promise.reject(error)));
    pieces.set(number, entry);
    while (pieces.size > KEPT) pieces.delete(pieces.keys().next().value);
    return entry;
  };
  const aligned = (time) => Math.ceil(time * context.sampleRate) / context.sampleRate;
  const ends = (run) => run.at + (run.to - run.from) / rate;
  const runAt = (moment) => runs.findLast((run) => run.at <= moment) ?? runs[0];
  const timeAt = (moment) => {
    const run = runAt(moment);
    return Math.min(run.to, run.from + Math.max(0, moment - run.at) * rate);
  };
  /* Where a run from a moment on ends. */
  const endOf = (from) => (loop && from >= loop[0] - 0.3 && from < loop[1] ? loop[1] : duration);

  const begin = (at, from) => {
    const gates = levels.map((level) => {
      const gate = context.createGain();
      gate.connect(level);
      gate.gain.setValueAtTime(0, at);
      gate.gain.linearRampToValueAtTime(1, at + FADE);
      return gate;
    });
    const run = { at, from, to: endOf(from), laid: from, told: from, gates, sources: [] };
    if (run.to < duration) fadeOut(run, ends(run));
    runs.push(run);
    return run;
  };
  const fadeOut = (run, at) => run.gates.forEach(({ gain }) => {
    gain.setValueAtTime(1, Math.max(at - FADE, run.at + FADE));
    gain.linearRampToValueAtTime(0, Math.max(at, run.at + 2 * FADE));
  });

  /* Lays out what is in memory of a run, up to a time of the sound card. */
  const lay = (run, until) => {
    while (run.laid < Math.min(run.to, length) && run.at + (run.laid - run.from) / rate < until) {
      const number = Math.floor(run.laid / seconds + 1e-9);
      const { buffers } = fetched(number);
      if (!buffers) return fetched(number).promise.catch(() => {});
      const offset = run.laid - number * seconds;
      const end = Math.min(run.to, length, (number + 1) * seconds);
      const at = run.at + (run.laid - run.from) / rate;
      const late = Math.max(0, context.currentTime - at);
      if (late * rate < end - run.laid) {
        buffers.forEach((buffer, index) => {
          const node = new AudioBufferSourceNode(context, { buffer, playbackRate: rate });
          node.connect(run.gates[index]);
          node.start(at + late, offset + late * rate, end - run.laid - late * rate);
          run.sources.push(node);
        });
      }
      run.laid = end;
      if (end < length && number + 1 <= Math.floor((length - 1e-6) / seconds)) fetched(number + 1);
    }
    return null;
  };
  const look = () => {
    const now = context.currentTime;
    let run = runs.at(-1);
    while (ends(run) < now + AHEAD && run.to < duration && loop) run = begin(ends(run), loop[0]);
    for (const each of runs) {
      lay(each, now + AHEAD);
      const until = Math.min(each.to, each.from + (now + SOON - each.at) * rate);
      if (until > each.told) {
        const [from, at] = [each.told, each.at + (each.told - each.from) / rate];
        each.told = until;
        along.forEach(({ stretch }) => stretch(from, until, at, rate));
      }
    }
    while (runs.length > 1 && ends(runs[0]) < now - 1) runs.shift();
    if (ends(run) < sound.heard()) {
      stop();
      position = duration;
      tell("state");
    }
  };
  const silence = (at) => {
    for (const run of runs) {
      run.gates.forEach(({ gain }) => {
        gain.cancelScheduledValues(at);
        gain.setTargetAtTime(0, at, FADE / 2);
      });
      run.sources.forEach((node) => node.stop(at + 5 * FADE));
    }
    along.forEach(({ silence }) => silence(at));
  };
  const stop = () => {
    clearInterval(timer);
    silence(context.currentTime);
    playing = false;
    turn++;
  };
  const ready = async (from) => {
    await context.resume();
    await fetched(Math.floor(Math.min(from, length - 1e-6) / seconds + 1e-9)).promise;
  };
  /* Plays from a moment on, at a time of the sound card or as soon as its sound is there; what plays ends where this begins. */
  const start = async (from, when = 0) => {
    const mine = ++turn;
    await ready(from);
    if (mine !== turn) return;
    const at = aligned(Math.max(context.currentTime + BEGIN, when));
    silence(at);
    clearInterval(timer);
    runs = [];
    begin(at, from);
    position = from;
    playing = true;
    timer = setInterval(look, EVERY);
    look();
  };

  const deck = {
    get time() {
      return playing ? timeAt(sound.heard()) : position;
    },
    get playing() {
      return playing;
    },
    get rate() {
      return rate;
    },
    set rate(wanted) {
      if (wanted === rate) return;
      const at = deck.time;
      rate = wanted;
      sound.speed(rate);
      deck.seek(at);
    },
    seek(time) {
      position = loop && time >= loop[1] ? loop[0] : time;
      tell("moved");
      if (playing) start(position).catch(failed);
    },
    looped(span) {
      const changed = String(span) !== String(loop);
      loop = span;
      if (playing && changed) deck.seek(deck.time);
    },
    /* when: time of the sound card, which is to come. */
    async play(when) {
      if (position >= duration - 0.01) position = loop ? loop[0] : 0;
      if (loop && (position >= loop[1] || position < loop[0] - 0.3)) position = loop[0];
      await start(position, when).then(() => tell("state"), failed);
    },
    pause() {
      if (!playing) return void turn++;
      position = deck.time;
      stop();
      tell("state");
    },
    ready: () => ready(position),
    /* Gain of a part, by its number. */
    hear: (index, gain) => levels[index].gain.setTargetAtTime(gain, context.currentTime, 0.01),
    /* { stretch(from, to, at, rate), silence(at) }: told of what is about to be heard, and that it is not. */
    along: (one) => along.push(one),
    /* Hears those who play along anew from now on. */
    again() {
      if (!playing) return;
      const soon = context.currentTime + BEGIN;
      along.forEach(({ silence }) => silence(soon));
      for (const run of runs) run.told = Math.max(run.from, Math.min(run.told, run.from + (soon - run.at) * rate));
    },
    close: stop,
  };
  const failed = (error) => {
    stop();
    tell("state");
    throw error;
  };
  return deck;
}
