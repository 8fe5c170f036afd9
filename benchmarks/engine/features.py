"""What can be measured of a recording with notes: spectrum, noise floor, levels, attack, decay, release."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import ShortTimeFFT, resample_poly

from onpu.music import Notes

RATE = 16_000
BANDS = 27.5 * 2 ** (np.arange(0, 8.01, 1 / 3) - 1 / 6)
"""Edges of third-octave bands, Hz."""
CENTRES = np.sqrt(BANDS[1:] * BANDS[:-1])
_HOP, _WINDOW = 128, 2048


@dataclass(frozen=True)
class Sound:
    """spectrum, floor (bands,): dB of the mean and of the quietest 3 % of the frames in each band, relative to the
    mean of all. levels (frames of 50 ms,): dB relative to the loudest. rise (onsets,): dB by which the level grows
    within 20 ms of an onset. decay, release (notes,): dB a second of the fundamental while the note sounds and in the
    0.25 s after its end; pitches of the notes that they are of."""

    spectrum: np.ndarray
    floor: np.ndarray
    levels: np.ndarray
    rise: np.ndarray
    decay: np.ndarray
    decay_pitches: np.ndarray
    release: np.ndarray


def mono(samples: np.ndarray, rate: int) -> np.ndarray:
    """(channels, samples) at `RATE`, one channel."""
    sound = np.atleast_2d(samples).mean(axis=0)
    return resample_poly(sound, RATE, rate) if rate != RATE else sound


def measure(sound: np.ndarray, notes: Notes | None) -> Sound:
    """Features of a mono sound at `RATE`; those of notes are empty without notes."""
    transform = ShortTimeFFT(np.hanning(_WINDOW), _HOP, RATE)
    power = np.abs(transform.stft(sound)) ** 2 + 1e-12
    times = transform.t(len(sound))
    frequency = transform.f
    rows = [power[(frequency >= low) & (frequency < high)] for low, high in pairwise(BANDS)]
    bands = np.array([row.sum(axis=0) if len(row) else power[1] * 0 + 1e-12 for row in rows])
    total = bands.mean(axis=1).sum()
    inside = bands[:, 20:-20]
    fine = sound[: len(sound) // 80 * 80].reshape(-1, 80)
    fine_level = 10 * np.log10((fine**2).mean(axis=1) + 1e-12)
    coarse = sound[: len(sound) // 800 * 800].reshape(-1, 800)
    levels = 10 * np.log10((coarse**2).mean(axis=1) + 1e-12)
    nothing = np.zeros(0)
    if notes is None or not len(notes.onsets):
        decay, pitches, release, rise = nothing, nothing, nothing, nothing
    else:
        decay, pitches, release = _slopes(power, times, frequency, notes)
        rise = _rise(fine_level, notes)
    return Sound(10 * np.log10(bands.mean(axis=1) / total), 10 * np.log10(np.quantile(inside, 0.03, axis=1) / total),
                 levels - levels.max(), rise, decay, pitches, release)


def _rise(level: np.ndarray, notes: Notes) -> np.ndarray:
    """Growth of the level (5 ms steps) within 20 ms of onsets that 100 ms of nothing new precede."""
    onsets = np.unique(notes.onsets)
    alone = onsets[np.append(True, np.diff(onsets) > 0.1)]
    places = np.rint(alone * 200).astype(int)
    places = places[(places > 10) & (places < len(level) - 10)]
    return np.array([level[p - 1: p + 5].max() - level[p - 6: p - 1].mean() for p in places])


def _slopes(power: np.ndarray, times: np.ndarray, frequency: np.ndarray, notes: Notes
            ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decay and release of fundamentals that no other note's first six partials come near."""
    decay, pitches, release = [], [], []
    partials = notes.pitches[:, None] + 12 * np.log2(np.arange(1, 7))
    for index, (onset, offset, pitch) in enumerate(zip(notes.onsets, notes.offsets, notes.pitches, strict=True)):
        near = (np.abs(partials - pitch) < 1.5).any(axis=1)
        near[index] = False
        end = min(offset, onset + 1.5)
        others = near & (notes.onsets < end + 0.3) & (notes.offsets + 0.3 > onset)
        if end - onset < 0.35 or others.any():
            continue
        place = int(np.argmin(np.abs(frequency - 440 * 2 ** ((pitch - 69) / 12))))
        track = 10 * np.log10(power[max(place - 1, 0): place + 2].max(axis=0))
        inside = (times > onset + 0.08) & (times < end - 0.06)
        decay.append(-np.polyfit(times[inside], track[inside], 1)[0])
        pitches.append(pitch)
        after = (times > offset + 0.06) & (times < offset + 0.25)
        if end == offset and after.sum() > 5:
            release.append(-np.polyfit(times[after], track[after], 1)[0])
    return np.array(decay), np.array(pitches), np.array(release)
