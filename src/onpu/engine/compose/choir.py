"""A chorale as a song that can be rendered: a player a voice, side by side."""

from dataclasses import replace

import numpy as np

from onpu.engine.compose.song import Song, Track
from onpu.music import Notes
from onpu.music.chorale import STEPS, VELOCITY, VOICES, Chorale

RING_SECONDS = 2.5
"""Seconds after the last note."""
VOICE_PANS = (-0.3, 0.1, -0.1, 0.3)
"""Of the voices, from left to right."""


def choir(chorale: Chorale, bpm: float, program: int, seed: int = 0) -> Song:
    """The chorale at so many quarters a minute, all voices on the instrument of that General MIDI number."""
    step = 60 / bpm / STEPS
    tracks = []
    for number, name in enumerate(VOICES):
        starts, ends, pitches = chorale.line(number)
        count = len(starts)
        notes = Notes(starts * step, ends * step, pitches.astype(np.float64), np.full(count, VELOCITY),
                      np.full(count, program), np.ones(count))
        tracks.append(Track(name, "chords", program, notes, None, 0.0, VOICE_PANS[number], np.zeros((0, 2)),
                            np.zeros((0, 2))))
    timeline = chorale.timeline(bpm, program)
    return Song(seed, "chorale", tuple(tracks), replace(timeline, duration=timeline.duration + RING_SECONDS)).validate()
