"""What is told of a line of notes to a network that plays it: frames of 5 ms."""

import numpy as np

from onpu.music.arrays import Floats, Integers

HOP = 80
"""Samples of a frame, 5 ms at 16 kHz."""
KEYS = range(55, 80)
"""MIDI numbers of the notes that are told apart: G3 to G5."""
FADES = (0.03, 0.15, 0.6)
"""Time constants in seconds of what is told of how long ago a note began, and ended."""
CHANNELS = len(KEYS) + 2 + 2 * len(FADES)
TONE = 2
"""Rows that tell the tone of the note, see `tone_frames`."""


def line_frames(keys: np.ndarray, velocities: np.ndarray, seconds: float) -> Floats:
    """Channels (CHANNELS, frames) of keys and velocities (frames,) of what is held, 0 where nothing is, as is taken of
    keys that are none of `KEYS`; seconds: of a frame.

    Each of `KEYS`, one-hot, until the next note, for notes ring; whether it is held; its velocity, from 0 to 1; exp(-t
    / τ) of the time since its onset and since its end, for each τ of `FADES`.
    """
    frames, keys = len(keys), np.where(np.isin(keys, KEYS), keys, 0)
    rows = np.zeros((CHANNELS, frames), np.float32)
    held = keys > 0
    before = np.concatenate([[0.0], keys[:-1]])
    owner = owners(keys)
    known = owner >= 0
    rows[np.rint(keys[owner[known]]).astype(int) - KEYS.start, np.flatnonzero(known)] = 1
    rows[len(KEYS)] = held
    rows[len(KEYS) + 1, known] = velocities[owner[known]] / 127
    ended = np.maximum.accumulate(np.where(~held & (before > 0), np.arange(frames), -1))
    since = np.where(known, (np.arange(frames) - owner) * seconds, np.inf)
    gone = np.where((ended >= 0) & ~held, (np.arange(frames) - ended) * seconds, np.inf)
    for place, fade in enumerate(FADES):
        rows[len(KEYS) + 2 + place] = np.exp(-since / fade)
        rows[len(KEYS) + 2 + len(FADES) + place] = np.exp(-gone / fade)
    return rows


def tone_frames(keys: np.ndarray, seconds: float) -> Floats:
    """Where in its period the note of the last onset is at the beginning of each frame, and the periods that pass in a
    frame: (TONE, frames) of keys (frames,) as in `line_frames`, zeros before the first onset. Each note begins with a
    period; seconds: of a frame.
    """
    owner = owners(keys)
    known = owner >= 0
    periods = np.where(known, 440 * 2.0 ** ((keys[owner] - 69) / 12) * seconds, 0.0)
    places = (np.arange(len(keys)) - owner) * periods % 1
    rows: Floats = np.stack([np.where(known, places, 0.0), periods]).astype(np.float32)
    return rows


def owners(keys: np.ndarray) -> Integers:
    """(frames,) the frame at which the last note began, -1 before the first; 0 is taken of keys that are none of
    `KEYS`."""
    keys = np.where(np.isin(keys, KEYS), keys, 0)
    onset = (keys > 0) & (keys != np.concatenate([[0.0], keys[:-1]]))
    begun: Integers = np.maximum.accumulate(np.where(onset, np.arange(len(keys)), -1))
    return begun
