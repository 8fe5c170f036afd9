"""Phonemes of singing: error rate of what is recognised, and where given phonemes are placed.

    python -m benchmarks.listening.lyrics CORPUS [--weights lyrics] [--results FOLDER] [--dry]

Songs of PJS that were held out, alone and over composed accompaniments, a corpus that `onpu corpus singing` writes
(benchmarks/README.md has the command). Table: benchmarks/results/lyrics.md.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

from benchmarks.report import parser, run, save, table
from onpu.data.corpora.singing import DOUBTFUL
from onpu.data.corpus import Corpus
from onpu.decode.phonemes import FLOOR, aligned
from onpu.listen import load
from onpu.metrics.phonemes import distance, sequence, within
from onpu.music.phonemes import number_of

HEADINGS = ("songs", "phonemes", "phoneme error rate", "begins within 50 ms", "ends within 50 ms",
            "begins within 20 ms", "median error, ms")
SHORTEST_SECONDS = 0.025


def measured(corpus: Corpus, weights: str) -> dict[tuple[str, bool], list[tuple[int, int, np.ndarray, np.ndarray]]]:
    """Of each song changes, phonemes, and errors of begins and ends in seconds, by kind and whether labels are sure."""
    trained = load(weights)
    clock, found = trained.features.clock, defaultdict(list)
    for number in range(len(corpus)):
        voice = corpus.timeline(number, ("voice",)).voice
        assert voice is not None
        heads = trained.activations(corpus.audio(number))
        truth = sequence(voice)
        heard = trained.listener.decode(heads, clock, trained.listener.options)["voice"]
        scores = np.log(np.asarray(heads["phonemes"], np.float64) + FLOOR)
        bounds = clock.seconds(aligned(np.array([number_of(name) for name in truth]), scores,
                                       round(SHORTEST_SECONDS * clock.fps)))
        row = (distance(truth, sequence(heard)), len(truth), bounds[:, 0] - voice.starts, bounds[:, 1] - voice.ends)
        found[corpus.kind(number), corpus.name(number).split()[0] not in DOUBTFUL].append(row)
    return dict(found)


def row_of(name: str, rows: list[tuple[int, int, np.ndarray, np.ndarray]]) -> list[object]:
    """A row of the table, of all phonemes together."""
    begins, ends = np.concatenate([row[2] for row in rows]), np.concatenate([row[3] for row in rows])
    total = sum(row[1] for row in rows)
    nothing = np.zeros(len(begins))
    return [f"{name} ({len(rows)} songs)", f"{total}", sum(row[0] for row in rows) / total, within(nothing, begins),
            within(nothing, ends), within(nothing, begins, 0.02), f"{1000 * np.median(np.abs(begins)):.0f}"]


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("corpus", type=Path, help="songs to be tested on (onpu corpus singing --part test)")
    options.add_argument("--weights", default="lyrics", help="name or path")
    given = options.parse_args()
    torch.set_num_threads(1)
    found = measured(Corpus.open(given.corpus), given.weights)
    kinds = sorted({kind for kind, _ in found})
    rows = [row_of(kind, found[kind, True]) for kind in kinds]
    rows += [row_of(f"{kind}, with {', '.join(DOUBTFUL)} as far as it is among them",
                    found[kind, True] + found[kind, False]) for kind in kinds if (kind, False) in found]
    save(given, "lyrics", "Phonemes of singing", [
        table(HEADINGS, rows),
        "Begins and ends: the true phonemes placed by the second output of the network (Viterbi). Songs in doubt have "
        "labels that lie elsewhere than the singing (see `onpu.data.corpora.singing`).\n"])


if __name__ == "__main__":
    run(main)
