"""Strokes of drums as the shipped generators make them, in the space of a classifier that never saw theirs.

    python -m benchmarks.making.strokes [NAME=WEIGHTS …] [--results FOLDER] [--dry]

512 strokes (of `cgan` 64 a class) beside 512 that were held out, by the classifier and the held-out strokes of
`benchmarks.making.gan_losses`, whose runs of 400 steps have Fréchet distances of 15 to
136 there. *Other real strokes* are 512 more that the classifier did not learn from: what a perfect generator comes to.
*Class as asked*: share in which the classifier hears the class that was asked for. *Lines*: how far
its peaks stand above a spectrum's neighbourhood, in dB (ride and crash; noise has few).
Table: benchmarks/results/strokes.md.
"""

import numpy as np
import torch

from benchmarks.making.gan_losses import EACH, Classifier, classifier
from benchmarks.paths import CACHE
from benchmarks.report import parser, run, save, table
from onpu.data.plan import Plan
from onpu.data.scenes.hits import CLASSES, HitScenes
from onpu.data.scenes.sounds import AlignedSounds, write_sounds
from onpu.make import cgan, gan, load
from onpu.make.gan import DEPTH_DB, LENGTH, shown
from onpu.maker import TrainedMaker
from onpu.metrics.generation import evaluate, mode_coverage

CYMBALS = tuple(CLASSES.index(name) for name in ("ride", "crash"))
HEADINGS = ("", "precision", "recall", "Fréchet distance", "coverage", "class as asked", "lines of cymbals, dB")


def corpus(name: str, seed: int, count: int) -> AlignedSounds:
    """Composed strokes, kept in the cache."""
    return write_sounds(CACHE / "gan" / name, HitScenes().of(Plan(seed=seed)), count)


def pictures_of(sounds: AlignedSounds) -> torch.Tensor:
    """Pictures of all strokes, item by item."""
    return torch.cat([shown(sounds.item(number)[:, :LENGTH]) for number in sounds.numbers])


def lines(pictures: torch.Tensor) -> float:
    """Mean over pictures of how far the strongest twentieth of the bins of the mean spectrum stands above their
    neighbourhood of 15 bins, dB."""
    spectrum = pictures[:, 0, 8:-8].mean(dim=2).double() * DEPTH_DB / 2  # (strokes, bins)
    around = torch.nn.functional.avg_pool1d(spectrum[:, None], 15, 1, 7, count_include_pad=False)[:, 0]
    above = (spectrum - around).topk(spectrum.shape[1] // 20, dim=1).values
    return float(above.mean())


@torch.inference_mode()
def made(trained: TrainedMaker) -> torch.Tensor:
    """512 strokes; of a generator that is told a class, `EACH` of every one, in turn."""
    rng = np.random.default_rng(0)
    trained.network.eval()
    if trained.maker.name == gan.MAKER.name:
        return trained.network(gan.noise(trained, EACH * len(CLASSES), rng))
    return torch.stack([cgan.strokes(trained, drum, EACH, rng) for drum in range(len(CLASSES))], dim=1).flatten(0, 1)


@torch.inference_mode()
def row(name: str, pictures: torch.Tensor, told: bool, judge: Classifier, real: torch.Tensor) -> list[object]:
    """A line of the table. told: whether the pictures are of each class in turn."""
    found = judge(pictures).argmax(dim=1)
    turn = torch.arange(len(pictures)) % len(CLASSES)
    scores = evaluate(judge.features(real).numpy(), judge.features(pictures).numpy())
    asked = turn if told else found
    cymbals = pictures[torch.isin(asked, torch.tensor(CYMBALS))]
    return [name, *scores.values(), mode_coverage(found.numpy(), len(CLASSES)),
            float((found == turn).float().mean()) if told else "-", lines(cymbals) if len(cymbals) else "-"]


def main() -> None:
    """Measure, print and write the table."""
    options = parser(__doc__)
    options.add_argument("weights", nargs="*", default=["cgan", "gan"], help="NAME=PATH, or a name or path alone")
    options.add_argument("--items", type=int, default=400, help="of eight strokes each, for the classifier")
    given = options.parse_args()
    torch.set_num_threads(1)
    judge = classifier(corpus("classified", 4, given.items), corpus("chosen-by", 2, 8))
    real = pictures_of(corpus("held-out", 3, EACH))
    rows = [row("other real strokes", pictures_of(corpus("real", 5, EACH)), True, judge, real)]
    for text in given.weights:
        trained = load(text.split("=")[-1])
        rows.append(row(text.split("=")[0], made(trained), trained.maker.name == cgan.MAKER.name, judge, real))
    parts = [table(HEADINGS, rows), "Coverage: share of the classes that the classifier hears at least half as often "
             "as they should be.\n"]
    save(given, "strokes", "Strokes of drums by the shipped generators", parts)


if __name__ == "__main__":
    run(main)
