"""Markers and regions for Reaper's Region/Marker Manager, which imports comma-separated values.

Heading `#,Name,Start,End,Length`; `M1` is a marker (chords, keys), `R1` a region (sections); times in seconds.
"""

import csv
import io
import os
from pathlib import Path

from onpu.files import write_text
from onpu.formats.label_tracks import label_tracks
from onpu.music import Timeline

SUFFIX = ".reaper.csv"
HEADING = ("#", "Name", "Start", "End", "Length")
MARKERS, REGIONS = ("keys", "chords"), ("sections",)


def write_reaper(timeline: Timeline, path: str | os.PathLike[str]) -> list[Path]:
    """Write the table; nothing where there are no sections, keys or chords. Return the files written. Raises
    `FormatError`."""
    text = reaper_text(timeline)
    if text is None:
        return []
    write_text(path, text)
    return [Path(path)]


def reaper_text(timeline: Timeline) -> str | None:
    """The table of a timeline; None where there are no sections, keys or chords."""
    tracks = label_tracks(timeline)
    rows: list[tuple[str, ...]] = []
    for kind, names in (("R", REGIONS), ("M", MARKERS)):
        labels = sorted(label for name in names for label in tracks.get(name, ()))
        for number, label in enumerate(labels, 1):
            ends = (f"{label.end:.6f}", f"{label.end - label.start:.6f}") if kind == "R" else ("", "")
            rows.append((f"{kind}{number}", " ".join(label.text.split()), f"{label.start:.6f}", *ends))
    if not rows:
        return None
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADING, *rows])
    return out.getvalue()
