"""What lower layers offer although higher ones do it: a timeline is saved and shown by `formats`.

`music` imports nothing that lies above it, and yet `timeline.save("song.mid")` is a method of it. So it calls the port
of this module, below both; `onpu/__init__.py`, which Python runs before any other module of the package and which may
know all of them, connects each port with what is behind it.
"""

from collections.abc import Callable
from typing import Any

_connected: dict[str, Callable[[], Callable[..., Any]]] = {}


def connect(port: str, behind: Callable[[], Callable[..., Any]]) -> None:
    """Connect a port; behind: imports and returns the function, when it is first needed."""
    _connected[port] = behind


def save_timeline(timeline: object, path: object, recording: object = None) -> None:
    """Write a timeline to a path: `onpu.formats.saving.save`."""
    _connected["save_timeline"]()(timeline, path, recording)


def overview_of(timeline: object) -> str:
    """A timeline as a picture in HTML: `onpu.formats.report.overview.overview`."""
    picture: str = _connected["overview_of"]()(timeline)
    return picture


def shipped_models() -> dict[str, Any]:
    """Summaries of the shipped weights: `onpu.loading.models`."""
    found: dict[str, Any] = _connected["shipped_models"]()()
    return found
