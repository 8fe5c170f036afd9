"""General MIDI programs as patches of the own synthesiser, each drawn from the seed within its family's ranges."""

import numpy as np

from onpu.data.compose.draw import between
from onpu.data.render.synth.tones import Instrument, Modulated, Struck, Sustained

NONE = np.zeros((0, 3))
STRING = np.arange(1.0, 61.0)
BARS = {"vibraphone": (1, 4, 10), "marimba": (1, 3.93, 9.2, 16), "xylophone": (1, 3, 6.1, 10),
        "glockenspiel": (1, 2.76, 5.4, 8.9), "tubular": (0.5, 1, 1.19, 1.56, 2, 2.51, 2.66, 3.01, 4.1),
        "drum": (1, 1.5, 1.99, 2.44, 2.9)}
"""Mode ratios after Fletcher & Rossing, The Physics of Musical Instruments, chapters 18 to 21."""
VOWELS = {"a": ((800, 80), (1150, 90), (2900, 120)), "o": ((450, 70), (800, 80), (2830, 100)),
          "u": ((325, 50), (700, 60), (2700, 170)), "e": ((400, 60), (1600, 80), (2700, 120))}
"""Formants of a singer, Hz and bandwidth."""


def patch(program: int, rng: np.random.Generator) -> Instrument:
    """An instrument for a General MIDI program, 0 to 127."""
    family = program // 8
    if program in (4, 5):
        return _electric_piano(rng)
    if program in (6, 7, 15, 45, 46) or family == 3 or 32 <= program <= 37 or 104 <= program <= 108:
        return _plucked(program, rng)
    if family == 0:
        return _piano(rng)
    if family == 1 or program == 47 or family == 14:
        return _bar(program, rng)
    if family == 2:
        return _organ(rng) if program <= 20 else _reed(rng)
    if family == 4:
        return _synth_bass(rng)
    if program in (52, 53, 54, 85, 91):
        return _choir(rng)
    if family in (5, 6) or program == 110:
        return _strings(program, rng)
    if family == 7:
        return _brass(rng)
    if family in (8, 9) or program in (109, 111):
        return _wind(family, rng)
    if family == 10:
        return _lead(rng)
    return _pad(rng)


def _piano(rng: np.random.Generator) -> Struck:
    return Struck(STRING, 10 ** between(rng, -3.9, -3.2), between(rng, 0.09, 0.14), between(rng, 4, 8),
                  between(rng, 6, 14), between(rng, 0.4, 1.0), between(rng, 0.5, 0.7), between(rng, 0.4, 0.8),
                  between(rng, 0.1, 0.4), 2, between(rng, 0.3, 2.0), between(rng, 0.05, 0.3), between(rng, 0.04, 0.1))


def _plucked(program: int, rng: np.random.Generator) -> Struck:
    muted, bass = program in (28,), 32 <= program <= 37
    ring = between(rng, 0.3, 1.0) * (1.5 if bass else 1.0) * (0.12 if muted else 1.0)
    ring *= 0.35 if program in (45, 104, 105, 106, 108) else 1.0
    return Struck(STRING, 10 ** between(rng, -5, -4), between(rng, 0.08, 0.35), between(rng, 3, 9) + 3 * bass,
                  between(rng, 3, 9), ring, between(rng, 0.2, 0.4), between(rng, 0.3, 0.7), 0.15,
                  2 if program in (6, 15, 25) else 1, between(rng, 1, 6), between(rng, 0.0, 0.2), between(rng, 0.03, 0.08))


def _bar(program: int, rng: np.random.Generator) -> Struck:
    name, ring = {8: ("glockenspiel", 0.8), 9: ("glockenspiel", 1.2), 10: ("glockenspiel", 0.7), 11: ("vibraphone", 2.0),
                  12: ("marimba", 0.25), 13: ("xylophone", 0.12), 14: ("tubular", 2.0), 47: ("drum", 0.6),
                  112: ("glockenspiel", 0.8), 114: ("vibraphone", 0.5)}.get(program, ("marimba", 0.2))
    return Struck(np.array(BARS[name], dtype=float), 0.0, 0.0, between(rng, 3, 7), between(rng, 4, 10),
                  ring * between(rng, 0.7, 1.4), 0.4, between(rng, 0.5, 1.0), 0.0, 1, 0.0, between(rng, 0.05, 0.3),
                  between(rng, 0.1, 0.4))


def _electric_piano(rng: np.random.Generator) -> Modulated:
    pairs = np.array([(1, 1, between(rng, 0.5, 2.2), between(rng, 0.3, 1.0), 1.0),
                      (1, rng.choice([11, 14, 7]), between(rng, 0.3, 1.5), between(rng, 0.03, 0.12), between(rng, 0.1, 0.5))])
    return Modulated(pairs, 0.002, between(rng, 0.6, 1.6), 0.0, between(rng, 0.05, 0.15), 0.0,
                     between(rng, 0, 0.5) * (rng.random() < 0.5), between(rng, 3, 7))


def _organ(rng: np.random.Generator) -> Sustained:
    return Sustained(between(rng, 0.3, 1.0), between(rng, 3, 9), between(rng, 2.0, 4.5), 0.0, 0.0, 1.0, between(rng, 0.002, 0.02),
                     1.0, 1.0, between(rng, 0.01, 0.05), int(rng.integers(1, 4)), between(rng, 2, 8), between(rng, 0, 0.8),
                     between(rng, 0, 12), between(rng, 5, 7), 0.0, between(rng, 0, 0.01), NONE)


def _reed(rng: np.random.Generator) -> Sustained:
    return Sustained(1.0, between(rng, 3, 7), between(rng, 3, 5), 0.0, 0.0, 1.0, between(rng, 0.02, 0.06), 1.0, 1.0, 0.04,
                     2, between(rng, 4, 14), between(rng, 0, 0.4), 0.0, 5.0, 0.0, between(rng, 0.005, 0.02),
                     np.array([(between(rng, 900, 1800), 800, 2.0)]))


def _synth_bass(rng: np.random.Generator) -> Sustained:
    return Sustained(float(rng.choice([0.0, 1.0])), between(rng, 5, 8), between(rng, 1.0, 3.0), between(rng, 0.5, 3.5), between(rng, 0, 12),
                     between(rng, 0.05, 0.4), between(rng, 0.002, 0.008), between(rng, 0.2, 1.0), between(rng, 0.3, 1.0), 0.03,
                     int(rng.integers(1, 3)), between(rng, 3, 12), 0.0, 0.0, 5.0, 0.0, 0.0, NONE)


def _choir(rng: np.random.Generator) -> Sustained:
    vowel = VOWELS[str(rng.choice(list(VOWELS)))]
    scale = between(rng, 0.9, 1.2)
    formants = np.array([(f * scale, 1.6 * b, g) for (f, b), g in zip(vowel, (12, 6, 4), strict=True)])
    return Sustained(1.0, between(rng, 8, 11), 6.0, 0.0, 0.0, 1.0, between(rng, 0.04, 0.15), 1.0, 1.0, between(rng, 0.08, 0.25),
                     4, between(rng, 8, 20), between(rng, 0.3, 1.0), between(rng, 8, 30), between(rng, 4.5, 6), 0.2,
                     between(rng, 0.01, 0.04), formants)


def _strings(program: int, rng: np.random.Generator) -> Sustained:
    solo = program < 44 or program == 110
    formants = np.array([(f * between(rng, 0.8, 1.2), 0.4 * f, between(rng, 0.5, 3)) for f in (300, 500, 1000, 2300)])
    return Sustained(1.0, between(rng, 6, 8), between(rng, 2.5, 4.5), between(rng, 0.0, 1.0), 0.0, between(rng, 0.3, 2.0),
                     between(rng, 0.02, 0.09), 1.0, 1.0, between(rng, 0.05, 0.2), 1 if solo else 5, between(rng, 6, 16),
                     0.0 if solo else between(rng, 0.3, 1.0), between(rng, 8, 30), between(rng, 4.5, 6.5),
                     between(rng, 0.1, 0.4), between(rng, 0.005, 0.03), formants)


def _brass(rng: np.random.Generator) -> Sustained:
    section = rng.random() < 0.5
    return Sustained(1.0, between(rng, 4, 7), between(rng, 1.8, 3.0), between(rng, 0.5, 2.0), between(rng, 0, 3), between(rng, 0.1, 1.0),
                     between(rng, 0.015, 0.06), between(rng, 0.2, 1.0), between(rng, 0.6, 1.0), between(rng, 0.03, 0.1),
                     3 if section else 1, between(rng, 5, 12), 0.4 * section, between(rng, 0, 20), between(rng, 4.5, 6), 0.4,
                     between(rng, 0.0, 0.01), np.array([(between(rng, 1000, 1500), 800, 1.5)]))


def _wind(family: int, rng: np.random.Generator) -> Sustained:
    flute = family == 9
    return Sustained(float(rng.choice([0.1, 1.0])), between(rng, 9, 14) if flute else between(rng, 5, 9), between(rng, 2, 4), 0.0, 0.0,
                     1.0, between(rng, 0.015, 0.06), 1.0, between(rng, 0.8, 1.0), between(rng, 0.03, 0.08), 1, 0.0, 0.0,
                     between(rng, 5, 30), between(rng, 4.5, 6), between(rng, 0.1, 0.4), between(rng, 0.02, 0.1) if flute else 0.01,
                     NONE if flute else np.array([(between(rng, 700, 1600), 500, between(rng, 1, 4))]))


def _lead(rng: np.random.Generator) -> Sustained:
    return Sustained(float(rng.choice([0.0, 1.0, 1.0])), between(rng, 4, 8), between(rng, 2, 5), between(rng, 0, 2), between(rng, 0, 9),
                     between(rng, 0.05, 0.6), between(rng, 0.002, 0.02), between(rng, 0.3, 1.0), between(rng, 0.5, 1.0), between(rng, 0.03, 0.15),
                     int(rng.integers(1, 6)), between(rng, 5, 25), between(rng, 0, 0.8), between(rng, 0, 25), between(rng, 4.5, 7), 0.2,
                     0.0, NONE)


def _pad(rng: np.random.Generator) -> Sustained:
    return Sustained(float(rng.choice([0.0, 1.0, 1.0])), between(rng, 5, 10), between(rng, 1.5, 4), between(rng, 0, 2), between(rng, 0, 6),
                     between(rng, 0.5, 3), between(rng, 0.03, 0.4), 1.0, 1.0, between(rng, 0.15, 0.6), int(rng.integers(3, 6)),
                     between(rng, 6, 20), between(rng, 0.3, 1.0), between(rng, 0, 12), between(rng, 0.3, 6), 0.0,
                     between(rng, 0, 0.02), NONE)
