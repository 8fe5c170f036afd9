"""Weights as they leave a training: tensors, card, scores."""

from pathlib import Path

from onpu.maker import TrainedMaker
from onpu.task import TrainedListener
from onpu.training.evaluate import Row, summary
from onpu.version import __version__
from onpu.weights import Card, write_weights

OPEN = "Apache-2.0"
CLOSED = "not for redistribution: trained on recordings whose licence does not allow commercial use or is not known"


def save(path: Path, trained: TrainedListener | TrainedMaker, rows: list[Row], card: Card,
         kernels: str | None = None) -> None:
    """Write a trained system.

    rows: scores of the validation. card: what the system does not know of itself. kernels: what they are held as in
    the file (see `onpu.weights.storage`); None: float32 of listeners, whose activations are to stay what they are, and
    float16, half the size, of makers.
    """
    name = card["validation"].get("name", "validation")
    whole = card | trained.describe() | {
        "onpu": __version__, "licence": licence(card),
        "scores": [score | {"data": name} for score in summary(rows)]}
    usual = "float16" if isinstance(trained, TrainedMaker) else "float32"
    write_weights(path, trained.network.state_dict(), whole, kernels or usual)


def licence(card: Card) -> str:
    """Of weights: open, or the one that their data ask for, or none where some data or the weights that were begun with
    say nothing of it."""
    if card["commercial_use"]:
        return OPEN
    wanted = {source.get("weights_licence", "") for source in card["data"] if not source["commercial_use"]}
    return CLOSED if not wanted or "" in wanted or card["trained"].get("parent") else "; ".join(sorted(wanted))
