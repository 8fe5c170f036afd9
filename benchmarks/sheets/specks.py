"""Specks in the printed scores of recordings: notes that a musician would not play.

    python -m benchmarks.sheets.specks

A speck is a note that is written shorter than a sixteenth, or that has no other note of its part within two octaves
in the two bars before and after it. `heard` prints all that was heard (level 0), `usual` leaves out what is
doubtful. rests: shorter than a sixteenth, in 100 notes. ties: in 100 notes.
"""

import tempfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from benchmarks import report
from benchmarks.sheets.heard import SETS, heard
from benchmarks.sheets.parsed import Printed, parsed
from onpu.formats.musicxml import write_musicxml
from onpu.music import Timeline
from onpu.music.sheet import SheetOptions

SIXTEENTH = 0.25
"""Quarters."""
BARS, OCTAVES = 2, 24
LEVELS = ("heard", "usual")
TINY = ("32nd", "64th", "128th", "256th")


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--sets", default="ultrastar", help=f"by commas, of {', '.join(SETS)}")
    given = parser.parse_args()
    songs = [song for each in given.sets.split(",") for song in heard(each).items()]
    found = [[value for level in range(len(LEVELS)) for value in figures(timeline, level)] for _, timeline in songs]
    rows = [[name, *values] for (name, _), values in zip(songs, found, strict=True)]
    means = ["all", *np.mean(found, axis=0).tolist()]
    headings = ["recording", *(f"{level}: {what}" for level in LEVELS
                               for what in ("notes", "specks in 100", "rests in 100", "ties in 100"))]
    report.save(given, "specks", "Specks in printed scores",
                [(__doc__ or "").partition("\n\n")[2], report.table(headings, [*rows, means])])


def figures(timeline: Timeline, level: int) -> list[float]:
    """Notes, and specks, tiny rests and ties in 100 of them, of the score."""
    with tempfile.TemporaryDirectory() as folder:
        score = write_musicxml(timeline, Path(folder) / "song.musicxml", options=SheetOptions(simplify=level))[-1]
        printed, root = parsed(score), ElementTree.parse(score).getroot()
    count = max(len(printed.notes), 1)
    rests = sum(note.find("rest") is not None and note.findtext("type") in TINY for note in root.iter("note"))
    ties = sum(tie.get("type") == "start" for tie in root.iter("tie"))
    return [float(len(printed.notes)), *(100 * each / count for each in (specks(printed), rests, ties))]


def specks(printed: Printed) -> int:
    """How many notes are specks."""
    table = np.array([(note.part, note.bar, note.pitch, float(note.length)) for note in printed.notes]).reshape(-1, 4)
    found = 0
    for part, bar, pitch, length in table:
        near = (table[:, 0] == part) & (np.abs(table[:, 1] - bar) <= BARS) & (np.abs(table[:, 2] - pitch) < OCTAVES)
        found += length < SIXTEENTH - 1e-6 or near.sum() < 2
    return int(found)


if __name__ == "__main__":
    report.run(main)
