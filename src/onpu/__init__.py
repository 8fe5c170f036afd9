"""onpu: deep learning for music.

    onpu.analyze("song.mp3")        -> Timeline: beats, bars, metre, tempo, chords, keys, notes …
    onpu.hear("song.mp3")           -> what the networks heard, to be decided again around corrections
    onpu.load("beats")("song.mp3")  -> Beats; one task alone
    onpu.load("stems")("song.mp3")  -> Stems; what makes sound or scores is called alike
    onpu.Stream(("beats",), 48000)  -> push(block) -> events, while the sound goes on
    onpu.learn(corrected, "beats")  -> weights that are better on music like that which was corrected
    onpu.read("song.mid")           -> Timeline of a file of labels or of a score
    onpu.models()                   -> name -> what the shipped weights are

Recordings are paths, files, bytes, samples with their rate, or several of these; `timeline.save("song.musicxml")`
writes what was found. What the user can mend is an `OnpuError`.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from onpu.errors import OnpuError
from onpu.ports import connect
from onpu.version import __version__

if TYPE_CHECKING:
    from onpu.analysis import analyze, hear
    from onpu.formats.loading import read
    from onpu.live import Stream
    from onpu.loading import load, models
    from onpu.music import Audio, Timeline
    from onpu.pipelines.fine_tuning import learn

__all__ = ["Audio", "OnpuError", "Stream", "Timeline", "__version__", "analyze", "hear", "learn", "load", "models",
           "read"]

_DOORS = {"Audio": "onpu.music", "Stream": "onpu.live", "Timeline": "onpu.music",
          "analyze": "onpu.analysis", "hear": "onpu.analysis", "learn": "onpu.pipelines.fine_tuning",
          "load": "onpu.loading", "read": "onpu.formats.loading"}
"""Public name -> the module that has it; `models` is a package that can be called."""


def __getattr__(name: str) -> Any:
    """Import what is asked for on first use, so that `import onpu` stays fast."""
    if name == "models":
        return import_module("onpu.models")
    if name not in _DOORS:
        raise AttributeError(f"module 'onpu' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_DOORS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


def _behind(module: str, name: str) -> Callable[[], Callable[..., Any]]:
    """A function of the package, imported when it is needed."""
    return lambda: getattr(import_module(module), name)


connect("save_timeline", _behind("onpu.formats.saving", "save"))
connect("overview_of", _behind("onpu.formats.report.overview", "overview"))
connect("shipped_models", _behind("onpu.loading", "models"))
