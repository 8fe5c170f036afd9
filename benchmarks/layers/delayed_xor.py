"""The exclusive or of two bits with noise between them: how far a recurrent network remembers (`docs/reber.md`).

    python -m benchmarks.layers.delayed_xor [--delays 0,4,8,16,32] [--steps 1000] [--seeds 3] [--results FOLDER] [--dry]

A sequence of bits, each ±1; the first and the last are marked by a second input, and after the last one the network
says whether they differ. Every batch is drawn anew; 1000 other sequences judge. Table:
benchmarks/results/delayed_xor.md; curve: docs/figures/delayed_xor.png.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.layers.reber import Network, Siblings
from benchmarks.paths import FIGURES
from benchmarks.report import figure, parser, run, save, table
from onpu.layers.cells import GruCell, LstmCell, RnnCell

NETWORKS: dict[str, Network] = {"rnn": (RnnCell, 128), "lstm": (LstmCell, 64),
                                "lstm, forget bias 3": (partial(LstmCell, forget_bias=3.0), 64), "gru": (GruCell, 74)}
"""All have about 17,000 weights."""
BATCH, LEARNING_RATE, HELD_OUT = 32, 0.01, 1000
FIGURE = FIGURES / "delayed_xor.png"


def sequences(shape: tuple[int, ...], delay: int) -> tuple[Tensor, Tensor]:
    """(*shape, delay + 2, 2) bits and marks, (*shape) 1 where the marked bits differ; of torch's generator."""
    bits = 2 * torch.randint(0, 2, (*shape, delay + 2)) - 1
    marks = torch.zeros(*shape, delay + 2)
    marks[..., 0] = marks[..., -1] = 1
    return torch.stack([bits.float(), marks], dim=-1), (bits[..., 0] != bits[..., -1]).float()


def accuracies(network: str, delay: int, seeds: int, steps: int) -> list[float]:
    """Train one network for each seed, judge each."""
    siblings = Siblings(NETWORKS[network], 2, 1, range(1, seeds + 1), steps, LEARNING_RATE)
    for _ in range(steps):
        x, differ = sequences((seeds, BATCH), delay)
        logits = siblings(x)[..., -1, 0]  # (seeds, batch)
        siblings.learn(functional.binary_cross_entropy_with_logits(logits, differ, reduction="none").mean(dim=1).sum())
    with torch.inference_mode():
        x, differ = sequences((seeds, HELD_OUT), delay)
        right = (siblings(x)[..., -1, 0] > 0) == (differ > 0)
    return right.float().mean(dim=1).tolist()


def draw(path: Path, delays: Sequence[int], found: dict[str, np.ndarray]) -> None:
    """Accuracy against delay; mean and range over seeds. found: network -> (delays, seeds)."""
    picture, axis = plt.subplots(figsize=(6, 4), constrained_layout=True)
    for name, values in found.items():
        line, = axis.plot(delays, values.mean(axis=1), "o-", label=name)
        axis.fill_between(delays, values.min(axis=1), values.max(axis=1), color=line.get_color(), alpha=0.15)
    axis.axhline(0.5, color="grey", linewidth=0.5)
    axis.set_xlabel("bits between the two")
    axis.set_ylabel("accuracy")
    axis.set_ylim(0.4, 1.02)
    axis.legend()
    picture.savefig(path, dpi=100)


def main() -> None:
    """Train, measure, print, write and draw."""
    options = parser(__doc__)
    options.add_argument("--delays", default="0,4,8,16,32", help="bits between the two, by commas")
    options.add_argument("--steps", type=int, default=1000, help=f"of {BATCH} sequences each")
    options.add_argument("--seeds", type=int, default=3)
    given = options.parse_args()
    torch.set_num_threads(1)
    delays = [int(delay) for delay in given.delays.split(",")]
    found: dict[str, np.ndarray] = {}
    for name in NETWORKS:
        found[name] = np.zeros((len(delays), given.seeds))
        for place, delay in enumerate(delays):
            found[name][place] = accuracies(name, delay, given.seeds, given.steps)
            print(name, delay, found[name][place], flush=True)
    rows = [[name, *(f"{each.mean():.2f} ({each.min():.2f}–{each.max():.2f})" for each in values)]
            for name, values in found.items()]
    parts = [table(["network", *(f"{delay} between" for delay in delays)], rows),
             f"Accuracy on {HELD_OUT} sequences after {given.steps} steps of {BATCH}: mean (least–most) of "
             f"{given.seeds} seeds. One half is chance.\n"]
    save(given, "delayed_xor", "The delayed exclusive or", parts)
    if not given.dry:
        draw(figure(given, FIGURE), delays, found)


if __name__ == "__main__":
    run(main)
