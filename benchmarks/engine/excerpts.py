"""What can be measured of any excerpt, with labels or without: spectrum, levels, onsets, tuning, vibrato."""

from itertools import pairwise

import numpy as np
import torch
from scipy.signal import ShortTimeFFT, find_peaks

import onpu
from benchmarks.engine.features import BANDS, CENTRES, RATE
from onpu.represent.pitch import Cqt
from onpu.represent.tuning import estimate_tuning

_HOP, _WINDOW, _STEP = 160, 1024, 6400
_MUL = 1000.0
_VIBRATO_HZ = (4.0, 8.0)
_LEAST_CENTS = 15.0
"""Amplitude of a vibrato, from which on it is one."""
_PHRASE = 50
"""Frames of 10 ms of unbroken melody in which vibrato is looked for."""
_HELD_CENTS = 250.0
"""Range of a held tone, vibrato included."""
_PERIODIC = 0.5
"""Share of the movement that lies at the rates of vibrato; a step from tone to tone is slower."""

NAMES = ("slope, dB an octave", "crest, dB", "range of levels, dB", "quietest 3 %, dB", "onsets a second",
         "flux at beats over between", "cents from 440 Hz", "agreement on tuning", "share of vibrato",
         "spread of the flux",
         *(f"level at {centre:.0f} Hz" for centre in CENTRES), *(f"floor at {centre:.0f} Hz" for centre in CENTRES),
         *(f"spread at {centre:.0f} Hz" for centre in CENTRES))
"""Of the columns of `described`."""


def described(sound: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Features (len(NAMES),) of a mono sound at `RATE`, whatever its level; NaN for flux at beats where beats, in
    seconds, are not known, and for vibrato where no tone is held."""
    sound = sound / (np.sqrt(np.mean(sound**2)) + 1e-9)
    transform = ShortTimeFFT(np.hanning(_WINDOW), _HOP, RATE)
    power = np.abs(transform.stft(sound)) ** 2 + 1e-9
    frequency = transform.f
    rows = [power[(frequency >= low) & (frequency < high)] for low, high in pairwise(BANDS)]
    bands = 10 * np.log10(np.array([row.mean(axis=0) if len(row) else power[1] for row in rows])[:, 7:-7])
    level = bands.mean(axis=1)
    loud = 10 * np.log10(np.mean(sound[: len(sound) // _STEP * _STEP].reshape(-1, _STEP) ** 2, axis=1) + 1e-9)
    fine = 10 * np.log10(np.mean(sound[: len(sound) // 800 * 800].reshape(-1, 800) ** 2, axis=1) + 1e-9)
    wide = (CENTRES > 100) & (CENTRES < 6000)
    slope = np.polyfit(np.log2(CENTRES[wide]), level[wide], 1)[0]
    flux = np.maximum(np.diff(np.log10(1 + power), axis=1), 0).mean(axis=0)
    peaks, _ = find_peaks(flux, height=1.5 * np.median(flux) + 0.3 * flux.std(), distance=5)
    cents, agreement = _tuning(sound)
    named = [slope, 20 * np.log10(np.abs(sound).max() + 1e-9), np.subtract(*np.percentile(loud, (95, 10))),
             np.percentile(fine, 3), len(peaks) / (len(sound) / RATE), _at_beats(flux, beats), abs(cents), agreement,
             _vibrato(sound), flux.std() / (flux.mean() + 1e-9)]
    return np.concatenate([named, level - level.max(), np.percentile(bands, 3, axis=1) - level, bands.std(axis=1)])


def _at_beats(flux: np.ndarray, beats: np.ndarray) -> float:
    """Mean of the largest flux within 30 ms of the beats, over that half way between them."""
    if len(beats) < 4:
        return float("nan")
    padded = np.pad(flux, 4, mode="edge")
    high = np.max([padded[k : k + len(flux)] for k in range(8)], axis=0)
    at, between = (np.mean(high[_frames(times, flux)]) for times in (beats, (beats[1:] + beats[:-1]) / 2))
    return float(at / (between + 1e-9))


def _frames(times: np.ndarray, flux: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(times * RATE / _HOP).astype(int), 0, len(flux) - 1)


def _tuning(sound: np.ndarray) -> tuple[float, float]:
    """Cents above 440 Hz, and how strongly the spectrum agrees on them."""
    cqt = Cqt(RATE, 2048, bins=180, bins_per_octave=36, amplitude=True)
    with torch.inference_mode():
        spectrum = cqt(torch.from_numpy(sound.astype(np.float32))[None] * 0.1)
        return estimate_tuning([torch.log10(1 + _MUL * spectrum)], 36, _MUL)


def _vibrato(sound: np.ndarray) -> float:
    """Share of the leading line's held tones that move by `_LEAST_CENTS` up and down, four to eight times a second."""
    melody = onpu.analyze(sound, RATE, tasks="melody").melody
    if melody is None or not (melody.frequencies > 0).any():
        return float("nan")
    pitch = 1200 * np.log2(np.where(melody.frequencies > 0, melody.frequencies, np.nan) / 440)
    held, shaking = 0, 0
    for start in range(0, len(pitch) - _PHRASE, _PHRASE // 2):
        part = pitch[start : start + _PHRASE]
        if not np.isfinite(part).all() or np.ptp(part) > _HELD_CENTS:
            continue
        spectrum = np.abs(np.fft.rfft((part - part.mean()) * np.hanning(_PHRASE), 256)) * 4 / _PHRASE
        rate = np.fft.rfftfreq(256, 0.01)
        of_vibrato = (rate >= _VIBRATO_HZ[0]) & (rate <= _VIBRATO_HZ[1])
        periodic = np.square(spectrum[of_vibrato]).sum() > _PERIODIC * np.square(spectrum).sum()
        held += 1
        shaking += bool(periodic and spectrum[of_vibrato].max() > _LEAST_CENTS)
    return shaking / held if held else float("nan")
