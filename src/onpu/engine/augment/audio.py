"""Effects that change the labels together with the sound: `augment` draws some, each can be called alone.

All take and return (Audio, Timeline). Times, tempi, pitches, chords and keys are what the changed sound really has.
"""


import numpy as np
import soxr

from onpu.engine.augment.labels import retimed, transposed
from onpu.engine.augment.vocoder import stretched
from onpu.engine.compose.draw import between
from onpu.engine.render.filters import filtered, highpass, lowpass
from onpu.engine.render.media import background, draw_carrier
from onpu.errors import AudioError
from onpu.music import Audio, Timeline
from onpu.music.audio import rms
from onpu.music.crop import crop as crop_labels

SPEED_RANGE = (0.5, 2.0)
"""Slowest and fastest that sound and labels can be played."""


def augment(audio: Audio, timeline: Timeline, seed: int) -> tuple[Audio, Timeline]:
    """Change a recording as recordings differ, and its labels with it.

    Half of the time one effect of time or pitch is drawn (speed, stretch, transposition), then sometimes ambience and a
    medium (for one and two channels), and a gain. A pure function of its arguments.

    Parameters
    ----------
    audio
        The recording.
    timeline
        Its labels.
    seed
        Draws the effects.

    Returns
    -------
    Audio and Timeline
        The recording with the same channels and rate, and the labels of what it has become.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.engine.augment.audio import augment
    >>> from onpu.music import Audio, Beats, Timeline
    >>> beats = Beats.of(np.array([0.5, 1.0, 1.5]), np.array([1, 2, 3]))
    >>> sound = Audio(0.1 * np.ones((1, 16000), np.float32), 8000)
    >>> changed, labels = augment(sound, Timeline(2.0, beats=beats), seed=0)
    >>> round(changed.duration, 2), labels.beats.times.round(2).tolist()  # slower by 3 %
    (2.06, [0.52, 1.03, 1.55])
    """
    rng = np.random.default_rng([seed, 0xA06])
    kind = rng.random()
    if kind > 0.75:
        audio, timeline = speed(audio, timeline, float(np.exp(np.clip(rng.normal(0, 0.06), -0.2, 0.2))))
    elif kind > 0.6:
        audio, timeline = stretch(audio, timeline, float(np.exp(between(rng, -0.25, 0.25))))
    elif kind > 0.5:
        audio, timeline = transpose(audio, timeline, int(rng.integers(-4, 5)))
    if audio.channels <= 2:
        pair = np.broadcast_to(audio.samples, (2, audio.samples.shape[1]))
        if rng.random() < 0.2:
            pair = background(pair, audio.rate, rng)
        if rng.random() < 0.2:
            pair = draw_carrier(rng)(pair, audio.rate, rng)
        audio = Audio(pair[: audio.channels], audio.rate)
    return gain(audio, timeline, between(rng, -12, 6))


def speed(audio: Audio, timeline: Timeline, factor: float) -> tuple[Audio, Timeline]:
    """Play `factor` times as fast, as a tape does: pitch rises with speed, by 12 log2(factor) semitones."""
    _possible(factor)
    samples = round(audio.samples.shape[1] / factor)
    rows = soxr.resample(np.ascontiguousarray(audio.samples.T), audio.rate * factor, audio.rate).T
    out = np.zeros((audio.channels, samples), dtype=np.float32)
    length = min(samples, rows.shape[1])
    out[:, :length] = rows[:, :length]
    return Audio(out, audio.rate), transposed(retimed(timeline, 1 / factor), 12 * float(np.log2(factor)))


def stretch(audio: Audio, timeline: Timeline, factor: float) -> tuple[Audio, Timeline]:
    """Play `factor` times as fast at the same pitch (phase vocoder, see `vocoder`)."""
    _possible(factor)
    return Audio(stretched(audio.samples, audio.rate, factor), audio.rate), retimed(timeline, 1 / factor)


def transpose(audio: Audio, timeline: Timeline, semitones: float) -> tuple[Audio, Timeline]:
    """Shift the pitch at the same speed: stretched first, then played faster or slower."""
    factor = 2 ** (semitones / 12)
    _possible(factor)
    if semitones == 0:
        return audio, timeline
    faster, _ = speed(Audio(stretched(audio.samples, audio.rate, 1 / factor), audio.rate), Timeline(0.0), factor)
    samples = audio.samples.shape[1]
    out = np.zeros_like(audio.samples)
    length = min(samples, faster.samples.shape[1])
    out[:, :length] = faster.samples[:, :length]
    return Audio(out, audio.rate), transposed(timeline, semitones)


def crop(audio: Audio, timeline: Timeline, start: float, seconds: float) -> tuple[Audio, Timeline]:
    """The stretch from `start` on, at most `seconds` long; see `onpu.music.crop` for the labels."""
    first = max(0, round(start * audio.rate))
    piece = audio.samples[:, first : first + round(seconds * audio.rate)]
    return Audio(piece, audio.rate), crop_labels(timeline, first / audio.rate, (first + piece.shape[1]) / audio.rate)


def gain(audio: Audio, timeline: Timeline, decibels: float) -> tuple[Audio, Timeline]:
    """Louder or softer; what would exceed ±1 is turned down instead."""
    factor = 10 ** (decibels / 20)
    peak = float(np.abs(audio.samples).max(initial=0.0))
    return Audio(audio.samples * np.float32(min(factor, 1 / peak if peak else factor)), audio.rate), timeline


def noise(audio: Audio, timeline: Timeline, decibels: float, seed: int) -> tuple[Audio, Timeline]:
    """White noise `decibels` under the RMS of the recording."""
    loud = float(rms(audio.samples))
    added = np.random.default_rng(seed).standard_normal(audio.samples.shape, dtype=np.float32)
    return Audio(audio.samples + np.float32(loud * 10 ** (-decibels / 20)) * added, audio.rate), timeline


def band_limit(audio: Audio, timeline: Timeline, low: float, high: float) -> tuple[Audio, Timeline]:
    """Only what lies between `low` and `high` Hz (fourth order, minimum phase)."""
    kept = filtered(audio.samples, highpass(low, 4, audio.rate), lowpass(high, 4, audio.rate))
    return Audio(kept, audio.rate), timeline


def _possible(factor: float) -> None:
    if not SPEED_RANGE[0] <= factor <= SPEED_RANGE[1]:
        raise AudioError(f"a recording cannot be played {factor:g} times as fast; choose a factor from "
                         f"{SPEED_RANGE[0]} to {SPEED_RANGE[1]}")
