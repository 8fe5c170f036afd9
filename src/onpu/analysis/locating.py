"""Where sounds come from, in a recording of several microphones."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import soxr

from onpu.decode.bearings import bearings
from onpu.errors import DataError, OnpuError, suggestion
from onpu.formats.tables import columns, number, read_lines
from onpu.music import Audio
from onpu.music.bearing import TETRAHEDRON, Bearings
from onpu.represent.steered import RATE, SteeredResponse

STEP_DEGREES = 5.0
ELEVATIONS = np.arange(-60.0, 61.0, 15.0)
BLOCK_SECONDS = 30.0
"""Seconds whose responses are computed at a time."""
ARRAYS: Mapping[str, np.ndarray] = MappingProxyType({
    "pair": np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]),
    "square": np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [-1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]]) / np.sqrt(2),
    "tetrahedron": np.array(TETRAHEDRON) / np.sqrt(3)})
"""Name -> microphones at a distance of 1 from the middle, in the order of the channels: left and right; front left,
front right, back right, back left; those of `TETRAHEDRON`."""
MOST_SOURCES = 4


def array(name: str, radius: float) -> np.ndarray:
    """Positions (microphones, 3) in metres of a named array, or from a file of three numbers a line: x to the front, y
    to the left, z upwards.

    Raises
    ------
    OnpuError
        When there is no such array, or the radius is none.
    DataError
        When the file does not hold at least two microphones in different places.
    """
    if name in ARRAYS:
        if not 0.001 <= radius <= 10:
            raise OnpuError(f"--radius {radius:g}: give metres from the middle to a microphone, 0.001 to 10")
        return ARRAYS[name] * radius
    if not Path(name).exists():
        raise OnpuError(f"no array is called {name}; {suggestion(name, ARRAYS)}, or name a file of positions")
    try:
        rows = [[number(text) for text in columns(line, 3)] for _, line in read_lines(name, "positions")]
        found = np.array(rows, np.float64).reshape(-1, 3)
    except ValueError as error:
        raise DataError(f"{name}: give three numbers a line, metres to the front, to the left and upwards ({error})"
                        ) from None
    if len(found) < 2 or not np.ptp(found, axis=0).any():
        raise DataError(f"{name}: give at least two microphones in different places")
    return found


def locate(audio: Audio, microphones: np.ndarray, sources: int = 1) -> Bearings:
    """Find where up to `sources` sounds come from at any time.

    Parameters
    ----------
    audio
        A recording with a channel for each microphone.
    microphones
        Their positions (microphones, 3) in metres: x to the front, y to the left, z upwards.
    sources
        How many to look for at most; sounds from one place are one.

    Returns
    -------
    Bearings
        Directions over time. What lies on a line or in a plane cannot tell its two sides apart: of a line the front is
        answered, of a plane what is above.

    Raises
    ------
    AudioError
        When there are not as many channels as microphones.
    OnpuError
        When `sources` is not 1 to 4.
    """
    if not 1 <= sources <= MOST_SOURCES:
        raise OnpuError(f"--sources {sources}: give 1 to {MOST_SOURCES}")
    spread = np.linalg.matrix_rank(microphones - microphones.mean(axis=0), tol=1e-4)
    whole = spread > 1
    azimuths = np.arange(-180.0, 180.0, STEP_DEGREES) if whole else np.arange(-90.0, 91.0, STEP_DEGREES)
    elevations = ELEVATIONS if spread > 2 else ELEVATIONS[ELEVATIONS >= 0] if whole else np.zeros(1)
    steered = SteeredResponse(microphones, azimuths, elevations)
    samples = audio.samples if audio.rate == RATE else soxr.resample(audio.samples.T, audio.rate, RATE).T
    clock = steered.clock
    step = round(BLOCK_SECONDS * clock.fps) * clock.hop
    margin = 4 * clock.hop  # of a window's half, in whole frames
    parts = []
    for start in range(0, max(1, samples.shape[1]), step):
        first = max(0, start - margin)
        found = steered(samples[:, first : start + step + margin])
        skip = (start - first) // clock.hop
        last = samples.shape[1] // clock.hop + 1 if start + step >= samples.shape[1] else (start + step) // clock.hop
        parts.append(found[..., skip : skip + last - start // clock.hop])
    return bearings(np.concatenate(parts, axis=-1), azimuths, elevations, clock, sources, whole)
