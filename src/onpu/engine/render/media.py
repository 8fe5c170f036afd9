"""What carries the record: tape, vinyl, radio, telephone, a low sample rate, a lossy file. None of them delays it."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.engine.render.ambience import applause, babble, crackle, hiss, hum, room_tone, traffic, wind
from onpu.engine.render.codec import draw_codec, transcode
from onpu.engine.render.delays import wander
from onpu.engine.render.dynamics import Compressor, compress, saturate
from onpu.engine.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.engine.render.incidents import crowd
from onpu.music.audio import rms

Carrier = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]
"""(sound (2, samples), rate, generator) -> the sound as it comes back, as long."""
BACKGROUNDS = {hiss: 4.0, room_tone: 3.0, hum: 2.0, babble: 1.0, applause: 0.3, crowd: 0.8, traffic: 0.5, wind: 0.3}
"""Ambience -> weight, of a recording that has one."""
RATES = {8_000: 0.08, 11_025: 0.12, 16_000: 0.3, 22_050: 0.3, 24_000: 0.1, 32_000: 0.1}
"""Sample rate -> weight, of a recording that once had a low one."""
MAX_WOW_SECONDS = 3e-4
"""Seconds by which a tape or a record wanders at most: a third of a millisecond, which no label notices."""


def draw_carrier(rng: np.random.Generator) -> Carrier:
    """A medium; half of the time one that changes nothing."""
    return draw(rng, CARRIERS)


def background(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The recording with some ambience under it, 70 to 15 dB below its RMS, mostly more than 40."""
    kind = draw(rng, BACKGROUNDS)
    return add_noise(sound, kind(sound.shape[1], rate, rng), -15 - 55 * rng.random() ** 0.5)


def add_noise(sound: np.ndarray, noise: np.ndarray, level: float) -> np.ndarray:
    """Noise of unit RMS added at `level` dB relative to the RMS of the sound (to full scale where that is silent)."""
    loud = float(rms(sound)) or 1.0
    return sound + np.float32(loud * 10 ** (level / 20)) * noise


def clean(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A file as it left the studio."""
    return sound


def lossy(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A lossy file."""
    return transcode(sound, draw_codec(rng), rate)


def low_rate(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A file that once had fewer samples a second."""
    return filtered(sound, lowpass(0.45 * draw(rng, RATES), 8, rate))


def tape(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Saturation, a bump in the bass, less treble, wow or flutter, hiss."""
    out = saturate(sound, between(rng, 0.5, 3.0), between(rng, 0, 0.1))
    out = filtered(out, bell(between(rng, 60, 120), between(rng, 0, 4), 0.8, rate),
                   lowpass(between(rng, 7_000, 17_000), 2, rate))
    out = wander(out, rate, between(rng, 0.5, 9.0), between(rng, 0.2, 1.0) * MAX_WOW_SECONDS, rng)
    return add_noise(out, hiss(sound.shape[1], rate, rng), between(rng, -65, -35))


def vinyl(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A long-playing record: 33 1/3 turns a minute and its crackle."""
    out = filtered(sound, shelf(80, between(rng, -3, 3), False, rate), lowpass(between(rng, 9_000, 16_000), 2, rate))
    out = wander(out, rate, 0.55, between(rng, 0.2, 1.0) * MAX_WOW_SECONDS, rng)
    return add_noise(out, crackle(sound.shape[1], rate, rng), between(rng, -60, -30))


def shellac(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A worn record of 78 turns a minute: mono, a horn's resonance, much noise."""
    out = _mono(filtered(sound, highpass(between(rng, 100, 250), 2, rate), bell(1800, between(rng, 2, 8), 0.8, rate),
                         lowpass(between(rng, 3500, 6500), 3, rate)))
    out = wander(out, rate, 1.3, between(rng, 0.2, 1.0) * MAX_WOW_SECONDS, rng)
    out = add_noise(out, crackle(sound.shape[1], rate, rng), between(rng, -35, -15))
    return add_noise(out, hiss(sound.shape[1], rate, rng), between(rng, -35, -18))


def radio(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Medium wave: mono, 4 to 6 kHz wide, distorted, noisy."""
    out = filtered(sound, highpass(between(rng, 60, 200), 2, rate), lowpass(between(rng, 3500, 6000), 4, rate))
    out = saturate(_mono(out), between(rng, 1, 4), 0.1)
    return add_noise(out, hiss(sound.shape[1], rate, rng), between(rng, -45, -25))


def telephone(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """300 to 3400 Hz, mono."""
    return saturate(_mono(filtered(sound, highpass(300, 3, rate), lowpass(3400, 6, rate))), between(rng, 1, 3), 0.0)


def cassette(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A worn tape: dull, with flutter, hiss and short losses of level."""
    out = filtered(saturate(sound, between(rng, 1, 4), 0.05), highpass(40, 1, rate),
                   lowpass(between(rng, 4_000, 11_000), 2, rate))
    out = wander(out, rate, between(rng, 4.0, 12.0), between(rng, 0.3, 1.0) * MAX_WOW_SECONDS, rng)
    knots = np.minimum(10 ** (rng.normal(0, between(rng, 0.5, 3), int(8 * sound.shape[1] / rate) + 3) / 20), 1)
    level = np.interp(np.arange(sound.shape[1]), np.arange(len(knots)) * rate / 8, knots).astype(np.float32)
    return add_noise(out * level, hiss(sound.shape[1], rate, rng), between(rng, -45, -25))


def mobile(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """A mobile telephone among the audience: a small microphone driven too far, its automatic gain, and people."""
    out = filtered(sound, highpass(between(rng, 80, 350), 2, rate), bell(between(rng, 2000, 5000), 6, 1.0, rate),
                   lowpass(between(rng, 6_000, 14_000), 2, rate))
    out = out * np.float32(between(rng, 0.3, 1.5) / max(float(rms(out)), 1e-9))
    out = np.clip(out, -1, 1)
    gain = Compressor(threshold=between(rng, -12, 0), ratio=between(rng, 3, 10), attack=between(rng, 0.005, 0.05),
                      release=between(rng, 5, 30))
    return add_noise(compress(out, gain, rate), crowd(sound.shape[1], rate, rng), between(rng, -40, -12))


def _mono(sound: np.ndarray) -> np.ndarray:
    return np.repeat(sound.mean(axis=0, keepdims=True), len(sound), axis=0)


CARRIERS: dict[Carrier, float] = {clean: 0.58, lossy: 0.1, low_rate: 0.13, tape: 0.06, cassette: 0.03, vinyl: 0.04,
                                  radio: 0.02, mobile: 0.02, shellac: 0.01, telephone: 0.01}
"""Medium -> weight."""
