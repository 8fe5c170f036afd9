"""Guitar amplifier: valve stages in a row that clip one side sooner than the other, with filters between them, a tone
stack, a power stage, and the loudspeaker cabinet."""

from dataclasses import dataclass

import numpy as np
import soxr

from onpu.engine.compose.draw import between
from onpu.engine.render.cabinet import Cabinet, draw_cabinet, through
from onpu.engine.render.dynamics import HOP, ramp
from onpu.engine.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.engine.render.synth.oscillators import coloured, looped
from onpu.music.audio import rms

OVERSAMPLING = 2
"""Distortion runs at so many times the rate, so that its harmonics fold back less."""
GATE_SECONDS = 0.004
"""Over so many seconds the noise gate listens."""


@dataclass(frozen=True)
class Valve:
    """One valve. gain: dB into it. bias: its working point; positive halves clip at 1 - bias, negative ones at
    1 + bias. coupling: Hz under which the capacitor after it mutes; miller: Hz over which it is dull; neither after the
    power stage, where the cabinet does more."""

    gain: float
    bias: float
    coupling: float
    miller: float


@dataclass(frozen=True)
class Amplifier:
    """tight: Hz under which bass is cut before the first stage. push: dB, and where: Hz, of the mids before it.
    stages: in order, the power stage last. bass, middle, treble: dB of the tone stack, before the power stage. hiss: dB
    of noise at the input. gate: dB under the playing's level at which a gate closes, None for none."""

    tight: float
    push: float
    where: float
    stages: tuple[Valve, ...]
    bass: float
    middle: float
    treble: float
    hiss: float
    gate: float | None
    cabinet: Cabinet


def draw_amplifier(rng: np.random.Generator, distorted: bool) -> Amplifier:
    """A random amplifier, clean to crunchy or `distorted`, from overdrive to what metal is played with."""
    heavy = distorted and rng.random() < 0.6
    if heavy:
        gains = [between(rng, 8, 20), between(rng, 8, 20), between(rng, 4, 12)]
    else:
        gains = [between(rng, 6, 18), between(rng, 2, 14)] if distorted else [between(rng, -14, 6)]
    stages = tuple(_stage(gain, rng) for gain in (*gains, between(rng, -3, 5) if distorted else between(rng, -12, 2)))
    return Amplifier(tight=between(rng, 90, 260) if heavy else between(rng, 40, 140), push=between(rng, 0, 9),
                     where=between(rng, 600, 1400), stages=stages, bass=between(rng, -3, 5),
                     middle=between(rng, -10, 2) if heavy else between(rng, -6, 4), treble=between(rng, -4, 6),
                     hiss=between(rng, -95, -65), gate=between(rng, 26, 45) if heavy else None,
                     cabinet=draw_cabinet(rng))


def _stage(gain: float, rng: np.random.Generator) -> Valve:
    return Valve(gain=gain, bias=between(rng, -0.5, 0.5), coupling=between(rng, 15, 90),
                 miller=between(rng, 5000, 11_000))


def amplify(sound: np.ndarray, amplifier: Amplifier, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One guitar (samples,) through the amplifier: float32 (samples,), RMS as before."""
    loud = rms(sound) + 1e-9
    hiss = coloured(rng, min(len(sound), 8 * rate), rate, 50, 15_000)
    noise = looped(hiss, len(sound)) * np.float32(10 ** (amplifier.hiss / 20))
    playing = sound / loud
    high = OVERSAMPLING * rate
    wide = soxr.resample(filtered(playing + noise, highpass(amplifier.tight, 1, rate),
                                  bell(amplifier.where, amplifier.push, 0.7, rate)), rate, high, quality="MQ")
    *before, power = amplifier.stages
    tone = [shelf(180, amplifier.bass, False, high), bell(550, amplifier.middle, 0.7, high),
            shelf(2200, amplifier.treble, True, high)]
    for number, valve in enumerate(before, 1):
        wide = filtered(_clipped(wide, valve), highpass(valve.coupling, 1, high), lowpass(valve.miller, 1, high),
                        *(tone if number == len(before) else ()))
    wide = _clipped(wide, power)
    out = soxr.resample(wide, high, rate, quality="MQ")
    out = np.pad(out, (0, max(0, len(sound) - len(out))))[: len(sound)]
    if amplifier.gate is not None:
        out = out * _gate(playing, amplifier.gate, rate)
    out = through(out, amplifier.cabinet, rate)
    return (out * (loud / (rms(out) + 1e-9))).astype(np.float32)


def _clipped(sound: np.ndarray, valve: Valve) -> np.ndarray:
    """A saturating curve whose two halves end at different heights."""
    x = sound * np.float32(10 ** (valve.gain / 20))
    limits = np.where(x > 0, np.float32(1 - valve.bias), np.float32(1 + valve.bias))
    return limits * np.tanh(x / limits)


def _gate(sound: np.ndarray, depth: float, rate: int) -> np.ndarray:
    """0 to 1, (samples,): shut where (samples,) of unit RMS is more than `depth` dB softer than that."""
    blocks = -(-len(sound) // HOP)
    power = np.pad(sound, (0, blocks * HOP - len(sound))).reshape(blocks, HOP)
    level = np.einsum("ij,ij->i", power, power) / HOP
    reach = max(1, round(GATE_SECONDS * rate / HOP))
    near = np.convolve(level, np.ones(2 * reach + 1) / (2 * reach + 1), mode="same")
    decibels = 10 * np.log10(np.maximum(near, 1e-12))
    return ramp(np.clip((decibels + depth) / 8 + 1, 0, 1), len(sound))
