"""Adversarial losses, and what stabilises them, beside each other on strokes of eight drums.

    python -m benchmarks.making.gan_losses [--steps 600] [--seeds 5] [--only "minimax;least squares"]
        [--items 400] [--results FOLDER] [--dry]

Each row is the task `cgan` with another adversarial loss, the critic trained so many steps with each seed on the same
strokes; runs lie in the cache, and one that is there is not made again. What comes of the weights that were kept (512
strokes, 64 a class) is compared with 512 strokes that were held out, in the space of a classifier that was trained on
other ones. Table: benchmarks/results/gan_losses.md.
"""

import csv
from collections.abc import Sequence
from dataclasses import asdict, replace
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.paths import CACHE
from benchmarks.report import parser, run, save, table
from onpu.data.plan import Plan
from onpu.data.scenes.hits import CLASSES, HitScenes
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.errors import OnpuError
from onpu.make import load
from onpu.make.cgan import MAKER, CganRecipe, strokes
from onpu.make.gan import LENGTH, shown
from onpu.make.gan import MAKER as GAN
from onpu.maker import Maker, Player, TrainedMaker
from onpu.metrics.generation import evaluate, mode_coverage
from onpu.recipe import Recipe
from onpu.training.makers import train_maker
from onpu.weights import read_weights

DENSE = {name: value for name, value in asdict(MAKER.recipes["dense"]).items()
         if value != asdict(GAN.recipes["small"]).get(name) and name not in ("seed", "precision", "epochs")}
"""What makes the networks of 2014 and their training of a recipe."""
LOSSES: dict[str, dict[str, Any]] = {
    "minimax": {"adversarial_loss": "minimax"},
    "non-saturating": {"adversarial_loss": "non-saturating"},
    "least squares": {"adversarial_loss": "least squares"},
    "wasserstein, gradient penalty": {"adversarial_loss": "wasserstein", "gradient_penalty": 10.0,
                                      "critic_norm": "instance"},
    "wasserstein, clipped weights": {"adversarial_loss": "wasserstein", "critic_weight_limit": 0.01,
                                     "optimiser": "rmsprop"},
    "hinge, spectral normalisation": {"adversarial_loss": "hinge", "critic_norm": "spectral"},
    "non-saturating, smoothed labels": {"adversarial_loss": "non-saturating", "label_smoothing": 0.1},
    "non-saturating, feature matching": {"adversarial_loss": "non-saturating", "feature_matching": 1.0},
    "non-saturating, dense networks": DENSE | {"adversarial_loss": "non-saturating"},
}
"""Row of the table -> what it changes in a recipe with batch normalisation in the critic."""
HEADINGS = ("adversarial loss", "precision", "recall", "Fréchet distance", "coverage", "class as asked", "diverged")
PLAIN = CganRecipe(**asdict(GAN.recipes["small"]))
"""The class beside noise and picture alone, as in all rows."""
EACH = 64
"""Strokes of each class that are made, and held out."""
BATCH, EPOCH = 16, 100
"""Strokes a step. Steps after which a run is judged."""
WORSE = 1.5
"""A run whose strokes are in the end this much further from real ones than they once were has diverged."""


class Classifier(nn.Module):
    """Pictures (batch, 1, 256, 64) -> logits (batch, 8); `features`, (batch, 64), is what the logits read."""

    def __init__(self) -> None:
        super().__init__()
        layers = [nn.Sequential(nn.Conv2d(into, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU())
                  for into, width in ((1, 16), (16, 32), (32, 64), (64, 64))]
        self.features = nn.Sequential(*layers, nn.AvgPool2d((16, 4)), nn.Flatten(), nn.Linear(64, 64), nn.ReLU())
        self.logits = nn.Linear(64, len(CLASSES))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """See the class."""
        return self.logits(self.features(x))


def labelled(sounds: AlignedSounds, rng: np.random.Generator, recipe: Recipe) -> dict[str, np.ndarray]:
    """stroke: picture (1, 256, 64); drum: number of its class."""
    number = int(rng.integers(len(CLASSES)))
    return {"stroke": shown(sounds.draw(rng, LENGTH)[None, number])[0].numpy(), "drum": np.array(number)}


CLASSIFIER: Maker[Recipe, None] = Maker(
    name="drum classifier", title="which drum a stroke is of", paper="none", scenes=lambda recipe: HitScenes(),
    players=lambda recipe: {"classifier": Player(Classifier(), lambda networks, batch, recipe: {
        "loss": nn.functional.cross_entropy(networks["classifier"](batch["stroke"]), batch["drum"].long())})},
    example=labelled, apply=lambda made, audio, options, progress: None,
    metric=lambda made, sounds, rng: {"Accuracy": float(
        (made.network(shown(sounds)).argmax(dim=1) == torch.arange(len(CLASSES))).float().mean())},
    criterion=("Accuracy",),
    recipes={"small": Recipe(batch=32, steps=50, epochs=8, warmup=20, ema_decay=0.9, workers=0)})


def classifier(sounds: AlignedSounds, held: AlignedSounds) -> Classifier:
    """The classifier, trained once, on strokes that no generator learns from."""
    path = train_maker(CLASSIFIER, CLASSIFIER.recipes["small"], [sounds], CACHE / "gan" / "classifier", validation=held,
                       bar=False)
    tensors, card = read_weights(path)
    print("classifier:", {score["measure"]: score["mean"] for score in card["scores"]})
    network = Classifier().eval()
    network.load_state_dict(tensors)
    return network


def diverged(folder: Path) -> bool:
    """Whether a loss was not finite, or strokes became much worse again."""
    nearest, least = inf, inf
    for path in sorted(folder.glob("logs/*/metrics.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            values = {name: float(value) for name, value in row.items() if value}
            if not all(isfinite(value) for value in values.values()):
                return True
            nearest = values.get("validation/Nearest", nearest)
            least = min(least, nearest)
    return nearest > WORSE * least


@torch.inference_mode()
def scores(trained: TrainedMaker, judge: Classifier, real: torch.Tensor) -> dict[str, float]:
    """Scores of the strokes that a generator makes. real: pictures of held-out ones."""
    rng = np.random.default_rng(0)
    trained.network.eval()
    pictures = torch.cat([strokes(trained, drum, EACH, rng) for drum in range(len(CLASSES))])
    found = judge(pictures).argmax(dim=1).numpy()
    asked = np.repeat(np.arange(len(CLASSES)), EACH)
    return evaluate(judge.features(real).numpy(), judge.features(pictures).numpy()) | {
        "coverage": mode_coverage(found, len(CLASSES)), "class as asked": float((found == asked).mean())}


def row(loss: str, seeds: int, steps: int, data: Sequence[AlignedSounds], judge: Classifier, real: torch.Tensor
        ) -> list[object]:
    """A line of the table: train with this loss and each seed."""
    found, lost = [], 0
    changes: dict[str, Any] = {"critic_norm": "batch"} | LOSSES[loss]
    for seed in range(1, seeds + 1):
        recipe = replace(PLAIN, seed=seed, batch=BATCH, steps=EPOCH, epochs=steps // EPOCH,
                         minutes=0.0, patience=10_000, **changes)
        folder = CACHE / "gan" / f"{loss.replace(', ', '-').replace(' ', '-')}-{steps}-{seed}"
        try:
            best = folder / "best.safetensors"
            if not (folder / "done").exists():
                train_maker(MAKER, recipe, [data[0]], folder, validation=data[1], bar=False)
                (folder / "done").touch()
            found.append(scores(load(best), judge, real))
            lost += diverged(folder)
        except OnpuError:
            lost += 1
        print(loss, seed, found[-1:], "diverged so far:", lost, flush=True)
    cells = [f"{np.mean(column):.2f} ± {np.std(column):.2f}"
             for column in zip(*(each.values() for each in found), strict=True)]
    return [loss, *(cells or ["-"] * (len(HEADINGS) - 2)), f"{lost} of {seeds}"]


def main() -> None:
    """Train, measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("--steps", type=int, default=600, help=f"of the critic in each run, a multiple of {EPOCH}")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--only", default=";".join(LOSSES), help=f"losses, by semicolons: {'; '.join(LOSSES)}")
    options.add_argument("--items", type=int, default=400, help="of eight strokes each, to learn from")
    given = options.parse_args()
    corpora = [write_sounds(CACHE / "gan" / name, HitScenes().of(Plan(seed=seed)), count)
               for name, seed, count in (("hits", 1, given.items), ("chosen-by", 2, 8), ("held-out", 3, EACH),
                                         ("classified", 4, given.items))]
    judge = classifier(corpora[3], corpora[1])
    held = corpora[2]
    real = torch.cat([shown(held.item(number)[:, :LENGTH]) for number in held.numbers])
    rows = [row(loss.strip(), given.seeds, given.steps, corpora[:2], judge, real)
            for loss in given.only.split(";")]
    parts = [table(HEADINGS, rows), f"Means and standard deviations over seeds; {given.steps} steps of the critic a "
             f"run, {BATCH} strokes each; the generator makes as many. "
             f"Diverged: a loss was not finite, or strokes came {WORSE:g} times as far from real ones as they had "
             "been. Coverage: share of the classes that the classifier hears at least half as often as they should "
             "be.\n"]
    save(given, "gan_losses", "Adversarial losses on strokes of drums", parts)


if __name__ == "__main__":
    run(main)
