/* The sound card: its clock, and the sound's pitch moved by semitones, by Signalsmith Stretch, while its speed stays.

   The browser plays the recording by itself until it is transposed, or clicked to; then it goes through here, so that both
   are on one clock. Parts (deck.js) always do: they change their pitch with their speed, which is set right here. */

import code from "../../node_modules/signalsmith-stretch/SignalsmithStretch.mjs?raw";

/* The library finds its own text to hand it to the sound card's thread, which a bundler would spoil: it is loaded as it is,
   and only where it is used. */
async function loaded() {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return (await import(/* @vite-ignore */ address)).default;
}

export function createSound(player) {
  let context = null;
  let entry = null; // where parts come in
  let recording = null; // where the recording comes in
  let stretch = null; // a promise of the node
  let latency = 0;
  let shifted = 0;
  let speed = 1; // of parts

  const heardHere = () => (recording ??= sound.context().createMediaElementSource(player.media));
  const node = async () => {
    await sound.context().resume();
    const SignalsmithStretch = await loaded();
    const made = await SignalsmithStretch(context, { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [2] });
    const source = entry ?? heardHere();
    source.disconnect();
    source.connect(made);
    made.connect(context.destination);
    await made.start();
    latency = await made.latency();
    return made;
  };
  const set = async () => {
    const semitones = shifted - 12 * Math.log2(speed);
    if (!stretch && semitones === 0) return;
    stretch ??= node();
    try {
      (await stretch).schedule({ active: true, semitones, rate: 1 });
    } catch (error) {
      stretch = null;
      shifted = 0;
      throw error;
    }
  };
  const sound = {
    context() {
      context ??= new AudioContext({ latencyHint: "interactive" });
      return context;
    },
    /* From now on parts of this many samples a second come in; the recording itself is not heard through here any more. */
    async parts(rate) {
      await context?.close();
      context = new AudioContext({ latencyHint: "interactive", sampleRate: rate });
      stretch = recording = null;
      latency = 0;
      entry = context.createGain();
      entry.connect(context.destination);
      await set();
    },
    entry: () => entry,
    /* Has the recording heard through here from now on. */
    async join() {
      if (entry || recording) return;
      await sound.context().resume();
      heardHere().connect(context.destination);
    },
    /* Seconds by which the sound of parts is heard later than it was laid out. */
    get latency() {
      return entry && stretch ? latency : 0;
    },
    /* Time of the sound card that is heard now, of parts. */
    heard() {
      const { contextTime, performanceTime } = context.getOutputTimestamp();
      const now = performanceTime ? contextTime + (performance.now() - performanceTime) / 1000 : context.currentTime;
      return Math.min(now, context.currentTime) - sound.latency;
    },
    /* Time of the sound card at which what the recording's clock says now is heard. */
    clock() {
      const { contextTime, performanceTime } = sound.context().getOutputTimestamp();
      if (recording) return context.currentTime + latency;
      return performanceTime ? contextTime + (performance.now() - performanceTime) / 1000 : context.currentTime;
    },
    get shifted() {
      return shifted;
    },
    /* Raises what it is where the browser cannot. */
    shift(semitones) {
      shifted = semitones;
      return set();
    },
    speed(rate) {
      speed = rate;
      set().catch(() => {});
    },
    close: () => context?.close(),
  };
  return sound;
}
