"""Which hand of a pianist plays a note."""

import numpy as np

from onpu.music.quantise import TICKS

SPLITS = np.arange(40, 81) - 0.5
"""Places between the hands: pitches below belong to the left one."""
MIDDLE_C = 60.0
HAND_SPAN = 14
"""Semitones that a hand reaches without effort."""
STRETCH_COST, DISTANCE_COST, MOVE_COST, CLOSE_COST = 1.0, 0.04, 0.12, 0.35
"""Prices: of each semitone beyond `HAND_SPAN`, of each from middle C, of each by which the place moves from one chord
to the next, and of each by which a note comes nearer to it than `ROOM_COST`."""
ROOM_COST = 3.0
MEMORY = TICKS
"""Ticks for which a hand stays where it has played."""


def left_hand(starts: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """Whether each note is the left hand's: the place between the hands moves with the music, as little as it can while
    both hands reach their notes.

    starts: (n,) ticks, pitches: (n,) MIDI numbers, in any order.
    """
    if not len(starts):
        return np.zeros(0, bool)
    times, group = np.unique(starts, return_inverse=True)
    order = np.argsort(starts, kind="stable")
    ordered, pitch = starts[order], pitches[order]
    price = np.array([_price(pitch[slice(*np.searchsorted(ordered, [time - MEMORY + 1, time + 1]))]) for time in times])
    moving = MOVE_COST * np.abs(SPLITS[:, None] - SPLITS[None, :])
    best, back = price[0], np.zeros(price.shape, np.int64)
    for i in range(1, len(times)):
        total = best[None, :] + moving
        back[i] = total.argmin(axis=1)
        best = total.min(axis=1) + price[i]
    path = np.zeros(len(times), np.int64)
    path[-1] = best.argmin()
    for i in range(len(times) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return pitches < SPLITS[path][group]


def _price(pitches: np.ndarray) -> np.ndarray:
    """Of each split, for notes that the hands have to hold or to play at one time."""
    left = pitches[None, :] < SPLITS[:, None]
    spans = [np.where(hand, pitches, -np.inf).max(axis=1) - np.where(hand, pitches, np.inf).min(axis=1)
             for hand in (left, ~left)]
    near = np.maximum(ROOM_COST - np.abs(pitches[None, :] - SPLITS[:, None]), 0).max(axis=1)
    stretch = sum(np.maximum(span - HAND_SPAN, 0) for span in spans)
    return STRETCH_COST * stretch + DISTANCE_COST * np.abs(SPLITS - MIDDLE_C) + CLOSE_COST * near
