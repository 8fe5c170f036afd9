"""Loudspeaker cabinets as microphones hear them: impulse responses of minimum phase, drawn at random."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import oaconvolve

from onpu.engine.compose.draw import between

RESOLUTION = 8192
"""Length of the transform in which a response is designed, samples."""
TAPS = 1536
"""Length of a response, samples."""
BREAK_UPS = 24
"""Resonances of the cone."""


@dataclass(frozen=True)
class Cabinet:
    """thump: Hz, and dB, of the resonance under which the box is mute. scoop: dB at 420 Hz. bite: Hz, and dB, of the
    cone's presence. edge: Hz over which the speaker is mute; steep: dB an octave. rough: dB, standard deviation of the
    cone's own resonances, of which `seed` draws the places. second: level of another microphone or the floor's
    reflection, and later: its delay in seconds."""

    thump: float
    boom: float
    scoop: float
    bite: float
    presence: float
    edge: float
    steep: float
    rough: float
    second: float
    later: float
    seed: int


def draw_cabinet(rng: np.random.Generator) -> Cabinet:
    """One to four 12-inch speakers and a microphone anywhere from the centre to the rim."""
    return Cabinet(thump=between(rng, 75, 130), boom=between(rng, 0, 6), scoop=between(rng, -6, 2),
                   bite=between(rng, 2000, 4200), presence=between(rng, 2, 10), edge=between(rng, 4200, 6800),
                   steep=between(rng, 12, 30), rough=between(rng, 1, 4), second=between(rng, 0, 0.4),
                   later=between(rng, 0.1, 1.2) / 1000, seed=int(rng.integers(2**31)))


def response(cabinet: Cabinet, rate: int) -> np.ndarray:
    """The impulse response, float32 (TAPS,): what is heard comes no later than it must."""
    rng = np.random.default_rng(cabinet.seed)
    f = np.fft.rfftfreq(RESOLUTION, 1 / rate)
    f[0] = f[1]
    octave = np.log2(f)
    low = 0.8 * cabinet.thump
    level = -10 * np.log10(1 + (low / f) ** 8) - 10 * np.log10(1 + (f / cabinet.edge) ** (cabinet.steep / 3.01))
    for centre, gain, width in ((cabinet.thump, cabinet.boom, 0.4), (420.0, cabinet.scoop, 0.7),
                                (cabinet.bite, cabinet.presence, 0.6)):
        level += gain * np.exp(-(((octave - np.log2(centre)) / width) ** 2))
    places, widths = rng.uniform(np.log2(700), np.log2(7000), BREAK_UPS), rng.uniform(0.03, 0.15, BREAK_UPS)
    heights = rng.normal(0, cabinet.rough, BREAK_UPS)
    level += (heights * np.exp(-(((octave[:, None] - places) / widths) ** 2))).sum(axis=1)
    level += 20 * np.log10(np.abs(1 + cabinet.second * np.exp(-2j * np.pi * f * cabinet.later)))
    return minimum_phase(np.maximum(level, -90.0))


def minimum_phase(level: np.ndarray) -> np.ndarray:
    """The impulse response, float32 (TAPS,), of minimum phase for levels in dB (RESOLUTION / 2 + 1,), by the folded
    cepstrum (Oppenheim & Schafer, Discrete-Time Signal Processing, section 13.5)."""
    cepstrum = np.fft.irfft(level * np.log(10) / 20)
    cepstrum[1 : RESOLUTION // 2] *= 2
    cepstrum[RESOLUTION // 2 + 1 :] = 0
    taps = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))[:TAPS]
    fade = TAPS // 4
    taps[-fade:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    return taps.astype(np.float32)


def through(sound: np.ndarray, cabinet: Cabinet, rate: int) -> np.ndarray:
    """(samples,) as the microphone hears it, as long."""
    return oaconvolve(sound, response(cabinet, rate))[: len(sound)].astype(np.float32, copy=False)
