"""Chorales: likelihood of held-out Bach; keys, cadences, voice leading, copies and speed of generated ones beside it.

    python -m benchmarks.making.chorales WEIGHTS [--count 100] [--harmonised 47] [--bars 8] [--temperature .7]
        [--strictness 20] [--held-back FILE] [--results FOLDER] [--dry]

The data are chorales.json.gz in `ONPU_DATA` (see README.md). Held out are the tunes for tests, which neither learning
nor the choice of weights has seen, or the chorales of --held-back. Table: benchmarks/results/chorales.md.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from onpu.data.corpora.chorales import FILE, Chorales
from onpu.make import load
from onpu.make.chorale import ChoraleOptions, composed, negative_log_likelihood
from onpu.maker import TrainedMaker
from onpu.metrics import cadences, voice_leading
from onpu.metrics.copies import longest_copy
from onpu.music.chorale import VOICES, Chorale
from onpu.music.spelling import key_label, parse_key

KEYS = tuple(key_label(tonic, mode) for mode, tonics in (("major", (0, 2, 5, 7, 9, 10)), ("minor", (2, 4, 7, 9, 11)))
             for tonic in tonics)
"""Keys of the generated chorales, in turn: those that are common in Bach's."""

TOGETHER = 25
"""Chorales that are drawn at the same time."""


def surprise(trained: TrainedMaker, chorales: Sequence[Chorale]) -> list[list[object]]:
    """Rows of the table of likelihoods, in nats: every voice, and the mean over voices; all chorales pooled."""
    found = [negative_log_likelihood(trained, chorale) for chorale in chorales]
    nats, begins = (np.concatenate(column, axis=1) for column in zip(*found, strict=True))
    rows: list[list[object]] = []
    for voice, name in enumerate(VOICES):
        row, at = nats[voice], begins[voice]
        rows.append([name, float(row[at].mean()), float(row.mean()), float(row.sum() / at.sum())])
    return [*rows, ["mean over voices", *(float(np.mean([row[column] for row in rows])) for column in (1, 2, 3))]]


def generated(trained: TrainedMaker, count: int, options: ChoraleOptions) -> tuple[list[Chorale], float]:
    """So many chorales, and how many seconds of processor time one of them takes alone."""
    several = [replace(options, seed=seed, key=KEYS[seed % len(KEYS)]) for seed in range(count)]
    begun = time.process_time()
    trained(options=several[0])
    seconds = time.process_time() - begun
    return [chorale for first in range(0, count, TOGETHER)
            for chorale in composed(trained, several[first : first + TOGETHER])], seconds


def shortened(chorale: Chorale, quarters: int) -> Chorale:
    """The first so many quarters of a chorale, in which copies are looked for, so that short and long ones compare."""
    end = 4 * quarters
    return replace(chorale, pitches=chorale.pitches[:, :end], attacks=chorale.attacks[:, :end],
                   fermata=chorale.fermata[:end])


def side_by_side(rows: Mapping[str, Sequence[Chorale]], learned: Sequence[Chorale], quarters: int) -> str:
    """Measures down, chorales across."""
    led = {name: voice_leading.evaluate(chorales) for name, chorales in rows.items()}
    runs = {name: [longest_copy(shortened(chorale, quarters), learned) for chorale in chorales]
            for name, chorales in rows.items()}
    lines: list[list[object]] = [[measure, *(led[name][measure] for name in rows)]
                                 for measure in next(iter(led.values())) if measure != "Chords"]
    lines += [[f"Longest copy, quarters, {name}", *(f"{statistic(runs[row]):g}" for row in rows)]
              for name, statistic in (("median", np.median), ("largest", np.max))]
    lines.append(["Chorales; chords", *(f"{len(rows[name])}; {led[name]['Chords']:.0f}" for name in rows)])
    return table(("per 100 chords", *rows), lines)


def closing(rows: Mapping[str, Sequence[Chorale]]) -> str:
    """How they begin and end: measures down, chorales across."""
    found = {name: cadences.evaluate(chorales) for name, chorales in rows.items()}
    names = next(iter(found.values()))
    return table(("share", *rows), [[measure, *(found[row][measure] for row in rows)] for measure in names])


def main() -> None:
    """Measure, print and write the tables."""
    flags = parser(__doc__)
    flags.add_argument("weights", help="name or path")
    flags.add_argument("--count", type=int, default=100, help="chorales that are generated")
    flags.add_argument("--harmonised", type=int, default=47, help="held-out sopranos that are harmonised, at most")
    flags.add_argument("--bars", type=int, default=8)
    flags.add_argument("--temperature", type=float, default=ChoraleOptions().temperature)
    flags.add_argument("--sweeps", type=int, default=ChoraleOptions().sweeps)
    flags.add_argument("--strictness", type=float, default=ChoraleOptions().strictness,
                        help="nats that a parallel costs")
    flags.add_argument("--held-back", help="file of chorales in the place of the tunes for tests")
    given = flags.parse_args()
    torch.set_num_threads(1)
    trained = load(given.weights)
    corpus = Chorales.open(data(FILE))
    tested = corpus.tested() if given.held_back is None else Chorales.open(given.held_back).whole()
    held = [tested.item(number) for number in tested.numbers]
    learned = [corpus.item(number) for number in corpus.numbers]
    options = ChoraleOptions(bars=given.bars, temperature=given.temperature, sweeps=given.sweeps,
                             strictness=given.strictness)
    chorales, seconds = generated(trained, given.count, options)
    harmonised = [trained(options=replace(options, seed=seed, given=chorale))
                  for seed, chorale in enumerate(held[: given.harmonised])]
    rows = {"Bach, held out": held, "generated": chorales, "held-out soprano harmonised": harmonised}
    bach = {"all of Bach": corpus.chorales, "of these not Phrygian": [
        chorale for chorale in corpus.chorales if chorale.pitches[-1, -1] % 12 != (parse_key(chorale.key)[0] + 7) % 12]}
    parts = [f"## Likelihood of {len(held)} held-out chorales, nats\n\n"
             + table(("", "note (where it begins)", "step (all tokens)", "note with its holds"),
                     surprise(trained, held)),
             f"## Beginnings and ends\n\n{closing(rows | bach)}",
             f"## Voice leading\n\n{side_by_side(rows, learned, 4 * given.bars)}",
             "Phrygian tunes are labelled as minor or Dorian in the source, a fourth higher, and end on what is then "
             f"the dominant. A chorale of {given.bars} bars takes {seconds:.1f} s of one processor ({given.sweeps} "
             f"sweeps, temperature {given.temperature:g}). Copies are looked for in the first {4 * given.bars} "
             f"quarters, among the {len(learned)} chorales of {FILE} that training may see.\n"]
    save(given, "chorales", "Chorales", parts)


if __name__ == "__main__":
    run(main)
