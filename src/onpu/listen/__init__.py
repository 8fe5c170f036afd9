"""One file = one listening task. A module here that defines `LISTENER` is a task; nothing else lists them."""

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from onpu.decode.tasks import default_weights
from onpu.errors import WeightsError
from onpu.licensing import Licence
from onpu.task import Listener
from onpu.trained import TrainedListener
from onpu.weights import find, read_weights


@cache
def tasks() -> dict[str, Listener]:
    """Name -> listener of every module of this folder that has one, in alphabetical order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    listeners = [module.LISTENER for module in modules if hasattr(module, "LISTENER")]
    return {listener.name: listener for listener in listeners}


def load(name: str | Path, licence: Licence = "default") -> TrainedListener:
    """A trained listener: a task's name, shipped weights (`onpu models` lists them) or a file.

    licence: which weights are wanted (see `onpu.weights.find`). Raises `WeightsError` when there are no such weights,
    or they are damaged or made for something else.
    """
    user = tasks().get(str(name))
    try:
        path = find(default_weights(user)[0] if user is not None else name, licence, tasks())
    except WeightsError as error:
        raise WeightsError(f"{'' if str(name) in str(error) else f'{name}: '}{error}") from error
    tensors, card = read_weights(path)
    if card["task"] not in tasks():
        raise WeightsError(f"{name}: weights of {card['task']}, which hears nothing; choose from {', '.join(tasks())}")
    return TrainedListener.restore(user or tasks()[card["task"]], tensors, card)
