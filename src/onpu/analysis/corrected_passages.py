"""Which passages of a song a user's corrections make known: those from which a network can learn.

What is saved was looked at where it was corrected. Half the work of setting a passage right is to leave alone what is
right in it; so what stands around a correction counts as right too, as far as one looks at a time.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from onpu.analysis.corrections import TASKS, Correction, corrections_of
from onpu.errors import CorrectionError, suggestion
from onpu.files import Json

WHOLE = ("metre", "tempo_octave", "shift_beats", "shift_bars")
"""Corrections that are about the whole song."""
AROUND = {"beats": 10.0, "chords": 4.0, "key": 0.0, "structure": 20.0, "notes": 1.0, "melody": 0.5, "drums": 2.0,
          "voice": 0.0}
"""Task -> seconds before and after a correction in which what stands counts as right. Words say where somebody
sings."""


def corrected_passages(corrections: Sequence[Json], duration: float,
                       confirmed: Iterable[str] = ()) -> dict[str, np.ndarray]:
    """Task -> passages (n, 2) in seconds that are known, sorted and apart from each other; tasks of which nothing is
    known are not there.

    corrections: those that a version was saved with. duration: of the song, in seconds. confirmed: tasks of which the
    user has said that everything in the version is right.

    Raises
    ------
    CorrectionError
        When a correction is none, or a task is not among `TASKS`.
    """
    found = corrections_of(corrections, duration)
    sure = checked_tasks(confirmed)
    out = {}
    for task, kinds in TASKS.items():
        own = [each for each in found if each.kind in kinds]
        if task in sure or any(each.kind in WHOLE for each in own):
            out[task] = np.array([[0.0, duration]])
        elif own:
            out[task] = joined([_span(each, AROUND[task]) for each in own], duration)
    return out


def checked_tasks(names: Iterable[str]) -> tuple[str, ...]:
    """Tasks that can be confirmed, each once. Raises `CorrectionError`."""
    names = tuple(dict.fromkeys(names))
    for name in names:
        if name not in TASKS:
            raise CorrectionError(f"{name!r} cannot be confirmed; {suggestion(str(name), TASKS)}")
    return names


def joined(spans: Iterable[tuple[float, float]], duration: float) -> np.ndarray:
    """Passages (n, 2) within a recording: those that touch each other are one."""
    out: list[list[float]] = []
    for start, end in sorted(spans):
        start, end = max(0.0, start), min(duration, end)
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        elif start < end:
            out.append([start, end])
    return np.array(out).reshape(-1, 2)


def _span(each: Correction, around: float) -> tuple[float, float]:
    timed = each.kind in ("beat", "no_beat", "downbeat", "no_downbeat", "boundary", "no_boundary", "drum", "no_drum")
    start = each.time if timed else each.start
    end = start if timed or each.kind == "no_note" else each.end
    return start - around, end + around


def seconds_of(passages: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Task -> how many seconds are known."""
    return {task: round(float((spans[:, 1] - spans[:, 0]).sum()), 1) for task, spans in passages.items()}
