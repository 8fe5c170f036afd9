"""Beats and downbeats, told before they happen.

    sound -> network over the last seconds, read `AHEAD_FRAMES` before their end -> `onpu.decode.bar_filter`
          -> the next beat, told when it is `LEAD_SECONDS` away

The filter knows only what it has heard in order. Besides, every second the last `LOOK_BACK_SECONDS` are decoded as a
recording is, with all that this looks at (metrical level, what comes round, where bars begin), and the filter is told
what came of it. So bars and levels that only a longer stretch shows are known a second later, and between these looks
the filter follows the music.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from onpu.decode.bar_filter import BarFilter
from onpu.decode.bars import BarModel
from onpu.decode.beat_decision import AUDIBLE_ACTIVATION
from onpu.decode.pulse import TEMPI
from onpu.inference.sliding import Said, Sliding
from onpu.live.events import BeatEvent
from onpu.trained import TrainedListener

STEP_FRAMES = 4
"""Frames from one answer of the network to the next."""
WINDOW_SECONDS = 8.0
"""Seconds that it hears."""
AHEAD_FRAMES = 5
"""Frames of the future that it has heard of each that is read."""
LEAD_SECONDS = 0.12
"""Seconds before a beat at which it is told: a step, and time to compute and to hand it on."""
BPM = 45.0, 230.0
"""Slowest and fastest tempo."""
DEEP_SECONDS = 5.0
"""Seconds of each answer that replace what was answered before: these frames have more of a past in the window."""
LOOK_BACK_SECONDS, LOOK_BACK_EVERY, FIRST_LOOK_BACK = 16.0, 1.0, 2.5
"""How far one looks back, how often, and when for the first time, seconds."""
TOLD_AFTER = 0.4
"""Seconds later at which the filter is told what came of it."""
DOUBT = 0.02
"""Share of the filter's own chances that stays when it is told what came of a look back."""
LEAST_CHANCE = 0.5
"""Chance of the next beat's place from which on it is told."""
AUDIBLE_LEVEL = 1e-3
"""Largest sample from which on something sounds, -60 dB below full scale."""
PAUSE_BEATS, PAUSE_SECONDS = 2.0, 1.0
"""Beats, and seconds at least, in which nothing sounds or no beat is heard, after which none is told."""
TEMPO_WEIGHT = 1.0
"""How much the tempo head counts beside the beats' activation."""
TEMPO_WIDTH = 0.1
"""Difference of logarithms of tempi up to which the tempo head speaks of one."""
LEAST_BELIEF = 0.003
"""Belief in a tempo, at least."""
LEAST_BEATS = 4
"""Beats that are found at least when one looks back."""
LOOKED_BACK_BEATS = 8
"""Last beats of a look back whose median length is told."""
STALE_BEATS = 2.5
"""Beats since the last of a look back from which on it says nothing of now."""


@dataclass(frozen=True)
class LastBeat:
    """How what was looked back at ended. frame: of its last beat; length: of its last beats, frames; position, metre:
    number of that beat in its bar, from 1, and beats a bar."""

    frame: float
    length: float
    position: int
    metre: int


class BeatTracker:
    """The sound at `rate` Hz, in consecutive pieces -> beats ahead of time.

    ahead: frames of the future that the network has heard of each that is read.
    """

    def __init__(self, trained: TrainedListener, ahead: int = AHEAD_FRAMES) -> None:
        clock = trained.features.clock
        self.ahead = ahead
        self.trained, self.fps, self.rate = trained, clock.fps, clock.rate
        self.sliding = Sliding(trained, STEP_FRAMES, round(WINDOW_SECONDS * self.fps))
        self.filter = BarFilter(BarModel(self.fps, bpm=BPM))
        self.past: dict[str, np.ndarray] = {}  # heads of the frames [past_from, read), of the last look back's length
        self.past_from = self.read = 0
        apart = np.log(60 * self.fps / self.filter.lengths[:, None] / TEMPI)
        self.speaks = (np.abs(apart) < TEMPO_WIDTH).astype(np.float32)  # (lengths, classes): of which a class speaks
        self.last_beat, self.last_heard = -np.inf, -np.inf  # frames of what was told, and of the last activation
        self.samples, self.sounded = 0, -np.inf  # heard; seconds at which something sounded
        self.look_back_at, self.told_at = FIRST_LOOK_BACK, 0.0
        self.beside = ThreadPoolExecutor(1)
        self.looking: tuple[Future[LastBeat | None], int] | None = None

    def push(self, samples: np.ndarray) -> Iterator[BeatEvent]:
        """Hear the next samples; yields the beats that are now near enough."""
        loud = np.flatnonzero(np.abs(samples) > AUDIBLE_LEVEL)
        if len(loud):
            self.sounded = (self.samples + int(loud[-1])) / self.rate
        self.samples += len(samples)
        for said in self.sliding.push(samples):
            self._hear(said)
            now = said.samples / self.rate
            event = self._due(now)
            if event is not None:
                yield event
            self._look_back(now)

    def _hear(self, said: Said) -> None:
        """Give the filter the frames that have become readable."""
        until = max(self.read, said.end - self.ahead)
        beat, downbeat = (said.heads[name][self.read - said.first : until - said.first].astype(float)
                          for name in ("beat", "downbeat"))
        belief = self._belief(said.heads["tempo"][:, until - 1 - said.first]) if "tempo" in said.heads else None
        for number, (one, down) in enumerate(zip(beat, downbeat, strict=True), self.read):
            self.filter.push(one, down, belief)
            if one > AUDIBLE_ACTIVATION:
                self.last_heard = number
        self.read = until
        self._remember(said)

    def _belief(self, classes: np.ndarray) -> np.ndarray:
        """Weighed log belief of the tempo head in each length of a beat."""
        belief: np.ndarray = TEMPO_WEIGHT * np.log(np.maximum(self.speaks @ classes, LEAST_BELIEF))
        return belief

    def _remember(self, said: Said) -> None:
        """Keep the newest answer of each frame, for looking back."""
        begin = max(said.first, self.read - round(DEEP_SECONDS * self.fps))
        keep = max(0, self.read - round(LOOK_BACK_SECONDS * self.fps))
        for name, head in said.heads.items():
            old = self.past.get(name, head[..., :0])[..., max(0, keep - self.past_from) : begin - self.past_from]
            self.past[name] = np.concatenate([old, head[..., begin - said.first : self.read - said.first]], axis=-1)
        self.past_from = keep

    def _due(self, now: float) -> BeatEvent | None:
        """The next beat, when it is time to tell it, `now` seconds having been heard."""
        beat = self.filter.next_beat(self.last_beat)
        time = beat.frame / self.fps
        pause = max(PAUSE_BEATS * beat.length / self.fps, PAUSE_SECONDS)
        if (not now <= time < now + LEAD_SECONDS or beat.chance < LEAST_CHANCE or now - self.sounded > pause
                or (self.filter.heard - self.last_heard) / self.fps > pause):
            return None
        self.last_beat = beat.frame
        return BeatEvent(time, now, min(beat.chance, 1.0), beat.position, beat.metre, 60 * self.fps / beat.length)

    def _look_back(self, now: float) -> None:
        """Have what is remembered decoded as a recording, beside all else, and tell the filter how it ended when
        `TOLD_AFTER` seconds have passed, however long it took: so it depends on the sound alone."""
        if self.looking is not None and now >= self.told_at:
            looked, begin = self.looking
            last, self.looking = looked.result(), None
            if last is not None:
                self.filter.told(begin + last.frame, last.length, last.position, last.metre, DOUBT)
        if now >= self.look_back_at:
            self.look_back_at += LOOK_BACK_EVERY
            self.told_at = now + TOLD_AFTER
            self.looking = self.beside.submit(_last_beat, self.trained, dict(self.past)), self.past_from


def _last_beat(trained: TrainedListener, heads: Mapping[str, np.ndarray]) -> LastBeat | None:
    """The last beat of the decoded activations; None where there are few, or none for some time before their end."""
    fps, frames = trained.features.clock.fps, heads["beat"].shape[-1]
    found = trained.decode(heads, frames / fps)
    if found.beats is None or found.metre is None or len(found.beats.times) < LEAST_BEATS:
        return None
    times = found.beats.times * fps
    length = float(np.median(np.diff(times)[-LOOKED_BACK_BEATS:]))
    if frames - times[-1] > STALE_BEATS * length:
        return None
    return LastBeat(float(times[-1]), length, int(found.beats.positions[-1]), int(found.metre.beats_in_bar()[-1]))
