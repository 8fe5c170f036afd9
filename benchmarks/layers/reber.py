"""The embedded Reber grammar: what a recurrent network remembers across a string of symbols (`docs/reber.md`).

    python -m benchmarks.layers.reber [--strings 5000] [--seeds 5] [--only "rnn;lstm"] [--results FOLDER] [--dry]

Each network reads random strings once and learns which symbols may come next (cross-entropy with the grammar's own
probabilities, which are equal). After each 500 it is judged by 256 other, distinct strings that it never learns from.
Several of a kind, with different weights and strings, learn side by side. Table: benchmarks/results/reber.md; curves:
docs/figures/reber.png.
"""

from collections.abc import Callable, Container, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.paths import FIGURES
from benchmarks.report import figure, parser, run, save, table
from onpu.layers.cells import Cell, GruCell, LstmCell, RnnCell
from onpu.layers.recurrent import Recurrent

SYMBOLS = "BTPSXVE"
GRAPH = {0: "B1", 1: "T2P3", 2: "S2X4", 3: "T3V5", 4: "X3S6", 5: "P4V6", 6: "E7"}
"""State -> symbols that may follow, each with the state that it leads to; 7 is the end."""
Network = tuple[Callable[[int, int], Cell], int]
"""Cell, units."""
NETWORKS: dict[str, Network] = {
    "rnn": (RnnCell, 260), "lstm": (LstmCell, 128), "lstm, peepholes": (partial(LstmCell, peepholes=True), 128),
    "lstm, forget bias 0": (partial(LstmCell, forget_bias=0.0), 128), "gru": (GruCell, 148)}
"""All have about 70,000 weights."""
HEADINGS = ("network", "weights", "strings right", "each seed", "second-to-last symbol", "strings until all right")
BATCH, LEARNING_RATE, BETAS, CLIP = 2, 0.01, (0.9, 0.98), 1.0
HELD_OUT, EVERY = 256, 500
FIGURE = FIGURES / "reber.png"


class Strings(NamedTuple):
    """Strings as networks read them, filled up with zeros.

    symbols: (batch, frames, 7) one-hot, without the last symbol. following: (batch, frames) number of the next symbol,
    -1 behind the end. legal: (batch, frames, 7), whether a symbol may come next. lengths: (batch,) frames of each.
    """

    symbols: Tensor
    following: Tensor
    legal: Tensor
    lengths: Tensor


class Scores(NamedTuple):
    """Shares of strings. right: at every place the legal symbols have the highest outputs. remembered: at the
    second-to-last symbol the one that is right is held more likely than its rival."""

    right: float
    remembered: float


def embedded(rng: np.random.Generator) -> tuple[str, list[str]]:
    """A string of the grammar, B x (a string of Reber's) x E with x = T or P, and what may follow each symbol but the
    last (Hochreiter & Schmidhuber 1997, section 5.1)."""
    x = "TP"[rng.integers(2)]
    string, legal, state = f"B{x}", ["TP", "B"], 0
    while state < 7:
        ways = GRAPH[state]
        chosen = 2 * int(rng.integers(len(ways) // 2))
        string, state = string + ways[chosen], int(ways[chosen + 1])
        legal.append(GRAPH[state][::2] if state < 7 else x)
    return string + x + "E", [*legal, "E"]


def read(examples: Sequence[tuple[str, list[str]]]) -> Strings:
    """Strings and what may follow each symbol, as tensors."""
    lengths = torch.tensor([len(legal) for _, legal in examples])
    shape = len(examples), int(lengths.max())
    symbols, legal = torch.zeros(*shape, len(SYMBOLS)), torch.zeros(*shape, len(SYMBOLS), dtype=torch.bool)
    following = torch.full(shape, -1)
    for row, (string, ways) in enumerate(examples):
        for frame, now in enumerate(ways):
            symbols[row, frame, SYMBOLS.index(string[frame])] = 1
            following[row, frame] = SYMBOLS.index(string[frame + 1])
            legal[row, frame, [SYMBOLS.index(symbol) for symbol in now]] = True
    return Strings(symbols, following, legal, lengths)


def held_out() -> list[tuple[str, list[str]]]:
    """The strings that judge: distinct, always the same."""
    rng = np.random.default_rng(0)
    found: dict[str, list[str]] = {}
    while len(found) < HELD_OUT:
        string, legal = embedded(rng)
        found[string] = legal
    return list(found.items())


class Predictor(nn.Module):
    """(batch, frames, inputs) -> (batch, frames, outputs) logits, by one layer of cells."""

    def __init__(self, network: Network, inputs: int, outputs: int):
        super().__init__()
        cell, units = network
        self.recurrent = Recurrent(cell, inputs, units)
        self.out = nn.Linear(units, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.out(self.recurrent(x)[0])


class Siblings:
    """Predictors of a kind, one for each seed, that learn side by side, each from its own examples.

    steps: how many they learn, while the learning rate falls to zero on a straight line from the one given.
    """

    def __init__(self, network: Network, inputs: int, outputs: int, seeds: Sequence[int], steps: int,
                 learning_rate: float):
        predictors = []
        for seed in seeds:
            torch.manual_seed(seed)
            predictors.append(Predictor(network, inputs, outputs))
        self.count = len(predictors)
        self.parameters = torch.func.stack_module_state(predictors)[0]  # each (seeds, ...)
        self.answer = torch.func.vmap(lambda parameters, x: torch.func.functional_call(predictors[0], parameters, (x,)),
                                      randomness="different")
        self.optimizer = torch.optim.Adam(self.parameters.values(), learning_rate, betas=BETAS)
        self.pace = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: 1 - step / steps)

    def __call__(self, x: Tensor) -> Tensor:
        """(seeds, batch, frames, inputs) -> (seeds, batch, frames, outputs) logits."""
        return self.answer(self.parameters, x)

    def learn(self, loss: Tensor) -> None:
        """A step; loss: sum over siblings. The gradient of each is clipped by its own norm."""
        self.optimizer.zero_grad()
        loss.backward()
        gradients = [parameter.grad for parameter in self.parameters.values()]
        norm = torch.stack([gradient.flatten(1).norm(dim=1) for gradient in gradients]).norm(dim=0)  # (seeds,)
        for gradient in gradients:
            gradient *= (CLIP / norm.clamp(min=CLIP)).view(-1, *[1] * (gradient.ndim - 1))
        self.optimizer.step()
        self.pace.step()


def score(logits: Tensor, strings: Strings) -> Scores:
    """How much of the grammar these answers (batch, frames, 7) know."""
    least = logits.masked_fill(~strings.legal, torch.inf).amin(dim=2)
    most = logits.masked_fill(strings.legal, -torch.inf).amax(dim=2)
    right = (least > most) | (strings.following < 0)  # (batch, frames)
    rows, place = torch.arange(len(right)), strings.lengths - 2  # where the second-to-last symbol is predicted
    x = strings.following[rows, place]
    rival = SYMBOLS.index("T") + SYMBOLS.index("P") - x
    remembered = logits[rows, place, x] > logits[rows, place, rival]
    return Scores(right.all(dim=1).float().mean().item(), remembered.float().mean().item())


@torch.inference_mode()
def judge(siblings: Siblings, strings: Strings) -> list[Scores]:
    """Scores of each sibling."""
    return [score(logits, strings) for logits in siblings(strings.symbols.expand(siblings.count, -1, -1, -1))]


def drawn(rng: np.random.Generator, known: Container[str]) -> list[Strings]:
    """The next `EVERY` strings, in batches of similar lengths, short ones first."""
    examples: list[tuple[str, list[str]]] = []
    while len(examples) < EVERY:
        string, legal = embedded(rng)
        if string not in known:
            examples.append((string, legal))
    examples.sort(key=lambda example: len(example[0]))
    return [read(examples[start : start + BATCH]) for start in range(0, EVERY, BATCH)]


def learn(network: str, seeds: int, count: int) -> list[list[Scores]]:
    """Train on so many strings; for each seed the scores before, and after each `EVERY` strings."""
    judged, known = read(held_out()), {string for string, _ in held_out()}
    siblings = Siblings(NETWORKS[network], len(SYMBOLS), len(SYMBOLS), range(1, seeds + 1), count // BATCH,
                        LEARNING_RATE)
    rngs = [np.random.default_rng([1, seed]) for seed in range(1, seeds + 1)]
    order = np.random.default_rng(0)  # the same for all seeds, so that strings side by side are of similar lengths
    found = [judge(siblings, judged)]
    for _ in range(count // EVERY):
        batches = list(zip(*(drawn(rng, known) for rng in rngs), strict=True))
        for number in order.permutation(len(batches)):
            strings = batches[number]
            frames = max(each.symbols.shape[1] for each in strings)
            symbols = torch.stack([functional.pad(each.symbols, (0, 0, 0, frames - each.symbols.shape[1]))
                                   for each in strings])
            losses = [_loss(logits[:, : each.legal.shape[1]], each)
                      for logits, each in zip(siblings(symbols), strings, strict=True)]
            siblings.learn(torch.stack(losses).sum())
        found.append(judge(siblings, judged))
    return [list(curve) for curve in zip(*found, strict=True)]


def _loss(logits: Tensor, strings: Strings) -> Tensor:
    """Cross-entropy with the probabilities that the grammar gives to what may follow, sum over a string's symbols."""
    inside = strings.following >= 0
    legal = strings.legal[inside].float()
    probabilities = legal / legal.sum(dim=1, keepdim=True)
    return functional.cross_entropy(logits[inside], probabilities, reduction="sum") / len(logits)


def row(network: str, curves: Sequence[Sequence[Scores]]) -> list[object]:
    """A line of the table."""
    predictor = Predictor(NETWORKS[network], len(SYMBOLS), len(SYMBOLS))
    weights = sum(parameter.numel() for parameter in predictor.parameters())
    last = [curve[-1] for curve in curves]
    until = [next((EVERY * place for place, each in enumerate(curve) if each.right == 1), None) for curve in curves]
    return [network, weights, float(np.mean([each.right for each in last])),
            " ".join(f"{each.right:.3f}" for each in last), float(np.mean([each.remembered for each in last])),
            " ".join("-" if each is None else str(each) for each in until)]


def draw(path: Path, curves: dict[str, list[list[Scores]]]) -> None:
    """Both scores against the number of strings; mean and range over seeds."""
    picture, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True, constrained_layout=True)
    for axis, part, title in zip(axes, range(2), ("strings right", "second-to-last symbol right"), strict=True):
        for name, runs in curves.items():
            values = np.array(runs)[:, :, part]  # (seeds, places)
            at = EVERY * np.arange(values.shape[1])
            line, = axis.plot(at, values.mean(axis=0), label=name)
            axis.fill_between(at, values.min(axis=0), values.max(axis=0), color=line.get_color(), alpha=0.15)
        axis.set_title(title, loc="left")
        axis.set_xlabel("training strings")
        axis.set_ylim(0, 1.02)
    axes[0].legend()
    picture.savefig(path, dpi=100)


def main() -> None:
    """Train, measure, print, write and draw."""
    options = parser(__doc__)
    options.add_argument("--strings", type=int, default=5000, help="to learn from")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--only", default=";".join(NETWORKS), help=f"networks, by semicolons: {'; '.join(NETWORKS)}")
    given = options.parse_args()
    torch.set_num_threads(1)
    curves: dict[str, list[list[Scores]]] = {}
    for name in given.only.split(";"):
        curves[name.strip()] = learn(name.strip(), given.seeds, given.strings)
        print(name, *(curve[-1] for curve in curves[name.strip()]), flush=True)
    longest = max(len(string) for string, _ in held_out())
    parts = [table(HEADINGS, [row(name, runs) for name, runs in curves.items()]),
             f"After {given.strings} training strings, each read once, on {HELD_OUT} strings (up to {longest} symbols) "
             f"that are not among them; means over {given.seeds} seeds. The last column: when all were right first, "
             f"looked at each {EVERY} strings. At the second-to-last symbol half of the answers are right by chance.\n"]
    save(given, "reber", "The embedded Reber grammar", parts)
    if not given.dry:
        draw(figure(given, FIGURE), curves)


if __name__ == "__main__":
    run(main)
