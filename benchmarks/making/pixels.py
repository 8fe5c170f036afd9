"""Pictures of music: what a pixel costs Gated PixelCNN, RIDE, logistic autoregression and independent pixels.

    python -m benchmarks.making.pixels [--rolls PIXELCNN RIDE] [--strokes PIXELCNN RIDE] [--corpus FOLDER]
        [--results FOLDER] [--dry]

Rolls are those of the twenty songs of pop909.zip that are kept for tests (see README.md), two bars after the other; the
baselines learn from the songs that training learns from. Strokes are those that the engine plays, of numbers that the
corpus of the training does not have; the baselines learn from that corpus. Table: benchmarks/results/pixels.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.paths import CACHE, data
from benchmarks.report import parser, run, save, table
from onpu.data.corpora.rolls import Rolls
from onpu.data.scenes.hits import HitScenes
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.errors import OnpuError
from onpu.layers.causal import Neighbourhood, Reach
from onpu.make import load
from onpu.make.pixelcnn import MAKER, ROLLS, STROKES, PixelCnnRecipe, PixelRecipe, bits, example, pictures, pixels
from onpu.make.ride import MAKER as RIDE
from onpu.make.ride import RideRecipe
from onpu.maker import TrainedMaker

STEPS, BATCH, RATE = 2000, 16, 0.02
"""Training of the logistic autoregression."""
AT_ONCE = 16
"""Pictures that are measured at once."""
TESTED = 40
"""Sets of strokes that are tested on, and where their numbers begin."""
FROM = 1_000_000

Pictures = Sequence[tuple[Tensor, Tensor]]


class Logistic(nn.Module):
    """Multinomial logistic regression of each pixel on its neighbourhood, its places and the hints.

    Pictures (batch, rows, columns), hints, places -> -log p of each pixel, nats (see `onpu.models.pixelcnn`).
    """

    def __init__(self, kind: str, reach: Reach):
        super().__init__()
        shape = pixels(kind)
        self.levels = shape.levels
        self.near = Neighbourhood(shape.levels, reach)
        self.place = nn.Linear(shape.places, shape.levels, bias=False)
        self.hint = nn.Linear(shape.hints, shape.levels, bias=False)

    def nats(self, x: Tensor, hints: Tensor, places: Tensor) -> Tensor:
        """See the class."""
        logits = (self.near(x / (self.levels - 1)) + self.place(places.permute(0, 2, 3, 1))
                  + self.hint(hints)[:, None, None])
        return nn.functional.cross_entropy(logits.permute(0, 3, 1, 2), x.long(), reduction="none")


@dataclass(frozen=True)
class Case:
    """A kind of pictures: what is learned from, what is tested on."""

    recipe: PixelRecipe
    learned: Any
    tested: list[tuple[Tensor, Tensor]]


def drawn(case: Case, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Pictures and hints as training draws them."""
    rng = np.random.default_rng(seed)
    found = [example(case.learned, rng, case.recipe) for _ in range(count)]
    picture, hints = (torch.from_numpy(np.stack([one[name] for one in found])) for name in ("picture", "hints"))
    return picture, hints


def batches(found: Pictures) -> Iterator[tuple[Tensor, Tensor]]:
    """As many pictures at once as fit into memory."""
    for picture, hints in found:
        yield from zip(picture.split(AT_ONCE), hints.split(AT_ONCE), strict=True)


def independent(case: Case, count: int) -> float:
    """Bits of a pixel whose probabilities are those of its column alone."""
    levels = pixels(case.recipe.kind).levels
    picture, _ = drawn(case, count, 0)
    counts = nn.functional.one_hot(picture.long(), levels).sum(dim=(0, 1)) + 0.5  # (columns, levels)
    logs = (counts / counts.sum(1, keepdim=True)).log2()
    total = sum(float(-logs.expand(*x.shape, -1).gather(-1, x.long()[..., None]).sum()) for x, _ in case.tested)
    return total / sum(x.numel() for x, _ in case.tested)


def logistic(case: Case, reach: Reach, count: int) -> float:
    """Bits of a pixel by logistic autoregression, learned with Adam."""
    torch.manual_seed(0)
    network, shape = Logistic(case.recipe.kind, reach), pixels(case.recipe.kind)
    picture, hints = drawn(case, count, 0)
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    rng = torch.Generator().manual_seed(0)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = 0.5 * RATE * (1 + math.cos(math.pi * step / STEPS))
        chosen = torch.randint(len(picture), (BATCH,), generator=rng)
        x, given = picture[chosen], hints[chosen]
        optimizer.zero_grad()
        network.nats(x, given, shape.known(given, x.shape[1])).mean().backward()
        optimizer.step()
    with torch.no_grad():
        total = sum(float(network.nats(x, given, shape.known(given, x.shape[1])).double().sum())
                    for x, given in batches(case.tested))
    return total / math.log(2) / sum(x.numel() for x, _ in case.tested)


def rolls(recipe: PixelRecipe) -> Case:
    """Piano rolls of songs."""
    songs = Rolls.open(data("pop909.zip"))
    tested = songs.tested()
    found = [pair for number in tested.numbers for pair in pictures(tested.item(number), recipe)]
    return Case(recipe, songs.split()[0], found)


def strokes(recipe: PixelRecipe, corpus: Path) -> Case:
    """Pictures of single strokes."""
    scenes = HitScenes()
    learned = AlignedSounds.open(corpus) if (corpus / "corpus.json").exists() else write_sounds(corpus, scenes, 64)
    found = [pair for number in range(TESTED) for pair in pictures(scenes.item(FROM + number), recipe)]
    return Case(recipe, learned.split()[0], found)


def rows(case: Case, reaches: dict[str, Reach], trained: dict[str, TrainedMaker], count: int) -> list[list[object]]:
    """Rows of the table: all models, bits a pixel, and how much less than the first logistic autoregression."""
    found = {"independent pixels, a probability a column": independent(case, count)}
    found |= {f"logistic autoregression, {name}": logistic(case, reach, count) for name, reach in reaches.items()}
    base = list(found.values())[1]
    for name, made in trained.items():
        found[name] = bits(made, list(batches(case.tested)), np.random.default_rng(0))
    return [[name, value, f"{100 * (value / base - 1):+.1f} %"] for name, value in found.items()]


def trained(names: Sequence[str], kind: str) -> dict[str, TrainedMaker]:
    """The two networks, or none."""
    found = {title: load(name) for title, name in zip(("Gated PixelCNN", "RIDE"), names, strict=False)}
    for name, made in zip(names, found.values(), strict=True):
        if getattr(made.recipe, "kind", None) != kind:
            raise OnpuError(f"{name}: does not paint {kind}; give weights of pixelcnn and of ride that do")
    return found


def main() -> None:
    """Measure, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--rolls", nargs=2, default=(), help="weights of pixelcnn and of ride")
    options.add_argument("--strokes", nargs=2, default=(), help="weights of pixelcnn and of ride")
    options.add_argument("--corpus", type=Path, default=CACHE / "strokes", help="strokes that training learned from")
    options.add_argument("--count", type=int, default=4000, help="pictures that the baselines learn from")
    given = options.parse_args()
    torch.set_num_threads(1)
    parts = []
    for kind, case, said in ((ROLLS, rolls, "{} pictures of 2 bars, 32 x 64 pixels of two levels, of held-out songs"),
                             (STROKES, lambda recipe: strokes(recipe, given.corpus),
                              "{} log-mel pictures of strokes, 32 x 32 pixels of 32 levels of 2.5 dB")):
        recipe = next(each for each in MAKER.recipes.values() if isinstance(each, PixelCnnRecipe) and each.kind == kind)
        near = next(each for each in RIDE.recipes.values() if isinstance(each, RideRecipe) and each.kind == kind).reach
        found = case(recipe)
        wide = (recipe.first_reach[0], recipe.first_reach[1])
        reaches = {f"{up} rows, {side} columns": (up, side) for up, side in dict.fromkeys(((near[0], near[1]), wide))}
        lines = rows(found, reaches, trained(getattr(given, kind), kind), given.count)
        parts.append(f"## {said.format(sum(len(x) for x, _ in found.tested))}\n\n"
                     + table(("", "bits a pixel", "to logistic autoregression"), lines))
    parts.append("All but independent pixels are told what is known beforehand: of rolls key, metre, step in the bar, "
                 "degree and octave, of strokes the drum, band and frame. RIDE's neighbourhood is that of the first "
                 "logistic autoregression. RIDE's bits of strokes are a bound: -log2 of the density at a place drawn "
                 "within the level.\n")
    save(given, "pixels", "Pictures of music", parts)


if __name__ == "__main__":
    run(main)
