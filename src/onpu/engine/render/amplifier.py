"""Guitar amplifier: a pre-amplifier driven into distortion, a tone stack, and the loudspeaker cabinet."""

from dataclasses import dataclass

import numpy as np
import soxr

from onpu.engine.compose.draw import between
from onpu.engine.render.dynamics import saturate
from onpu.engine.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.engine.render.synth.oscillators import coloured, looped
from onpu.music.audio import rms

OVERSAMPLING = 2
"""Distortion runs at so many times the rate, so that its harmonics fold back less."""


@dataclass(frozen=True)
class Amplifier:
    """drive: dB over the level where distortion sets in. bias: its asymmetry. tight: Hz under which bass is cut before
    it. push, scoop: dB of the mids before and after it. presence: dB at half of `edge`, the frequency in Hz above which
    the cabinet is mute. thump: Hz of the cabinet's resonance. hiss: dB of noise at its input."""

    drive: float
    bias: float
    tight: float
    push: float
    scoop: float
    presence: float
    edge: float
    thump: float
    hiss: float


def draw_amplifier(rng: np.random.Generator, distorted: bool) -> Amplifier:
    """A random amplifier, clean to crunchy or `distorted`."""
    return Amplifier(drive=between(rng, 14, 38) if distorted else between(rng, -12, 10), bias=between(rng, 0.0, 0.4),
                     tight=between(rng, 60, 200) if distorted else between(rng, 30, 90), push=between(rng, 0, 9),
                     scoop=between(rng, -9, 3), presence=between(rng, 0, 9), edge=between(rng, 3500, 6500),
                     thump=between(rng, 80, 140), hiss=between(rng, -90, -55))


def amplify(sound: np.ndarray, amplifier: Amplifier, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One guitar (samples,) through the amplifier: float32 (samples,), RMS as before where it plays."""
    loud = rms(sound) + 1e-9
    hiss = coloured(rng, min(len(sound), 8 * rate), rate, 50, 15_000)
    noise = looped(hiss, len(sound)) * np.float32(10 ** (amplifier.hiss / 20))
    wide = soxr.resample(sound / loud + noise, rate, OVERSAMPLING * rate, quality="MQ")
    high = OVERSAMPLING * rate
    wide = filtered(wide, highpass(amplifier.tight, 1, high), bell(900, amplifier.push, 0.7, high),
                    lowpass(7000, 2, high))
    wide = saturate(wide, 10 ** (amplifier.drive / 20) / 2, amplifier.bias)
    out = soxr.resample(wide, high, rate, quality="MQ")
    out = np.pad(out, (0, max(0, len(sound) - len(out))))[: len(sound)]
    out = filtered(out, shelf(150, 3, False, rate), bell(450, amplifier.scoop, 0.8, rate), highpass(60, 2, rate),
                   bell(amplifier.thump, 5, 2.0, rate), bell(amplifier.edge / 2, amplifier.presence, 1.2, rate),
                   lowpass(amplifier.edge, 4, rate))
    return (out * (loud / (rms(out) + 1e-9))).astype(np.float32)
