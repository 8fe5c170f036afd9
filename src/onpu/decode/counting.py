"""Bars of beats that are known: which of them are downbeats, in which metre.

The model is that of `onpu.decode.bars` where the beats' times are given: the same metres, as common, the same chance of
another one, the same share of downbeats. What comes round (`repetition`) and where the music begins (`beginning`) are
told to it as they are to that one, by its `favour` and by the activation.
"""

import numpy as np

from onpu.decode.bars import METRES, RARE, BarModel
from onpu.music.arrays import repeated

LEAST_SHARE = 0.02
"""Distance that chances of a downbeat keep from 0 and 1."""
CUT_BARS = 2.0
"""A bar that is cut short must be better by so many changes of metre."""


def count_bars(chance: np.ndarray, known: np.ndarray, model: BarModel) -> tuple[np.ndarray, np.ndarray]:
    """Positions from 1 and beats a bar, (n,) both, of beats in their most probable bars.

    chance: (n,) of each beat being a downbeat. known: (n,) positions that hold, 0 where unknown. model: the metres that
    may occur, and what speaks for each; what is known holds whatever these are.
    """
    longest = int(known.max(initial=0))
    allowed = tuple(metre for metre in model.metres if metre >= longest) or (longest,)
    metre = repeated(allowed, allowed)
    position = np.concatenate([np.arange(1, size + 1) for size in allowed])
    favour = dict(model.favour)
    custom = np.array([model.custom * np.log10(METRES.get(int(size), RARE)) + favour.get(int(size), 0.0)
                       for size in metre])
    down = np.clip(chance, LEAST_SHARE, 1 - LEAST_SHARE)[:, None]
    score = np.where(position == 1, np.log(down / model.downbeats),
                     np.log((1 - down) / (1 - model.downbeats))) + custom
    score[(known > 0)[:, None] & (position != known[:, None])] -= 1e6
    begins, ends = np.flatnonzero(position == 1), np.flatnonzero(position == metre)
    change = -float(np.log(model.metre_change / max(len(allowed) - 1, 1)))
    before = np.arange(len(metre)) - 1
    total, came = score[0], np.zeros(score.shape, np.int64)
    for beat in range(1, len(score)):
        arriving, origin = total[before], before.copy()
        best = ends[total[ends].argmax()]
        cut = int(total.argmax())
        for begin, end in zip(begins, ends, strict=True):
            ways = ((total[end], end), (total[best] - change, best), (total[cut] - CUT_BARS * change, cut))
            arriving[begin], origin[begin] = max(ways)
        came[beat] = origin
        total = arriving + score[beat]
    path = np.zeros(len(score), np.int64)
    path[-1:] = total.argmax()
    for beat in range(len(score) - 1, 0, -1):
        path[beat - 1] = came[beat, path[beat]]
    return position[path], metre[path]
