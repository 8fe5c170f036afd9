"""One file = the decoder of one listening task (`onpu.decode.decoder`), which needs no torch."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from onpu.decode.decoder import AnyDecoder


@cache
def decoders() -> dict[str, AnyDecoder]:
    """Name -> decoder of every module of this folder, in alphabetical order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return {module.DECODER.name: module.DECODER for module in modules}


def default_weights(decoder: AnyDecoder) -> tuple[str, ...]:
    """Names of the weights that are used when a task is named."""
    return decoder.shipped or (decoder.weights or decoder.name,)
