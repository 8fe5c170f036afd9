"""The kinds of instrument: each a small set of numbers whose `tone` is one held note, from its start on."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from onpu.engine.render.synth.oscillators import TABLE, coloured, envelope, modes, scan, wavetables


class Instrument(Protocol):
    """Something that plays notes."""

    @property
    def release(self) -> float:
        """Time constant, in seconds, with which a note fades after its end."""

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """A note held for `seconds`, at MIDI `pitch` and loudness in (0, 1]: float32 (1 or 2, samples), which may end
        sooner where it has died away."""


def hertz(pitch: float) -> float:
    """Frequency of a MIDI number."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


@dataclass(frozen=True, eq=False)
class Oscillator:
    """An oscillator. slope: fall of its harmonics, dB an octave (6 saw, 12 triangle). even: level of the even ones (1
    saw, 0 square, clarinet). formants: (k, 3) centre and bandwidth in Hz, and gain. breath: level of noise in it."""

    slope: float
    even: float = 1.0
    formants: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    breath: float = 0.0


@dataclass(frozen=True)
class Filter:
    """A resonant low-pass. cutoff: octaves over the fundamental. sweep: octaves that the envelope adds at its peak;
    bite: seconds in which that fades. resonance: dB."""

    cutoff: float
    sweep: float = 0.0
    bite: float = 1.0
    resonance: float = 0.0


@dataclass(frozen=True)
class Shape:
    """Loudness of a note: attack in seconds; decay, a time constant, to the level `sustain`; release, another one."""

    attack: float
    release: float
    decay: float = 1.0
    sustain: float = 1.0


@dataclass(frozen=True)
class Unison:
    """Several at once. detune: cents between the outer ones and the middle. width: their spread in the panorama."""

    voices: int = 1
    detune: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Vibrato:
    """depth: cents. rate: Hz. delay: seconds before it sets in."""

    depth: float = 0.0
    rate: float = 5.0
    delay: float = 0.0


FRAMES = 6
"""Positions of the filter between rest and peak of its envelope for which a wavetable is made."""


@dataclass(frozen=True, eq=False)
class Sustained:
    """Oscillators through a low-pass that follows an envelope: synthesisers, bowed, blown and sung sounds.

    The filter is applied to the harmonics' amplitudes, table by table, so that no partial lies above half the rate.
    """

    spectrum: Oscillator
    filter: Filter
    shape: Shape
    unison: Unison = field(default_factory=Unison)
    vibrato: Vibrato = field(default_factory=Vibrato)

    @property
    def release(self) -> float:
        """See `Instrument`."""
        return self.shape.release

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """See `Instrument`."""
        f0 = hertz(pitch)
        n = round(seconds * rate)
        t = np.arange(n, dtype=np.float32) / np.float32(rate)
        tables = self._tables(f0, loud, rate, rng)
        opened = np.minimum(1, t / np.float32(max(self.shape.attack / 2, 1e-4)))
        place = (len(tables) - 1) * np.exp(-t / np.float32(self.filter.bite)) * opened
        cycles = f0 / rate * np.arange(n) + self._swing(f0, t, rate, rng)
        out = np.zeros((2 if self.unison.width > 0 else 1, n), dtype=np.float32)
        for voice in np.linspace(-1, 1, self.unison.voices) if self.unison.voices > 1 else (0.0,):
            stretch = 2 ** (voice * self.unison.detune / 1200)
            start = rng.random() if self.unison.voices > 1 else 0.0
            sound = scan(tables, stretch * cycles + start, place if self.filter.sweep else None)
            angle = (voice * self.unison.width + 1) * np.pi / 4
            sides = (np.cos(angle), np.sin(angle)) if len(out) == 2 else (1.0,)
            for row, side in zip(out, sides, strict=True):
                row += np.float32(side / self.unison.voices**0.5) * sound
        if self.spectrum.breath:
            noise = coloured(rng, n, rate, f0, min(6 * f0 + 2000, 9000), 3)
            out += np.float32(self.spectrum.breath * loud) * noise
        return out * envelope(n, rate, self.shape.attack, self.shape.decay, self.shape.sustain)

    def _swing(self, f0: float, t: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
        """What vibrato adds to the phase, in periods."""
        vibrato = self.vibrato
        depth = vibrato.depth * np.clip((t - vibrato.delay) / 0.3, 0, 1)
        cents = depth * np.sin(2 * np.pi * vibrato.rate * t + rng.uniform(0, 2 * np.pi))
        return f0 * np.log(2) / 1200 * np.cumsum(cents, dtype=np.float64) / rate

    def _tables(self, f0: float, loud: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """One period for every position of the filter, of equal loudness when it is open."""
        count = max(1, min(TABLE // 4, int(0.48 * rate / f0)))
        k = np.arange(1, count + 1)
        source = k ** (-self.spectrum.slope / 6.02) * np.where(k % 2 == 0, self.spectrum.even, 1.0)
        for centre, bandwidth, gain in self.spectrum.formants:
            source = source * (1 + gain / (1 + ((k * f0 - centre) / (bandwidth / 2)) ** 2))
        amount = np.linspace(0, 1, FRAMES) if self.filter.sweep else np.zeros(1)
        octaves = self.filter.cutoff + self.filter.sweep * amount * (0.4 + 0.6 * loud) + 1.5 * (loud - 0.7)
        ratio = k[None, :] / 2.0 ** octaves[:, None]
        q = 10 ** (self.filter.resonance / 20)
        harmonics = source / np.sqrt((1 - ratio**2) ** 2 + (ratio / q) ** 2)
        harmonics /= 4 * np.sqrt((harmonics[0] ** 2).sum() / 2)
        return wavetables(harmonics, rng.uniform(0, 2 * np.pi, count) if self.unison.voices > 1 else None)


@dataclass(frozen=True, eq=False)
class Struck:
    """Modes set ringing at once: strings plucked or hammered, bars, bells.

    ratios: mode frequencies over the fundamental. stiffness: of a string, f_k = k f0 sqrt(1 + B k^2). place: where it
    is struck, part of its length (0: no comb). slope: dB an octave, hard; softer strokes lose `soft` dB an octave more.
    hardness: Hz above which hammer, finger or plectrum excite less (12 dB an octave), for a full stroke.
    ring: decay time constant at middle C, seconds; ring_pitch: halvings an octave up; ring_mode: exponent of the
    faster decay of higher modes. second: level of the slow second decay, three times as long. strings: detuned copies
    (beats), detune cents. knock: level of the noise of the stroke.
    """

    ratios: np.ndarray
    stiffness: float
    place: float
    slope: float
    soft: float
    hardness: float
    ring: float
    ring_pitch: float
    ring_mode: float
    second: float
    strings: int
    detune: float
    knock: float
    release: float

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """See `Instrument`."""
        f0 = hertz(pitch)
        order = self.ratios
        stiff = self.stiffness * 2 ** ((pitch - 60) / 9)
        frequencies = f0 * order * np.sqrt((1 + stiff * order**2) / (1 + stiff))
        keep = frequencies < min(0.46 * rate, 16_000)
        order, frequencies = order[keep], frequencies[keep]
        levels = order ** (-(self.slope + self.soft * (1 - loud)) / 6.02)
        levels = levels / (1 + (frequencies / (self.hardness * (0.25 + 0.75 * loud))) ** 2)
        if self.place:
            levels = levels * np.abs(np.sin(np.pi * order * self.place))
        ring = self.ring * 2 ** (-self.ring_pitch * (pitch - 60) / 12) * order**-self.ring_mode
        ring = ring / (1 + (frequencies / 9000) ** 2)
        parts = [(frequencies, ring, levels)]
        if self.second:
            parts.append((frequencies * 1.0003, 3 * ring, self.second * levels))
        for _ in range(self.strings - 1):
            shift = 2 ** (rng.uniform(-self.detune, self.detune) / 1200)
            parts += [(f * shift, r, level * 0.8) for f, r, level in parts[:2]]
        f, r, level = (np.concatenate(column) for column in zip(*parts, strict=True))
        level = level / (np.sqrt((level**2).sum() / 2) * 2 + 1e-9)
        n = min(round(seconds * rate), round(rate * 7 * float(r.max(initial=0.05))) + 1)
        phases = rng.uniform(-0.3, 0.3, len(f)) - np.pi / 2
        out = modes(f, r, level, phases, n, rate)
        if self.knock:
            m = min(n, rate // 10)
            thud = coloured(rng, m, rate, 150, 1500 + 3000 * loud, 4) * np.exp(-np.arange(m) / (0.012 * rate))
            out[:m] += (self.knock * loud * thud).astype(np.float32)
        return out[None, :]


@dataclass(frozen=True, eq=False)
class Modulated:
    """Frequency modulation (Chowning 1973), two operators in pairs: electric pianos.

    pairs: (k, 5): carrier ratio, modulator ratio, index, decay of the index in seconds, level. tremolo: between left
    and right, its depth and its rate in Hz.
    """

    pairs: np.ndarray
    shape: Shape
    tremolo: float
    tremolo_rate: float

    @property
    def release(self) -> float:
        """See `Instrument`."""
        return self.shape.release

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """See `Instrument`."""
        f0 = hertz(pitch)
        n = round(seconds * rate)
        t = np.arange(n) / rate
        keyboard = 2 ** (-(pitch - 60) / 36)
        out = np.zeros(n, dtype=np.float32)
        for carrier, modulator, index, fade, level in self.pairs:
            limit = max(0.0, (0.45 * rate / f0 - carrier) / modulator - 1)
            depth = min(index * keyboard * (0.3 + 0.7 * loud), limit)
            side = np.sin((2 * np.pi * f0 * modulator * t % (2 * np.pi)).astype(np.float32))
            side *= (depth * np.exp(-t / fade)).astype(np.float32)
            out += np.float32(level) * np.sin((2 * np.pi * f0 * carrier * t % (2 * np.pi)).astype(np.float32) + side)
        shape = self.shape
        out *= envelope(n, rate, shape.attack, shape.decay * keyboard, shape.sustain) * np.float32(0.3)
        if not self.tremolo:
            return out[None, :]
        sway = (self.tremolo * np.sin(2 * np.pi * self.tremolo_rate * t)).astype(np.float32)
        return np.stack([out * (1 + sway), out * (1 - sway)])
