/* The moment that is heard, and the source of the sound: the browser's own player, without a recording none, or another
   one that takes its place. */

/* A source: { time, playing, rate, play(), pause(), seek(time), looped?(span) }; it tells of "state" (plays or rests),
   "moved" (another place or speed) and "time" by tell(event) and repeats spans itself where it has `looped`. */
function mediaSource(media, report, tell) {
  for (const event of ["play", "pause", "ended"]) media.addEventListener(event, () => tell("state"));
  for (const event of ["seeked", "ratechange"]) media.addEventListener(event, () => tell("moved"));
  media.addEventListener("seeked", () => tell("time"));
  return {
    get time() {
      return media.currentTime;
    },
    get playing() {
      return !media.paused && !media.ended;
    },
    get rate() {
      return media.playbackRate;
    },
    set rate(rate) {
      media.playbackRate = rate;
    },
    seek: (time) => (media.currentTime = Math.min(time, report.sound?.duration ?? Infinity)),
    play: () => media.play().catch(() => tell("state")),
    pause: () => media.pause(),
  };
}

function noSource() {
  let time = 0;
  return {
    get time() {
      return time;
    },
    playing: false,
    rate: 1,
    seek: (to) => (time = to),
    play: () => Promise.resolve(),
    pause: () => {},
  };
}

/* Events: time (of the moment), state (plays or rests), moved (to another place or speed). */
export function createPlayer(report) {
  const media = report.audio ? new Audio(report.audio) : null;
  const listeners = { time: [], state: [], moved: [] };
  const tell = (event) => listeners[event].forEach((listener) => listener(player));
  let loop = null;
  let ticking = false;

  const from = (make) => {
    const made = make((event) => {
      if (made !== source) return;
      tell(event);
      if (event === "state") run();
    });
    return made;
  };
  let source = null;

  const player = {
    media,

    get time() {
      return source.time;
    },
    get playing() {
      return source.playing;
    },
    get rate() {
      return source.rate;
    },
    set rate(rate) {
      source.rate = rate;
    },
    /* [start, end] in seconds that is played again and again, or null. */
    get loop() {
      return loop;
    },
    set loop(span) {
      loop = span;
      source.looped?.(span);
    },
    seek(time) {
      source.seek(Math.min(Math.max(time, 0), report.duration));
      tell("time");
    },
    play: (when) => source.play(when),
    pause: () => source.pause(),
    toggle() {
      if (player.playing) player.pause();
      else player.play();
    },
    playFrom(time) {
      player.seek(time);
      player.play();
    },
    /* Another source takes over, made by make(tell), at the same place and speed. */
    take(make) {
      const { time, playing, rate } = source;
      source.pause();
      source = from(make);
      source.rate = rate;
      source.looped?.(loop);
      source.seek(time);
      tell("state");
      if (playing) source.play();
      return source;
    },
    on(event, listener) {
      listeners[event].push(listener);
    },
  };
  source = from((told) => (media ? mediaSource(media, report, told) : noSource()));

  const run = () => {
    if (ticking || !player.playing) return;
    ticking = true;
    requestAnimationFrame(tick);
  };
  const tick = () => {
    ticking = false;
    if (loop && !source.looped && (player.time >= loop[1] || player.time < loop[0] - 0.3)) player.seek(loop[0]);
    tell("time");
    run();
  };
  return player;
}
