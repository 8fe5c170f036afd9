"""Bar-pointer model: the best sequence of beats with tempi, bar positions and metres for given activations.

The state space is that of Krebs, Böck & Widmer, "An efficient state-space model for joint tempo and meter tracking"
(ISMIR 2015): a pointer moves through the bar with one frame a step, a beat lasts a whole number of frames, tempo
changes at beats only, with probability ∝ exp(-λ |τ'/τ - 1|) (eq. 7). Observations as in Böck, Krebs & Widmer, "Joint
beat and downbeat tracking with recurrent neural networks" (ISMIR 2016, section 2.2): the first 1/Λ of a beat reads the
(down)beat activation, the rest its complement divided by Λ - 1.

Inside a beat the pointer has no choice, so the best path over frames is a best path over beats. We search that one:
the score of a whole beat comes from cumulative sums, and as many frames as the shortest beat has are advanced at once.
 The result is the exact Viterbi path of the published model at a small part of its cost.

Deviations: the first 1/Λ of a beat is never longer than `width` seconds, since activations are no broader at slow
tempi than at fast ones; the metre may change at a bar line (ISMIR 2016 decodes each metre by itself); tempo changes of
more than `REFINE_FRAMES` steps of the tempo grid, whose probability is practically nil, are left out.
"""

from dataclasses import dataclass

import numpy as np

from onpu.music.arrays import Floats, repeated

REFINE_FRAMES = 5
METRES = {2: 0.25, 3: 0.5, 4: 1.0, 5: 0.1, 6: 0.15, 7: 0.1}  # how common a metre is, relative to four beats a bar
RARE = 0.1  # the same for any other metre
WINDOW = 4_000  # frames searched at a time, which are most of the memory
KEPT_BYTES = 2**26  # size of all windows' scores up to which they are kept for the way back, and not computed again
EARLY_BEATS = 0.05  # seconds by which a beat may come before the recording and still count as its first moment
FLOOR = 1e-6


@dataclass(frozen=True)
class BarModel:
    """The model's parameters.

    fps: frames a second. metres: allowed beats a bar. bpm: slowest and fastest tempo. tempi: number of beat lengths
    that are tried at most (fewer where whole frames coincide). steadiness: λ. share: Λ, a beat is a beat for 1/Λ of its
    length, but for no more than `width` seconds. downbeats: share of downbeats among beats where nothing is known.
    metre_change: probability that a bar line brings another metre. custom: nats a beat by which a metre must be better
    that is ten times as rare (`METRES`). favour: of some metres, nats a beat that speak for them beforehand.
    """

    fps: float
    metres: tuple[int, ...] = (2, 3, 4, 5, 6, 7)
    bpm: tuple[float, float] = (45.0, 230.0)
    tempi: int = 60
    steadiness: float = 60.0
    share: float = 16.0
    width: float = 0.02
    downbeats: float = 0.33
    metre_change: float = 1e-4
    custom: float = 0.3
    favour: tuple[tuple[int, float], ...] = ()

    def lengths(self) -> np.ndarray:
        """Beat lengths in frames, ascending whole numbers, evenly spaced in log tempo (ISMIR 2015, section 3.2)."""
        shortest, longest = 60 * self.fps / self.bpm[1], 60 * self.fps / self.bpm[0]
        return np.unique(np.round(np.geomspace(max(shortest, 2), max(longest, 2), self.tempi)).astype(int))

    def beat_frames(self, lengths: np.ndarray) -> np.ndarray:
        """Number of frames at the beginning of a beat that read the beat activation."""
        return np.minimum(np.ceil(lengths / self.share), max(1, round(self.width * self.fps))).astype(int)


@dataclass(frozen=True, eq=False)
class BarPath:
    """frames (n,) int where beats begin; positions (n,) from 1; metres (n,) beats in the bar around the beat."""

    frames: np.ndarray
    positions: np.ndarray
    metres: np.ndarray


def decode_bars(beat: np.ndarray, downbeat: np.ndarray, model: BarModel) -> BarPath:
    """Most probable bars for activations beat and downbeat, (frames,) in [0, 1]; `beat` includes the downbeats."""
    frames = len(beat)
    if frames == 0:
        return BarPath(*(np.zeros(0, dtype=int) for _ in range(3)))
    search = _Search(model, *log_densities(beat, downbeat, model))
    return search.best_path()


def log_densities(beat: np.ndarray, downbeat: np.ndarray, model: BarModel) -> tuple[np.ndarray, ...]:
    """Log densities of "other beat", "downbeat" and "no beat", each (frames,)."""
    down = np.clip(downbeat, FLOOR, 1 - FLOOR)
    other = np.clip(beat - downbeat, FLOOR, 1 - FLOOR)
    silent = np.clip(1 - np.maximum(beat, downbeat), FLOOR, 1) / (model.share - 1)
    return np.log(other / (2 - 2 * model.downbeats)), np.log(down / (2 * model.downbeats)), np.log(silent)


class _Search:
    """Best path over beats; `total[t, j, s]` is the best log score of a beat of length j at bar state s that starts at
    t, its own frames included. Time is padded by one longest beat on either side, where every observation counts
    nothing, so that the first and the last beat may be cut by the ends of the recording."""

    def __init__(self, model: BarModel, other: np.ndarray, down: np.ndarray, silent: np.ndarray):
        self.lengths = model.lengths()
        self.heads = model.beat_frames(self.lengths)
        self.pad = int(self.lengths[-1])
        self.early = round(EARLY_BEATS * model.fps)
        self.block = int(self.lengths[0])
        self.end = self.pad + len(other)
        self.metre = repeated(model.metres, model.metres)
        self.position = np.concatenate([np.arange(m) for m in model.metres])
        self.first = np.flatnonzero(self.position == 0)
        self.last = self.first + np.asarray(model.metres) - 1
        self.before = np.where(self.position == 0, self.last[np.searchsorted(self.first, np.arange(len(self.metre)),
                                                                             side="right") - 1],
                               np.arange(len(self.metre)) - 1)
        self.tempo = _tempo_changes(self.lengths, model.steadiness)
        self.change = metre_changes(model)
        self.sums = [np.concatenate([np.zeros(self.pad + 1), np.cumsum(x), np.full(self.pad, x.sum())])
                     for x in (other, down, silent)]  # of densities, so that those of a whole beat are differences
        self.is_down = (self.position == 0).astype(int)

    def best_path(self) -> BarPath:
        """Forward over all windows keeping only their first columns, then back, recomputing one window at a time."""
        states = (len(self.lengths), len(self.metre))
        edge = np.broadcast_to(self._observe(0, self.pad), (self.pad, *states))
        windows = [(self.pad, edge)]  # where each begins; its edge, or all its scores where these are kept
        kept = self.end * len(self.lengths) * len(self.metre) * 4 <= KEPT_BYTES
        while True:
            begin, edge = windows[-1]
            total = self._forward(begin, edge)
            if kept:
                windows[-1] = begin, total
            if begin + WINDOW >= self.end:
                break
            windows.append((begin + WINDOW, total[-self.pad:].copy()))
        tail = total[-self.pad:]
        through = np.arange(-self.pad, 0)[:, None] + self.lengths >= 0  # beats that last until the end
        t, j, s = np.unravel_index(int(np.argmax(np.where(through[:, :, None], tail, -np.inf))), tail.shape)
        return self._back(windows, total, int(t) + self.end - self.pad, int(j), int(s))

    def _observe(self, begin: int, end: int) -> np.ndarray:
        """Log scores (starts, lengths, states) of the whole beats that start in [begin, end); what lies in the padding
        counts nothing."""
        starts = np.arange(begin, end)[:, None]
        turns = starts + self.heads
        rest = self.sums[2][starts + self.lengths] - self.sums[2][turns]
        kinds = [(sums[turns] - sums[starts] + rest).astype(np.float32) for sums in self.sums[:2]]
        scores: Floats = np.stack(kinds)[self.is_down].transpose(1, 2, 0)
        return scores

    def _forward(self, begin: int, edge: np.ndarray) -> np.ndarray:
        """total of [begin - pad, begin + WINDOW), of which the first `pad` frames are given as `edge`."""
        end = min(begin + WINDOW, self.end)
        total = np.empty((end - begin + self.pad, *edge.shape[1:]), dtype=np.float32)
        total[: self.pad] = edge
        rows = total.reshape(-1, total.shape[2])
        count = len(self.lengths)
        back = np.arange(count) - self.lengths * count
        for now in range(begin, end, self.block):
            size = min(self.block, end - now)
            here = (now - begin + self.pad + np.arange(size)) * count
            ended = rows[here[:, None] + back]  # (size, lengths, states): beats that end where the new ones begin
            score = self._enter(self._retune(ended)) + self._observe(now, now + size)
            if now <= self.pad:  # the recording may begin at the very start of a beat
                score[: self.pad + 1 - now] = np.maximum(score[: self.pad + 1 - now],
                                                         self._observe(now, min(self.pad + 1, now + size)))
            total[now - begin + self.pad: now - begin + self.pad + size] = score
        return total

    def _retune(self, ended: np.ndarray) -> np.ndarray:
        """Best over the lengths of the beat before, for each length of the new beat; same shape."""
        best: Floats = ended + self.tempo[REFINE_FRAMES][:, None]
        count = ended.shape[1]
        for step in range(1, min(REFINE_FRAMES, count - 1) + 1):
            for new, old, row in ((slice(step, None), slice(None, -step), REFINE_FRAMES - step),
                                  (slice(None, -step), slice(step, None), REFINE_FRAMES + step)):
                np.maximum(best[:, new], ended[:, old] + self.tempo[row][new, None], out=best[:, new])
        return best

    def _enter(self, best: np.ndarray) -> np.ndarray:
        """Scores of entering each bar state (size, lengths, states) from the state before it."""
        out = best[:, :, self.before]
        if len(self.first) > 1:
            lasts = best[:, :, self.last]
            for i, state in enumerate(self.first):
                out[:, :, state] = (lasts + self.change[:, i]).max(axis=2)
        return out

    def _back(self, windows: list[tuple[int, Floats]], total: np.ndarray, t: int, j: int, s: int) -> BarPath:
        """Follow the best predecessors from the last beat, which starts at t, to the start."""
        path = [(t, s)]
        begin, _ = windows.pop()
        while t > self.pad:
            while t < begin and windows:
                begin, total = windows.pop()
                if len(total) == self.pad:
                    total = self._forward(begin, total)
            source = t - self.lengths  # starts of the possible beats before
            reach = np.arange(max(j - REFINE_FRAMES, 0), min(j + REFINE_FRAMES + 1, len(self.lengths)))
            cost = self.tempo[reach - j + REFINE_FRAMES, j]
            if self.position[s] == 0:
                into = self.change[:, np.searchsorted(self.first, s)]
                options = total[source[reach] - begin + self.pad][:, :, self.last][
                    np.arange(len(reach)), reach] + cost[:, None] + into
                k, i = np.unravel_index(int(np.argmax(options)), options.shape)
                j, s = int(reach[k]), int(self.last[i])
            else:
                options = total[source[reach] - begin + self.pad, reach, s - 1] + cost
                j, s = int(reach[int(np.argmax(options))]), s - 1
            t = int(source[j])
            path.append((t, s))
        frames, states = (np.array(x, dtype=int) for x in zip(*reversed(path), strict=True))
        inside = frames >= self.pad - self.early
        states = states[inside]
        return BarPath(np.maximum(frames[inside] - self.pad, 0), self.position[states] + 1, self.metre[states])


def _tempo_changes(lengths: np.ndarray, steadiness: float) -> np.ndarray:
    """Log probabilities (2 REACH + 1, lengths): row REACH + k is for coming from k steps further up the grid."""
    logits = -steadiness * np.abs(lengths[None, :] / lengths[:, None] - 1)  # from row to column
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    out = np.full((2 * REFINE_FRAMES + 1, len(lengths)), -np.inf, dtype=np.float32)
    for k in range(-REFINE_FRAMES, REFINE_FRAMES + 1):
        new = np.arange(len(lengths))
        fine = (new + k >= 0) & (new + k < len(lengths))
        out[REFINE_FRAMES + k, fine] = logp[new[fine] + k, new[fine]]
    return out


def metre_changes(model: BarModel) -> np.ndarray:
    """Log scores (from, to) of the metre after a bar line: its probability, and for each beat how common it is."""
    count = len(model.metres)
    if count == 1:
        return np.zeros((1, 1), dtype=np.float32)
    away = np.full((count, count), np.log(max(model.metre_change, 1e-300) / (count - 1)), dtype=np.float32)
    np.fill_diagonal(away, np.log1p(-model.metre_change))
    favour = dict(model.favour)
    known = [metre * (model.custom * np.log10(METRES.get(metre, RARE)) + favour.get(metre, 0.0))
             for metre in model.metres]
    return away + np.array(known, dtype=np.float32)
