"""Drum parts out of patterns and of what was heard, drum by drum, on kits of single hits."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from onpu.engine.render.drumkits.kits import ENGINE_KITS
from onpu.engine.render.drumkits.oneshots import LEAD_SECONDS, REFERENCE, OneShotKit
from onpu.errors import FormatError, OnpuError
from onpu.files import Json
from onpu.music import Beats, Drums
from onpu.music.audio import rms
from onpu.music.drum_patterns import DRUMS, DrumPattern, drum_pattern, placed, played

PLAYED, DRAWN, NOTHING = "played", "drawn", "none"
"""Patterns that are none of the library: what was heard, what the user drew, nothing."""
EXPONENT = 1.5
FULL = 100.0
"""A hit's level is (velocity / FULL)^EXPONENT."""
LEVELS = (-60.0, 12.0)
"""dB that a drum may be louder or softer."""
CHOKES = ("closed_hat", "open_hat")
"""Rows that cut each other off, as a hi-hat does."""
CHOKE_SECONDS = 0.012
FITTED = (0.05, 8.0)
"""Gains by which a kit is fitted to a song."""
JUDGED_SECONDS = 0.1
"""After a hit, by which the level of a song's drums is judged."""


@dataclass(frozen=True)
class OneDrum:
    """How a drum is played. pattern: a name of the library, `played`: as it was heard, `drawn`, or `none`. kit: name.
    level: dB."""

    pattern: str = PLAYED
    kit: str = next(iter(ENGINE_KITS))
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


def render_drums(mix: DrumMix, beats: Beats, heard: Drums, kit: Callable[[str], OneShotKit], samples: int, rate: int,
                 gain: float = 1.0) -> np.ndarray:
    """The drum part, float32 (2, samples).

    Parameters
    ----------
    mix
        What is played.
    beats, heard
        The song's beats, and the hits that were heard in it.
    kit
        Name -> kit at this rate.
    samples, rate
        Length, and samples a second.
    gain
        Of the whole (`fitting_gain`).
    """
    out = np.zeros((2, samples), dtype=np.float32)
    lead = round(LEAD_SECONDS * rate)
    for name, rows in DRUMS.items():
        drum = mix.drums[name]
        if drum.muted or drum.pattern == NOTHING:
            continue
        hits = sorted((float(time), row, float(velocity)) for row in rows
                      for time, velocity in zip(*_hits(mix, drum, row, beats, heard), strict=True))
        level = gain * 10 ** (drum.level / 20)
        for index, (time, row, velocity) in enumerate(hits):
            sound = kit(drum.kit).hit(row, velocity)
            if sound is None:
                continue
            if row in CHOKES:
                following = next((other for other, row_, _ in hits[index + 1 :] if row_ in CHOKES and other > time),
                                 None)
                sound = sound if following is None else _choked(sound, lead + round((following - time) * rate), rate)
            start = round(time * rate) - lead
            first, end = max(0, -start), min(sound.shape[1], samples - start)
            if end > first:
                out[:, start + first : start + end] += np.float32(level * loudness(velocity)) * sound[:, first:end]
    return out


def loudness(velocity: float) -> float:
    """Gain of a hit."""
    return float((velocity / FULL) ** EXPONENT)


def _hits(mix: DrumMix, drum: OneDrum, row: str, beats: Beats, heard: Drums) -> tuple[np.ndarray, np.ndarray]:
    if drum.pattern == PLAYED:
        return played(heard, row)
    pattern = mix.drawn if drum.pattern == DRAWN else drum_pattern(drum.pattern)
    assert pattern is not None
    return placed(pattern, row, beats)


def _choked(sound: np.ndarray, end: int, rate: int) -> np.ndarray:
    fade = round(CHOKE_SECONDS * rate)
    if end + fade >= sound.shape[1]:
        return sound
    out = sound[:, : end + fade].copy()
    out[:, end:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out


def fitting_gain(drums: np.ndarray, rest: np.ndarray, heard: Drums, rate: int) -> float:
    """By how much a kit is louder in a song than by itself, so that it is as loud as the song's own drums (channels,
    samples); beside the rest of the song where that has none."""
    length = round(JUDGED_SECONDS * rate)
    gains = []
    for row in ("kick", "snare"):
        for time, velocity in zip(*played(heard, row), strict=True):
            level = float(rms(drums[:, round(time * rate) :][:, :length])) if round(time * rate) < drums.shape[1] else 0
            gains.append(level / (REFERENCE * loudness(velocity)))
    found = float(np.median(gains)) if gains else 0.0
    if found < FITTED[0]:
        found = 1.5 * float(rms(rest)) / REFERENCE if rest.size else 1.0
    return float(np.clip(found, *FITTED))
