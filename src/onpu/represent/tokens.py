"""Passages as tokens: one number a step for each part, as MusicVAE has them (Roberts et al., ICML 2018, section 4).

A line has 90 classes: nothing happens, the note ends, one of 88 pitches begins. Drums have 512: which of the nine are
struck.
"""

from collections.abc import Sequence

import numpy as np

from onpu.music.passage import HOLD, KIT, OFF, Passage

LOWEST, HIGHEST = 21, 108
"""MIDI pitches of a piano's keys."""
CLASSES = {"melody": HIGHEST - LOWEST + 3, "bass": HIGHEST - LOWEST + 3, "drums": 2 ** len(KIT)}
_BITS = 1 << np.arange(len(KIT))


def encoded(passage: Passage, parts: Sequence[str]) -> np.ndarray:
    """(parts, steps) int64; pitches beyond the piano's keys are moved by octaves."""
    rows = [passage.parts[part] @ _BITS if part == "drums" else _line(passage.parts[part]) for part in parts]
    return np.stack(rows).astype(np.int64)


def _line(events: np.ndarray) -> np.ndarray:
    low, high = np.maximum(0, LOWEST - events + 11) // 12, np.maximum(0, events - HIGHEST + 11) // 12
    return np.where(events >= 0, events + 12 * low - 12 * high - LOWEST + 2, events - HOLD)


def decoded(tokens: np.ndarray, parts: Sequence[str], name: str = "") -> Passage:
    """Inverse of `encoded`. A note that ends before one has begun is left out, and so is an end after the end."""
    rows = {part: (row[:, None] & _BITS) > 0 if part == "drums" else
            _ended(np.where(row > 1, row + LOWEST - 2, row + HOLD)) for part, row in zip(parts, tokens, strict=True)}
    return Passage(rows, name=name)


def _ended(events: np.ndarray) -> np.ndarray:
    """A line without ends of what does not sound."""
    sounding = False
    kept = events.copy()
    for step, event in enumerate(events.tolist()):
        if event == OFF and not sounding:
            kept[step] = HOLD
        sounding = event >= 0 or (sounding and event == HOLD)
    return kept
