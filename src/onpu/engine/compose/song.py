"""The song that the composer writes and the renderer plays: performed notes and all labels, in seconds."""

from dataclasses import dataclass

import numpy as np

from onpu.errors import LabelError
from onpu.music import Drums, Notes, Timeline


@dataclass(frozen=True, eq=False)
class Track:
    """One player: a stem of its own.

    role: bass, chords, arpeggio, pad, melody, counter or drums. program: General MIDI 0 to 127 (the drum kit's number
    for drums). notes: the performed notes, empty for drums. drums: the hits, None for pitched tracks. gain: dB,
    relative to a balanced mix. pan: -1 left to 1 right. pedal: (k, 2) seconds down and up of the sustain pedal.
    bends: (m, 2) seconds and semitones of pitch bend from there on.
    """

    name: str
    role: str
    program: int
    notes: Notes
    drums: Drums | None
    gain: float
    pan: float
    pedal: np.ndarray
    bends: np.ndarray


@dataclass(frozen=True, eq=False)
class Song:
    """A performed score. `timeline` holds every label: beats, metre, tempo, keys, chords, melody, notes, drums, voice,
    sections, tags, all with confidence 1; `timeline.duration` is the length to render (the last sound rings until it).
    """

    seed: int
    style: str
    tracks: tuple[Track, ...]
    timeline: Timeline

    @property
    def duration(self) -> float:
        """Seconds to render."""
        return self.timeline.duration

    def validate(self) -> "Song":
        """Return self or raise `LabelError`."""
        self.timeline.validate()
        for track in self.tracks:
            track.notes.validate()
            if track.drums is not None:
                track.drums.validate()
            hits = 0.0 if track.drums is None else track.drums.times.max(initial=0.0)
            last = max(track.notes.onsets.max(initial=0.0), hits)
            if last > self.duration:
                raise LabelError(f"track {track.name} has a note at {last:.2f} s, after the song's end")
        return self
