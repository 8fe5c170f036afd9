"""One file = one making task. A module here that defines `MAKER` is a task; nothing else lists them."""

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from onpu.errors import WeightsError
from onpu.maker import Maker, TrainedMaker
from onpu.weights import find, read_weights


@cache
def makers() -> dict[str, Maker]:
    """Name -> maker of every module of this folder that has one, in alphabetical order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    found = [module.MAKER for module in modules if hasattr(module, "MAKER")]
    return {maker.name: maker for maker in found}


def load(name: str | Path) -> TrainedMaker:
    """A trained maker: a task's name, shipped weights (`onpu models` lists them) or a file.

    Raises `WeightsError` when there are no such weights, or they are damaged or made for something else.
    """
    path = find(name)
    tensors, card = read_weights(path)
    if card["task"] not in makers():
        raise WeightsError(f"{path}: made for the task {card['task']}, which is not among {', '.join(makers())}")
    return TrainedMaker.restore(makers()[card["task"]], tensors, card)
