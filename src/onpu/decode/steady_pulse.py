"""The one pulse that a recording keeps from its beginning to its end, if it keeps one.

The pulse is a frequency f at which the spectral flux x(t) beats. In windows of `WINDOW_SECONDS` seconds

    z_w(f) = sum over t in w of x(t) exp(-2 pi i f t),

and f is coherent as far as the windows agree in phase: |sum z_w| / sum |z_w|, which is 1 for a sequencer and small for
players who hurry and drag.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SHORTEST = 20.0
"""Seconds below which a recording tells nothing of its steadiness."""
LEAST_COHERENCE, LEAST_STRENGTH, MOST_DRIFT = 0.95, 0.1, 0.012
"""Limits of a steady pulse: coherence, strength, and drift in seconds (`SteadyPulse`)."""
WINDOW_SECONDS = 20.0
SLOWEST, FASTEST = 1.2, 12.5
"""Pulses a second that are looked for: from beats to sixteenths."""
PARTS = 5
"""Parts of a recording whose phases are compared."""
_SLACK = 0.006
"""Seconds by which the drift may grow when the tempo is rounded."""
_QUIET = 0.2
"""Share of the strongest part's pulse below which a part has none and its phase says nothing."""
_FINER = 8
"""Frequencies are looked for at so many times the resolution of the whole recording."""


@dataclass(frozen=True)
class SteadyPulse:
    """frequency: pulses a second. phase: seconds at which the first one falls, in [0, 1 / frequency). coherence: from 0
    to 1. strength: share of the flux that beats with it, 0 to 1. drift: seconds between the earliest and the latest of
    the phases of `PARTS` parts."""

    frequency: float
    phase: float
    coherence: float
    strength: float
    drift: float


def steady_pulse(flux: np.ndarray, fps: float) -> SteadyPulse | None:
    """The pulse that a flux (frames,) keeps from beginning to end; None when there is none or it is too short."""
    if len(flux) < SHORTEST * fps or not flux.any():
        return None
    found = find_pulse(flux, fps)
    steady = (found.coherence >= LEAST_COHERENCE and found.strength >= LEAST_STRENGTH and found.drift <= MOST_DRIFT)
    return found if steady else None


def find_pulse(flux: np.ndarray, fps: float) -> SteadyPulse:
    """The strongest pulse of a flux (frames,), not negative, `fps` frames a second. A whole number of beats a minute is
    taken where the recording does not tell it from what was measured."""
    size = 1 << int(np.ceil(np.log2(_FINER * len(flux))))
    band = slice(int(SLOWEST * size / fps), int(FASTEST * size / fps))
    together = np.abs(np.fft.rfft(_levelled(flux, fps), size)[band])
    found = (band.start + int(together.argmax())) * fps / size
    found = _straightened(flux, found, fps)
    whole = _whole_bpm(found)
    best = _pulse(flux, found, fps)
    rounded = _pulse(flux, whole, fps)
    return rounded if rounded.coherence > best.coherence - 0.01 and rounded.drift < best.drift + _SLACK else best


def _levelled(flux: np.ndarray, fps: float) -> np.ndarray:
    """The flux less its mean in each window."""
    edges = np.linspace(0, len(flux), max(1, round(len(flux) / fps / WINDOW_SECONDS)) + 1).astype(int)
    return np.concatenate([flux[start:end] - flux[start:end].mean() for start, end in pairwise(edges)])


def _phasors(flux: np.ndarray, frequency: float, fps: float, parts: int) -> np.ndarray:
    """z of equally long parts, (parts,) complex."""
    turning = (flux - flux.mean()) * np.exp(-2j * np.pi * frequency * np.arange(len(flux)) / fps)
    edges = np.linspace(0, len(flux), parts + 1).astype(int)
    return np.array([turning[start:end].sum() for start, end in pairwise(edges)])


def _straightened(flux: np.ndarray, frequency: float, fps: float) -> float:
    """The frequency at which the parts' phases neither rise nor fall: a straight line is fitted to them."""
    parts = _phasors(flux, frequency, fps, PARTS)
    phase = np.angle(parts * np.conj(parts.sum()))
    centres = (np.arange(PARTS) + 0.5) * len(flux) / fps / PARTS
    slope = np.polyfit(centres, phase, 1, w=np.sqrt(np.abs(parts)))[0]
    return float(frequency + slope / (2 * np.pi))


def _whole_bpm(frequency: float) -> float:
    """The nearest frequency at which a beat of one to eight pulses has a whole number of beats a minute, the lowest
    number of pulses first that brings it into the range of tempi."""
    for pulses in (1, 2, 4, 8):
        if 60 * frequency / pulses < 180:
            return round(60 * frequency / pulses) * pulses / 60
    return frequency


def _pulse(flux: np.ndarray, frequency: float, fps: float) -> SteadyPulse:
    windows = _phasors(flux, frequency, fps, max(1, round(len(flux) / fps / WINDOW_SECONDS)))
    parts = _phasors(flux, frequency, fps, PARTS)
    whole = windows.sum()
    beating = parts[np.abs(parts) >= _QUIET * np.abs(parts).max()]
    late = np.angle(beating * np.conj(whole)) / (2 * np.pi * frequency)
    phase = (-np.angle(whole) / (2 * np.pi * frequency)) % (1 / frequency)
    return SteadyPulse(frequency, float(phase), float(np.abs(whole) / max(np.abs(windows).sum(), 1e-9)),
                 float(np.abs(whole) / max(flux.sum(), 1e-9)), float(np.ptp(late)))
