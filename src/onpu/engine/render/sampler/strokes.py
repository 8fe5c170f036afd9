"""One stroke of a recorded note or hit: never twice the same, on time to the sample."""

import numpy as np
import soxr

from onpu.engine.render.sampler.sets import Sample

GAIN_SPREAD, TILT_SPREAD = 0.5, 0.06
"""Standard deviations of a stroke's gain, dB, and of the weight of its slope (the first difference), which makes it a
little brighter or duller."""
FADE_IN = 0.001
"""Seconds over which what precedes an onset is faded in where it is cut."""


def retuned(sample: Sample, semitones: float, rate: int, seconds: float = np.inf) -> Sample:
    """The sample played faster or slower by so many semitones, at most its first `seconds` as they then sound."""
    ratio = 2 ** (semitones / 12)
    sound = sample.sound
    if np.isfinite(seconds):
        sound = sound[:, : sample.onset + round(seconds * ratio * rate) + 1]
    if abs(semitones) > 1e-4:
        sound = np.ascontiguousarray(soxr.resample(sound.T, rate * ratio, rate, quality="MQ").T)
    return Sample(sound, round(sample.onset / ratio), sample.level)


def led_in(sample: Sample, seconds: float, rate: int) -> Sample:
    """The sample with at most so many seconds before its onset, faded in where something was cut."""
    cut = sample.onset - round(seconds * rate)
    if cut <= 0:
        return sample
    sound = sample.sound[:, cut:].copy()
    fade = min(round(FADE_IN * rate), sound.shape[1])
    sound[:, :fade] *= np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
    return Sample(sound, sample.onset - cut, sample.level)


def add_stroke(out: np.ndarray, sound: np.ndarray, start: int, gain: float, tilt: float) -> None:
    """Add (channels, samples) from sample `start` of `out` (channels, samples) on; what lies before its beginning or
    behind its end is lost. A positive tilt is brighter."""
    skip = max(0, -start)
    length = min(sound.shape[1], out.shape[1] - start)
    if length - skip < 2:
        return
    here = out[:, start + skip : start + length]
    piece = sound[:, skip:length]
    here += np.float32(gain) * piece
    here[:, 1:] += np.float32(gain * tilt) * (piece[:, 1:] - piece[:, :-1])


def varied(rng: np.random.Generator) -> tuple[float, float]:
    """A factor of gain and a tilt for one stroke."""
    return 10 ** (rng.normal(0, GAIN_SPREAD) / 20), rng.normal(0, TILT_SPREAD)
