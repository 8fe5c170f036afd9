"""Beats of recordings that were made on a grid, by rule: where pulse, drums, harmony and a beat network agree.

A recording is kept when one pulse stays coherent in it (`onpu.decode.steady_pulse`) and one way of counting it in beats
is clearly the best: the network's activation lies on these beats and not elsewhere, the tempo is usual, and onsets are
no stronger half-way between beats. Bars are counted where two of three say the same: the network's downbeats; changes
of harmony and of the sound; the file, when it begins on a beat. Elsewhere positions are 0, unknown. What is not clear
is dropped: few labels that are right are worth more than many.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from onpu.decode.steady_pulse import SteadyPulse, steady_pulse
from onpu.inference.streaming import features_of
from onpu.music import Audio, Beats
from onpu.represent import LogFilterbank

TEMPI = (66.0, 180.0)
"""Beats a minute; what lies outside may well be felt at half or twice the tempo."""
LEAST_FIT, LEAST_LEAD = 0.43, 0.03
"""How well beats must fit the network's activation, and by how much better than any other beats."""
LEAST_ON_BEAT = 0.98
"""Flux on the beats over that half-way between them."""
LEAST_KICK = 0.9
"""The same of low bands, below which downbeats must be agreed on, or the beats may be the off-beats."""
LEAST_BAR_LEAD = 5.0
"""Standard errors by which the first beat of a bar must stand out more than any other."""
METRES = (4, 3)
"""Beats a bar that are looked for, the commonest first."""
_PULSES_A_BEAT = (1, 2, 3, 4, 6, 8, 12)
_USUAL_BPM, _UNUSUAL = 120.0, 0.15
"""Beats a minute that need no excuse, and what an octave away from them costs beside the fit."""
_AUDIBLE = 0.05
"""Activation below which nothing is heard."""
_RATE, _HOP, _HARMONY_HOP = 22_050, 147, 2205
_FPS, _HARMONY_FPS = _RATE / _HOP, _RATE / _HARMONY_HOP
"""Frames a second of the flux and of the harmony's spectrum."""
_LOW_BANDS = 8
"""Bands of the flux, from 30 Hz on, in which bass drums are."""
_NEAR = 0.06
"""Seconds around a beat in which activation belongs to it."""
_START = 0.06
"""Seconds within which a beat is at the beginning, or at the first or last onset."""
_LATEST = 0.03
"""Seconds by which the flux's peak is looked for before and after a beat."""
_EARLY = 0.0065
"""Seconds by which the flux rises before the onset, since its frames reach into what follows."""

Activations = Callable[[Audio], tuple[np.ndarray, np.ndarray, float]]
"""A recording -> activations of beat and downbeat, (frames,) each in [0, 1], and frames a second."""


@dataclass(frozen=True, eq=False)
class GridEvidence:
    """What is known of a recording, frame by frame: flux of all and of low bands (`_FPS`), a spectrum of the harmony
    (bands, frames) (`_HARMONY_FPS`), the network's beat and downbeat at `fps`."""

    flux: np.ndarray
    low: np.ndarray
    harmony: np.ndarray
    beat: np.ndarray
    downbeat: np.ndarray
    fps: float
    seconds: float


def _bands(audio: Audio, size: int, hop: int, low: float, high: float) -> np.ndarray:
    """A logarithmic spectrum with twelve bands an octave from `low` to `high` Hz, (bands, frames)."""
    front = LogFilterbank(_RATE, size, hop, 12, low, high, mul=1.0)
    with torch.inference_mode():
        return np.concatenate([chunk[0, 0].numpy() for chunk in features_of(audio, front)], axis=-1)


def label_steady(audio: Audio, activations: Activations) -> Beats | None:
    """Beats of a recording that keeps its tempo, positions 0 where bars are not clear; None where beats are not."""
    rise = np.maximum(np.diff(_bands(audio, 1024, _HOP, 30.0, 10_000.0), axis=1), 0)
    rise = np.pad(rise, [(0, 0), (1, 0)])
    flux = rise.sum(axis=0)
    pulse = steady_pulse(flux, _FPS)
    if pulse is None:  # most recordings: nothing else is computed of them
        return None
    harmony = _bands(audio, 8192, _HARMONY_HOP, 65.0, 2200.0)
    return decide(pulse, GridEvidence(flux, rise[:_LOW_BANDS].sum(axis=0), harmony, *activations(audio),
                                      audio.duration))


def decide(pulse: SteadyPulse, heard: GridEvidence) -> Beats | None:
    """Beats of what was heard, or None: see `label_steady`."""
    times = _best_count(heard, pulse.frequency, pulse.phase)
    if times is None or len(times) < 4 * max(METRES):
        return None
    period = float(times[1] - times[0])
    between = times[:-1] + period / 2
    if _level(heard.flux, _FPS, times) < LEAST_ON_BEAT * _level(heard.flux, _FPS, between):
        return None
    positions, agreed = _positions(heard, times)
    if not agreed and _level(heard.low, _FPS, times) < LEAST_KICK * _level(heard.low, _FPS, between):
        return None
    sounding = _sounding(heard, times)
    return Beats.of(np.maximum(times + _lag(heard.flux, times) + _EARLY, 0)[sounding], positions[sounding])


def _lag(flux: np.ndarray, times: np.ndarray) -> float:
    """Seconds by which the flux is highest after the beats, on average over them; negative where it is before."""
    reach = round(_LATEST * _FPS)
    offsets = np.arange(-reach, reach + 1) / _FPS
    frames = np.arange(len(flux))
    profile = np.array([np.interp((times + offset) * _FPS, frames, flux).mean() for offset in offsets])
    middle = min(max(int(profile.argmax()), 1), len(profile) - 2)
    before, here, after = profile[middle - 1 : middle + 2]
    bend = before - 2 * here + after
    return float(offsets[middle] + (0.5 * (before - after) / bend / _FPS if bend < 0 else 0.0))


def _best_count(heard: GridEvidence, frequency: float, phase: float) -> np.ndarray | None:
    """Times of the beats that fit best, None where these are unusual or hardly better than others."""
    counts = []
    for pulses in _PULSES_A_BEAT:
        bpm = 60 * frequency / pulses
        if TEMPI[0] / 1.2 <= bpm <= TEMPI[1] * 1.2:
            for first in range(pulses):
                times = np.arange(phase + first / frequency, heard.seconds, pulses / frequency)
                fit = _fit(heard.beat, heard.fps, times)
                counts.append((fit - _UNUSUAL * abs(np.log2(bpm / _USUAL_BPM)), fit, bpm, times))
    counts.sort(key=lambda count: -count[0])
    if not counts or counts[0][1] < LEAST_FIT or not TEMPI[0] <= counts[0][2] <= TEMPI[1]:
        return None
    return counts[0][3] if len(counts) < 2 or counts[0][0] - counts[1][0] >= LEAST_LEAD else None


def _fit(activation: np.ndarray, fps: float, times: np.ndarray) -> float:
    """Harmonic mean of how high the activation is at the beats, and which share of it lies near them."""
    height = _level(activation, fps, times, 0.04)
    at = np.round(times * fps).astype(int)
    reach = round(_NEAR * fps)
    frames = (at[:, None] + np.arange(-reach, reach + 1)).ravel()
    near = np.zeros(len(activation), dtype=bool)
    near[frames[(frames >= 0) & (frames < len(activation))]] = True
    heard = np.where(activation > _AUDIBLE, activation, 0)
    share = float(heard[near].sum() / max(heard.sum(), 1e-9))
    return 2 * height * share / max(height + share, 1e-9)


def _heights(values: np.ndarray, fps: float, times: np.ndarray, reach: float) -> np.ndarray:
    """The highest value within `reach` seconds of each time."""
    frames = np.round(times * fps).astype(int)[:, None] + np.arange(-round(reach * fps), round(reach * fps) + 1)
    highest: np.ndarray = values[np.clip(frames, 0, len(values) - 1)].max(axis=1)
    return highest


def _level(values: np.ndarray, fps: float, times: np.ndarray, reach: float = 0.02) -> float:
    return float(_heights(values, fps, times, reach).mean())


def _positions(heard: GridEvidence, times: np.ndarray) -> tuple[np.ndarray, bool]:
    """Positions in the bar, all 0 where bars are not clear; and whether network and harmony agree on them."""
    fits = {metre: _firsts(_heights(heard.downbeat, heard.fps, times, 0.04), metre) for metre in METRES}
    metre = max(METRES, key=lambda one: fits[one].max())
    unknown = np.zeros(len(times), dtype=int)
    if fits[metre].max() < 1 + max(fits[other].max() for other in METRES if other != metre):
        metre = METRES[0]  # nobody counts; harmony and the file's beginning may still agree on fours
        if fits[METRES[1]].max() > 2:
            return unknown, False
    harmony = np.sum([_firsts(change, metre) for change in _changes(heard.harmony, times)], axis=0)
    kick = _firsts(_heights(heard.low, _FPS, times, 0.03), metre)
    together = fits[metre] + 0.7 * harmony + 0.3 * kick
    first = int(together.argmax())
    lead = together[first] - np.delete(together, first).max()
    votes = [int(fits[metre].argmax()) == first, int(harmony.argmax()) == first,
             first == 0 and float(times[0]) < _START and bool(heard.flux[: round(2 * _START * _FPS)].any())]
    if lead < LEAST_BAR_LEAD or sum(votes) < 2:
        return unknown, False
    return (np.arange(len(times)) - first) % metre + 1, all(votes[:2])


def _firsts(values: np.ndarray, metre: int) -> np.ndarray:
    """How far the mean of each position in the bar lies above the mean of all, in standard errors, (metre,)."""
    whole = values[: len(values) // metre * metre][metre:-metre]
    means = whole.reshape(-1, metre).mean(axis=0)
    error = whole.std() / np.sqrt(len(whole) / metre)
    return np.asarray((means - means.mean()) / max(error, 1e-9))


def _changes(harmony: np.ndarray, times: np.ndarray) -> list[np.ndarray]:
    """How much differs at each beat: pitch classes before and after over one beat and over two, all bands over four."""
    classes = np.stack([harmony[pitch::12].sum(axis=0) for pitch in range(12)])
    return [_change(classes, times, 1), _change(classes, times, 2), _change(harmony, times, 4)]


def _change(values: np.ndarray, times: np.ndarray, beats: int) -> np.ndarray:
    """1 minus the cosine between the means over so many beats before and after each beat."""
    span = beats * float(times[1] - times[0])
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    last = values.shape[1]
    edges = [np.clip(np.round((times + by) * _HARMONY_FPS).astype(int), 0, last) for by in (-span, 0.05, span)]
    before, after = (sums[:, end] - sums[:, start] for start, end in pairwise(edges))
    lengths = np.linalg.norm(before, axis=0) * np.linalg.norm(after, axis=0)
    return np.asarray(1 - (before * after).sum(axis=0) / np.maximum(lengths, 1e-9))


def _sounding(heard: GridEvidence, times: np.ndarray) -> np.ndarray:
    """Which beats lie between the first and the last audible onset."""
    loud = np.flatnonzero(heard.flux > 0.01 * np.percentile(heard.flux, 99)) / _FPS
    return (times > loud[0] - _START) & (times < loud[-1] + _START)
