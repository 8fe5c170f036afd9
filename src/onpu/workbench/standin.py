"""What `onpu.analysis.hear` is to be: the timeline as it was found, in which chords alone can be corrected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from onpu.analysis import analyze
from onpu.files import Json, replacing
from onpu.music import Timeline


@dataclass(frozen=True, eq=False)
class HeardTimeline:
    """A timeline that was decided."""

    timeline: Timeline

    def save(self, path: Path) -> None:
        """Write it."""
        with replacing(path) as temporary, open(temporary, "wb") as file:
            arrays: Json = dict(self.timeline.arrays())
            np.savez_compressed(file, **arrays)

    @staticmethod
    def load(path: Path) -> "HeardTimeline":
        """Inverse of `save`."""
        with np.load(path, allow_pickle=False) as stored:
            return HeardTimeline(Timeline.from_arrays({name: stored[name] for name in stored.files}))

    def decide(self, corrections: Sequence[Json] = (), before: Timeline | None = None) -> Timeline:
        """The timeline with the labels of chords that are corrected."""
        timeline = self.timeline
        for each in corrections:
            if each.get("kind") == "chord" and timeline.chords is not None:
                chords = timeline.chords
                inside = (chords.starts < each["end"]) & (chords.ends > each["start"])
                labels, sure = chords.labels.copy(), chords.confidence.copy()
                labels[inside], sure[inside] = each["label"], 1.0
                timeline = replace(timeline, chords=replace(chords, labels=labels, confidence=sure))
        return timeline


def hear(path: Path, progress: Callable[[float], None]) -> HeardTimeline:
    """Analyse a recording."""
    return HeardTimeline(analyze(path, progress=progress))
