"""Speech, which is not singing."""

import numpy as np
import soxr

from onpu.engine.render.voice.formants import speak as babbled
from onpu.engine.render.voice.tts import read_aloud, speakers

SYNTHETIC_CHANCE = 0.2
"""Chance of the voice without text-to-speech although programs are there."""


def speak(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """One person speaking with pauses, no beat: float32 (samples,). Numbers read aloud, or speech of no language."""
    voices = speakers()
    if not voices or rng.random() < SYNTHETIC_CHANCE:
        return babbled(samples, rate, rng)
    speaker = voices[int(rng.integers(len(voices)))]
    out = np.zeros(samples, dtype=np.float32)
    at = int(0.5 * rate * rng.random())
    while at < samples:
        sound, native = read_aloud(speaker, rng)
        if len(sound) < native:
            return babbled(samples, rate, rng)
        sound = soxr.resample(sound.astype(np.float32), native, rate)[: samples - at]
        out[at : at + len(sound)] += sound
        at += len(sound) + round(rate * float(rng.gamma(1.5, 0.35)))
    return out
