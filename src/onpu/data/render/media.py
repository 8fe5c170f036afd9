"""What carries the record: tape, vinyl, radio, telephone, a low sample rate, a lossy file. None of them delays it."""

import numpy as np

from onpu.data.compose.draw import between, draw
from onpu.data.render.ambience import applause, babble, crackle, hiss, hum, room_tone, traffic, wind
from onpu.data.render.codec import draw_codec, transcode
from onpu.data.render.delays import wander
from onpu.data.render.dynamics import saturate
from onpu.data.render.filters import bell, filtered, highpass, lowpass, shelf

CARRIERS = {"none": 0.5, "lossy": 0.22, "rate": 0.13, "tape": 0.07, "vinyl": 0.04, "radio": 0.02, "shellac": 0.01,
            "phone": 0.01}
"""Medium -> weight."""
BACKGROUNDS = {hiss: 4.0, room_tone: 3.0, hum: 2.0, babble: 1.0, applause: 0.3, traffic: 0.5, wind: 0.3}
"""Ambience -> weight, of a recording that has one."""
WOW = 3e-4
"""Seconds by which a tape may wander: a third of a millisecond, no label sees it."""


def draw_carrier(rng: np.random.Generator) -> str:
    """Name of a medium, one of CARRIERS."""
    return draw(rng, CARRIERS)


def carry(sound: np.ndarray, carrier: str, rate: int, rng: np.random.Generator) -> np.ndarray:
    """(2, samples) as it comes back from the medium, float32."""
    if carrier == "lossy":
        return transcode(sound, draw_codec(rng), rate)
    if carrier == "rate":
        half = 0.5 * float(rng.choice([8_000, 11_025, 16_000, 22_050, 24_000, 32_000], p=[0.08, 0.12, 0.3, 0.3, 0.1, 0.1]))
        return filtered(sound, lowpass(0.9 * half, 8, rate))
    if carrier == "tape":
        return _tape(sound, rate, rng)
    if carrier == "vinyl":
        out = filtered(sound, shelf(80, between(rng, -3, 3), False, rate), lowpass(between(rng, 9_000, 16_000), 2, rate))
        return add_noise(wander(out, rate, 0.55, between(rng, 0.2, 1.0) * WOW, rng), crackle(sound.shape[1], rate, rng), between(rng, -60, -30))
    if carrier == "radio":
        out = _mono(filtered(sound, highpass(between(rng, 60, 200), 2, rate), lowpass(between(rng, 3500, 6000), 4, rate)))
        return add_noise(saturate(out, between(rng, 1, 4), 0.1), hiss(sound.shape[1], rate, rng), between(rng, -45, -25))
    if carrier == "shellac":
        out = _mono(filtered(sound, highpass(between(rng, 100, 250), 2, rate), bell(1800, between(rng, 2, 8), 0.8, rate),
                             lowpass(between(rng, 3500, 6500), 3, rate)))
        out = add_noise(wander(out, rate, 1.3, between(rng, 0.2, 1.0) * WOW, rng), crackle(sound.shape[1], rate, rng), between(rng, -35, -15))
        return add_noise(out, hiss(sound.shape[1], rate, rng), between(rng, -35, -18))
    if carrier == "phone":
        return saturate(_mono(filtered(sound, highpass(300, 3, rate), lowpass(3400, 6, rate))), between(rng, 1, 3), 0.0)
    return sound


def background(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The recording with some ambience under it, 70 to 15 dB below its RMS, seldom more than -35."""
    kind = draw(rng, BACKGROUNDS)
    return add_noise(sound, kind(sound.shape[1], rate, rng), -15 - 55 * rng.random() ** 0.5)


def add_noise(sound: np.ndarray, noise: np.ndarray, level: float) -> np.ndarray:
    """Noise of unit RMS added at `level` dB relative to the RMS of the sound (to full scale where that is silent)."""
    rms = float(np.sqrt(np.mean(sound**2))) or 1.0
    return sound + np.float32(rms * 10 ** (level / 20)) * noise


def _tape(sound: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    out = saturate(sound, between(rng, 0.5, 3.0), between(rng, 0, 0.1))
    out = filtered(out, bell(between(rng, 60, 120), between(rng, 0, 4), 0.8, rate), lowpass(between(rng, 7_000, 17_000), 2, rate))
    out = wander(out, rate, between(rng, 0.5, 9.0), between(rng, 0.2, 1.0) * WOW, rng)
    return add_noise(out, hiss(sound.shape[1], rate, rng), between(rng, -65, -35))


def _mono(sound: np.ndarray) -> np.ndarray:
    return np.repeat(sound.mean(axis=0, keepdims=True), len(sound), axis=0)
