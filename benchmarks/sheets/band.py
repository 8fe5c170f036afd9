"""Who plays in recordings: by the notes alone, by the listener of instruments alone, and by both together.

    python -m benchmarks.sheets.band [--first 6] [--results FOLDER] [--dry]

Recordings are those of MDB, by which the vote of the listener of instruments was chosen. F: of what plays each second,
drums and singing among it. Notes astray: share of the found notes whose family plays nowhere in the recording; families
astray: how many of those have a note, all recordings together. Table: benchmarks/results/band.md.
"""

import numpy as np

import onpu
from benchmarks.listening.tags_data import multitracks
from benchmarks.report import parser, run, save, table
from onpu.metrics import instruments as metric
from onpu.music import Instruments, Timeline
from onpu.music.instruments import FAMILIES, family_of
from onpu.music.playing import playing

WAYS = {"notes alone": ("notes",), "instruments alone": ("instruments",),
        "both, as in `onpu analyze`": ("notes", "instruments", "voice", "melody", "drums")}
"""Name -> the tasks that are listened for."""


def astray(found: Timeline, truth: Instruments) -> tuple[float, int]:
    """Share of the notes whose family plays nowhere, and how many such families there are."""
    if found.notes is None or not len(found.notes):
        return float("nan"), 0
    names = np.array(list(FAMILIES))[family_of(found.notes.programs)]
    wrong = ~np.isin(names, truth.labels)
    return float(wrong.mean()), len(set(names[wrong].tolist()))


def main() -> None:
    """The command line."""
    options = parser(__doc__)
    options.add_argument("--first", type=int, default=6, help="recordings")
    given = options.parse_args()
    items = list(multitracks())[: given.first]
    rows = list[list[object]]()
    for way, tasks in WAYS.items():
        scores, wrong = [], []
        for item in items:
            found, truth = onpu.analyze(item.path, tasks=tasks), item.truth.require(Instruments)
            scores.append(metric.evaluate(truth, playing(found), item.truth.duration)["F-measure"])
            wrong.append(astray(found, truth))
        rows.append([way, float(np.mean(scores)), float(np.mean([share for share, _ in wrong])),
                     "-" if "notes" not in tasks else sum(count for _, count in wrong)])
    save(given, "band", "Who plays", [table(["decided by", "F by seconds", "notes astray", "families astray"], rows)])


if __name__ == "__main__":
    run(main)
