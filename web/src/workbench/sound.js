/* The sound card: its clock, and the recording's pitch moved by semitones, by Signalsmith Stretch, while its speed stays.

   The recording goes through it from the first transposition on; until then the browser plays it by itself. */

import code from "../../node_modules/signalsmith-stretch/SignalsmithStretch.mjs?raw";

/* The library finds its own text to hand it to the sound card's thread, which a bundler would spoil: it is loaded as it is,
   and only where it is used. */
async function loaded() {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return (await import(/* @vite-ignore */ address)).default;
}

export function createSound(player) {
  let context = null;
  let stretch = null; // a promise of the node
  let latency = 0;
  let shifted = 0;

  const node = async () => {
    await sound.context().resume();
    const SignalsmithStretch = await loaded();
    const made = await SignalsmithStretch(context, { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [2] });
    const source = context.createMediaElementSource(player.media);
    source.connect(made);
    made.connect(context.destination);
    await made.start();
    latency = await made.latency();
    return made;
  };
  const sound = {
    context() {
      context ??= new AudioContext({ latencyHint: "interactive" });
      return context;
    },
    /* Time of the sound card at which what the recording's clock says now is heard. */
    clock() {
      const { contextTime, performanceTime } = sound.context().getOutputTimestamp();
      if (stretch) return context.currentTime + latency;
      return performanceTime ? contextTime + (performance.now() - performanceTime) / 1000 : context.currentTime;
    },
    get shifted() {
      return shifted;
    },
    /* Raises what it is where the browser cannot. */
    async shift(semitones) {
      shifted = semitones;
      if (!stretch && semitones === 0) return;
      stretch ??= node();
      try {
        (await stretch).schedule({ active: true, semitones: shifted, rate: 1 });
      } catch (error) {
        stretch = null;
        shifted = 0;
        throw error;
      }
    },
    close: () => context?.close(),
  };
  return sound;
}
