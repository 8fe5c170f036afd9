"""The kinds of instrument: each a small set of numbers whose `tone` is one held note, from its start on."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from onpu.data.render.synth.oscillators import TABLE, coloured, envelope, modes, scan, wavetables


class Instrument(Protocol):
    """Something that plays notes. release: seconds in which a note fades after its end (time constant)."""

    release: float

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """A note held for `seconds`, at MIDI `pitch` and loudness in (0, 1]: float32 (1 or 2, samples)."""


def hertz(pitch: float) -> float:
    """Frequency of a MIDI number."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


@dataclass(frozen=True, eq=False)
class Sustained:
    """Oscillators through a resonant low-pass whose cutoff follows an envelope: synthesisers, bowed and blown sounds.

    The filter is applied to the harmonics' amplitudes, table by table, so no partial lies above half the rate.

    odd: 1 all harmonics alike, 0 odd ones only (square, clarinet). slope: spectral fall, dB an octave (6 saw, 12
    triangle). cutoff, sweep: low-pass in octaves over the fundamental, at rest and added at the envelope's peak; resonance
    in dB. bite: seconds in which the sweep fades. attack, decay, sustain: amplitude. voices, detune, width:
    unison voices, their spread in cents and in the panorama. vibrato: cents; vibrato_rate: Hz, set in after
    `vibrato_delay` s. breath: noise level. formants: (k, 3) Hz, bandwidth Hz, gain.
    """

    odd: float
    slope: float
    cutoff: float
    sweep: float
    resonance: float
    bite: float
    attack: float
    decay: float
    sustain: float
    release: float
    voices: int
    detune: float
    width: float
    vibrato: float
    vibrato_rate: float
    vibrato_delay: float
    breath: float
    formants: np.ndarray

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        f0 = hertz(pitch)
        n = round(seconds * rate)
        t = np.arange(n, dtype=np.float32) / np.float32(rate)
        tables = self._tables(f0, loud, rate, rng)
        place = (len(tables) - 1) * np.exp(-t / np.float32(self.bite)) * np.minimum(1, t / max(self.attack / 2, 1e-4))
        depth = self.vibrato * np.clip((t - self.vibrato_delay) / 0.3, 0, 1)
        wobble = depth * np.sin(2 * np.pi * self.vibrato_rate * t + rng.uniform(0, 6.28))
        drift = f0 * np.log(2) / 1200 * np.cumsum(wobble, dtype=np.float64) / rate
        out = np.zeros((2 if self.voices > 1 and self.width > 0 else 1, n), dtype=np.float32)
        spread = np.linspace(-1, 1, self.voices) if self.voices > 1 else np.zeros(1)
        clock = np.arange(n) / rate
        for voice in spread:
            cents = voice * self.detune
            cycles = f0 * 2 ** (cents / 1200) * clock + drift + rng.uniform() * (self.voices > 1)
            sound = scan(tables, cycles, place if self.sweep else None)
            angle = (voice * self.width + 1) * np.pi / 4
            sides = (np.cos(angle), np.sin(angle)) if len(out) == 2 else (1.0,)
            for row, side in zip(out, sides, strict=True):
                row += np.float32(side / self.voices**0.5) * sound
        if self.breath:
            out += self.breath * loud * coloured(rng, n, rate, f0, min(6 * f0 + 2000, 9000), 3)
        return out * envelope(n, rate, self.attack, self.decay, self.sustain)

    def _tables(self, f0: float, loud: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        count = max(1, min(TABLE // 4, int(0.48 * rate / f0)))
        k = np.arange(1, count + 1)
        source = k ** (-self.slope / 6.02) * np.where(k % 2 == 0, self.odd, 1.0)
        for centre, bandwidth, gain in self.formants:
            source = source * (1 + gain / (1 + ((k * f0 - centre) / (bandwidth / 2)) ** 2))
        frames = 6 if self.sweep else 1
        amount = np.linspace(0, 1, frames) if self.sweep else np.zeros(1)
        octaves = self.cutoff + self.sweep * amount * (0.4 + 0.6 * loud) + 1.5 * (loud - 0.7)
        ratio = k[None, :] / 2.0 ** octaves[:, None]
        q = 10 ** (self.resonance / 20)
        lowpass = 1 / np.sqrt((1 - ratio**2) ** 2 + (ratio / q) ** 2)
        harmonics = source * np.minimum(lowpass, q)
        harmonics /= np.sqrt((harmonics[0] ** 2).sum() / 2) * 4
        return wavetables(harmonics, rng.uniform(0, 2 * np.pi, count) if self.voices > 1 else None)


@dataclass(frozen=True, eq=False)
class Struck:
    """Modes set ringing at once: strings plucked or hammered, bars, bells.

    ratios: mode frequencies over the fundamental. stiffness: of a string, f_k = k f0 sqrt(1 + B k^2). place: where it
    is struck, part of its length (0: no comb). slope: dB an octave, hard; softer strokes lose `soft` dB an octave more.
    ring: decay time constant at middle C, seconds; ring_pitch: halvings an octave up; ring_mode: exponent of the
    faster decay of higher modes. second: level of the slow second decay, three times as long. strings: detuned copies
    (beats), detune cents. knock: level of the noise of the stroke.
    """

    ratios: np.ndarray
    stiffness: float
    place: float
    slope: float
    soft: float
    ring: float
    ring_pitch: float
    ring_mode: float
    second: float
    strings: int
    detune: float
    knock: float
    release: float

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        f0 = hertz(pitch)
        order = self.ratios
        stiff = self.stiffness * 2 ** ((pitch - 60) / 9)
        frequencies = f0 * order * np.sqrt((1 + stiff * order**2) / (1 + stiff))
        keep = frequencies < min(0.46 * rate, 16_000)
        order, frequencies = order[keep], frequencies[keep]
        levels = order ** (-(self.slope + self.soft * (1 - loud)) / 6.02)
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
    """Frequency modulation (Chowning 1973), two operators in pairs: electric pianos, bells, brass, basses.

    pairs: (k, 5): carrier ratio, modulator ratio, index, decay of the index (s), level. attack, decay, sustain,
    release: amplitude. swell: 1 lets the index rise with the attack (brass), 0 lets it only decay. tremolo: depth and
    rate, in the panorama.
    """

    pairs: np.ndarray
    attack: float
    decay: float
    sustain: float
    release: float
    swell: float
    tremolo: float
    tremolo_rate: float

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        f0 = hertz(pitch)
        n = round(seconds * rate)
        t = np.arange(n) / rate
        keyboard = 2 ** (-(pitch - 60) / 36)
        out = np.zeros(n, dtype=np.float32)
        for carrier, modulator, index, fade, level in self.pairs:
            limit = max(0.0, (0.45 * rate / f0 - carrier) / modulator - 1)
            depth = min(index * keyboard * (0.3 + 0.7 * loud), limit)
            rise = 1 - self.swell * np.exp(-t / (self.attack + 0.02))
            side = np.sin((2 * np.pi * f0 * modulator * t % (2 * np.pi)).astype(np.float32))
            side *= (depth * np.exp(-t / fade) * rise).astype(np.float32)
            out += np.float32(level) * np.sin((2 * np.pi * f0 * carrier * t % (2 * np.pi)).astype(np.float32) + side)
        out *= envelope(n, rate, self.attack, self.decay * keyboard, self.sustain) * np.float32(0.3)
        if not self.tremolo:
            return out[None, :]
        sway = (self.tremolo * np.sin(2 * np.pi * self.tremolo_rate * t)).astype(np.float32)
        return np.stack([out * (1 + sway), out * (1 - sway)])
