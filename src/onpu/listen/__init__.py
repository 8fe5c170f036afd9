"""One file = one listening task. A module here that defines `LISTENER` is a task; nothing else lists them."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from onpu.task import Listener


@cache
def tasks() -> dict[str, Listener]:
    """Name -> listener of every module of this folder that has one, in alphabetical order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    listeners = [module.LISTENER for module in modules if hasattr(module, "LISTENER")]
    return {listener.name: listener for listener in listeners}
