"""onpu's listeners without torch: onnxruntime computes the networks, NumPy decodes.

    onpu_onnx.analyze("song.mp3")        -> Timeline: beats, bars, metre, tempo, chords, keys, notes …
    onpu_onnx.load("beats")("song.mp3")  -> Beats; one task alone
    onpu_onnx.read("song.mid")           -> Timeline of a file of labels or of a score
    onpu_onnx.models()                   -> name -> card of the models

Source and results are those of `onpu`, which also makes, separates and trains.
"""

from importlib import import_module
from typing import Any

from onpu.errors import OnpuError
from onpu.ports import connect
from onpu.version import __version__

__all__ = ["Audio", "OnpuError", "Timeline", "__version__", "analyze", "hear", "load", "models", "read"]

_DOORS = {"Audio": ("onpu.music", "Audio"), "Timeline": ("onpu.music", "Timeline"),
          "analyze": ("onpu.analysis", "analyze"), "hear": ("onpu.analysis", "hear"),
          "load": ("onpu.exported", "load"), "models": ("onpu.exported", "shipped"),
          "read": ("onpu.formats.loading", "read")}
"""Public name -> module and name in it."""


def __getattr__(name: str) -> Any:
    """Import what is asked for on first use."""
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}; what makes, "
                             "separates or trains is in onpu (pip install onpu)")
    module, own = _DOORS[name]
    value = getattr(import_module(module), own)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


connect("save_timeline", lambda: import_module("onpu.formats.saving").save)
connect("overview_of", lambda: import_module("onpu.formats.report.overview").overview)
