"""The notes of a timeline as a song that can be rendered: a player for each instrument."""

from dataclasses import replace

import numpy as np

from onpu.data.compose.choir import RING
from onpu.data.compose.song import Song, Track
from onpu.music import Notes, Timeline


def ensemble(timeline: Timeline, seed: int = 0) -> Song:
    """A track for each General MIDI program, all in the middle; what sounds last rings on."""
    tracks = []
    if timeline.notes is not None:
        for program in np.unique(timeline.notes.programs).tolist():
            mine = timeline.notes.programs == program
            notes = Notes(*(column[mine] for column in vars(timeline.notes).values()))
            tracks.append(Track(f"program {program}", "chords", program, notes, None, 0.0, 0.0, np.zeros((0, 2)),
                                np.zeros((0, 2))))
    return Song(seed, "played", tuple(tracks), replace(timeline, duration=timeline.duration + RING)).validate()
