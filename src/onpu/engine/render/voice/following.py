"""A singer made to follow a recording.

Nakano & Goto, "VocaListener: a singing-to-singing synthesis system based on iterative parameter estimation" (SMC 2009,
section 3) and "VocaListener2" (ICASSP 2011): what was made is measured as the recording is, and its parameters are
moved by what is left between both, again and again: pitch and loudness; of the second paper also timbre.

Deviations: frames of 5 ms in place of a synthesiser's control points; timbre is the first cosines of the logarithmic
spectrum over its mean in the song, in place of a space that is learned of several voices.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.fft import dct, idct
from scipy.ndimage import gaussian_filter1d

from onpu.engine.render.voice.parameters import FRAME_SECONDS, VocoderFrames, sounding, taken_apart

SMOOTH_SECONDS = 0.015
"""Of what loudness and timbre are moved by."""
TIMBRE_COSINES = 6
"""How many are followed."""
MOST_DB = 18.0
"""By which loudness is moved at most, altogether."""
_NEPERS = np.log(10) / 10


@dataclass(frozen=True)
class Distance:
    """Between what was made and the recording, where both are voiced: root mean squares of pitch, cents, and loudness,
    dB, the mean of each taken out; and of the followed cosines, dB."""

    pitch: float
    loudness: float
    timbre: float


@dataclass(frozen=True, eq=False)
class Followed:
    """What was made after so many iterations, its sound, and how far it is from the recording."""

    frames: VocoderFrames
    sound: np.ndarray
    distance: Distance


def followed(frames: VocoderFrames, target: VocoderFrames, iterations: int, timbre: bool = False) -> Iterator[Followed]:
    """What was made, after 0, 1 … iterations. target: the recording, frame by frame at the same times; the pitch is
    followed in whatever octave is nearest."""
    count = min(len(frames), len(target))
    made, wanted = _cut(frames, count), _cut(target, count)
    octaves = 12 * np.rint(np.median((made.pitch - wanted.pitch)[made.voiced & wanted.voiced]) / 12) if (
        made.voiced & wanted.voiced).any() else 0.0
    wanted = replace(wanted, pitch=wanted.pitch + np.float32(octaves))
    first = made.harmonic.mean(axis=1)
    for number in range(iterations + 1):
        sound = sounding(made)
        heard = _cut(taken_apart(sound), count)
        both = heard.voiced & wanted.voiced
        apart = _apart(heard, wanted, both)
        yield Followed(made, sound, _distance(apart, both))
        if number == iterations or not both.any():
            return
        pitch, loudness, colours = (np.where(both if part.ndim == 1 else both[:, None], part, 0) for part in apart)
        pitch = np.where(made.voiced, pitch, 0)
        loud = gaussian_filter1d(loudness, SMOOTH_SECONDS / FRAME_SECONDS)
        moved = made.harmonic + (_NEPERS * loud)[:, None]
        over = np.clip(moved.mean(axis=1) - first, -MOST_DB * _NEPERS, MOST_DB * _NEPERS)
        harmonic = moved - (moved.mean(axis=1) - first - over)[:, None]
        if timbre:
            shape = np.zeros_like(harmonic)
            shape[:, 1 : TIMBRE_COSINES + 1] = gaussian_filter1d(colours, SMOOTH_SECONDS / FRAME_SECONDS, axis=0)
            harmonic = harmonic + _NEPERS * idct(shape, norm="ortho", axis=1)
        made = replace(made, pitch=(made.pitch + pitch / 100).astype(np.float32), harmonic=harmonic.astype(np.float32))


def _cut(frames: VocoderFrames, count: int) -> VocoderFrames:
    """The first frames; silence where there are fewer."""
    short = count - len(frames)
    if short <= 0:
        return VocoderFrames(*(values[:count] for values in vars(frames).values()))
    return VocoderFrames(np.pad(frames.pitch, (0, short), mode="edge"), np.pad(frames.voiced, (0, short)),
                         np.pad(frames.harmonic, ((0, short), (0, 0)), mode="edge"),
                         np.pad(frames.aperiodic, ((0, short), (0, 0)), mode="edge"))


def _apart(heard: VocoderFrames, wanted: VocoderFrames, both: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is lacking of pitch, cents, loudness, dB, and cosines, dB, frame by frame; of the latter two the mean of
    voiced frames is taken out."""
    spectrum = (wanted.harmonic - heard.harmonic) / _NEPERS
    loud = (_loudness(wanted) - _loudness(heard))
    colours = dct(spectrum, norm="ortho", axis=1)[:, 1 : TIMBRE_COSINES + 1]
    if both.any():
        loud, colours = loud - loud[both].mean(), colours - colours[both].mean(axis=0)
    return 100 * (wanted.pitch - heard.pitch).astype(np.float64), loud, colours


def _loudness(frames: VocoderFrames) -> np.ndarray:
    """dB of a frame's power."""
    return np.asarray(10 * np.log10(np.exp(frames.harmonic.astype(np.float64)).mean(axis=1) + 1e-12))


def _distance(apart: tuple[np.ndarray, np.ndarray, np.ndarray], both: np.ndarray) -> Distance:
    if not both.any():
        return Distance(0.0, 0.0, 0.0)
    return Distance(*(float(np.sqrt(np.square(part[both]).mean())) for part in apart))
