"""Bars of beats that are known: which of them are downbeats, in which metre."""

import numpy as np

from onpu.decode.bars import METRES, RARE

CHANGE_PRICE = 8.0
"""Nats by which another metre must be better than the one before; twice as many, by which a bar cut short must."""
CUSTOM = 0.3
"""Nats a beat by which a metre must be better that is ten times as rare (see `onpu.decode.bars.BarModel`)."""
LEAST_SHARE = 0.02
"""Distance that chances of a downbeat keep from 0 and 1."""


def count_bars(chance: np.ndarray, known: np.ndarray, metres: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Positions from 1 and beats a bar, (n,) both, of beats in their most probable bars.

    chance: (n,) of each beat being a downbeat. known: (n,) positions that hold, 0 where unknown. metres: beats a bar
    that may occur; what is known holds whatever these are.
    """
    longest = int(known.max(initial=0))
    allowed = tuple(metre for metre in metres if metre >= longest) or (longest,)
    metre = np.repeat(allowed, allowed)
    position = np.concatenate([np.arange(1, size + 1) for size in allowed])
    down = np.clip(chance, LEAST_SHARE, 1 - LEAST_SHARE)
    rarity = CUSTOM * np.log10([METRES.get(int(size), RARE) for size in metre])
    score = np.where(position == 1, np.log(down)[:, None], np.log(1 - down)[:, None]) + rarity
    score[(known > 0)[:, None] & (position != known[:, None])] -= 1e6
    begins, ends = np.flatnonzero(position == 1), np.flatnonzero(position == metre)
    before = np.arange(len(metre)) - 1
    total, came = score[0], np.zeros(score.shape, np.int64)
    for beat in range(1, len(score)):
        arriving, origin = total[before], before.copy()
        best = ends[total[ends].argmax()]
        cut = int(total.argmax())
        for begin, end in zip(begins, ends, strict=True):
            ways = ((total[end], end), (total[best] - CHANGE_PRICE, best), (total[cut] - 2 * CHANGE_PRICE, cut))
            arriving[begin], origin[begin] = max(ways)
        came[beat] = origin
        total = arriving + score[beat]
    path = np.zeros(len(score), np.int64)
    path[-1:] = total.argmax()
    for beat in range(len(score) - 1, 0, -1):
        path[beat - 1] = came[beat, path[beat]]
    return position[path], metre[path]
