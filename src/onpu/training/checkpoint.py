"""Weights as they leave a training: tensors, card, scores."""

from pathlib import Path

from onpu.licensing import weights_licence
from onpu.maker import TrainedMaker
from onpu.trained import TrainedListener
from onpu.training.evaluate import Row, summary
from onpu.version import __version__
from onpu.weights import Card, write_weights


def save(path: Path, trained: TrainedListener | TrainedMaker, rows: list[Row], card: Card,
         kernels: str | None = None) -> None:
    """Write a trained system.

    rows: scores of the validation. card: what the system does not know of itself, but for the licence, which its data
    decide. kernels: what they are held as in the file (see `onpu.weights.storage`); None: float32 of listeners, whose
    activations are to stay what they are, and float16, half the size, of makers.
    """
    name = card["validation"].get("name", "validation")
    licence, commercial_use = weights_licence(card["data"])
    whole = card | trained.describe() | {
        "onpu": __version__, "licence": licence, "commercial_use": commercial_use,
        "scores": [score | {"data": name} for score in summary(rows)]}
    usual = "float16" if isinstance(trained, TrainedMaker) else "float32"
    write_weights(path, trained.network.state_dict(), whole, kernels or usual)

