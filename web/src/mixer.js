/* The parts of the recording, of which any may be muted or heard alone. A part with an address of its own follows the
   player, which is silent while not all of them are heard: then they are the sound, else the recording itself is. */

const APART = 0.04; // seconds by which a part may run away before it is called back

/* A part: { name, peaks, muted, solo, level, media or hear(gain) }. */
export function createMixer(report, player) {
  const listeners = [];
  const parts = (report.stems ?? []).map(({ name, peaks, audio }) => ({
    name, peaks, media: Object.assign(new Audio(audio), { preload: "auto" }), muted: false, solo: false, level: 1,
  }));
  const followers = [...parts];
  const taken = () => followers.some(({ muted, solo }) => muted || solo);

  const follow = () => {
    if (!taken() || !player.playing) {
      followers.forEach(({ media }) => media.pause());
      return;
    }
    for (const { media } of followers) {
      if (Math.abs(media.currentTime - player.time) > APART) media.currentTime = player.time;
      media.playbackRate = player.rate;
      if (media.paused) media.play().catch(() => {});
    }
  };
  const mix = () => {
    if (followers.length) player.media.muted = taken();
    for (const part of parts) {
      if (part.media) part.media.muted = !mixer.heard(part);
      else part.hear(mixer.heard(part) ? part.level : 0);
    }
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
    level(part, level) {
      part.level = level;
      mix();
    },
    /* Parts that are there from now on. */
    add(more) {
      parts.push(...more.map((part) => ({ muted: false, solo: false, level: 1, ...part })));
      mix();
    },
    on: (listener) => listeners.push(listener),
  };
  if (followers.length) for (const event of ["time", "state"]) player.on(event, follow);
  return mixer;
}
