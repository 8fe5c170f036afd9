"""A synthetic voice: glottal pulses through the resonances of a throat (source and filter, Fant 1960), consonants of
noise. It sings the notes of a track and, without any beat, it speaks."""

from dataclasses import dataclass

import numpy as np

from onpu.data.compose.draw import between
from onpu.data.render.filters import filtered
from onpu.data.render.performance import Strokes
from onpu.data.render.synth.oscillators import coloured, envelope, scan, wavetables
from onpu.data.render.synth.tones import hertz

VOWELS = {"a": (730, 1090, 2440), "e": (530, 1840, 2480), "i": (270, 2290, 3010), "o": (570, 840, 2410),
          "u": (300, 870, 2240), "ae": (660, 1720, 2410), "er": (490, 1350, 1690)}
"""First three formants of men, Hz (Peterson & Barney 1952)."""
BANDWIDTHS = (60, 90, 150, 200, 280)
FRICATIVES = {"s": (5000, 9500), "sh": (2200, 6000), "f": (1200, 9000), "h": (500, 4000)}
SOURCE_HARMONICS = 120


@dataclass(frozen=True)
class Throat:
    """length: formants times this (1 a man, 1.17 a woman). slope: glottal spectrum, dB an octave. breath: noise in the
    voice. ringing: dB of the singer's formant near 3 kHz. tremble: cents of drift. vibrato: cents, rate in Hz."""

    length: float
    slope: float
    breath: float
    ringing: float
    tremble: float
    vibrato: float
    rate: float


def draw_throat(rng: np.random.Generator) -> Throat:
    """A random voice."""
    return Throat(length=between(rng, 0.95, 1.25), slope=between(rng, 8, 13), breath=between(rng, 0.0, 0.08),
                  ringing=between(rng, 0, 12), tremble=between(rng, 3, 25), vibrato=between(rng, 0, 45),
                  rate=between(rng, 4.5, 6.5))


def sing(played: Strokes, samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Notes as syllables, consonants before the onset and the vowel on it: float32 (1, samples)."""
    throat = draw_throat(rng)
    out = np.zeros(samples, dtype=np.float32)
    legato = between(rng, 0.0, 0.09)
    previous = np.nan
    last_end = -np.inf
    times = np.append(-np.inf, played.bends[:, 0])
    bends = np.append(0.0, played.bends[:, 1])
    for onset, offset, pitch, velocity in zip(played.onsets, played.offsets, played.pitches, played.velocities,
                                              strict=True):
        n = max(round((offset - onset + 0.06) * rate), rate // 20)
        t = np.arange(n) / rate
        midi = pitch + bends[np.searchsorted(times, onset + t, side="right") - 1]
        if onset - last_end < 0.12 and abs(previous - pitch) < 13:
            midi = midi + (previous - pitch) * np.exp(-t / (legato / 3 + 1e-3)) * 0.7
        cents = _drift(n, rate, throat.tremble, rng) + _vibrato(t, throat, rng)
        loud = float(velocity) / 127
        body = _voiced(hertz(0) * 2 ** ((midi + cents / 100) / 12), _pair(rng), throat, loud, rate, rng)
        shape = envelope(n, rate, between(rng, 0.015, 0.05), 2.0, 0.8)
        fade = min(n, round(0.05 * rate))
        shape[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        _place(out, body * shape * np.float32(loud), round(onset * rate))
        consonant = _consonant(rng, rate) * np.float32(0.5 * loud)
        _place(out, consonant, round(onset * rate) - len(consonant) + round(0.01 * rate))
        previous, last_end = pitch, offset
    return out[None, :]


def speak(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Speech of no language: syllables in phrases with pauses and a falling melody, no beat. float32 (samples,)."""
    throat = draw_throat(rng)
    out = np.zeros(samples, dtype=np.float32)
    base = between(rng, 85, 230)
    tempo = between(rng, 0.1, 0.22)
    at = between(rng, 0, 0.5)
    while at * rate < samples:
        count = int(rng.integers(2, 14))
        for index in range(count):
            seconds = float(np.clip(tempo * rng.gamma(6, 1 / 6) * (1.6 if index == count - 1 else 1.0), 0.06, 0.6))
            n = round(seconds * rate)
            fall = 1.2 - 0.35 * index / count + 0.12 * rng.standard_normal()
            glide = np.linspace(0, rng.normal(0, 0.15), n) + _drift(n, rate, throat.tremble, rng) / 1200
            f0 = base * fall * 2**glide
            loud = between(rng, 0.4, 1.0)
            shape = np.sin(np.pi * np.linspace(0, 1, n) ** 0.6) ** 0.7
            vowel = _voiced(f0, _pair(rng), throat, loud, rate, rng)
            _place(out, vowel * (shape * loud).astype(np.float32), round(at * rate))
            if rng.random() < 0.7:
                _place(out, _consonant(rng, rate) * np.float32(0.4 * loud), round((at - 0.05) * rate))
            at += seconds * between(rng, 0.8, 1.2) + 0.05 * rng.random()
        at += float(rng.gamma(1.5, 0.35))
    return out


def _voiced(f0: np.ndarray, vowels: tuple[str, str], throat: Throat, loud: float, rate: int,
            rng: np.random.Generator) -> np.ndarray:
    """A vowel gliding into another, at f0 (samples,) Hz."""
    n = len(f0)
    count = max(2, min(SOURCE_HARMONICS, int(0.48 * rate / f0.max())))
    k = np.arange(1, count + 1)
    table = wavetables((k ** (-(throat.slope - 3 * (loud - 0.7)) / 6.02))[None, :])
    source = scan(table, np.cumsum(f0) / rate)
    if throat.breath:
        source += np.float32(throat.breath) * coloured(rng, n, rate, 300, 6000)
    first, second = (filtered(source, _tract(vowel, throat, rate)) for vowel in vowels)
    glide = np.clip(np.linspace(-0.6, 1.6, n, dtype=np.float32), 0, 1)
    first /= np.sqrt(np.mean(first**2)) + 1e-9
    second /= np.sqrt(np.mean(second**2)) + 1e-9
    return np.float32(0.3) * (first + glide * (second - first))


def _tract(vowel: str, throat: Throat, rate: int) -> np.ndarray:
    """The vowel's resonators in series, (k, 6)."""
    centres = [centre * throat.length for centre in (*VOWELS[vowel], 3300, 4200)]
    sections = []
    for index, (centre, bandwidth) in enumerate(zip(centres, BANDWIDTHS, strict=True)):
        if centre < 0.45 * rate:
            sharp = 10 ** (-throat.ringing / 40) if index >= 2 else 1.0
            radius = np.exp(-np.pi * bandwidth * sharp / rate)
            a1, a2 = -2 * radius * np.cos(2 * np.pi * centre / rate), radius**2
            sections.append([1 + a1 + a2, 0, 0, 1, a1, a2])
    return np.array(sections)


def _consonant(rng: np.random.Generator, rate: int) -> np.ndarray:
    """Nothing, a fricative, or a stop with its burst; ends where the vowel begins. float32 (samples,)."""
    kind = rng.random()
    if kind < 0.35:
        return np.zeros(0, dtype=np.float32)
    low, high = FRICATIVES[("s", "sh", "f", "h")[int(rng.integers(4))]]
    seconds = between(rng, 0.01, 0.03) if kind < 0.65 else between(rng, 0.05, 0.12)
    n = round(seconds * rate)
    level = 1.0 if kind < 0.65 else between(rng, 0.2, 0.7)
    shape = np.sin(np.pi * np.linspace(0, 1, n) ** (0.4 if kind < 0.65 else 1.0)).astype(np.float32)
    return coloured(rng, n, rate, low, min(high, 0.45 * rate)) * shape * np.float32(0.15 * level)


def _pair(rng: np.random.Generator) -> tuple[str, str]:
    names = list(VOWELS)
    first = names[int(rng.integers(len(names)))]
    return first, names[int(rng.integers(len(names)))] if rng.random() < 0.4 else first


def _drift(n: int, rate: int, cents: float, rng: np.random.Generator) -> np.ndarray:
    """Slow random wandering, cents."""
    knots = rng.normal(0, cents, n * 12 // rate + 3)
    return np.interp(np.arange(n), np.arange(len(knots)) * rate / 12, knots)


def _vibrato(t: np.ndarray, throat: Throat, rng: np.random.Generator) -> np.ndarray:
    depth = throat.vibrato * np.clip((t - 0.2) / 0.3, 0, 1)
    return depth * np.sin(2 * np.pi * throat.rate * t + rng.uniform(0, 2 * np.pi))


def _place(out: np.ndarray, sound: np.ndarray, start: int) -> None:
    """Add `sound` from sample `start`, cut at the borders."""
    head = max(0, -start)
    end = min(len(out), start + len(sound))
    if end > start + head:
        out[start + head : end] += sound[head : end - start]
