"""Chords for melodies: forms of attention beside each other and beside what needs no network.

    python -m benchmarks.making.seq2seq NAME=WEIGHTS … [--beam 4] [--results FOLDER] [--dry]

Held out are the songs for tests of POP909 (pop909.zip, see README.md), which neither learning nor the choice of weights
has seen, in phrases of eight bars. Table: benchmarks/results/seq2seq.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch

from benchmarks.paths import data
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.corpora.phrases import Phrases
from onpu.decode.chain import best_path
from onpu.make import load
from onpu.make.seq2seq import Seq2SeqOptions, negative_log_likelihood
from onpu.maker import TrainedMaker
from onpu.metrics.harmonising import evaluate
from onpu.music.phrase import CHORDS, NONE, QUALITIES, Phrase, chord_tones

PSEUDOCOUNT = 0.1
"""Pseudocount, added to each count."""
WEIGHTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)
"""Of the melody in the hidden Markov model; tried on the songs that choose the networks' weights."""
Method = Callable[[Phrase], np.ndarray]


class HiddenMarkov:
    """A hidden Markov model: chords follow chords, and each half bar's melody is drawn from its chord's tones.

    Counted in all twelve keys. Melody: the pitch class, or a rest, of each sixteenth, as if drawn independently; since
    they are not, their log p is multiplied by a weight.
    """

    def __init__(self, phrases: Sequence[Phrase]):
        self.weight = 1.0
        first, moves = np.full(CHORDS, PSEUDOCOUNT), np.full((CHORDS, CHORDS), PSEUDOCOUNT)
        sung = np.full((CHORDS, 13), PSEUDOCOUNT)
        for phrase in phrases:
            for semitones in range(12):
                moved = phrase.transposed(semitones)
                first[moved.chords[0]] += 1
                np.add.at(moves, (moved.chords[:-1], moved.chords[1:]), 1)
                np.add.at(sung, (np.repeat(moved.chords, moved.slot), pitch_classes(moved)), 1)
        self.first, self.moves, self.sung = (np.log(table / table.sum(axis=-1, keepdims=True))
                                             for table in (first, moves, sung))

    def emissions(self, phrase: Phrase) -> np.ndarray:
        """(slots, CHORDS) log p of the melody."""
        return self.weight * self.sung[:, pitch_classes(phrase)].reshape(CHORDS, -1, phrase.slot).sum(axis=2).T

    def fitted(self, phrases: Sequence[Phrase]) -> "HiddenMarkov":
        """This model with the weight by which the chords of these phrases are most probable."""
        totals = {}
        for self.weight in WEIGHTS:
            totals[self.weight] = sum(map(self.nats, phrases))
        self.weight = min(totals, key=totals.__getitem__)
        return self

    def find(self, phrase: Phrase) -> np.ndarray:
        """The most probable chords, by the Viterbi algorithm."""
        emissions = self.emissions(phrase)
        emissions[0] += self.first
        return best_path(emissions.T, np.ones(len(emissions)), np.exp(self.moves))

    def nats(self, phrase: Phrase) -> float:
        """-log p of the chords that are written, given the melody."""
        emissions = self.emissions(phrase)
        chords = phrase.chords
        joint = self.first[chords[0]] + self.moves[chords[:-1], chords[1:]].sum()
        joint += emissions[np.arange(len(chords)), chords].sum()
        ahead = self.first + emissions[0]
        for row in emissions[1:]:
            ahead = np.logaddexp.reduce(ahead[:, None] + self.moves, axis=0) + row
        return float(np.logaddexp.reduce(ahead) - joint)


def pitch_classes(phrase: Phrase) -> np.ndarray:
    """(steps,) pitch class at each sixteenth, 12 in rests."""
    return np.where(phrase.pitches > 0, phrase.pitches % 12, 12)


def overlap(phrase: Phrase) -> np.ndarray:
    """Of each half bar the chord whose tones sound longest in the melody; of equals a triad, the one before, major."""
    tones, before = chord_tones(), NONE
    found = []
    for start in range(0, phrase.steps, phrase.slot):
        here = phrase.pitches[start : start + phrase.slot]
        shares = tones[:, here[here > 0] % 12].sum(axis=1) - 0.5 * (np.arange(CHORDS) % len(QUALITIES) == 2)
        shares[before] += 0.3
        before = int(shares.argmax()) if (here > 0).any() else before
        found.append(before)
    return np.array(found)


def row(name: str, nats: float, held: Sequence[Phrase], method: Method) -> list[object]:
    """A line of the table."""
    found, spent = timed(lambda: [replace(phrase, chords=method(phrase)) for phrase in held])
    scores = evaluate(held, found)
    return [name, nats, *(scores[measure] for measure in ("Root", "Majmin", "Exact", "Chord tones", "Changes")),
            f"{1000 * spent.seconds / len(held):.0f}"]


def baselines(learned: Sequence[Phrase], judges: Sequence[Phrase], held: Sequence[Phrase]) -> list[list[object]]:
    """Rows of methods without a network."""
    markov = HiddenMarkov(learned)
    chords = np.concatenate([phrase.chords for phrase in held])
    # in all keys alike often: how often a chord is, is how often its quality is, over twelve roots
    learned_chords = np.concatenate([phrase.chords for phrase in learned])
    learned_qualities = np.where(learned_chords == NONE, 3, learned_chords % len(QUALITIES))
    qualities = np.bincount(learned_qualities, minlength=4) + PSEUDOCOUNT
    alone = -np.log(qualities / qualities.sum() / np.array([12, 12, 12, 1]))
    most = int(np.bincount(learned_chords).argmax())
    after = [np.append(markov.first[phrase.chords[0]], markov.moves[phrase.chords[:-1], phrase.chords[1:]])
             for phrase in held]
    unigram = float(alone[np.where(chords == NONE, 3, chords % len(QUALITIES))].mean())
    return [row("the most frequent chord", unigram, held, lambda phrase: np.full(len(phrase.chords), most)),
            row("chord tones of each half bar", float("nan"), held, overlap),
            ["chord after chord, without the melody", float(-np.concatenate(after).mean()), *[float("nan")] * 5, "-"],
            *(row(f"hidden Markov model, melody by {model.weight:g}", sum(map(model.nats, held)) / len(chords), held,
                  model.find) for model in (markov, HiddenMarkov(learned).fitted(judges)))]


def predicted(network: TrainedMaker, beam: int, phrase: Phrase) -> np.ndarray:
    """The chords that a network finds for a melody."""
    return network(options=Seq2SeqOptions(beam=beam, melody=phrase)).chords


def networks(trained: dict[str, TrainedMaker], held: Sequence[Phrase], beam: int) -> list[list[object]]:
    """Rows of the trained networks."""
    rows = []
    for name, network in trained.items():
        nats = float(negative_log_likelihood(network, held)[0].mean())
        rows += [row(f"{name}, {'greedy' if width == 1 else f'beam {width}'}", nats, held,
                     partial(predicted, network, width)) for width in dict.fromkeys((1, beam))]
    return rows


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="+", help="NAME=PATH, or a name or path alone")
    options.add_argument("--beam", type=int, default=Seq2SeqOptions().beam)
    given = options.parse_args()
    torch.set_num_threads(1)
    made = {text.split("=")[0]: load(text.split("=")[-1]) for text in given.weights}
    songs = Phrases.open(data("pop909.zip"))
    tested = songs.tested()
    learned, judges, held = ([phrase for number in part.numbers for phrase in part.item(number)]
                             for part in (*songs.split(), tested))
    written = evaluate(held, held)
    rows = [*baselines(learned, judges, held), *networks(made, held, given.beam),
            ["as written", *[float("nan")] * 4, written["Chord tones"], written["Changes"], "-"]]
    parts = [table(("", "nats a chord", "root", "majmin", "exact", "chord tones", "changes", "ms a phrase"), rows),
             f"{len(held)} phrases of {len(tested)} songs, {sum(len(phrase.chords) for phrase in held)} chords; "
             f"learned from {len(learned)} phrases and all that begin on other bars, in all keys. Nats: teacher-forced,"
             " the chords before given; for the hidden Markov model, of the whole sequence given the melody.\n"]
    save(given, "seq2seq", "Chords for melodies", parts)


if __name__ == "__main__":
    run(main)
