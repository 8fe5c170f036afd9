"""MidiNet: melodies that are made over the chords of held-out songs, beside those that the songs have.

    python -m benchmarks.making.midinet WEIGHTS … [--data FILE] [--bars 8] [--results FOLDER] [--dry]

WEIGHTS are names or paths. Songs are those for tests of --data, by default pop909.zip in `ONPU_DATA`, in pieces of
--bars bars, read as the network reads them (repeated pitches are one long note, rests the note before). *Chained*
melodies are made from nothing but the chords; each bar is the one with the fewest leaps of several, *raw* the first
that is made; *answers* are single bars after the song's own bar. *Other chords* is
what the songs have, over the chords of another piece: what a melody that heeds no chord comes to. Table:
benchmarks/results/midinet.md.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.corpora.passages import Passages, eventful
from onpu.make import load
from onpu.make.midinet import PART, MidinetOptions, answered, heard, sounding
from onpu.maker import TrainedMaker
from onpu.metrics.melodies import evaluate, longest_copy, overlaps
from onpu.music.passage import Passage

COPIED = 60
"""Number of melodies whose longest copy is looked for."""


def pieces_of(passages: Passages, bars: int) -> list[Passage]:
    """Pieces of so many bars with a melody and a chord in each, one after the other, as the network reads them."""
    found = []
    for number in passages.numbers:
        song, end = passages.item(number), 0
        for start in eventful(song, bars, PART):
            piece = song.cut(start, bars)
            if start >= end and "N" not in piece.chords:
                found.append(heard(sounding(piece), piece.chords, piece.name))
                end = start + bars
    return found


def shifted(pieces: Sequence[Passage]) -> list[Passage]:
    """Each melody over the chords of the piece that comes some places later."""
    by = len(pieces) // 2
    return [replace(piece, chords=pieces[(number + by) % len(pieces)].chords) for number, piece in enumerate(pieces)]


def chained(trained: TrainedMaker, pieces: Sequence[Passage], candidates: int) -> tuple[list[Passage], float]:
    """A melody over the chords of each piece, each bar chosen of so many; the median of the seconds that one took."""
    found = [timed(trained, options=MidinetOptions(seed=seed, chords=piece.chords, bars=piece.bars,
                                                   candidates=candidates))
             for seed, piece in enumerate(pieces)]
    return [melody for melody, _ in found], float(np.median([spent.seconds for _, spent in found]))


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="+", help="names or paths")
    options.add_argument("--data", help="in place of pop909.zip")
    options.add_argument("--bars", type=int, default=8)
    given = options.parse_args()
    torch.set_num_threads(1)
    passages = Passages.open(given.data or data("pop909.zip"))
    held = passages.side("test")
    pieces, learned = (pieces_of(side, given.bars) for side in (held, passages.side("train")))
    rows = {"held out": pieces, "other chords": shifted(pieces)}
    answers: dict[str, tuple[list[Passage], list[Passage]]] = {}
    took = []
    for weights in given.weights:
        trained = load(weights)
        rows[f"{weights}, chained, raw"], _ = chained(trained, pieces, 1)
        rows[f"{weights}, chained"], seconds = chained(trained, pieces, MidinetOptions().candidates)
        took.append(f"{given.bars} bars take {weights} {seconds:.3f} s (median, one thread)")
        with torch.inference_mode():
            pairs = [answered(trained, held.item(number), np.random.default_rng(number)) for number in held.numbers]
        answers[weights] = [bar for pair in pairs for bar in pair[0]], [bar for pair in pairs for bar in pair[1]]
    scores = {name: evaluate(melodies) for name, melodies in rows.items()}
    runs = {name: [longest_copy(melody, learned) for melody in melodies[:COPIED]] for name, melodies in rows.items()
            if name != "other chords"}
    lines: list[list[object]] = [[measure, *(scores[name][measure] for name in rows)] for measure in scores["held out"]]
    lines += [[f"Longest copy, notes, {name}", *(f"{statistic(runs[row]):g}" if row in runs else "" for row in rows)]
              for name, statistic in (("median", np.median), ("largest", np.max))]
    lines.append(["Melodies", *(len(melodies) for melodies in rows.values())])
    shared = {name: overlaps(pieces, melodies) for name, melodies in rows.items() if name != "held out"}
    shared |= {f"{name}, answers": overlaps(*pair) for name, pair in answers.items()}
    histograms = [[name, *(shared[row][name] for row in shared)] for name in next(iter(shared.values()))]
    parts = [f"## Side by side\n\n{table(('', *rows), lines)}",
             f"## Overlap of histograms with held-out songs\n\n{table(('', *shared), histograms)}",
             f"Copies are looked for among {len(learned)} pieces of the songs that training may see. "
             f"{'; '.join(took)}.\n"]
    save(given, "midinet", "Melodies over chords", parts)


if __name__ == "__main__":
    run(main)
