"""General MIDI programs as patches of the own synthesiser, each drawn from the seed within its family's ranges."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between, pick
from onpu.engine.render.synth.piano import draw_piano
from onpu.engine.render.synth.tones import (
    Filter,
    Instrument,
    Modulated,
    Oscillator,
    Shape,
    Struck,
    Sustained,
    Unison,
    Vibrato,
)

STRING = np.arange(1.0, 61.0)
BARS = {"vibraphone": (1, 4, 10), "marimba": (1, 3.93, 9.2, 16), "xylophone": (1, 3, 6.1, 10),
        "glockenspiel": (1, 2.76, 5.4, 8.9), "tubular": (0.5, 1, 1.19, 1.56, 2, 2.51, 2.66, 3.01, 4.1),
        "drum": (1, 1.5, 1.99, 2.44, 2.9)}
"""Mode ratios (Fletcher & Rossing, The Physics of Musical Instruments, chapters 18 to 21)."""
RINGING = {8: ("glockenspiel", 0.8), 9: ("glockenspiel", 1.2), 10: ("glockenspiel", 0.7), 11: ("vibraphone", 2.0),
           12: ("marimba", 0.25), 13: ("xylophone", 0.12), 14: ("tubular", 2.0), 47: ("drum", 0.6),
           112: ("glockenspiel", 0.8), 114: ("vibraphone", 0.5)}
"""Program -> bars and their ring in seconds; other struck things as a short marimba."""
VOWELS = {"a": ((800, 80), (1150, 90), (2900, 120)), "o": ((450, 70), (800, 80), (2830, 100)),
          "u": ((325, 50), (700, 60), (2700, 170)), "e": ((400, 60), (1600, 80), (2700, 120))}
"""Formants of a choir: centre and bandwidth in Hz."""
SHORT_STRINGS = (45, 104, 105, 106, 108)
DOUBLE_STRINGS = (6, 15, 25)
MUTED, ORGANS, REEDS, VOICES = 28, range(16, 21), range(21, 24), (52, 53, 54, 85, 91)
PLUCKED = {6, 7, 15, 45, 46, *range(24, 32), *range(32, 38), *range(104, 109)}
STRUCK = {*range(8, 16), 47, *range(112, 120)}


def patch(program: int, rng: np.random.Generator) -> Instrument:
    """An instrument for a General MIDI program, 0 to 127."""
    if program in PLUCKED:
        return _plucked(program, rng)
    if program in STRUCK:
        return _bar(program, rng)
    if program in VOICES:
        return _choir(rng)
    if program < 8:
        return _electric_piano(rng) if program in (4, 5) else draw_piano(rng)
    if program in ORGANS:
        return _organ(rng)
    if program == 110:
        return _strings(solo=True, rng=rng)
    if program in (109, 111):
        return _reed_pipe(rng)
    if program < 56 and program not in REEDS and program >= 40:
        return _strings(solo=program < 44, rng=rng)
    return FAMILIES.get(program // 8, _pad)(rng)


def _plucked(program: int, rng: np.random.Generator) -> Struck:
    bass = program in range(32, 38)
    ring = between(rng, 0.3, 1.0) * (1.5 if bass else 0.12 if program == MUTED else 1.0)
    return Struck(STRING, stiffness=10 ** between(rng, -5, -4), place=between(rng, 0.08, 0.35),
                  slope=between(rng, 3, 8) + 3 * bass, soft=between(rng, 3, 9), hardness=between(rng, 1500, 8000),
                  ring=ring * (0.35 if program in SHORT_STRINGS else 1.0), ring_pitch=between(rng, 0.2, 0.4),
                  ring_mode=between(rng, 0.3, 0.7), second=0.15, strings=2 if program in DOUBLE_STRINGS else 1,
                  detune=between(rng, 1, 6), knock=between(rng, 0.0, 0.2), release=between(rng, 0.03, 0.08))


def _bar(program: int, rng: np.random.Generator) -> Struck:
    name, ring = RINGING.get(program, ("marimba", 0.2))
    return Struck(np.array(BARS[name], dtype=np.float64), stiffness=0.0, place=0.0, slope=between(rng, 3, 7),
                  soft=between(rng, 4, 10), hardness=between(rng, 2000, 10_000), ring=ring * between(rng, 0.7, 1.4),
                  ring_pitch=0.4, ring_mode=between(rng, 0.5, 1.0), second=0.0, strings=1, detune=0.0,
                  knock=between(rng, 0.05, 0.3), release=between(rng, 0.1, 0.4))


def _electric_piano(rng: np.random.Generator) -> Modulated:
    body = (1, 1, between(rng, 0.5, 2.2), between(rng, 0.3, 1.0), 1.0)
    tine = (1, pick(rng, (7, 11, 14)), between(rng, 0.3, 1.5), between(rng, 0.03, 0.12), between(rng, 0.1, 0.5))
    return Modulated(np.array([body, tine]), Shape(0.002, between(rng, 0.05, 0.15), between(rng, 0.6, 1.6), 0.0),
                     tremolo=pick(rng, (0.0, between(rng, 0.1, 0.5))), tremolo_rate=between(rng, 3, 7))


def _organ(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 3, 9), even=between(rng, 0.3, 1.0), breath=between(rng, 0, 0.01)),
                     Filter(between(rng, 2.0, 4.5)), Shape(between(rng, 0.002, 0.02), between(rng, 0.01, 0.05)),
                     Unison(pick(rng, (1, 2, 3)), between(rng, 2, 8), between(rng, 0, 0.8)),
                     Vibrato(between(rng, 0, 12), between(rng, 5, 7)))


def _free_reed(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 3, 7), formants=_formant(rng, 900, 1800, 800, 2.0),
                              breath=between(rng, 0.005, 0.02)),
                     Filter(between(rng, 3, 5)), Shape(between(rng, 0.02, 0.06), 0.04),
                     Unison(2, between(rng, 4, 14), between(rng, 0, 0.4)))


def _synth_bass(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 5, 8), even=pick(rng, (0.0, 1.0))),
                     Filter(between(rng, 1, 3), between(rng, 0.5, 3.5), between(rng, 0.05, 0.4), between(rng, 0, 12)),
                     Shape(between(rng, 0.002, 0.008), 0.03, between(rng, 0.2, 1.0), between(rng, 0.3, 1.0)),
                     Unison(pick(rng, (1, 2)), between(rng, 3, 12)))


def _choir(rng: np.random.Generator) -> Sustained:
    size = between(rng, 0.9, 1.2)
    vowel = VOWELS[pick(rng, tuple(VOWELS))]
    formants = np.array([(f * size, 1.6 * width, gain) for (f, width), gain in zip(vowel, (12, 6, 4), strict=True)])
    return Sustained(Oscillator(between(rng, 8, 11), formants=formants, breath=between(rng, 0.01, 0.04)), Filter(6.0),
                     Shape(between(rng, 0.04, 0.15), between(rng, 0.08, 0.25)),
                     Unison(4, between(rng, 8, 20), between(rng, 0.3, 1.0)),
                     Vibrato(between(rng, 8, 30), between(rng, 4.5, 6), 0.2))


def _strings(solo: bool, rng: np.random.Generator) -> Sustained:
    body = np.array([(f * between(rng, 0.8, 1.2), 0.4 * f, between(rng, 0.5, 3)) for f in (300, 500, 1000, 2300)])
    return Sustained(Oscillator(between(rng, 6, 8), formants=body, breath=between(rng, 0.005, 0.03)),
                     Filter(between(rng, 2.5, 4.5), between(rng, 0.01, 1.0), between(rng, 0.3, 2.0)),
                     Shape(between(rng, 0.02, 0.09), between(rng, 0.05, 0.2)),
                     Unison() if solo else Unison(5, between(rng, 6, 16), between(rng, 0.3, 1.0)),
                     Vibrato(between(rng, 8, 30), between(rng, 4.5, 6.5), between(rng, 0.1, 0.4)))


def _brass(rng: np.random.Generator) -> Sustained:
    section = Unison(3, between(rng, 5, 12), 0.4)
    return Sustained(Oscillator(between(rng, 4, 7), formants=_formant(rng, 1000, 1500, 800, 1.5),
                              breath=between(rng, 0, 0.01)),
                     Filter(between(rng, 1.8, 3.0), between(rng, 0.5, 2.0), between(rng, 0.1, 1.0), between(rng, 0, 3)),
                     Shape(between(rng, 0.015, 0.06), between(rng, 0.03, 0.1), between(rng, 0.2, 1.0),
                           between(rng, 0.6, 1.0)),
                     pick(rng, (Unison(), section)), Vibrato(between(rng, 0, 20), between(rng, 4.5, 6), 0.4))


def _reed_pipe(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 5, 9), even=pick(rng, (0.1, 1.0)),
                              formants=_formant(rng, 700, 1600, 500, between(rng, 1, 4)), breath=0.01),
                     Filter(between(rng, 2, 4)), _blown(rng),
                     vibrato=Vibrato(between(rng, 5, 30), between(rng, 4.5, 6), between(rng, 0.1, 0.4)))


def _flute(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 9, 14), even=pick(rng, (0.1, 1.0)), breath=between(rng, 0.02, 0.1)),
                     Filter(between(rng, 2, 4)), _blown(rng),
                     vibrato=Vibrato(between(rng, 5, 30), between(rng, 4.5, 6), between(rng, 0.1, 0.4)))


def _lead(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 4, 8), even=pick(rng, (0.0, 1.0, 1.0))),
                     Filter(between(rng, 2, 5), between(rng, 0.01, 2), between(rng, 0.05, 0.6), between(rng, 0, 9)),
                     Shape(between(rng, 0.002, 0.02), between(rng, 0.03, 0.15), between(rng, 0.3, 1.0),
                           between(rng, 0.5, 1.0)),
                     Unison(pick(rng, (1, 2, 3, 4, 5)), between(rng, 5, 25), between(rng, 0, 0.8)),
                     Vibrato(between(rng, 0, 25), between(rng, 4.5, 7), 0.2))


def _pad(rng: np.random.Generator) -> Sustained:
    return Sustained(Oscillator(between(rng, 5, 10), even=pick(rng, (0.0, 1.0, 1.0)), breath=between(rng, 0, 0.02)),
                     Filter(between(rng, 1.5, 4), between(rng, 0.01, 2), between(rng, 0.5, 3), between(rng, 0, 6)),
                     Shape(between(rng, 0.03, 0.25), between(rng, 0.15, 0.6)),
                     Unison(pick(rng, (3, 4, 5)), between(rng, 6, 20), between(rng, 0.3, 1.0)),
                     Vibrato(between(rng, 0, 12), between(rng, 0.3, 6)))


def _blown(rng: np.random.Generator) -> Shape:
    return Shape(between(rng, 0.015, 0.06), between(rng, 0.03, 0.08), 1.0, between(rng, 0.8, 1.0))


def _formant(rng: np.random.Generator, low: float, high: float, width: float, gain: float) -> np.ndarray:
    return np.array([(between(rng, low, high), width, gain)])


FAMILIES: dict[int, Callable[[np.random.Generator], Instrument]] = {
    2: _free_reed, 4: _synth_bass, 7: _brass, 8: _reed_pipe, 9: _flute, 10: _lead}
"""Program // 8 -> what plays the programs that have no rule of their own; other families are pads."""
