"""Chords by the network alone, with the chain, and with a recurrent language model in the chain's place.

    python -m benchmarks.listening.harmony_rnn CORPUS … [--minutes 4] [--songs 20]

The language model learns from the labels of the corpora, in all keys, and is chosen by its likelihood on every tenth
song. How much it counts, and how long chords last, are chosen on songs of the set `validation`; the songs of `test`
report.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

import onpu
from benchmarks.listening.harmony_songs import items
from benchmarks.recordings import Item
from benchmarks.report import parser, run, save, table
from onpu.data.corpus import Corpus
from onpu.decode.chain import best_path
from onpu.decode.hybrid import hybrid_path
from onpu.decode.targets import metrical_positions
from onpu.decode.tasks.chords import EMISSION_WEIGHT
from onpu.metrics import chords as metric
from onpu.models.chord_rnn import ChordRnn, State
from onpu.music import Chords, harte
from onpu.trained import TrainedListener

LEVELS = ("root", "majmin", "sevenths", "tetrads")
WEIGHTS = (0.3, 0.6, 1.0)
LONGEST = 256
"""Chords of a song that are learned from at a time."""
BATCH = 32


class Remembering:
    """`onpu.decode.hybrid.LanguageModel` of a network."""

    def __init__(self, network: ChordRnn):
        self.network = network

    def begin(self) -> tuple[np.ndarray, State]:
        """See the protocol."""
        likely, state = self.network.advance(torch.tensor([self.network.classes]), None)
        return likely.numpy(), state

    def advance(self, state: State, rows: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, State]:
        """See the protocol."""
        own = torch.from_numpy(rows)
        likely, state = self.network.advance(torch.from_numpy(symbols), (state[0][:, own], state[1][:, own]))
        return likely.numpy(), state

    def join(self, first: State, kept: np.ndarray, second: State | None) -> State:
        """See the protocol."""
        own = torch.from_numpy(kept)
        rows = first[0][:, own], first[1][:, own]
        return rows if second is None else (torch.cat([rows[0], second[0]], dim=1),
                                            torch.cat([rows[1], second[1]], dim=1))


def numbers(chords: Chords, qualities: int) -> np.ndarray:
    """Classes of a network that tells so many qualities apart, each chord once where it is repeated."""
    out = []
    for label in chords.labels:
        root, quality = divmod(harte.to_class(str(label)), len(harte.VOCABULARY))
        whole = harte.to_class(str(label))
        if whole >= harte.NONE:
            out.append(12 * qualities + whole - harte.NONE)
        else:
            out.append(12 * qualities + 1 if quality >= qualities else root * qualities + quality)
    found = np.array(out, np.int64)
    return found[np.diff(found, prepend=-1) != 0]


def transposed(song: np.ndarray, semitones: int, qualities: int) -> np.ndarray:
    """The same chords so many semitones higher."""
    root, quality = np.divmod(song, qualities)
    return np.where(song < 12 * qualities, (root + semitones) % 12 * qualities + quality, song)


def batch(songs: Sequence[np.ndarray], classes: int) -> torch.Tensor:
    """(songs, longest + 1), the beginning first, -1 behind the ends."""
    out = np.full((len(songs), max(map(len, songs)) + 1), -1)
    for row, song in zip(out, songs, strict=True):
        row[0], row[1 : len(song) + 1] = classes, song
    return torch.from_numpy(out)


def surprise(network: ChordRnn, chords: torch.Tensor) -> torch.Tensor:
    """Negative log likelihood in nats a chord."""
    said = network(chords[:, :-1].clamp(min=0))
    return cross_entropy(said.flatten(0, 1), chords[:, 1:].flatten(), ignore_index=-1)


def learned(songs: list[np.ndarray], qualities: int, minutes: float) -> tuple[ChordRnn, float]:
    """The network at its best on the songs held out, and their surprise."""
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    classes = 12 * qualities + 2
    network = ChordRnn(classes)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3)
    held, rest = batch(songs[::10], classes), [song for number, song in enumerate(songs) if number % 10]
    best, kept = np.inf, {name: values.clone() for name, values in network.state_dict().items()}
    end = time.monotonic() + 60 * minutes
    step = 0
    while time.monotonic() < end:
        network.train()
        chosen = [transposed(rest[int(rng.integers(len(rest)))], int(rng.integers(12)), qualities)
                  for _ in range(BATCH)]
        optimiser.zero_grad()
        surprise(network, batch(chosen, classes)).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 50 == 0:
            network.eval()
            with torch.no_grad():
                now = float(surprise(network, held))
            print(step, round(now, 3), flush=True)
            if now < best:
                best, kept = now, {name: values.clone() for name, values in network.state_dict().items()}
    network.load_state_dict(kept)
    return network.eval(), best


def main() -> None:
    """Write the table."""
    arguments = parser(__doc__)
    arguments.add_argument("corpora", nargs="+", type=Path)
    arguments.add_argument("--minutes", type=float, default=4.0)
    arguments.add_argument("--choosing", type=int, default=6, help="songs of `validation`")
    arguments.add_argument("--songs", type=int, default=20, help="songs of `test`")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    trained = onpu.load("chords", device="cpu")
    assert isinstance(trained, TrainedListener)
    qualities = int(trained.recipe.qualities)
    corpora = [Corpus.open(path) for path in given.corpora]
    sequences = [numbers(corpus.timeline(number, ("chords",)).require(Chords), qualities)[:LONGEST]
                 for corpus in corpora for number in range(len(corpus)) if "chords" in corpus.labelled(number)]
    songs = [song for song in sequences if len(song) > 3]
    network, nats = learned(songs, qualities, given.minutes)
    model = Remembering(network)

    def heard(item: Item) -> dict[str, np.ndarray]:
        return trained.activations(item.path)

    def wcsr(chosen: Sequence[Item], activations: Sequence[dict[str, np.ndarray]], weight: float | None
             ) -> dict[str, float]:
        pairs = []
        for item, found in zip(chosen, activations, strict=True):
            clock, frames = trained.features.clock, found["chord"].shape[1]
            place = metrical_positions(None, clock, frames).astype(int)
            level = np.log(np.maximum(found["chord"], 1e-9))
            emissions, change = EMISSION_WEIGHT * float(found["trust"][0]) * level, found["change"][place]
            if weight is None:
                path = best_path(emissions, change, found["moves"])
            else:
                path = hybrid_path(emissions, change, model, weight=weight) if weight else level.argmax(axis=0)
            hard = np.zeros_like(found["chord"])
            hard[path, np.arange(frames)] = 1
            alone = {name: values for name, values in found.items() if name not in ("moves", "change", "trust")}
            estimate = trained.decode(alone | {"chord": hard}, item.truth.duration).require(Chords)
            pairs.append((metric.filled(item.truth.require(Chords), item.truth.duration), estimate))
        return metric.corpus_wcsr(pairs)

    choosing = items("validation")[: given.choosing]
    answers = [heard(item) for item in choosing]
    tried = {weight: wcsr(choosing, answers, weight) for weight in WEIGHTS}
    best = max(tried, key=lambda weight: float(np.mean([tried[weight][level] for level in LEVELS])))
    print({weight: round(scores["tetrads"], 4) for weight, scores in tried.items()}, best, flush=True)
    test = items("test")[: given.songs]
    answers = [heard(item) for item in test]
    rows = []
    for name, weight in (("network alone", 0.0), ("+ chain", None), ("+ RNN", best)):
        scores = wcsr(test, answers, weight)
        rows.append([name, *(scores[level] for level in LEVELS)])
        print(rows[-1], flush=True)
    save(given, "harmony_rnn", "A recurrent language model over chords", [
        f"{len(test)} songs of `test`, beats unknown. The RNN learned from the chords of {len(songs)} songs for "
        f"{given.minutes:g} minutes: {nats:.3f} nats a chord on songs held out; it counts {best:g}, chosen among "
        f"{', '.join(map(str, WEIGHTS))} on {len(choosing)} songs of `validation`.\n",
        table(["WCSR", *LEVELS], rows)])


if __name__ == "__main__":
    run(main)
