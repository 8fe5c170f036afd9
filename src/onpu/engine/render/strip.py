"""A channel of the mixing desk: what is done to one stem before it is added to the others, each only sometimes."""

import numpy as np

from onpu.engine.compose.draw import between
from onpu.engine.render.delays import chorus, echo
from onpu.engine.render.dynamics import HOP, Compressor, compress, ramp, saturate
from onpu.engine.render.filters import bell, filtered, highpass, shelf

SILENT_RMS = 1e-7
"""RMS under which there is nothing to bring to a level."""
LINE_LEVEL_RMS = 0.3
"""RMS at which a stem drives the saturation."""
CHANCES = {"shelf": 0.3, "waver": 0.5, "tremolo": 0.04, "compressor": 0.4, "saturation": 0.15, "chorus": 0.07,
           "echo": 0.06}


def strip(sound: np.ndarray, name: str, rate: int, rng: np.random.Generator) -> np.ndarray:
    """Equaliser, unsteadiness, compressor, saturation, chorus and echo for (2, samples); the level is kept.

    Stems whose names begin with `drums` or `bass` keep their low end, steadiness and place in time.
    """
    used = {effect: rng.random() < chance for effect, chance in CHANCES.items()}
    rhythm = name.startswith(("drums", "bass"))
    sections = [highpass(between(rng, 20, 35) if rhythm else between(rng, 30, 180), 2, rate)]
    for _ in range(int(rng.integers(0, 3))):
        sections.append(bell(log_between(rng, 80, 9000), rng.normal(0, 4), between(rng, 0.4, 2), rate))
    if used["shelf"]:
        sections.append(shelf(between(rng, 3000, 9000), rng.normal(0, 4), True, rate))
    sound = filtered(sound, *sections)
    before = level_of(sound)
    if used["waver"] and not rhythm:
        sound = sound * _waver(sound.shape[1], rate, rng)
    if used["tremolo"] and not rhythm:
        sound = sound * _tremolo(sound.shape[1], rate, rng)
    if used["compressor"]:
        sound = compress(sound, Compressor(threshold=between(rng, -12, 6), ratio=between(rng, 1.5, 8),
                                           attack=between(rng, 0.001, 0.04), release=between(rng, 20, 200)), rate)
    if used["saturation"]:
        driven = sound * (np.float32(LINE_LEVEL_RMS) / level_of(sound))
        sound = saturate(driven, between(rng, 0.5, 6), between(rng, 0, 0.4))
    sound = sound * (before / level_of(sound))
    if used["chorus"] and not rhythm:
        sound = chorus(sound, rate, rng)
    if used["echo"] and not rhythm:
        sound = echo(sound, rate, rng)
    return sound


def level_of(sound: np.ndarray) -> np.float32:
    """Root of the mean square, never 0, so that it can be divided by. It is a dot product, since stems are long."""
    flat = sound.reshape(-1)
    return np.float32(max(float(np.sqrt(np.dot(flat, flat) / max(len(flat), 1))), SILENT_RMS))


def log_between(rng: np.random.Generator, low: float, high: float) -> float:
    """Uniform in the logarithm: as many draws in every octave."""
    return float(np.exp(between(rng, np.log(low), np.log(high))))


def _waver(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The unsteadiness of a player: random gain, up to 2 dB, changing 4 to 20 times a second."""
    speed = between(rng, 4, 20)
    knots = rng.normal(0, between(rng, 0.3, 2.0), int(samples / rate * speed) + 3)
    at = np.arange(-(-samples // HOP)) * HOP / rate * speed
    return ramp(10 ** (np.interp(at, np.arange(len(knots)), knots) / 20), samples)


def _tremolo(samples: int, rate: int, rng: np.random.Generator) -> np.ndarray:
    """The tremolo of an amplifier or a vibraphone, 2 to 9 Hz."""
    t = np.arange(-(-samples // HOP)) * HOP / rate
    depth = between(rng, 0.1, 0.5)
    return ramp(1 + depth * np.sin(2 * np.pi * (between(rng, 2, 9) * t + rng.random())), samples)
