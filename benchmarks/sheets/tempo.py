"""Tempo events of MIDI files, and how far their beats lie from those that were found.

    python -m benchmarks.sheets.tempo [--sets mdb,metal,ultrastar] [--results FOLDER] [--dry]

The click of case 12 (shared/cases), and what is heard in the recordings of the sets (`ONPU_BENCH_CACHE`). Beats of the
file: those of its tempo map, read back. Where the tempo changes with each beat, as many events would meet all of them.
Table: benchmarks/results/tempo.md.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from symusic import Score

from benchmarks import report
from benchmarks.paths import DATA
from benchmarks.sheets.heard import SETS, found_in, heard
from onpu.formats.loading import read
from onpu.formats.midi import write_midi
from onpu.music import Timeline

CLICK = DATA.parent / "cases/12-click-128/input.ogg"


def main() -> None:
    """The command line."""
    options = report.parser(__doc__)
    options.add_argument("--sets", default="mdb,metal,ultrastar", help=f"by commas, of {', '.join(SETS)}")
    given = options.parse_args()
    songs = {"click at 128 (case 12)": found_in("click-128", CLICK, tasks=("beats",))} if CLICK.exists() else {}
    songs |= {name: song for each in given.sets.split(",") for name, song in heard(each).items()}
    rows = [[name.replace("_", " "), *figures(song)] for name, song in songs.items()]
    headings = ["recording", "beats", "tempo events", "ms from the found beats, mean", "at most"]
    report.save(given, "tempo", "Tempo events of MIDI files", [report.table(headings, rows)])


def figures(timeline: Timeline) -> list[object]:
    """Beats, tempo events, and milliseconds between the beats of the file and those that were found."""
    assert timeline.beats is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.mid"
        write_midi(timeline, path)
        score: Any = Score(path)
        written = read(path).beats
    assert written is not None
    times = timeline.beats.times
    off = 1000 * np.abs(written.times[:, None] - times[None, :]).min(axis=0)
    return [len(times), len(score.tempos), f"{off.mean():.2f}", f"{off.max():.1f}"]


if __name__ == "__main__":
    report.run(main)
