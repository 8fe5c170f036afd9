"""A corrected recording heard anew, by other weights, without losing what a user has set right.

What the user has said to be right as a whole is held as it was saved. Of the other corrections those that are still
needed are made again. Most corrections say how it is: they hold whoever listens. A few say what is to be changed of
what was found, such as twice the tempo, and would spoil beats that the new weights find right at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from onpu.analysis.corrected_passages import checked_tasks
from onpu.analysis.corrections import FIELDS, TASKS
from onpu.analysis.hearing import HeardRecording
from onpu.errors import CorrectionError
from onpu.files import Json
from onpu.music import Timeline

RELATIVE = ("tempo_octave", "shift_beats", "shift_bars")
"""Kinds of corrections that change what was found."""
MOST_TRIED = 4
"""Relative corrections of which each choice is tried; of more, all or none."""

NEAR_SECONDS = 0.07
"""Between times that count as the same, as where beats are scored."""


def carried_over(heard: HeardRecording, corrections: Sequence[Json], before: Timeline,
                 confirmed: Iterable[str] = ()) -> tuple[HeardRecording, list[Json]]:
    """What was heard anew with the labels that are confirmed, and the corrections that go with it.

    before: the timeline that the user saved with these corrections. confirmed: tasks of which everything in it is right
    (`onpu.analysis.corrected_passages`); their corrections are part of what is held.
    """
    sure = [task for task in checked_tasks(confirmed) if any(name in before.found() for name in FIELDS[task])]
    fields = {name for task in sure for name in FIELDS[task]}
    kinds = {kind for task in sure for kind in TASKS[task]}
    held = Timeline(before.duration, **{name: value for name, value in before.found().items() if name in fields})
    known = replace(heard, held=held) if fields else heard
    return known, still_needed(known, [each for each in corrections if each["kind"] not in kinds], before)


def still_needed(heard: HeardRecording, corrections: Sequence[Json], before: Timeline) -> list[Json]:
    """The corrections without those relative ones that what is heard now does not need.

    before: the timeline that the user saved with these corrections; the choice of relative ones whose beats are nearest
    to its own is taken, of equally near ones the shortest.
    """
    relative = [number for number, each in enumerate(corrections) if each["kind"] in RELATIVE]
    if not relative or before.beats is None:
        return list(corrections)
    first = heard.decide()
    if len(relative) <= MOST_TRIED:
        choices = sorted(product((False, True), repeat=len(relative)), key=sum)
    else:
        choices = [(False,) * len(relative), (True,) * len(relative)]
    best, found = -1.0, list(corrections)
    for kept in choices:
        dropped = {number for number, stays in zip(relative, kept, strict=True) if not stays}
        tried = [each for number, each in enumerate(corrections) if number not in dropped]
        nearness = _nearness(before, heard, tried, first)
        if nearness > best + 1e-6:
            best, found = nearness, tried
    return found


def _nearness(before: Timeline, heard: HeardRecording, corrections: Sequence[Json], first: Timeline) -> float:
    """How alike beats and bar lines are to those that were saved, in [0, 2]; -1 where the corrections contradict what
    was heard."""
    try:
        beats = heard.decide(corrections, before=first).beats
    except CorrectionError:
        return -1.0
    if beats is None or before.beats is None:
        return -1.0
    return likeness(before.beats.times, beats.times) + likeness(before.beats.downbeats, beats.downbeats)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The share of times (n,) and (m,), both in seconds, that have one of the others within `NEAR_SECONDS`."""
    if not len(one) or not len(other):
        return float(len(one) == len(other))
    near = np.abs(one[:, None] - other) <= NEAR_SECONDS
    return float(near.any(axis=1).sum() + near.any(axis=0).sum()) / (len(one) + len(other))
