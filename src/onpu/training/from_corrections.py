"""Learning from corrections: gentle fine-tuning on what a user has set right, kept only where it is better.

    corrected passages + composed songs -> `train`, at a low rate, chosen on passages that are kept out
    learned weights and those before, mixed by several shares (Wortsman et al., "Robust fine-tuning of zero-shot
    models", CVPR 2022) -> the mix that is best on what is kept out and not worse on a fixed composed set

What a network learned before is not to be forgotten for the sake of a few songs: two thirds of what it sees are
composed, its learning rate is a tenth of what it was, and the mix is judged on composed songs that it never learns
from.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import nn

from onpu.data.corpus import Corpus
from onpu.data.corrected import CorrectedRecording, corpora_of
from onpu.data.features import compute_features
from onpu.data.stream import CorpusCrops
from onpu.files import Json
from onpu.task import ListenerRecipe
from onpu.trained import TrainedListener
from onpu.training.checkpoint import save
from onpu.training.datasets import TrainingData
from onpu.training.evaluate import Row, criterion_score, mean_scores
from onpu.training.listeners import ListenerTraining, train
from onpu.weights import read_weights

log = logging.getLogger(__name__)

Advanced = Callable[[float], None]
"""Called with the finished share, in [0, 1]."""
BLENDS = (1.0, 0.6, 0.3)
"""Shares of what is learned in the weights, of which the best is kept."""
WORSE_AT_MOST = 0.005
"""By which the score on composed songs may fall."""
LEAST_GAIN = 0.001
"""By which the score on what is kept out has to rise."""
LEARNING_RATE = 2e-4
"""A tenth of that by which networks are trained from the beginning."""
SHARES = 1.0, 2.0
"""Of what is learned from: corrected, composed."""
BATCH_SECONDS = 96.0
"""Of music in a batch, at most: a step is quick, and there are many of them in few minutes."""
STEPS, EPOCHS = 25, 4
"""Steps between two looks at what is kept out, and how many of these there are at most."""
PREPARED, LEARNED = 0.25, 0.9
"""Shares of the progress at which preparing and learning end."""


@dataclass(frozen=True)
class Verdict:
    """What learning a task came to.

    kept: whether the new weights are better. before, after: scores on what is kept out, the mean of `measures`, of the
    weights before and of the best mix; composed_before, composed_after: on composed songs. blend: share of what is
    learned in it, 0 where no mix was good enough. recordings: titles of what was learned from. seconds: how much of
    them. kept_out: passages that judged.
    """

    task: str
    kept: bool
    before: float
    after: float
    composed_before: float
    composed_after: float
    blend: float
    measures: tuple[str, ...]
    recordings: tuple[str, ...]
    seconds: float
    kept_out: int

    def told(self) -> Json:
        """For JSON."""
        return asdict(self)

    def sentence(self) -> str:
        """It in words."""
        on = f"on what was kept out {self.before:.3f} before, {self.after:.3f} after; on composed songs " \
             f"{self.composed_before:.3f} before, {self.composed_after:.3f} after"
        return f"{self.task}: {'better' if self.kept else 'no better, so the weights stay as they were'} ({on})"


@dataclass(frozen=True, eq=False)
class Material:
    """Composed songs beside the corrected ones: those that are learned from, and those that judge."""

    learned: Corpus
    judging: Corpus


def learn_task(parent: TrainedListener, recordings: Sequence[CorrectedRecording], composed: Material, folder: Path,
               target: Path, minutes: float, advanced: Advanced | None = None) -> Verdict:
    """Learn one task from corrected recordings; the run in `folder` goes on where it was broken off.

    parent: the weights to start from. target: where the new weights are written, with their card, where they are
    better; else nothing is. minutes: of learning, without what is prepared before and judged after it.

    Raises
    ------
    DataError
        When too little is corrected.
    """
    target.unlink(missing_ok=True)
    tell = advanced or (lambda share: None)
    listener, own = parent.listener, folder / "data"
    parent = replace(parent, precision="float32")
    learned, kept_out = corpora_of(recordings, own)
    stored = {name: _crops(parent, corpus) for name, corpus in (("kept", kept_out), ("composed", composed.judging))}
    tell(PREPARED / 2)
    before = {name: score(parent, parent.network, crops) for name, crops in stored.items()}
    tell(PREPARED)
    share = learned.seconds / max(learned.seconds + composed.learned.seconds, 1.0)
    log.info(f"{listener.name}: {learned.seconds:.0f} s beside composed songs ({share:.0%} of all)")
    recipe = gentle(parent.recipe, minutes)
    train(listener, recipe, TrainingData((learned, composed.learned), SHARES, kept_out), folder / "run",
          parent=parent, bar=False, advanced=lambda done: tell(PREPARED + (LEARNED - PREPARED) * done))
    tensors, card = read_weights(folder / "run" / "best.safetensors")
    network = deepcopy(parent.network)
    network.load_state_dict(tensors)
    scored: dict[float, dict[str, float]] = {}
    rows: dict[float, list[Row]] = {}
    for number, blend in enumerate(BLENDS, 1):
        mixed = ListenerTraining(replace(parent, recipe=replace(recipe, blend=blend)), (), parent.network
                                 ).blended(network)
        rows[blend] = judged(parent, mixed, stored["kept"])
        scored[blend] = {"kept": _mean(rows[blend], listener.criterion),
                         "composed": score(parent, mixed, stored["composed"])}
        tell(LEARNED + (1 - LEARNED) * number / len(BLENDS))
    best = chosen(scored, before)
    blend = best or max(scored, key=lambda each: scored[each]["kept"])
    verdict = Verdict(listener.name, best > 0, before["kept"], scored[blend]["kept"], before["composed"],
                      scored[blend]["composed"], best, listener.criterion, tuple(one.name for one in recordings),
                      round(sum(one.seconds for one in recordings), 1), len(kept_out))
    if best:
        mixed = ListenerTraining(replace(parent, recipe=replace(recipe, blend=best)), (), parent.network
                                 ).blended(network)
        judge = {"name": "kept out", "kind": "corrected passages that were kept out, beside composed songs",
                 "composed": {"before": round(before["composed"], 4), "after": round(scored[best]["composed"], 4)}}
        kept = card | {"validation": judge, "trained": card["trained"] | {
            "score": round(scored[best]["kept"], 4), "before": round(before["kept"], 4), "blend": best}}
        save(target, replace(parent, network=mixed, recipe=replace(recipe, blend=best)), rows[best], kept)
    return verdict


def gentle(recipe: ListenerRecipe, minutes: float) -> ListenerRecipe:
    """The recipe for going on for so many minutes at most."""
    batch = min(recipe.batch, max(2, round(BATCH_SECONDS / recipe.crop_seconds)))
    return replace(recipe, batch=batch, learning_rate=min(recipe.learning_rate, LEARNING_RATE), warmup=10,
                   schedule="cosine", steps=STEPS, epochs=EPOCHS, minutes=minutes,
                   ema_decay=min(recipe.ema_decay, 0.98), workers=0, blend=1.0,
                   keep_statistics=True)


def chosen(scored: Mapping[float, Mapping[str, float]], before: Mapping[str, float]) -> float:
    """The blend that is best on what is kept out, of those that are better there than the weights before by
    `LEAST_GAIN`, and on composed songs worse by `WORSE_AT_MOST` at most; 0 where there is none."""
    good = [blend for blend, scores in scored.items() if scores["kept"] >= before["kept"] + LEAST_GAIN
            and scores["composed"] >= before["composed"] - WORSE_AT_MOST]
    return max(good, key=lambda blend: (scored[blend]["kept"], scored[blend]["composed"]), default=0.0)


def score(trained: TrainedListener, network: nn.Module, stored: CorpusCrops) -> float:
    """The mean of the measures that choose, of a listener with this network on all recordings of a corpus."""
    return _mean(judged(trained, network, stored), trained.listener.criterion)


def judged(trained: TrainedListener, network: nn.Module, stored: CorpusCrops) -> list[Row]:
    """Scores of each recording of a corpus."""
    training = ListenerTraining(replace(trained, recipe=replace(trained.recipe, blend=1.0)), (stored,))
    with torch.no_grad():
        return [training.judge(network.eval(), (0, number), torch.device("cpu")) for number in stored.numbers]


def _mean(rows: Sequence[Row], criterion: Sequence[str]) -> float:
    return criterion_score(mean_scores(rows), criterion)


def _crops(trained: TrainedListener, corpus: Corpus) -> CorpusCrops:
    """A corpus with its features, and with those labels that the listener looks at."""
    listener = trained.listener
    wanted = set(listener.needs or (listener.label,))
    numbers = [number for number in range(len(corpus)) if wanted & corpus.labelled(number)]
    return CorpusCrops(corpus, compute_features(corpus, trained.features), numbers,
                       (*listener.fields, *listener.reads))
