"""A drum part as it is wished for: what each drum plays, on which kit, how loud."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onpu.errors import FormatError, OnpuError
from onpu.files import Json
from onpu.music.drum_patterns import DRUMS, DrumPattern, drum_pattern

PLAYED, DRAWN, NOTHING = "played", "drawn", "none"
"""Patterns that are none of the library: what was heard, what the user drew, nothing."""
USUAL_KIT = "onpu"
"""The engine's."""
LEVELS = (-60.0, 12.0)
"""dB that a drum may be louder or softer."""


@dataclass(frozen=True)
class OneDrum:
    """How a drum is played. pattern: a name of the library, `played`: as it was heard, `drawn`, or `none`. kit: name.
    level: dB."""

    pattern: str = PLAYED
    kit: str = USUAL_KIT
    level: float = 0.0
    muted: bool = False


@dataclass(frozen=True)
class DrumMix:
    """A drum part: each drum of `DRUMS`; drawn: the user's own pattern; original: dB of the song's own drums, None:
    they are left out."""

    drums: Mapping[str, OneDrum] = field(default_factory=lambda: {name: OneDrum() for name in DRUMS})
    drawn: DrumPattern | None = None
    original: float | None = None

    @staticmethod
    def of(told: object) -> "DrumMix":
        """A mix out of JSON, as the page of the workbench saves it. Raises `FormatError` and `LabelError`."""
        if not isinstance(told, dict) or not isinstance(told.get("drums", {}), dict):
            raise FormatError("a mix of drums is a JSON object with drums, drawn and original")
        unknown = set(told.get("drums", {})) - set(DRUMS)
        if unknown:
            raise FormatError(f"no drum is called {str(min(unknown))[:40]}; they are {', '.join(DRUMS)}")
        drums = {name: _one(name, told.get("drums", {}).get(name, {})) for name in DRUMS}
        drawn = None if told.get("drawn") is None else DrumPattern.of(told["drawn"])
        if drawn is None and any(each.pattern == DRAWN for each in drums.values()):
            raise FormatError("a drum plays the drawn pattern, and none is drawn; give it as `drawn`")
        original = told.get("original")
        return DrumMix(drums, drawn, None if original is None else _level("original", original))

    @staticmethod
    def read(path: Path) -> "DrumMix":
        """A mix out of a file. Raises `FormatError`."""
        try:
            return DrumMix.of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            raise FormatError(f"{path}: is no mix of drums ({error}); save one in the workbench") from None
        except OnpuError as error:
            raise FormatError(f"{path}: {error}") from None

    def json(self) -> Json:
        """It as JSON."""
        return {"drums": {name: {"pattern": each.pattern, "kit": each.kit, "level": each.level, "muted": each.muted}
                          for name, each in self.drums.items()},
                "drawn": self.drawn and self.drawn.json(), "original": self.original}


def _one(name: str, told: object) -> OneDrum:
    usual = OneDrum()
    if not isinstance(told, dict):
        raise FormatError(f"{name} of a mix of drums is a JSON object")
    pattern, kit, muted = (told.get(key, getattr(usual, key)) for key in ("pattern", "kit", "muted"))
    if not isinstance(pattern, str) or not isinstance(kit, str) or not isinstance(muted, bool):
        raise FormatError(f"pattern and kit of {name} are names, muted is true or false")
    if pattern not in (PLAYED, DRAWN, NOTHING):
        drum_pattern(pattern)
    return OneDrum(pattern, kit, _level(name, told.get("level", usual.level)), muted)


def _level(name: str, told: object) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not LEVELS[0] <= told <= LEVELS[1]:
        raise FormatError(f"the level of {name} is {str(told)[:40]}; give {LEVELS[0]:g} to {LEVELS[1]:g} dB")
    return float(told)
