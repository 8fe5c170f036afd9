"""onpu: deep learning for music.

    onpu.analyze("song.mp3")        -> Timeline: beats, bars, metre, tempo …
    onpu.load("beats")(audio)       -> Beats, from an `Audio`, an array with its rate, or a path
    onpu.load("stems")(audio)       -> Stems
"""

from typing import TYPE_CHECKING, Any

from onpu.version import __version__

if TYPE_CHECKING:
    from onpu.analysis import analyze as analyze
    from onpu.loading import load as load

__all__ = ["__version__", "analyze", "load"]

_DOORS = {"analyze": "onpu.analysis", "load": "onpu.loading"}


def __getattr__(name: str) -> Any:
    """Import what is asked for on first use, so that `import onpu` stays fast."""
    if name not in _DOORS:
        raise AttributeError(f"module 'onpu' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_DOORS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
