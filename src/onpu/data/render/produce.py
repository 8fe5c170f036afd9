"""Stems -> a record: balance, equaliser, room, compression, medium, level. A pure function of stems and seed."""

import numpy as np

from onpu.data.compose.draw import between, draw
from onpu.data.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.data.render.loudness import loudness
from onpu.data.render.room import draw_room, impulse_response, reverberate
from onpu.music import Audio, Stems

KINDS = {"studio": 0.6, "live": 0.2, "demo": 0.2}


def produce(stems: Stems, seed: int) -> Audio:
    """Mix and master. Stereo, the length of the stems, float32, within ±1. No part of it moves an onset by 1 ms."""
    rng = np.random.default_rng(seed)
    kind = draw(rng, KINDS)
    rate = stems.rate
    gains = 10 ** (rng.normal(0, 3, len(stems.names)) / 20)
    mix = np.zeros(stems.samples.shape[1:], dtype=np.float32)
    send = np.zeros_like(mix)
    for stem, gain in zip(stems.samples, gains, strict=True):
        sound = stem * np.float32(gain)
        if kind == "demo":
            sound = np.repeat(sound.mean(axis=0, keepdims=True), 2, axis=0)
        else:
            sound = filtered(sound, bell(between(rng, 150, 6000), between(rng, -6, 6), 0.8, rate))
            send += sound * np.float32(between(rng, 0.0, 1.0))
        mix += sound
    if kind != "demo":
        wet = between(rng, 0.05, 0.4) if kind == "studio" else between(rng, 0.4, 1.2)
        mix += np.float32(wet) * reverberate(send, impulse_response(draw_room(rng), rate))
        mix = filtered(mix, shelf(between(rng, 80, 300), between(rng, -6, 4), False, rate),
                       shelf(between(rng, 2000, 8000), between(rng, -9, 6), True, rate), highpass(25, 2, rate))
    if rng.random() < 0.3:
        mix = filtered(mix, lowpass(between(rng, 4000, 16000), 4, rate))
    level = loudness(mix, rate)
    target = between(rng, -30, -9)
    if np.isfinite(level):
        mix *= np.float32(10 ** ((target - level) / 20))
    mix += rng.standard_normal(mix.shape, dtype=np.float32) * np.float32(10 ** (between(rng, -100, -60) / 20))
    peak = float(np.abs(mix).max(initial=0.0))
    if peak > 0.99:
        mix = np.tanh(mix) if rng.random() < 0.5 else mix * np.float32(0.99 / peak)
    return Audio(np.clip(mix, -1, 1), rate)
