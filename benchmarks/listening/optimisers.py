"""Optimisers beside each other, and growing batches beside falling learning rates, on one listener, `onsets`.

    python -m benchmarks.listening.optimisers [--seeds 2] [--threads 1] [--results FOLDER] [--dry]

A small network of the task learns from 120 composed songs of 20 s; all runs see the same number of examples, and with
the same seed the same ones. Twelve other songs choose the weights that are kept, by their F-measure, and each
optimiser's learning rate, of three and with seed 1, by the loss; 24 others give F-measure and loss, the mean
cross-entropy of a frame in nats. Runs lie in the cache, and one that is there is not made again.

The second table has the optimiser `adamw`: what the learning rate does after its warm-up, and what happens where the
batch grows by as much as the rate would have fallen (Smith, Kindermans, Ying & Le, "Don't decay the learning rate,
increase the batch size", ICLR 2018). Tables: benchmarks/results/optimisers.md.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

from benchmarks.paths import CACHE
from benchmarks.report import parser, run, save, table
from benchmarks.timing import timed
from onpu.data.corpus import Corpus, write_corpus
from onpu.data.plan import Plan
from onpu.files import replacing
from onpu.listen import load
from onpu.listen.onsets import LISTENER, OnsetRecipe
from onpu.training.datasets import PreparedData, TrainingData, prepare
from onpu.training.evaluate import mean_scores
from onpu.training.listeners import ListenerTraining, train

FOLDER = CACHE / "optimisers"
CORPORA = {"songs": (Plan(seed=1, seconds=20.0), 120), "judges": (Plan(seed=2, seconds=20.0), 12),
           "tests": (Plan(seed=3, seconds=20.0), 24)}
"""What is learned from, what chooses, what gives the score."""
SMALL = LISTENER.recipes["small"]
assert isinstance(SMALL, OnsetRecipe)
RECIPE = replace(SMALL, width=6, second_width=12, units=32, dropout=0.1, crop_seconds=3.0, batch=8,
                 steps=32, epochs=5, warmup=16, minutes=0.0, patience=5, ema_decay=0.0, workers=0)
EXAMPLES = RECIPE.steps * RECIPE.epochs * RECIPE.batch
SGD = {"optimiser": "sgd", "momentum": 0.9}
OPTIMISERS: dict[str, tuple[dict[str, Any], tuple[float, ...]]] = {
    "sgd": ({"optimiser": "sgd"}, (0.3, 1.0, 3.0)),
    "sgd, momentum .9": (SGD, (0.03, 0.1, 0.3)),
    "sgd, Nesterov's momentum .9": (SGD | {"nesterov": True}, (0.1, 0.3, 1.0)),
    "adagrad": ({"optimiser": "adagrad"}, (0.1, 0.3, 1.0)),
    "rmsprop": ({"optimiser": "rmsprop"}, (0.001, 0.003, 0.01)),
    "adam": ({"optimiser": "adam"}, (0.01, 0.03, 0.1)),
    "adamw": ({"optimiser": "adamw"}, (0.003, 0.01, 0.03))}
"""Row of the table -> what it changes in the recipe, and the learning rates that are tried."""
STEP = {"schedule": "step", "lr_decay": 0.5, "lr_decay_steps": 32}
SCHEDULES: dict[str, dict[str, Any]] = {
    "constant": {"schedule": "constant"},
    "cosine": {},
    "cosine, batches grow up to 16 times": {"batch_growth": 16},
    "half after each fifth of the steps": STEP,
    "batches twice as large after each fifth": STEP | {"batch_growth": 16},
    "half where an epoch was no better": {"schedule": "plateau", "lr_decay": 0.5, "lr_patience": 1}}
MEASURE = "Onset F-measure"


@dataclass(frozen=True)
class Result:
    """Of a run. chosen: loss on the songs that choose; score, loss: on the others. updates: steps of the optimiser.
    seconds: of one processor, for training and validation, features ready."""

    chosen: float
    score: float
    loss: float
    updates: int
    seconds: float


def result_of(changes: dict[str, Any], seed: int, corpora: dict[str, Corpus]) -> Result:
    """Train with these changes of the recipe, or read what came of it."""
    recipe = replace(RECIPE, seed=seed, **changes)
    label = "-".join(f"{name}={value}" for name, value in {**changes, "seed": seed}.items())
    folder = FOLDER / f"runs of {EXAMPLES}" / label
    done = folder / "result.json"
    if done.exists():
        return Result(**json.loads(done.read_text(encoding="utf-8")))
    updates = 0

    def count(*_: Any) -> None:
        nonlocal updates
        updates += 1

    hook = register_optimizer_step_post_hook(count)
    data = TrainingData((corpora["songs"],), validation=corpora["judges"])
    best, spent = timed(train, LISTENER, recipe, data, folder, bar=False)
    hook.remove()
    result = Result(tested(best, corpora, "judges")[1], *tested(best, corpora, "tests"), updates, spent.processor)
    with replacing(done) as temporary:
        temporary.write_text(json.dumps(asdict(result)), encoding="utf-8")
    print(folder.name, result, flush=True)
    return result


def prepared(corpora: dict[str, Corpus], judge: str) -> PreparedData:
    """The songs with their features."""
    data = TrainingData((corpora["songs"],), validation=corpora[judge])
    return prepare(LISTENER, RECIPE, LISTENER.network(RECIPE).features(), data, FOLDER, 1, None)


@torch.inference_mode()
def tested(best: Path, corpora: dict[str, Corpus], name: str) -> tuple[float, float]:
    """F-measure and loss of weights on the songs of that name."""
    trained = load(best)
    trained.network.eval()
    crops = prepared(corpora, name).validation[0]
    judged, losses = ListenerTraining(trained, (crops,)), []
    for number in crops.numbers:
        frames = crops.frames(number)
        labels = LISTENER.target(crops.timeline(number), trained.features.clock, frames)
        targets = {head: torch.from_numpy(values)[None] for head, values in labels.items()}
        logits = trained.network(torch.from_numpy(crops.crop(number, 0, frames))[None])
        losses.append(float(LISTENER.loss(logits, targets, torch.ones(1, frames))))
    rows = [judged.judge(trained.network, (0, number), torch.device("cpu")) for number in crops.numbers]
    return mean_scores(rows)[MEASURE], float(np.mean(losses))


def line(label: str, found: list[Result]) -> list[object]:
    """A row of a table: means, and the standard deviations of score and loss."""
    scores, losses = [each.score for each in found], [each.loss for each in found]
    return [label, f"{np.mean(scores):.3f} ± {np.std(scores):.3f}", f"{np.mean(losses):.4f} ± {np.std(losses):.4f}",
            f"{np.mean([each.updates for each in found]):.0f}", f"{np.mean([each.seconds for each in found]):.0f}"]


def main() -> None:
    """Compose, train, print and write the tables."""
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--threads", type=int, default=1, help="of torch")
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    corpora = {name: write_corpus(FOLDER / name, plan, count) for name, (plan, count) in CORPORA.items()}
    for name in ("judges", "tests"):  # features are computed before the first run, whose time is measured
        prepared(corpora, name)
    seeds, rates, rows = range(1, given.seeds + 1), {}, []
    for label, (changes, tried) in OPTIMISERS.items():
        first = {rate: result_of(changes | {"learning_rate": rate}, 1, corpora) for rate in tried}
        rates[label] = min(first, key=lambda rate: first[rate].chosen)
        found = [result_of(changes | {"learning_rate": rates[label]}, seed, corpora) for seed in seeds]
        others = ", ".join(f"{rate:g}: {result.loss:.4f}" for rate, result in first.items())
        rows.append([*line(label, found), f"{rates[label]:g}", others])
    adamw = OPTIMISERS["adamw"][0] | {"learning_rate": rates["adamw"]}
    schedules = [line(label, [result_of(adamw | changes, seed, corpora) for seed in seeds])
                 for label, changes in SCHEDULES.items()]
    headings = ("onset F", "loss", "updates", "CPU seconds")
    parts = [f"{EXAMPLES} examples of {RECIPE.crop_seconds:g} s in each run, {RECIPE.batch} a batch; means and "
             f"standard deviations over {given.seeds} seeds. First half a cosine after a warm-up of {RECIPE.warmup} "
             "steps:\n",
             table(["optimiser", *headings, "learning rate", "loss of seed 1 at each rate"], rows),
             f"Then `adamw` from {rates['adamw']:g}, after the same warm-up:\n",
             table(["learning rate", *headings], schedules)]
    save(given, "optimisers", "Optimisers and schedules on onsets", parts)


if __name__ == "__main__":
    run(main)
