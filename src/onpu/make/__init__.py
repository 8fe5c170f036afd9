"""One file = one making task. A module here that defines `MAKER` is a task; nothing else lists them but what needs no
trained network (`UNTRAINED`)."""

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from onpu.errors import WeightsError
from onpu.licensing import Licence
from onpu.maker import Maker, TrainedMaker
from onpu.weights import find, read_weights

UNTRAINED = ("style",)
"""Modules that make something without weights of their own."""


def names() -> tuple[str, ...]:
    """Of all making tasks, in alphabetical order."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if found.name not in UNTRAINED))


def maker(name: str) -> Maker:
    """The making task of that name; only its own module is imported."""
    found: Maker = import_module(f"{__name__}.{name}").MAKER
    return found


@cache
def makers() -> dict[str, Maker]:
    """Name -> making task, in alphabetical order."""
    return {name: maker(name) for name in names()}


def load(name: str | Path, licence: Licence = "default") -> TrainedMaker:
    """A trained maker: a task's name, shipped weights (`onpu models` lists them) or a file.

    licence: which weights are wanted (see `onpu.weights.find`). Raises `WeightsError` when there are no such weights,
    or they are damaged or made for something else.
    """
    path = find(name, licence, names())
    tensors, card = read_weights(path)
    if card["task"] not in names():
        raise WeightsError(f"{name}: weights of {card['task']}, which makes nothing; choose from {', '.join(names())}")
    return TrainedMaker.restore(maker(card["task"]), tensors, card)
