"""A synthetic voice that needs no program: glottal pulses through the resonances of a throat (source and filter, Fant
1960), consonants of noise. It sings a line and, without any beat, it speaks."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.filters import filtered
from onpu.engine.render.synth.oscillators import coloured, envelope, scan, wavetables
from onpu.engine.render.voice.bank import FRAME_SECONDS
from onpu.engine.render.voice.line import SungLine
from onpu.music.audio import rms

VOWELS = {"a": (730, 1090, 2440), "e": (530, 1840, 2480), "i": (270, 2290, 3010), "o": (570, 840, 2410),
          "u": (300, 870, 2240), "ae": (660, 1720, 2410), "er": (490, 1350, 1690)}
"""First three formants of men, Hz (Peterson & Barney 1952)."""
BANDWIDTHS = (60, 90, 150, 200, 280)
FRICATIVES = {"s": (5000, 9500), "sh": (2200, 6000), "f": (1200, 9000), "h": (500, 4000)}
SOURCE_HARMONICS = 120


@dataclass(frozen=True)
class Pipe:
    """length: formants times this (1 a man, 1.17 a woman). slope: glottal spectrum, dB an octave. breath: noise in the
    voice. ringing: dB of the singer's formant near 3 kHz."""

    length: float
    slope: float
    breath: float
    ringing: float


def draw_pipe(rng: np.random.Generator, size: float) -> Pipe:
    """A random voice. size: formants relative to a man's."""
    return Pipe(length=size, slope=between(rng, 8, 13), breath=between(rng, 0.0, 0.08), ringing=between(rng, 0, 12))


def vocalise(line: SungLine, size: float, samples: int, rate: int, rng: np.random.Generator
             ) -> tuple[np.ndarray, np.ndarray, list[tuple[float, float, str]]]:
    """A line sung, consonants before the onset and the vowel on it: float32 (samples,), Hz every 10 ms with 0 where
    there is no vowel, and the syllables: (start, end, vowels)."""
    pipe = draw_pipe(rng, size)
    out = np.zeros(samples, dtype=np.float32)
    grid = np.arange(len(line.pitch)) * FRAME_SECONDS
    hertz = 440 * 2 ** ((line.pitch - 69) / 12)
    voiced = np.zeros(len(line.pitch), dtype=bool)
    spoken = []
    for slot in line.slots:
        n = max(round((slot.end - slot.onset + 0.02) * rate), rate // 20)
        t = slot.onset + np.arange(n) / rate
        gain = np.interp(t, grid, 10 ** (line.gain / 20))
        vowels = _pair(rng)
        body = _voiced(np.interp(t, grid, hertz), vowels, pipe, float(gain.max()), rate, rng)
        shape = envelope(n, rate, between(rng, 0.015, 0.05), 2.0, 0.8)
        fade = min(n, round(0.05 * rate))
        shape[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        _place(out, body * shape * gain.astype(np.float32), round(slot.onset * rate))
        consonant = _consonant(rng, rate) * np.float32(0.5 * gain[0])
        _place(out, consonant, round(slot.onset * rate) - len(consonant) + round(0.01 * rate))
        voiced[round(slot.onset / FRAME_SECONDS) : round(slot.end / FRAME_SECONDS)] = True
        spoken.append((max(0.0, slot.onset - len(consonant) / rate), slot.end, "".join(dict.fromkeys(vowels))))
    return out, np.where(voiced, hertz, 0.0)[:: round(0.01 / FRAME_SECONDS)], spoken


def speak(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Speech of no language: syllables in phrases with pauses and a falling melody, no beat. float32 (samples,)."""
    pipe = draw_pipe(rng, between(rng, 0.95, 1.25))
    out = np.zeros(samples, dtype=np.float32)
    base, tremble = between(rng, 85, 230), between(rng, 3, 25)
    tempo = between(rng, 0.1, 0.22)
    at = between(rng, 0, 0.5)
    while at * rate < samples:
        count = int(rng.integers(2, 14))
        for index in range(count):
            seconds = float(np.clip(tempo * rng.gamma(6, 1 / 6) * (1.6 if index == count - 1 else 1.0), 0.06, 0.6))
            n = round(seconds * rate)
            fall = 1.2 - 0.35 * index / count + 0.12 * rng.standard_normal()
            glide = np.linspace(0, rng.normal(0, 0.15), n) + _drift(n, rate, tremble, rng) / 1200
            f0 = base * fall * 2**glide
            loud = between(rng, 0.4, 1.0)
            shape = np.sin(np.pi * np.linspace(0, 1, n) ** 0.6) ** 0.7
            vowel = _voiced(f0, _pair(rng), pipe, loud, rate, rng)
            _place(out, vowel * (shape * loud).astype(np.float32), round(at * rate))
            if rng.random() < 0.7:
                _place(out, _consonant(rng, rate) * np.float32(0.4 * loud), round((at - 0.05) * rate))
            at += seconds * between(rng, 0.8, 1.2) + 0.05 * rng.random()
        at += float(rng.gamma(1.5, 0.35))
    return out


def _voiced(f0: np.ndarray, vowels: tuple[str, str], pipe: Pipe, loud: float, rate: int,
            rng: np.random.Generator) -> np.ndarray:
    """A vowel gliding into another, at f0 (samples,) Hz."""
    n = len(f0)
    count = max(2, min(SOURCE_HARMONICS, int(0.48 * rate / f0.max())))
    k = np.arange(1, count + 1)
    table = wavetables((k ** (-(pipe.slope - 3 * (loud - 0.7)) / 6.02))[None, :])
    source = scan(table, np.cumsum(f0) / rate)
    if pipe.breath:
        source += np.float32(pipe.breath) * coloured(rng, n, rate, 300, 6000)
    first, second = (filtered(source, _tract(vowel, pipe, rate)) for vowel in vowels)
    glide = np.clip(np.linspace(-0.6, 1.6, n, dtype=np.float32), 0, 1)
    first /= rms(first) + 1e-9
    second /= rms(second) + 1e-9
    return np.float32(0.3) * (first + glide * (second - first))


def _tract(vowel: str, pipe: Pipe, rate: int) -> np.ndarray:
    """The vowel's resonators in series, (k, 6)."""
    centres = [centre * pipe.length for centre in (*VOWELS[vowel], 3300, 4200)]
    sections = []
    for index, (centre, bandwidth) in enumerate(zip(centres, BANDWIDTHS, strict=True)):
        if centre < 0.45 * rate:
            sharp = 10 ** (-pipe.ringing / 40) if index >= 2 else 1.0
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


def _place(out: np.ndarray, sound: np.ndarray, start: int) -> None:
    """Add `sound` from sample `start`, cut at the borders."""
    head = max(0, -start)
    end = min(len(out), start + len(sound))
    if end > start + head:
        out[start + head : end] += sound[head : end - start]
