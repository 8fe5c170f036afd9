"""The sustain pedal <-> controller 64 of MIDI."""

import numpy as np
from symusic import core

from onpu.formats.midi.tempo_map import TempoMap
from onpu.music.pedal import Pedal

SUSTAIN, DOWN, UP = 64, 127, 0  # controller and its values
HALF_DOWN = 64  # by the standard, from here on the pedal holds


def sustain_of(pedal: Pedal, tempi: TempoMap) -> core.ControlChangeTickList:
    """The sustain pedal down and up; where it is down again at once, up a tick before."""
    starts, ends = tempi.nearest_ticks(pedal.starts), tempi.nearest_ticks(pedal.ends)
    ends[:-1] = np.maximum(np.minimum(ends[:-1], starts[1:] - 1), starts[:-1])
    ticks = np.stack([starts, ends], axis=1).ravel()
    values = np.tile([DOWN, UP], len(starts))
    return core.ControlChangeTickList.from_numpy(ticks.astype(np.int32), np.full(len(ticks), SUSTAIN, np.uint8),
                                                 values.astype(np.uint8))


def pedal_of(score: core.ScoreTick, tempi: TempoMap, end: int) -> Pedal | None:
    """Where the pedal of any track is down; None where no track has one. end: tick at which all are let go."""
    changes: list[tuple[int, int]] = []  # tick, one more or one less
    found = False
    for track in score.tracks:
        down = False
        for control in sorted((c for c in track.controls if c.number == SUSTAIN), key=lambda c: c.time):
            found = True
            if (control.value >= HALF_DOWN) != down:
                down = not down
                changes.append((control.time, 1 if down else -1))
        if down:
            changes.append((end, -1))
    if not found:
        return None
    changes.sort(key=lambda change: (change[0], -change[1]))
    ticks, steps = np.array(changes, np.int64).reshape(-1, 2).T
    held = np.cumsum(steps)
    starts, ends = ticks[(held == steps) & (steps == 1)], ticks[held == 0]
    long = ends > starts
    return Pedal(tempi.seconds(starts[long]), tempi.seconds(ends[long]), np.ones(int(long.sum())))
