"""A song written by hand: drums, bass, a distorted guitar, a bent lead, a sung line, two bars of 4/4 at 120."""

import numpy as np

from onpu.engine.compose.song import Song, Track
from onpu.music import Beats, Drums, Notes, Timeline

NOTHING = np.zeros((0, 2))


def make_notes(onsets, lengths, pitches, program, velocity=90):
    count = len(onsets)
    onsets = np.asarray(onsets, dtype=np.float64)
    return Notes(onsets, onsets + lengths, np.asarray(pitches, dtype=np.float64), np.full(count, float(velocity)),
                 np.full(count, program), np.ones(count))


def make_drums(times, pitches):
    return Drums(np.asarray(times, dtype=np.float64), np.asarray(pitches), np.full(len(times), 100.0),
                 np.ones(len(times)))


def by_hand():
    beats = 0.1 + 0.5 * np.arange(8)
    chords = make_notes(np.repeat(beats[::4], 3), 1.8, np.tile([48, 55, 60], 2), 29)
    tracks = (
        Track("drums", "drums", 0, make_notes([], 0, [], 0), make_drums(np.repeat(beats, 2), [36, 42, 38, 42] * 4),
              0.0, 0.0, NOTHING, NOTHING),
        Track("bass", "bass", 33, make_notes(beats, 0.45, [36, 36, 43, 43] * 2, 33), None, -2.0, 0.0, NOTHING, NOTHING),
        Track("guitar", "chords", 29, chords, None, 0.0, -1.0, NOTHING, NOTHING),
        Track("lead", "melody", 81, make_notes(beats, 0.45, [72, 74, 76, 77] * 2, 81), None, 0.0, 0.5, NOTHING,
              np.array([[0.3, 0.5], [0.6, 0.0]])),
        Track("lead", "counter", 52, make_notes(beats[::2], 0.9, [60, 62, 64, 65], 52), None, 0.0, 0.2, NOTHING,
              NOTHING),
    )
    return Song(1, "by hand", tracks, Timeline(4.6, beats=Beats.of(beats, np.arange(8) % 4 + 1))).validate()
