"""Performances: what networks say of held-out pianos beside counts of events, and what they play beside those pianos.

    python -m benchmarks.making.performance NAME=WEIGHTS … [--count 20] [--seconds 30]
        [--temperature 1] [--top-p .95] [--results FOLDER] [--dry]

Held out are the songs for tests of POP909 (pop909.zip, see README.md), which neither learning nor the choice of weights
has seen. Table: benchmarks/results/performance.md.
"""

from collections.abc import Sequence

import numpy as np
import torch

from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.corpora.performances import Performances
from onpu.make import load
from onpu.make.performance import PerformanceOptions, negative_log_likelihood
from onpu.maker import TrainedMaker
from onpu.metrics.performances import evaluate, longest_run, row_of
from onpu.music import Notes
from onpu.represent.performance import (
    EVENTS,
    KINDS,
    PITCHES,
    START,
    TICKS_PER_SECOND,
    TIME_SHIFT,
    decoded,
    encoded,
    kinds,
    lengths,
)

TRANSPOSED = range(-6, 7)
"""Semitones in which events are counted, as networks learn from them."""
PSEUDOCOUNT = 0.01
"""Pseudocount, added to each count, so that nothing is impossible."""


def counts(songs: Sequence[Notes]) -> tuple[np.ndarray, np.ndarray]:
    """-log p of events alone (EVENTS,), and after the one before (EVENTS + 1, EVENTS), from songs in all keys."""
    seen, pairs = np.zeros((EVENTS + 1, EVENTS)), np.full((EVENTS + 1, EVENTS), PSEUDOCOUNT)
    for notes in songs:
        events = encoded(notes)
        np.add.at(seen, (np.append(START, events[:-1]), events), 1)
    event = np.arange(EVENTS + 1)
    for semitones in TRANSPOSED:
        pitch = np.clip(event % PITCHES + semitones, 0, PITCHES - 1)
        moved = np.where(event < TIME_SHIFT, event - event % PITCHES + pitch, event)
        np.add.at(pairs, (moved[:, None], moved[:EVENTS]), seen)
    alone = pairs.sum(axis=0)
    return -np.log(alone / alone.sum()), -np.log(pairs / pairs.sum(axis=1, keepdims=True))


def likelihoods(networks: dict[str, TrainedMaker], held: Sequence[np.ndarray], learned: Sequence[Notes]) -> str:
    """Nats an event by kind, and a second, of all held-out events together."""
    alone, after = counts(learned)
    nats = {"how often an event is": [alone[events] for events in held],
            "… after the one before": [after[np.append(START, events[:-1]), events] for events in held]}
    nats |= {name: [negative_log_likelihood(made, events) for events in held] for name, made in networks.items()}
    kind = np.concatenate([kinds(events) for events in held])
    seconds = sum(int(lengths(events).sum()) for events in held) / TICKS_PER_SECOND
    rows: list[list[object]] = []
    for name, parts in nats.items():
        every = np.concatenate(parts)
        rows.append([name, float(every.mean()), *(float(every[kind == number].mean()) for number in range(len(KINDS))),
                     f"{every.sum() / seconds:.1f}"])
    share = [f"{(kind == number).mean():.0%}" for number in range(len(KINDS))]
    return table(("", "event", *KINDS, "a second"), [*rows, ["share of the events", "100%", *share, ""]])


def excerpts(held: Sequence[Notes], seconds: float) -> list[Notes]:
    """Stretches of the held-out songs from their middle, as long as what is played."""
    found = []
    for notes in held:
        inside = notes.onsets >= notes.onsets[len(notes.onsets) // 2] - seconds / 2
        events = encoded(notes.select(inside))
        end = int(np.searchsorted(np.cumsum(lengths(events)), TICKS_PER_SECOND * seconds)) + 1
        found.append(decoded(events[:end]))
    return found


def side_by_side(rows: dict[str, list[Notes]], learned: np.ndarray) -> str:
    """Measures down, performances across: mean over them, and their standard deviation."""
    found = {name: [evaluate(notes) for notes in performances] for name, performances in rows.items()}
    lines: list[list[object]] = []
    for measure in next(iter(found.values()))[0]:
        values = {name: np.array([scores[measure] for scores in each if scores]) for name, each in found.items()}
        lines.append([measure, *(f"{column.mean():.2f} ± {column.std():.2f}" for column in values.values())])
    runs = {name: [longest_run(notes, learned) for notes in performances] for name, performances in rows.items()}
    lines.append(["Longest copied run, notes: median", *(f"{np.median(runs[name]):g}" for name in rows)])
    lines.append(["… largest", *(f"{max(runs[name])}" for name in rows)])
    return table(("", *rows), [*lines, ["Performances", *(str(len(each)) for each in rows.values())]])


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="+", help="NAME=PATH, or a name or path alone")
    options.add_argument("--count", type=int, default=20, help="performances that each plays")
    options.add_argument("--seconds", type=float, default=PerformanceOptions().seconds)
    options.add_argument("--temperature", type=float, default=PerformanceOptions().temperature)
    options.add_argument("--top-p", type=float, default=PerformanceOptions().top_p)
    given = options.parse_args()
    torch.set_num_threads(1)
    networks = {text.split("=")[0]: load(text.split("=")[-1]) for text in given.weights}
    songs = Performances.open(data("pop909.zip"))
    tested = songs.tested()
    held = [tested.item(number) for number in tested.numbers]
    learned = [songs.item(number) for number in songs.split()[0].numbers]
    rows = {"held out": excerpts(held, given.seconds)}
    speeds = []
    for name, made in networks.items():
        found = [timed(made, options=PerformanceOptions(seed, given.seconds, given.temperature, given.top_p))
                 for seed in range(given.count)]
        rows[name] = [notes for notes, _ in found]
        speeds.append(f"{name} {np.mean([spent.seconds for _, spent in found]):.1f} s")
    parts = [f"## Likelihood of {len(held)} held-out songs, nats\n\n"
             + likelihoods(networks, [encoded(notes) for notes in held], learned),
             f"## Side by side, {given.seconds:g} s each\n\n{side_by_side(rows, row_of(learned))}",
             f"Temperature {given.temperature:g}, top-p {given.top_p:g}. {given.seconds:g} seconds take "
             f"{', '.join(speeds)} on one thread. Copies are looked for among the {len(learned)} songs that were "
             "learned from, in any key; a run of the held-out songs is no copy, so theirs says what is usual.\n"]
    save(given, "performance", "Performances on the piano", parts)


if __name__ == "__main__":
    run(main)
