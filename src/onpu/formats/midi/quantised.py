"""A performance on the grid of its beats, to be heard as it is written."""

from dataclasses import replace

import numpy as np

from onpu.formats.midi.tempo_map import TempoMap, beats_on
from onpu.music import Timeline
from onpu.music.bars import bars
from onpu.music.quantise import Grid, quantise, seconds_at


def quantised(timeline: Timeline, tempi: TempoMap, end: int) -> Timeline:
    """The timeline with notes and drum hits on the grid of a file's beats; `end`: tick at which the file ends. The
    melody, sung syllables and the pedal stay as they were."""
    beats, metre = beats_on(tempi, end)
    grid = bars(Timeline(timeline.duration, beats=beats, metre=metre))
    found = timeline.found()
    heard = np.concatenate([np.zeros(0), *(tempi.on_grid(getattr(found[name], column)) for name, column in
                                           (("notes", "onsets"), ("drums", "times")) if name in found)])
    if (notes := timeline.notes) is not None:
        finest = Grid().suiting(bool((notes.confidence >= 1).all()))
        placed = quantise(tempi.on_grid(notes.onsets), tempi.on_grid(notes.offsets), grid, finest, heard=heard)
        found["notes"] = replace(notes, onsets=np.maximum(seconds_at(placed.starts, grid), 0),
                                 offsets=np.maximum(seconds_at(placed.ends, grid), 0))
    if (drums := timeline.drums) is not None:
        times = tempi.on_grid(drums.times)
        placed = quantise(times, times, grid, Grid(4), heard=heard)
        found["drums"] = replace(drums, times=np.maximum(seconds_at(placed.starts, grid), 0))
    return replace(timeline, **found)
