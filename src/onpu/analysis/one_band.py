"""Which instruments play, decided once: the network of notes says it of each note, another one of each second.

Both vote, and lines stay together (`onpu.music.lines`); what is sung is the voice's. Then notes and players name the
same families. So sheets, MIDI, JAMS and pages name the same instruments.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from onpu.music import Instruments, Notes, Timeline, Voice
from onpu.music.instruments import FAMILIES, VOICES
from onpu.music.lines import with_lines
from onpu.music.players import VOICE_PROGRAM, sung
from onpu.music.playing import playing


def one_band(timeline: Timeline, known: Collection[str] = ()) -> Timeline:
    """The timeline whose notes and players agree; known: names of what stands as it is.

    Heard notes get the programs of their players. Families without a note are no longer among the players, and those
    with notes are. Drums and singing are as they were.
    """
    notes, band = timeline.notes, timeline.instruments
    if notes is None or not len(notes) or not (notes.confidence < 1).any():
        return timeline
    if "notes" not in known:
        notes = replace(notes, programs=_programs(notes, timeline))
        timeline = replace(timeline, notes=notes)
    if band is None or "instruments" in known:
        return timeline
    return replace(timeline, instruments=_players(timeline, notes, band))


def _programs(notes: Notes, timeline: Timeline) -> np.ndarray:
    """Programs (n,), the voice's where the melody is sung; where it is known when somebody sings, nowhere else."""
    voice = np.isin(notes.programs, VOICES)
    if timeline.voice is not None:
        voice &= _meets(notes, timeline.voice)
        if timeline.melody is not None:
            voice |= sung(notes, timeline.melody, timeline.voice)
    programs = np.where(voice, VOICE_PROGRAM, notes.programs)
    silent = VOICES if timeline.voice is not None else ()
    programs[~voice] = with_lines(notes.select(~voice), timeline.instruments, silent)
    return programs


def _meets(notes: Notes, voice: Voice) -> np.ndarray:
    """Which notes (n,) sound while somebody sings."""
    before = np.searchsorted(voice.starts, notes.offsets) - 1
    ends = np.append(-np.inf, voice.ends)
    meets: np.ndarray = notes.onsets < ends[before + 1]
    return meets


def _players(timeline: Timeline, notes: Notes, band: Instruments) -> Instruments:
    """The players of the other network that have notes, beside drums and singing; where it has not heard a family at
    all, stretches in which this has notes, as sure as they are on the average."""
    pitched = [name for name in FAMILIES if name != "voice"]
    played = playing(Timeline(timeline.duration, notes=notes))
    missed = played.select(np.isin(played.labels, pitched) & ~np.isin(played.labels, band.labels))
    sure = np.array([_sure(notes, label, start, end)
                     for label, start, end in zip(missed.labels.tolist(), missed.starts, missed.ends, strict=True)])
    kept = band.select(np.isin(band.labels, played.labels) | ~np.isin(band.labels, pitched))
    both = Instruments.concatenate([kept, replace(missed, confidence=sure)])
    return both.select(np.argsort(both.starts, kind="stable"))


def _sure(notes: Notes, label: str, start: float, end: float) -> float:
    own = (np.isin(notes.programs, [FAMILIES[label]])) & (notes.onsets < end) & (notes.offsets > start)
    return float(notes.confidence[own].mean()) if own.any() else 1.0
