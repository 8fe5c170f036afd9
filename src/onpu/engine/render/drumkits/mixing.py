"""Drum parts out of patterns and of what was heard, drum by drum, on kits of single hits."""

from collections.abc import Callable

import numpy as np

from onpu.engine.render.drumkits.oneshots import LEAD_SECONDS, REFERENCE, OneShotKit
from onpu.music import Beats, Drums
from onpu.music.audio import rms
from onpu.music.drum_mix import DRAWN, NOTHING, PLAYED, DrumMix, OneDrum
from onpu.music.drum_patterns import DRUMS, drum_pattern, placed, played

EXPONENT = 1.5
FULL = 100.0
"""A hit's level is (velocity / FULL)^EXPONENT."""
CHOKES = ("closed_hat", "open_hat")
"""Rows that cut each other off, as a hi-hat does."""
CHOKE_SECONDS = 0.012
FITTED = (0.05, 8.0)
"""Gains by which a kit is fitted to a song."""
JUDGED_SECONDS = 0.1
"""After a hit, by which the level of a song's drums is judged."""


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
