/* The parts of the recording, of which any may be muted or heard alone. They follow the player, which is silent while
   not all of them are heard: then they are the sound, else the recording itself is. */

const APART = 0.04; // seconds by which a part may run away before it is called back

export function createMixer(report, player) {
  const listeners = [];
  const parts = (report.stems ?? []).map(({ name, peaks, audio }) => ({
    name, peaks, media: Object.assign(new Audio(audio), { preload: "auto" }), muted: false, solo: false,
  }));
  const taken = () => parts.some(({ muted, solo }) => muted || solo);

  const follow = () => {
    if (!taken() || !player.playing) {
      parts.forEach(({ media }) => media.pause());
      return;
    }
    for (const { media } of parts) {
      if (Math.abs(media.currentTime - player.time) > APART) media.currentTime = player.time;
      media.playbackRate = player.rate;
      if (media.paused) media.play().catch(() => {});
    }
  };
  const mix = () => {
    if (player.media) player.media.muted = taken();
    for (const part of parts) part.media.muted = !mixer.heard(part);
    follow();
    listeners.forEach((listener) => listener());
  };

  const mixer = {
    parts,
    heard: ({ muted, solo }) => (parts.some((each) => each.solo) ? solo : !muted),
    mute(part) {
      part.muted = !part.muted;
      mix();
    },
    solo(part) {
      part.solo = !part.solo;
      mix();
    },
    on: (listener) => listeners.push(listener),
  };
  if (parts.length) for (const event of ["time", "state"]) player.on(event, follow);
  return mixer;
}
