"""A piano from its physics: stiff strings in unison, a felt hammer, a soundboard, dampers; no two alike."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.synth.oscillators import coloured, modes
from onpu.engine.render.synth.tones import hertz

_PARTIALS = 90
_STEPS = 24
"""Points an octave of the soundboard's response."""
_LOWEST = 20.0
"""Hz at which that response begins."""


@dataclass(frozen=True, eq=False)
class Piano:
    """One piano.

    stiffness: factor of its strings' inharmonicity over the common one. stretch: cents by which the highest A is tuned
    sharp, and the lowest flat. uneven: scatter of its tuning, cents. detune: cents between the strings of a unison.
    hardness: Hz up to which the hammer excites middle C at full force; felt: exponent with which it falls beyond; soft:
    how much of the hardness a soft stroke loses, 0 to 1. place: part of the string where it is struck. ring: time
    constant of middle C's first decay, seconds; ring_pitch: halvings an octave up; damping: Hz at which partials die
    twice as fast. late: level of the second decay; longer: how many times longer it is. board: response of the
    soundboard, dB, _STEPS an octave from _LOWEST Hz. knock: level of the hammer's noise, thump of the key bed's.
    width: spread of the keyboard in the panorama. release: time constant of the damper. seed: of its tuning.
    """

    stiffness: float
    stretch: float
    uneven: float
    detune: float
    hardness: float
    felt: float
    soft: float
    place: float
    ring: float
    ring_pitch: float
    damping: float
    late: float
    longer: float
    board: np.ndarray
    knock: float
    thump: float
    width: float
    release: float
    seed: int

    def tone(self, pitch: float, loud: float, seconds: float, rate: int, rng: np.random.Generator) -> np.ndarray:
        """See `Instrument`."""
        tuner = np.random.default_rng([self.seed, round(pitch)])
        cents = self.stretch * ((pitch - 69) / 39) ** 3 + self.uneven * tuner.standard_normal()
        f0 = hertz(pitch + cents / 100)
        order = np.arange(1.0, _PARTIALS + 1)
        stiff = self.stiffness * inharmonicity(pitch)
        frequencies = f0 * order * np.sqrt((1 + stiff * order**2) / (1 + stiff))
        keep = frequencies < min(0.46 * rate, 14_000)
        order, frequencies = order[keep], frequencies[keep]
        levels = self._levels(pitch, loud, order, frequencies)
        ring = self.ring * 2 ** (-self.ring_pitch * (pitch - 60) / 12) / (1 + frequencies / self.damping)
        strings = 3 if pitch > 45 else 2 if pitch > 33 else 1
        apart = 2 ** (self.detune * tuner.uniform(-1, 1, strings) / 1200)
        groups = [(frequencies * apart[0], ring, levels)]
        groups += [(frequencies * shift, ring * self.longer * (1 - 0.2 * index), levels * self.late / (1 + index))
                   for index, shift in enumerate(apart[1:] if strings > 1 else apart)]
        f, r, level = (np.concatenate(column) for column in zip(*groups, strict=True))
        n = min(round(seconds * rate), round(rate * 7 * float(r.max())) + 1)
        phases = rng.uniform(-0.2, 0.2, len(f)) - np.pi / 2
        out = _ringing(f, r, level, phases, n, rate)
        m = min(n, rate // 8)
        time = np.arange(m) / rate
        noise = coloured(rng, m, rate, 200, 1500 + 4000 * loud, 3) * np.exp(-time / 0.008)
        bed = coloured(rng, m, rate, 40, 180, 2) * np.exp(-time / 0.03)
        out[:m] += (loud * (self.knock * noise + self.thump * bed)).astype(np.float32)
        side = (self.width * np.clip((pitch - 62) / 45, -1, 1) + 1) * np.pi / 4
        return np.stack([out * np.float32(np.cos(side)), out * np.float32(np.sin(side))])

    def _levels(self, pitch: float, loud: float, order: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
        """Amplitudes of the partials: what the hammer gives and the soundboard radiates."""
        hard = self.hardness * 2 ** ((pitch - 60) / 30) * (1 - self.soft * (1 - loud))
        place = self.place * 2 ** (-max(0.0, pitch - 60) / 48)
        levels = (np.abs(np.sin(np.pi * order * place)) + 0.03) / (1 + (frequencies / hard) ** self.felt)
        steps = _STEPS * np.log2(frequencies / _LOWEST)
        levels = levels * 10 ** (np.interp(steps, np.arange(len(self.board)), self.board) / 20)
        return levels / (np.sqrt((levels**2).sum() / 2) * 2 + 1e-9)


def inharmonicity(pitch: float) -> float:
    """B in f_k = k f0 sqrt(1 + B k^2) of a common piano (Rigaud, David & Daudet, JASA 133, 2013, equation 11)."""
    return float(np.exp(0.0926 * pitch - 13.64) + np.exp(-0.0847 * pitch - 5.82))


def draw_piano(rng: np.random.Generator) -> Piano:
    """Any piano between a parlour's upright and a concert grand."""
    octaves = np.arange(10 * _STEPS) / _STEPS
    knots = rng.standard_normal(200)
    ripple = between(rng, 1, 5) * np.interp(octaves * between(rng, 6, 14), np.arange(200), knots)
    slow = between(rng, 1, 4) * np.interp(octaves, np.arange(11), rng.standard_normal(11))
    low = -20 * np.log10(1 + (between(rng, 50, 160) / (_LOWEST * 2**octaves)) ** 2)
    return Piano(stiffness=float(np.exp(between(rng, -0.5, 0.6))), stretch=between(rng, 5, 35),
                 uneven=_untuned(rng), detune=between(rng, 0.2, 2.5), hardness=float(np.exp(between(rng, 5.6, 7.5))),
                 felt=between(rng, 1.6, 3.2), soft=between(rng, 0.5, 0.9), place=between(rng, 0.08, 0.14),
                 ring=float(np.exp(between(rng, -1.6, 0.0))), ring_pitch=between(rng, 0.4, 0.7),
                 damping=between(rng, 1000, 5000), late=between(rng, 0.06, 0.45), longer=between(rng, 2.5, 6),
                 board=ripple + slow + low, knock=between(rng, 0.02, 0.2), thump=between(rng, 0, 0.12),
                 width=max(0.0, between(rng, -0.4, 0.7)), release=float(np.exp(between(rng, -3.4, -1.6))),
                 seed=int(rng.integers(2**31)))


def _untuned(rng: np.random.Generator) -> float:
    """How badly a piano is tuned, cents: mostly well."""
    return between(rng, 0, 2) if rng.random() < 0.8 else between(rng, 3, 9)


def _ringing(frequencies: np.ndarray, decays: np.ndarray, levels: np.ndarray, phases: np.ndarray, samples: int,
             rate: int) -> np.ndarray:
    """Decaying partials; those that die soon are only computed as long as they live."""
    out = np.zeros(samples, dtype=np.float32)
    short = 7 * decays * rate < 0.3 * samples
    for group, length in ((short, round(0.3 * samples)), (~short, samples)):
        if group.any():
            out[:length] += modes(frequencies[group], decays[group], levels[group], phases[group], length, rate)
    return out
