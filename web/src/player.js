/* The sound and the moment that is heard; without a recording only the moment, which can be moved. */

export function createPlayer(report) {
  const media = report.audio ? new Audio(report.audio) : null;
  const listeners = { time: [], state: [] };
  const tell = (event) => listeners[event].forEach((listener) => listener(player));
  let moment = 0;

  const player = {
    media,
    loop: null, // [start, end] in seconds that is played again and again

    get time() {
      return media ? media.currentTime : moment;
    },
    get playing() {
      return Boolean(media) && !media.paused && !media.ended;
    },
    get rate() {
      return media ? media.playbackRate : 1;
    },
    set rate(rate) {
      if (media) media.playbackRate = rate;
    },
    seek(time) {
      moment = Math.min(Math.max(time, 0), report.duration);
      if (media) media.currentTime = Math.min(moment, report.sound.duration);
      tell("time");
    },
    play() {
      return media ? media.play().catch(() => tell("state")) : Promise.resolve();
    },
    pause() {
      media?.pause();
    },
    toggle() {
      if (player.playing) player.pause();
      else player.play();
    },
    playFrom(time) {
      player.seek(time);
      player.play();
    },
    on(event, listener) {
      listeners[event].push(listener);
    },
  };

  const tick = () => {
    if (player.loop && (player.time >= player.loop[1] || player.time < player.loop[0] - 0.3)) player.seek(player.loop[0]);
    tell("time");
    if (player.playing) requestAnimationFrame(tick);
  };
  media?.addEventListener("play", () => (tell("state"), requestAnimationFrame(tick)));
  for (const event of ["pause", "ended"]) media?.addEventListener(event, () => tell("state"));
  media?.addEventListener("seeked", () => tell("time"));
  return player;
}
