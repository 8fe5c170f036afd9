"""How many corrections set the beats and bars of recordings right, and how long each takes.

    python -m benchmarks.listening.corrections --sets mdb,composed

A user is imitated who knows the truth: where the beats are at twice or half the tempo, or half a beat off, one
click sets them right; where the bars are shifted, the first downbeat that is wrong is set right, then the next one
that still is.
Recordings whose beats are wrong otherwise are counted apart. How far bars move with a bar line
was chosen on two of the composed songs; the other sets only report.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch

from benchmarks.listening.beats_data import SETS, items
from benchmarks.recordings import Item, Missing
from benchmarks.report import parser, run, save, table
from onpu.analysis import HeardRecording, hear
from onpu.errors import CorrectionError
from onpu.files import Json
from onpu.metrics.beats import evaluate
from onpu.music import Beats, Timeline

RIGHT = 0.9
"""F-measure from which on beats, or bars, count as right."""
WINDOW_SECONDS = 0.07
CLICKS: list[Json] = [{"kind": "tempo_octave", "factor": 2}, {"kind": "tempo_octave", "factor": 0.5},
                      {"kind": "shift_beats", "by": 0.5}]
"""What the page has a button for."""
MOST = 4
"""Corrections of a recording."""
KINDS = {"right at once": "right at once", "octave": "at twice or half the tempo, or half a beat off",
         "bars": "bars shifted", "both": "the same, and bars shifted", "otherwise": "wrong otherwise"}


@dataclass
class Course:
    """What became of a recording: F of beats and downbeats before and after each correction, and their seconds."""

    kind: str
    scores: list[tuple[float, float]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def needed(self) -> float:
        """Corrections until beats and bars are right; NaN where they never are."""
        return next((float(number) for number, score in enumerate(self.scores) if min(score) >= RIGHT), float("nan"))


def scores(truth: Timeline, found: Timeline) -> tuple[float, float]:
    """F of beats and of downbeats; of beats twice where no bar is known."""
    measured = evaluate(truth.require(Beats), found.require(Beats))
    return measured["Beat F-measure"], measured.get("Downbeat F-measure", measured["Beat F-measure"])


def clicked(heard: HeardRecording, first: Timeline, truth: Timeline) -> Json | None:
    """The click that sets most beats right, where one does."""
    before = scores(truth, first)[0]
    if before >= RIGHT:
        return None
    tried = [(scores(truth, heard.decide([click], first))[0], click) for click in CLICKS]
    best, click = max(tried, key=lambda one: one[0])
    return click if best > before + 0.1 else None


def wrong_downbeats(truth: Timeline, found: Timeline) -> Iterator[float]:
    """Times of the true downbeats that were found to be other beats."""
    beats = found.require(Beats)
    for time in truth.require(Beats).downbeats:
        nearest = int(np.abs(beats.times - time).argmin()) if len(beats) else -1
        if nearest >= 0 and abs(beats.times[nearest] - time) <= WINDOW_SECONDS and beats.positions[nearest] != 1:
            yield float(beats.times[nearest])


def course(heard: HeardRecording, truth: Timeline) -> Course:
    """Correct a recording until it is right, or `MOST` corrections are made."""
    first = found = heard.decide()
    made: list[Json] = []
    out = Course("", [scores(truth, first)])
    click = clicked(heard, first, truth)
    while min(out.scores[-1]) < RIGHT and len(made) < MOST:
        wanted = click if click is not None and not made else next(
            ({"kind": "downbeat", "time": time} for time in wrong_downbeats(truth, found)), None)
        if wanted is None:
            break
        begun = perf_counter()
        try:
            found = heard.decide([*made, wanted], first)
        except CorrectionError:
            break
        out.seconds.append(perf_counter() - begun)
        made.append(wanted)
        out.scores.append(scores(truth, found))
    shifted = any(one["kind"] == "downbeat" for one in made)
    out.kind = ("right at once" if min(out.scores[0]) >= RIGHT else "both" if click and shifted else
                "octave" if click else "bars" if shifted and out.scores[0][0] >= RIGHT else "otherwise")
    return out


def listened(item: Item) -> Course:
    """What becomes of one recording, by beats and chords."""
    return course(hear(item.path, tasks=["beats", "chords"], device="cpu"), item.truth)


def main() -> None:
    """Write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("--sets", default="mdb,maps,composed", help=f"by commas, of {', '.join(SETS)}")
    arguments.add_argument("--composed", type=int, default=40, help="songs of a set that the engine makes")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    rows: list[list[object]] = []
    seconds: list[float] = []
    for name in given.sets.split(","):
        try:
            courses = [listened(item) for item in items(name, given.composed) if (item.truth.beats is not None)]
        except Missing as missing:
            print(missing)
            continue
        for kind, said in KINDS.items():
            some = [each for each in courses if each.kind == kind]
            if some:
                rows.append([name, said, len(some), *_after(some, 0), *_after(some, 1), *_after(some, 2),
                             float(np.mean([each.needed() <= 2 for each in some]))])
                print(rows[-1], flush=True)
        seconds += [one for each in courses for one in each.seconds]
    spent = f"Deciding anew takes {np.median(seconds):.2f} s (median), {max(seconds):.2f} s at most.\n" if (
        seconds) else ""
    save(given, "corrections", "Corrections of beats and bars", [
        f"Means of F of beats / downbeats. Right is at least {RIGHT:g} of both. {spent}",
        table(["set", "found", "recordings", "beats", "bars", "beats after 1", "bars", "beats after 2", "bars",
               "right after at most 2"], rows)])


def _after(courses: list[Course], corrections: int) -> list[float]:
    """Mean F of beats and downbeats after so many corrections at most."""
    each = [one.scores[min(corrections, len(one.scores) - 1)] for one in courses]
    return [float(np.mean(column)) for column in zip(*each, strict=True)]


if __name__ == "__main__":
    run(main)
