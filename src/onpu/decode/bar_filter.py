"""Bar-pointer model, forwards only: what is known of the next beat while the music goes on.

The model is that of `onpu.decode.bars` (Krebs, Böck & Widmer, ISMIR 2015; Böck, Krebs & Widmer, ISMIR 2016): a beat
lasts a whole number of frames, its tempo and the metre may change where it begins. There the best path of a whole
recording is searched; here the chances of all states are carried along by the forward algorithm (Rabiner, "A tutorial
on hidden Markov models", 1989, eq. 19 to 21), as Heydari, Cwitkowitz & Duan do with particles ("BeatNet", ISMIR 2021).
Since the pointer has no choice inside a beat, a state is a beat: where it began, how long it lasts, where in which bar
it stands. Where it ends, the next one begins, so that the chances of the beats that go on are the chances of the next
beat's frame, of those that have not been heard yet.

Deviation: a tempo head, where there is one, is heard at the beginning of a beat (`tempo` of `push`).
"""

from dataclasses import dataclass

import numpy as np

from onpu.decode.bars import BarModel, log_densities, metre_changes

NEAR = np.array([0.5, 1.0, 1.0, 1.0, 0.5])
"""How much the frames around one count for a beat in it."""
FORGET_EVERY = 64
"""Frames after which the largest log chance is set to 0 again."""
NOTHING = -1e30
"""Log chance of what cannot be."""
LIKELY_BAR = 0.9
"""Chance of the place in the bar that `told` is told."""
SHARES = {-1: 0.25, 0: 0.5, 1: 0.25}
"""Frames beside the beat that `told` is told -> its chance to lie there."""


@dataclass(frozen=True)
class NextBeat:
    """frame: where it begins, with fractions, of those from the first unheard on; length: frames that it follows its
    predecessor by; chance: that it begins within two frames of there; down: chance that it is a downbeat; position,
    metre: its most probable number in the bar, from 1, and beats a bar."""

    frame: float
    length: float
    chance: float
    down: float
    position: int
    metre: int


class BarFilter:
    """Activations frame by frame -> the next beat. Its size does not grow with what it has heard."""

    def __init__(self, model: BarModel) -> None:
        self.model, self.lengths = model, model.lengths()
        self.heads = model.beat_frames(self.lengths)
        self.metre = np.repeat(model.metres, model.metres)
        self.position = np.concatenate([np.arange(metre) for metre in model.metres])
        self.first = np.flatnonzero(self.position == 0)
        self.last = self.first + np.asarray(model.metres) - 1
        self.longest = int(self.lengths[-1])
        self.columns = np.arange(len(self.lengths))
        logits = -model.steadiness * np.abs(self.lengths[None] / self.lengths[:, None] - 1)
        self.tempo = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)  # (from, to)
        self.change = np.exp(metre_changes(model)).astype(np.float64)
        self.slots = self.longest + int(self.heads.max())
        self.heard = 0  # frames
        states = len(self.lengths) * len(self.position)
        self.chances = np.full((self.slots, len(self.lengths), len(self.position)), NOTHING)
        for start in range(-self.longest, 0):  # any beat may go on when the music begins
            lasts = start + self.lengths >= 0
            self.chances[start % self.slots, lasts] = -np.log(self.lengths[lasts] * states)[:, None]
        self.recent = np.zeros((self.slots, 2 + len(self.lengths)))  # what was heard of the last frames

    def push(self, beat: float, downbeat: float, tempo: np.ndarray | None = None) -> None:
        """Hear a frame: activations in [0, 1], and log belief (lengths,) in each tempo, should a beat begin here."""
        other, down, silent = (float(x[0]) for x in log_densities(np.array([beat]), np.array([min(downbeat, beat)]),
                                                                  self.model))
        told = np.zeros(len(self.lengths)) if tempo is None else tempo
        self._hear(np.concatenate([[other - silent, down - silent], told]))

    def _hear(self, seen: np.ndarray) -> None:
        """The forward step; seen: log odds of a beat and a downbeat over none, and belief in tempi."""
        now = self.heard
        self.recent[now % self.slots] = seen
        ended = self.chances[(now - self.lengths) % self.slots, self.columns]  # (lengths, bar states)
        top = float(ended.max())
        entered = self.tempo.T @ np.exp(ended - top)
        new = entered[:, np.maximum(np.arange(len(self.position)) - 1, 0)]
        new[:, self.first] = entered[:, self.last] @ self.change
        self.chances[now % self.slots] = np.maximum(
            np.log(np.maximum(new, 1e-300)) + top + seen[2:, None], NOTHING)
        odds = np.where(self.position == 0, seen[1], seen[0])
        for ago in range(int(self.heads.max())):
            self.chances[(now - ago) % self.slots, self.heads > ago] += odds
        self.heard += 1
        if self.heard % FORGET_EVERY == 0:
            self.chances = np.maximum(self.chances - self._open().max(), NOTHING)

    def _open(self) -> np.ndarray:
        """Log chances (frames, lengths, bar states) of the beats that go on, by the frame in which they end, from the
        first unheard on."""
        ends = np.arange(self.longest)[:, None]
        goes_on = ends < self.lengths
        starts = (self.heard + ends - self.lengths) % self.slots
        log: np.ndarray = np.where(goes_on[..., None], self.chances[starts, self.columns], NOTHING)
        return log

    def next_beat(self, after: float) -> NextBeat:
        """The beat that is expected next, half a beat or more after this frame, where the last one was told."""
        log = self._open()
        chances = np.exp(log - log.max())
        chances /= chances.sum()
        around = np.convolve(chances.sum(axis=(1, 2)), NEAR, mode="same")
        best = int(around.argmax())
        low = max(0, best - len(NEAR) // 2)
        near = chances[low : best + len(NEAR) // 2 + 1]
        chance = float(near.sum())
        frame = self.heard + low + float(near.sum(axis=(1, 2)) @ np.arange(len(near))) / chance
        length = float(near.sum(axis=(0, 2)) @ self.lengths) / chance
        bars = self._after(near.sum(axis=(0, 1)) / chance)
        while frame <= after + length / 2:
            frame, bars = frame + length, self._after(bars)
        down = float(bars[self.first].sum())
        kind = bars * ((self.position == 0) == (down > 0.5))
        position = int(np.bincount(self.position, weights=kind).argmax()) + 1
        metre = int(np.bincount(self.metre, weights=kind).argmax())
        return NextBeat(frame, length, chance, down, position, metre)

    def _after(self, bars: np.ndarray) -> np.ndarray:
        """Chances of the bar states one beat later."""
        after = bars[np.maximum(np.arange(len(bars)) - 1, 0)]
        after[self.first] = bars[self.last]
        return after

    def told(self, frame: float, length: float, position: int, metre: int, doubt: float) -> None:
        """Believe somebody who has looked back: a beat began at this frame, the last of several of this length, the
        `position`-th of a bar of `metre` beats. doubt: share of the present chances that stays, in (0, 1)."""
        other = BarFilter(self.model)
        other.chances[:] = NOTHING
        other.recent = self.recent
        while self.heard - frame > max(length, 1.0):  # beats since then
            frame, position = frame + length, position % max(metre, 1) + 1
        begin = min(round(frame), self.heard - 1)
        if begin <= self.heard - self.longest:
            return
        bars = np.full(len(self.position), (1 - LIKELY_BAR) / len(self.position))
        bars[(self.metre == metre) & (self.position == position - 1)] += LIKELY_BAR
        tempo = -self.model.steadiness * np.abs(self.lengths / length - 1)
        for beside, share in SHARES.items():
            if begin + beside < self.heard:
                other.chances[(begin + beside) % self.slots] = tempo[:, None] + np.log(share * bars)
        other.heard = min(begin + max(SHARES) + 1, self.heard)
        while other.heard < self.heard:
            other._hear(self.recent[other.heard % self.slots])
        mixed = np.logaddexp(_normal(self._open()) + np.log(doubt), _normal(other._open()) + np.log1p(-doubt))
        self.chances[:] = NOTHING
        ends = np.arange(self.longest)[:, None]
        goes_on = ends < self.lengths
        starts = (self.heard + ends - self.lengths) % self.slots
        self.chances[starts[goes_on], np.broadcast_to(self.columns, goes_on.shape)[goes_on]] = mixed[goes_on]


def _normal(log: np.ndarray) -> np.ndarray:
    """Log chances that add up to 1."""
    top = log.max()
    normal: np.ndarray = np.maximum(log - (top + np.log(np.exp(log - top).sum())), NOTHING)
    return normal
