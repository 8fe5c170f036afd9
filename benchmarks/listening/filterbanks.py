"""Scales of hearing under one tagger: mel, bark, ERB, gammatone, equal trainings (Choi et al. 2018, section 3.2).

    python -m benchmarks.listening.filterbanks FOLDER CORPUS … --minutes 2

FOLDER: where the runs are kept. CORPUS: composed songs to learn from; others are held out by the training, and judged.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

import onpu
from benchmarks.report import parser, run, save, table
from onpu.data.corpus import Corpus
from onpu.listen.tags import LISTENER, MUL, mel_bands
from onpu.metrics.tags import roc_auc
from onpu.music import Clock
from onpu.music.words import LIKELY, WORDS
from onpu.represent import AuditoryBands, Features, Log, Representation
from onpu.task import Listener, Network
from onpu.trained import TrainedListener
from onpu.training.datasets import TrainingData, prepare
from onpu.training.listeners import train
from onpu.weights import read_weights

LEAST = 5
"""Clips that must have a word, and that must not, for it to be scored."""


def auditory(scale: str) -> Representation:
    """96 bands of a scale of hearing in place of mel."""
    return Features(AuditoryBands(12000, scale, 512, 256, 96), Log(MUL["fcn"]))


SCALES: dict[str, Callable[[], Representation]] = {
    "mel": mel_bands, **{scale: partial(auditory, scale) for scale in ("bark", "erb", "gammatone")}}


def listener_on(scale: str) -> Listener:
    """The tagger on bands of a scale."""
    network = Network(SCALES[scale], LISTENER.networks["fcn"].build)
    return replace(LISTENER, networks={"fcn": network}, tailored=None)


def area(trained: TrainedListener, held: list[tuple[Corpus, int]]) -> float:
    """Mean area under the ROC curve over the words that can be scored."""
    clock, levels, truth = Clock(10, 10), [], []
    for corpus, number in held:
        labels = corpus.timeline(number)
        goal = LISTENER.target(labels, clock, max(1, int(labels.duration)))["tags"].mean(axis=1)
        levels.append(trained.activations(corpus.path(number))["tags"].mean(axis=1))
        truth.append(goal >= LIKELY)
    true, said = np.array(truth), np.array(levels)
    areas = [roc_auc(true[:, i], said[:, i]) for i in range(1, len(WORDS))
             if LEAST <= true[:, i].sum() <= len(true) - LEAST]
    return float(np.mean(areas))


def main() -> None:
    """Run and write filterbanks.md."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("corpora", nargs="+", type=Path)
    options.add_argument("--minutes", type=float, default=2.0, help="of each training")
    given = options.parse_args()
    torch.set_num_threads(1)
    corpora = [Corpus.open(path) for path in given.corpora]
    recipe = replace(LISTENER.recipes["compact"], minutes=given.minutes)
    rows = []
    for scale in SCALES:
        listener = listener_on(scale)
        best = train(listener, recipe, TrainingData(tuple(corpora)), given.folder / scale, bar=False)
        tensors, card = read_weights(best)
        trained = TrainedListener.restore(listener, tensors, card)
        prepared = prepare(listener, recipe, trained.features, TrainingData(tuple(corpora)), given.folder, 1, None)
        held = [(stored.corpus, number) for stored in prepared.validation for number in stored.numbers]
        scores = {score["measure"]: score["mean"] for score in card["scores"]}
        rows.append([scale, str(card["trained"]["steps"]), area(trained, held), scores["F-measure"], scores["Genre"]])
    text = (f"\n96 bands each, the network of recipe `compact`, {given.minutes:g} minutes of training each, judged on "
            f"{len(held)} songs of the same corpora that were held out (onpu {onpu.__version__}). Less than the "
            "spread between two trainings says nothing.\n\n")
    save(given, "filterbanks", "Scales of hearing under one tagger",
         [text + table(["bands", "steps", "ROC-AUC", "F", "genre right"], rows)])


if __name__ == "__main__":
    run(main)
