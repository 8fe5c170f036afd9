"""The melody's contour as a track: notes with pitch bends."""

import numpy as np
from symusic import core

from onpu.formats.midi.names import MELODY
from onpu.formats.midi.tempo_map import TempoMap
from onpu.music import Melody
from onpu.music.contour_notes import contour_notes
from onpu.music.instruments import FAMILIES

BEND_SEMITONES = 2
"""Semitones to either side that the pitch wheel spans, as where nothing else is said; it is said all the same."""
WHEEL = 8192
"""Steps of the wheel to either side."""
SAME_SEMITONES = 0.02
"""A pitch that has moved by less does not move the wheel."""
VELOCITY = 90
PARAMETER, RANGE = (101, 100), (6, 38)
"""Controllers that choose the registered parameter 0, the wheel's range, and that set it to semitones and cents."""


def melody_track(melody: Melody, tempi: TempoMap) -> core.TrackTick:
    """The notes of the contour (`onpu.music.contour_notes`), each bent to what is sung."""
    track = core.TrackTick(MELODY, FAMILIES["voice"], False)
    said = [(number, 0) for number in PARAMETER] + list(zip(RANGE, (BEND_SEMITONES, 0), strict=True))
    for number, value in said:
        track.controls.append(core.ControlChangeTick(0, number, value))
    if len(melody) < 2:
        return track
    step = float(np.median(np.diff(melody.times)))
    pitches = 69 + 12 * np.log2(np.where(melody.frequencies > 0, melody.frequencies, np.nan) / 440)
    found = contour_notes(pitches, 1 / step)
    free = 0
    for first, last, centre in zip(found.firsts.tolist(), found.lasts.tolist(), found.pitches.tolist(), strict=True):
        key = int(np.clip(round(centre), 0, 127))
        ticks = tempi.nearest_ticks(np.append(melody.times[first:last], melody.times[last - 1] + step))
        begin = max(int(ticks[0]), free)
        free = max(int(ticks[-1]), begin + 1)
        track.notes.append(core.NoteTick(begin, free - begin, key, VELOCITY))
        _bend(track, np.maximum(ticks[:-1], begin), pitches[first:last] - key)
    return track


def is_melody(track: core.TrackTick) -> bool:
    """Whether onpu wrote it as such."""
    return track.name == MELODY and {control.number for control in track.controls} >= {*PARAMETER, *RANGE}


def _bend(track: core.TrackTick, ticks: np.ndarray, semitones: np.ndarray) -> None:
    """Add the wheel's moves of one note; the first is a tick before it, so that it does not begin with a scoop."""
    there = np.isfinite(semitones)
    now = np.inf
    for number, (tick, bend) in enumerate(zip(ticks[there].tolist(), semitones[there].tolist(), strict=True)):
        if abs(bend - now) >= SAME_SEMITONES:
            value = int(np.clip(round(bend / BEND_SEMITONES * WHEEL), -WHEEL, WHEEL - 1))
            track.pitch_bends.append(core.PitchBendTick(max(0, tick - (number == 0)), value))
            now = bend
