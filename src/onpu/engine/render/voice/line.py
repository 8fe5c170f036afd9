"""What a singer makes of written notes: when syllables begin, and curves of pitch and loudness.

The pitch follows the notes like a damped oscillator, overshoots, glides, begins phrases from below, drifts, flutters
and trembles in long notes (the components of Saitou, Unoki & Akagi, Speech Communication 2005, section 3).
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from onpu.engine.compose.draw import between
from onpu.engine.render.performance import Strokes
from onpu.engine.render.voice.bank import FRAME_SECONDS

LEGATO_REST_SECONDS = 0.09
"""Seconds of rest that a singer sings through."""
_SILENT = -60.0


@dataclass(frozen=True)
class Manner:
    """Habits of a singer.

    quickness: Hz of the pitch's oscillator; damping: its ratio. scoops: share of onsets that come from below.
    vibrato: cents up and down; rate: Hz; waits: seconds before it sets in; every: share of long notes that have it.
    drift, flutter, misses: cents of slow and quick wandering and of notes off their pitch. late: seconds of spread of
    onsets. melisma: share of small legato steps on the same syllable. swell: dB within long notes. release: seconds.
    """

    quickness: float
    damping: float
    scoops: float
    vibrato: float
    rate: float
    waits: float
    every: float
    drift: float
    flutter: float
    misses: float
    late: float
    melisma: float
    swell: float
    release: float


def draw_manner(rng: np.random.Generator) -> Manner:
    """A random singer's; one in eight has been tuned by a machine."""
    tuned = rng.random() < 0.12
    loose = 0.15 if tuned else between(rng, 0.3, 1.2)
    return Manner(
        quickness=between(rng, 14, 25) if tuned else between(rng, 3.5, 9), damping=between(rng, 0.5, 0.95),
        scoops=0.4 * loose * rng.random(), vibrato=loose * between(rng, 5, 90), rate=between(rng, 4.6, 6.6),
        waits=between(rng, 0.05, 0.5), every=between(rng, 0.2, 1.0), drift=loose * between(rng, 6, 24),
        flutter=loose * between(rng, 2, 9), misses=loose * between(rng, 4, 22), late=between(rng, 0.002, 0.022),
        melisma=max(0.0, between(rng, -0.1, 0.3)), swell=between(rng, -3, 5), release=between(rng, 0.03, 0.16))


@dataclass(frozen=True)
class Slot:
    """Where one syllable goes: its vowel from `onset` to `end`, seconds. joined: the next one follows at `end`."""

    onset: float
    end: float
    joined: bool


@dataclass(frozen=True, eq=False)
class SungLine:
    """One voice's part. slots: in order. onsets, ends: (n,) seconds, of the notes as they are sung. pitch: (frames,)
    MIDI number every `FRAME_SECONDS` seconds; gain: (frames,) dB."""

    slots: tuple[Slot, ...]
    onsets: np.ndarray
    ends: np.ndarray
    pitch: np.ndarray
    gain: np.ndarray


def sung_line(notes: Strokes, seconds: float, manner: Manner, rng: np.random.Generator) -> SungLine:
    """The part as it is sung. notes: one at a time, in order."""
    frames = round(seconds / FRAME_SECONDS) + 1
    pitch, gain = np.full(frames, 60.0), np.full(frames, _SILENT)
    if not len(notes.onsets):
        return SungLine((), np.zeros(0), np.zeros(0), pitch, gain)
    onsets, ends, joined = _timing(notes, manner, rng)
    phrases = np.split(np.arange(len(onsets)), np.flatnonzero(~joined[:-1]) + 1)
    slots: list[Slot] = []
    for phrase in phrases:
        if onsets[phrase[0]] >= seconds - 2 * FRAME_SECONDS:
            continue
        slots += _syllables(phrase, notes, onsets, ends, manner, rng)
        first = max(0, round((onsets[phrase[0]] - 0.3) / FRAME_SECONDS))
        here = slice(first, min(frames, round(ends[phrase[-1]] / FRAME_SECONDS) + 1))
        times = np.arange(first, here.stop) * FRAME_SECONDS
        pitch[here] = _pitches(times, phrase, notes, onsets, ends, manner, rng)
        gain[here] = _gains(times, phrase, notes, onsets, ends, manner, rng)
    return SungLine(tuple(slots), onsets, ends, pitch, gain)


def _timing(notes: Strokes, manner: Manner, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onsets and ends as they are sung, and whether the next note follows at once."""
    onsets = notes.onsets + np.clip(manner.late * rng.standard_normal(len(notes.onsets)), -0.04, 0.04)
    onsets = np.maximum.accumulate(np.maximum(onsets, 0.0))
    following = np.append(onsets[1:], np.inf)
    joined = following < notes.offsets + LEGATO_REST_SECONDS
    ends = np.where(joined, following, notes.offsets)
    return onsets, np.maximum(ends, onsets + 0.06), joined


def _syllables(phrase: np.ndarray, notes: Strokes, onsets: np.ndarray, ends: np.ndarray, manner: Manner,
               rng: np.random.Generator) -> list[Slot]:
    """A syllable a note, but some small steps are sung on the one before."""
    found: list[Slot] = []
    for index in phrase.tolist():
        step = abs(notes.pitches[index] - notes.pitches[index - 1]) if index > phrase[0] else np.inf
        joined = index != phrase[-1]
        tiny = onsets[index] - found[-1].onset < 0.07 if found else False
        if tiny or (step <= 5 and rng.random() < manner.melisma):
            found[-1] = Slot(found[-1].onset, float(ends[index]), joined)
        else:
            found.append(Slot(float(onsets[index]), float(ends[index]), joined))
    return found


def _pitches(times: np.ndarray, phrase: np.ndarray, notes: Strokes, onsets: np.ndarray, ends: np.ndarray,
             manner: Manner, rng: np.random.Generator) -> np.ndarray:
    omega = 2 * np.pi * manner.quickness
    ahead = 1.6 * manner.damping / omega
    numbers = notes.pitches[phrase] + manner.misses / 100 * rng.standard_normal(len(phrase))
    index = np.clip(np.searchsorted(onsets[phrase], times + ahead, side="right") - 1, 0, None)
    target = numbers[index]
    if len(notes.bends):
        place = np.searchsorted(notes.bends[:, 0], times, side="right") - 1
        target = target + np.where(place >= 0, notes.bends[place, 1], 0.0)
    curve = target[0] + _followed(target - target[0], omega, manner.damping)
    cents = _wander(len(times), 3.0, rng) * manner.drift + _wander(len(times), 14.0, rng) * manner.flutter
    for position, (onset, end) in enumerate(zip(onsets[phrase], ends[phrase], strict=True)):
        if rng.random() < manner.scoops * (2.0 if position == 0 else 0.7):
            depth, pace = between(rng, 0.3, 2.5), between(rng, 0.025, 0.07)
            curve -= depth * np.where(times < onset, np.exp(-((times - onset) / 0.05) ** 2) if position else 1.0,
                                      np.exp(-(np.maximum(times - onset, 0) / pace)))
        if end - onset > manner.waits + 0.2 and rng.random() < manner.every:
            cents += _vibrato(times, onset + manner.waits, end, manner, rng)
    if rng.random() < 0.7 * manner.scoops:
        end = ends[phrase[-1]]
        curve -= between(rng, 0.5, 4) * np.clip((times - end + 0.15) / 0.15, 0, 1.2) ** 2
    return curve + cents / 100


def _followed(target: np.ndarray, omega: float, damping: float) -> np.ndarray:
    """A target curve as a damped oscillator follows it from rest at 0 (bilinear transform)."""
    k = 2 / FRAME_SECONDS / omega
    a0, a1, a2 = k * k + 2 * damping * k + 1, 2 - 2 * k * k, k * k - 2 * damping * k + 1
    return lfilter(np.array([1.0, 2.0, 1.0]) / a0, np.array([1.0, a1 / a0, a2 / a0]), target)


def _vibrato(times: np.ndarray, start: float, end: float, manner: Manner, rng: np.random.Generator) -> np.ndarray:
    depth = manner.vibrato * between(rng, 0.5, 1.3) * np.clip((times - start) / between(rng, 0.15, 0.6), 0, 1)
    depth = depth * np.clip((end - times) / 0.08, 0, 1)
    rate = manner.rate * (1 + 0.06 * _wander(len(times), 2.0, rng))
    return depth * np.sin(2 * np.pi * np.cumsum(rate) * FRAME_SECONDS + rng.uniform(0, 6.28))


def _gains(times: np.ndarray, phrase: np.ndarray, notes: Strokes, onsets: np.ndarray, ends: np.ndarray,
           manner: Manner, rng: np.random.Generator) -> np.ndarray:
    index = np.clip(np.searchsorted(onsets[phrase], times, side="right") - 1, 0, None)
    levels = 18 * np.log10(notes.velocities[phrase] / 100)
    begin, end = onsets[phrase[0]], ends[phrase[-1]]
    arch = between(rng, 0, 4) * np.sin(np.pi * np.clip((times - begin) / max(end - begin, 0.1), 0, 1))
    length = (ends - onsets)[phrase][index]
    along = np.clip((times - onsets[phrase][index]) / length, 0, 1)
    inner = np.where(length > 0.5, manner.swell * np.sin(np.pi * along), 0.0)
    steps = np.convolve(np.pad(levels[index], 6, mode="edge"), np.hanning(15)[1:-1] / np.hanning(15).sum(), "valid")
    fade = 30 * np.clip((times - end + manner.release) / manner.release, 0, 1) ** 2
    return steps + arch + inner - fade + 1.2 * _wander(len(times), 4.0, rng)


def _wander(frames: int, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise of unit variance at the knots, `rate` knots a second."""
    knots = rng.standard_normal(int(frames * FRAME_SECONDS * rate) + 3)
    return np.interp(np.arange(frames) * FRAME_SECONDS * rate, np.arange(len(knots)), knots)
