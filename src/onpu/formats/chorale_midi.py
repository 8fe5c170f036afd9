"""Chorales as MIDI files with a track a voice."""

import os
from pathlib import Path

import numpy as np
from symusic import core

from onpu.files import replacing
from onpu.music.chorale import STEPS, VELOCITY, VOICES, Chorale
from onpu.music.spelling import parse_key, written_signature

TICKS_PER_QUARTER = 480
"""Ticks a quarter."""


def write_chorale_midi(chorale: Chorale, path: str | os.PathLike[str], bpm: float, program: int) -> list[Path]:
    """Write a track for each voice, soprano first, with tempo, metre and key; return the files written, here one.

    bpm: quarters a minute. program: General MIDI number. Raises `LabelError` where the chorale contradicts itself,
    `FormatError` where the place cannot be written to.
    """
    chorale.validate()
    tick = TICKS_PER_QUARTER // STEPS
    score = core.ScoreTick(TICKS_PER_QUARTER)
    score.tempos = core.TempoTickList.from_numpy(np.zeros(1, np.int32), np.array([round(60e6 / bpm)], np.int32))
    upbeat = int(chorale.bars[0])
    if upbeat:
        score.time_signatures.append(core.TimeSignatureTick(0, upbeat, 4 * STEPS) if upbeat % STEPS else
                                     core.TimeSignatureTick(0, upbeat // STEPS, 4))
    score.time_signatures.append(core.TimeSignatureTick(upbeat * tick, chorale.quarters, 4))
    minor = int(parse_key(chorale.key)[1] == "minor")
    score.key_signatures.append(core.KeySignatureTick(0, written_signature(chorale.key), minor))
    tracks = []
    for number, name in enumerate(VOICES):
        starts, ends, pitches = chorale.line(number)
        track = core.TrackTick(name, program, False)
        track.notes = core.NoteTickList.from_numpy(
            (starts * tick).astype(np.int32), ((ends - starts) * tick).astype(np.int32), pitches.astype(np.int8),
            np.full(len(starts), VELOCITY, np.int8))
        tracks.append(track)
    score.tracks = core.TrackTickList(tracks)
    with replacing(path) as temporary:
        temporary.write_bytes(score.dumps_midi())
    return [Path(path)]
