"""Bar lines set right by hand: moved by beats, or to where a bar is known to begin; and the metre that bars make."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from onpu.errors import LabelError
from onpu.music.bars import METRE_SLACK, counted, metre_at
from onpu.music.beats import Beats, Metre


def bars_shifted(beats: Beats, metre: Metre | None, by: int) -> tuple[Beats, Metre | None]:
    """Beats whose bars begin `by` beats later, or, negative, earlier; changes of metre move with their bar lines.

    Raises
    ------
    LabelError
        When no bar is known.
    """
    if not (beats.positions == 1).any():
        raise LabelError("there are no downbeats to shift; say where a bar begins: first downbeat")
    count = len(beats)
    by = int(np.sign(by)) * min(abs(by), count - 1)
    if not by:
        return beats, metre
    in_bar = metre_at(beats.times, beats.positions, metre).beats_in_bar()
    positions = np.roll(beats.positions, by)
    if by > 0:
        positions[:by] = counted(int(beats.positions[0]), np.arange(-by, 0), int(in_bar[0]))
    else:
        positions[by:] = counted(int(beats.positions[-1]), np.arange(1, 1 - by), int(in_bar[-1]))
    if metre is not None and len(metre) > 1:
        at = np.searchsorted(beats.times, metre.times[1:] - 1e-6)
        moved = beats.times[np.clip(at + by, 0, count - 1)]
        later = np.append(True, np.diff(np.append(metre.times[0], moved)) > 0)
        metre = replace(metre, times=np.append(metre.times[0], moved)).select(later)
    return replace(beats, positions=positions), metre


def counted_from(beats: Beats, metre: Metre | None, here: int, end: float, numerator: int,
                 denominator: int) -> tuple[Beats, Metre]:
    """Beats of which the one at the index `here` begins a bar, and from there to `end` seconds bars have this time
    signature; a bar begins at the end too, and after it the metre is what it was."""
    positions, confidence = beats.positions.copy(), beats.confidence.copy()
    start = float(beats.times[here])
    last = max(int(np.searchsorted(beats.times, end - METRE_SLACK)), here + 1)
    one = Metre(np.array([start]), np.array([numerator]), np.array([denominator]), np.ones(1))
    positions[here:last] = np.arange(last - here) % int(one.beats_in_bar()[0]) + 1
    confidence[here] = 1.0
    before = metre_at(np.array([0.0, *beats.times[last : last + 1]]), beats.positions, metre)
    changes = metre if metre is not None and len(metre) else before.select(slice(0, 1))
    rows = [changes.select(changes.times < start - METRE_SLACK), one]
    if last < len(beats):
        until = int(np.flatnonzero(np.append(positions[last:], 1) == 1)[0])
        in_bar = int(before.beats_in_bar()[-1])
        positions[last : last + until] = np.arange(until) % in_bar + 1
        rows.append(replace(before.select(slice(1, 2)), times=beats.times[last : last + 1]))
        rows.append(changes.select(changes.times > beats.times[last] + METRE_SLACK))
    return replace(beats, positions=positions, confidence=confidence), Metre.concatenate(rows)


def first_downbeat_at(beats: Beats, metre: Metre | None, seconds: float) -> tuple[Beats, Metre | None]:
    """Beats of which that nearest to a time begins a bar, and the others are counted from there.

    Raises
    ------
    LabelError
        When no beat is near.
    """
    if not len(beats):
        raise LabelError(f"no bar begins at {seconds:g} s: no beats were found")
    nearest = int(np.abs(beats.times - seconds).argmin())
    period = float(np.median(np.diff(beats.times))) if len(beats) > 1 else 1.0
    if abs(beats.times[nearest] - seconds) > period / 2:
        raise LabelError(f"no bar begins at {seconds:g} s: the nearest beat is at {beats.times[nearest]:.3f} s")
    in_bar = int(metre_at(beats.times[nearest : nearest + 1], beats.positions, metre).beats_in_bar()[0])
    position = int(beats.positions[nearest])
    if position:
        back = position - 1
        moved, signatures = bars_shifted(beats, metre, -back if 2 * back <= in_bar else in_bar - back)
        if moved.positions[nearest] == 1:
            return moved, signatures
    counts = (np.arange(len(beats)) - nearest) % in_bar + 1
    return replace(beats, positions=counts), None if metre is None else metre.select(slice(0, 1))


def metre_of_bars(beats: Beats) -> Metre:
    """The metre in quarters that the bars have: another begins where at least two bars in a row, or the last one, have
    another number of beats. Empty where no bar is known."""
    downbeats = np.flatnonzero(beats.positions == 1)
    if not len(downbeats):
        return Metre.empty()
    rest = int(beats.positions[downbeats[-1] :].max())
    sizes = np.diff(downbeats).tolist() or [max(rest, int(beats.positions.max()))]
    usual = max(set(sizes), key=sizes.count)
    rows = [(0.0, usual)]
    for index, (size, following) in enumerate(pairwise([*sizes, sizes[-1]])):
        if size == following and size != rows[-1][1]:
            rows.append((float(beats.times[downbeats[index]]), size))
    if len(rows) > 1 and rows[1][0] <= beats.times[downbeats[0]]:
        rows = [(0.0, rows[1][1]), *rows[2:]]
    times, numerators = (np.array(column) for column in zip(*rows, strict=True))
    return Metre(times, numerators, np.full(len(rows), 4), np.ones(len(rows)))
