"""Beats and bar lines set right one by one.

Bars are regular for long stretches, and where they are wrong, they are wrong for a whole stretch: by one beat, mostly.
So a bar line that is set right takes along all bars of its stretch, that is as far as these have equally many beats and
no other bar line is known. Where a bar is missing a beat and the bars were counted on over it, they are right on one
side of the bar line and wrong on the other; then what was heard agrees with the bars on the one side and with the bar
line on the other, and only the latter moves, as far as what was heard agrees.
"""

from dataclasses import replace

import numpy as np

from onpu.errors import CorrectionError
from onpu.music.arrays import occurrences, repeated
from onpu.music.beats import Beats

NEAR_BEAT = 0.35
"""Part of a beat within which a beat that is set right stands for one that was found."""
AGREEING = 0.5
"""Sum of the downbeat activations that bars have more, from which on what was heard agrees with moving them."""


def nearest_beat(beats: Beats, time: float) -> int:
    """Index of the beat next to a time. Raises `CorrectionError` where none lies within half a beat."""
    if len(beats):
        nearest = int(np.abs(beats.times - time).argmin())
        if abs(float(beats.times[nearest]) - time) <= period(beats, time) / 2:
            return nearest
    raise CorrectionError(f"there is no beat near {time:.3f} s; add the beat first")


def period(beats: Beats, time: float) -> float:
    """Seconds from beat to beat around a time: the middle of the nearest four distances; a second where there are no
    two beats."""
    if len(beats) < 2:
        return 1.0
    at = int(np.clip(np.searchsorted(beats.times, time), 1, len(beats) - 1))
    return float(np.median(np.diff(beats.times)[max(0, at - 3) : at + 2]))


def with_beat(beats: Beats, time: float) -> Beats:
    """Beats with one at a time, of confidence 1: that which was found near it moves there, or else it is a new one,
    which is counted in its bar."""
    apart = np.abs(beats.times - time)
    moved = len(beats) and apart.min() <= NEAR_BEAT * period(beats, time)
    position = int(beats.positions[apart.argmin()]) if moved else 0
    others = beats.select(np.arange(len(beats)) != apart.argmin()) if moved else beats
    joined = Beats.concatenate([others, Beats.of(np.array([time]), np.array([position]))])
    joined = joined.select(np.argsort(joined.times, kind="stable"))
    return joined if moved else _counted_again(joined)


def without_beat(beats: Beats, time: float) -> Beats:
    """Beats without the one next to a time; the beat after a downbeat that goes begins the bar in its place.

    Raises
    ------
    CorrectionError
        When there is none.
    """
    gone = nearest_beat(beats, time)
    positions = beats.positions.copy()
    if positions[gone] == 1 and gone + 1 < len(beats) and positions[gone + 1] == 2:
        positions[gone + 1] = 1
    return _counted_again(replace(beats, positions=positions).select(np.arange(len(beats)) != gone))


def bar_begins(beats: Beats, time: float, known: np.ndarray, in_bar: int, heard: np.ndarray) -> Beats:
    """Beats of which that next to a time begins a bar; with it move the bars of its stretch.

    known: times of bar lines that are known, behind which the stretch does not go. in_bar: beats of a bar there.
    heard: (n,) how much each beat sounds like a downbeat.

    Raises
    ------
    CorrectionError
        When there is no beat.
    """
    here = nearest_beat(beats, time)
    confidence = beats.confidence.copy()
    confidence[here] = 1.0
    if beats.positions[here] == 1:
        return replace(beats, confidence=confidence)
    first, last = _agreeing(beats, here, *_stretch(beats, here, known, in_bar), in_bar, heard)
    positions = beats.positions.copy()
    offsets = np.arange(first, last) - here
    positions[first:last] = np.where(offsets % in_bar == 0, 1, 0)
    fixed = np.isin(beats.times, known)
    for edge, moved in ((first - 1, first), (last, last - 1)):  # no bar of one beat is left over
        if 0 <= edge < len(beats) and positions[edge] == positions[moved] == 1 and not fixed[edge]:
            positions[edge] = 0
    return _counted_again(replace(beats, positions=positions, confidence=confidence))


def no_bar_begins(beats: Beats, time: float) -> Beats:
    """Beats of which that next to a time goes on with the bar before it; raises as `bar_begins`."""
    here = nearest_beat(beats, time)
    positions, confidence = beats.positions.copy(), beats.confidence.copy()
    confidence[here] = 1.0
    if positions[here] == 1:
        positions[here] = 0
    return _counted_again(replace(beats, positions=positions, confidence=confidence))


def between(beats: Beats, by: float) -> Beats:
    """Beats moved by a part of a beat, half of it mostly: off-beats that were taken for beats."""
    if len(beats) < 2:
        return beats
    places = np.arange(len(beats)) + by
    whole = np.clip(np.floor(places).astype(int), 0, len(beats) - 2)
    times = beats.times[whole] + (places - whole) * np.diff(beats.times)[whole]
    return replace(beats, times=times).select(times >= 0)


def _stretch(beats: Beats, here: int, known: np.ndarray, in_bar: int) -> tuple[int, int]:
    """First beat and end of the stretch of bars of `in_bar` beats around a beat, known bar lines left out."""
    downbeats = np.flatnonzero(beats.positions == 1)
    regular = np.diff(downbeats) == in_bar
    bar = int(np.searchsorted(downbeats, here, side="right")) - 1
    first, last = bar, bar + 1
    while first > 0 and regular[first - 1]:
        first -= 1
    while last < len(regular) and regular[last]:
        last += 1
    begin = 0 if first <= 0 else int(downbeats[first])
    end = len(beats) if last >= len(regular) else int(downbeats[last])
    fixed = np.flatnonzero(np.isin(np.arange(len(beats)), [int(np.abs(beats.times - each).argmin()) for each in known]))
    before, after = fixed[fixed < here], fixed[fixed > here]
    begin = max(begin, int(before[-1]) + 1) if len(before) else begin
    return begin, min(end, int(after[0])) if len(after) else end


def _agreeing(beats: Beats, here: int, first: int, last: int, in_bar: int, heard: np.ndarray) -> tuple[int, int]:
    """The part of a stretch that moves: as far, on each side, as what was heard agrees best with the bar line, a last
    bar included; the whole where it agrees on neither side."""
    offsets = np.arange(len(beats)) - here
    gain = np.where(offsets % in_bar == 0, heard, 0) - np.where(beats.positions == 1, heard, 0)
    after = np.cumsum(gain[here + 1 : last])
    before = np.cumsum(gain[first:here][::-1])
    forth, back = (len(sums) and sums.max() >= AGREEING for sums in (after, before))
    if not forth and not back:
        return first, last
    begin = here - 1 - int(before.argmax()) if back else here
    end = here + 2 + int(after.argmax()) if forth else here + 1
    return (first if back and begin - first <= in_bar else begin), (last if forth and last - end <= in_bar else end)


def _counted_again(beats: Beats) -> Beats:
    """Beats counted from each downbeat to the next; those before the first one as the end of a bar."""
    downbeats = np.flatnonzero(beats.positions == 1)
    if not len(downbeats):
        return beats
    positions = np.arange(len(beats)) - repeated([downbeats[0], *downbeats], np.diff([0, *downbeats, len(beats)])) + 1
    upbeats = int(downbeats[0])
    sizes = np.diff([*downbeats, len(beats)]) if len(downbeats) == 1 else np.diff(downbeats)
    positions[:upbeats] = np.arange(-upbeats, 0) % int(occurrences(sizes).argmax()) + 1
    return replace(beats, positions=positions)
