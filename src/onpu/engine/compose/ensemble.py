"""The notes and drums of a timeline as a song that can be rendered: a player for each instrument."""

from dataclasses import replace

import numpy as np

from onpu.engine.compose.choir import RING_SECONDS
from onpu.engine.compose.song import Song, Track
from onpu.music import Notes, Timeline


def ensemble(timeline: Timeline, seed: int = 0) -> Song:
    """A track for each General MIDI program, all in the middle; what sounds last rings on."""
    tracks = []
    nothing = np.zeros((0, 2))
    if timeline.notes is not None:
        for program in np.unique(timeline.notes.programs).tolist():
            notes = timeline.notes.select(timeline.notes.programs == program)
            tracks.append(Track(f"program {program}", "chords", program, notes, None, 0.0, 0.0, nothing, nothing))
    if timeline.drums is not None and len(timeline.drums.times):
        tracks.append(Track("drums", "drums", 0, Notes.empty(), timeline.drums, 0.0, 0.0, nothing, nothing))
    return Song(seed, "played", tuple(tracks), replace(timeline, duration=timeline.duration + RING_SECONDS)).validate()
