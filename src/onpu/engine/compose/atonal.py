"""Unrelated notes: any keys at any time for any length, so that nothing can be known from habit."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.engine.compose.sketch import Note, Sketch

ATONAL = "atonal"
"""Name of this harmony in styles: it has neither key nor chords."""

_KINDS = {"line": 2.0, "chords": 3.0, "clusters": 1.0, "voices": 2.0, "sprinkle": 2.0, "repeated": 1.0, "shake": 0.6,
          "sweep": 1.0, "octaves": 0.7}
_LOWEST, _HIGHEST = 21, 108
_KEYS = _HIGHEST - _LOWEST


def scattered(width: float, pace: float) -> Callable[[Sketch, int, np.random.Generator], list[Note]]:
    """Random notes, a few quarters in each manner.

    width: semitones around the register in which nearly all lie. pace: strokes a quarter, on average.
    """

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        notes: list[Note] = []
        start = 0.0
        while start < sketch.length - 0.5:
            length = min(between(rng, 1.5, 8.0), sketch.length - start)
            centre, spread = register + 0.4 * width * rng.standard_normal(), width * between(rng, 0.15, 0.6)
            speed = pace * np.exp(0.6 * rng.standard_normal())
            count = int(np.clip(length * speed, 1, 64))
            times = start + _places(count, length, rng)
            touch = np.exp(between(rng, -1.5, 1.2) + between(rng, 0.05, 0.8) * rng.standard_normal(count))
            loud = np.exp(between(rng, -0.5, 0.3) + between(rng, 0.05, 0.35) * rng.standard_normal(count))
            strokes = _strokes(draw(rng, _KINDS), count, centre, spread, rng)
            for time, share, accent, keys in zip(times.tolist(), touch.tolist(), loud.tolist(), strokes, strict=True):
                held = min(max(share / speed, 0.04), sketch.length - time)
                notes += [Note(time, held if rng.random() < 0.7 else held * between(rng, 0.3, 1.0), key,
                               accent * between(rng, 0.75, 1.15), 0) for key in sorted(set(keys))]
            start += length + (between(rng, 0.0, 2.0) if rng.random() < 0.2 else 0.0)
        return notes

    return part


def _places(count: int, length: float, rng: np.random.Generator) -> np.ndarray:
    """When the strokes fall: evenly, unevenly or anywhere; never at once."""
    steps = np.ones(count) if rng.random() < 0.5 else rng.exponential(1.0, count) + 0.08
    places = np.concatenate([[0.0], np.cumsum(steps[:-1])]) / steps.sum()
    return places * (length - 0.05)


def _strokes(kind: str, count: int, centre: float, spread: float, rng: np.random.Generator) -> list[list[int]]:
    """Keys of each stroke."""
    keys = _keys(centre + spread * rng.standard_normal((count, 10)))
    sizes = rng.integers(2, 11, count) if rng.random() < 0.3 else np.full(count, rng.integers(2, 6))
    one = keys[:, 0]
    match kind:
        case "line":
            return _keys(centre + np.cumsum(rng.integers(-4, 5, count)))[:, None].tolist()
        case "chords":
            return [row[:size].tolist() for row, size in zip(keys, sizes, strict=True)]
        case "clusters":
            return [list(range(key, min(key + size, _HIGHEST))) for key, size in zip(one, sizes, strict=True)]
        case "voices":
            other = _keys(centre - 14 + np.cumsum(rng.integers(-3, 4, count)))
            return [[low, high] if rng.random() < 0.6 else [high] for low, high in zip(other, one, strict=True)]
        case "repeated":
            return [[key] for key in np.repeat(one, rng.integers(2, 7))[:count].tolist()]
        case "shake":
            step = int(rng.integers(1, 4))
            return [[int(one[0]) + step * (index % 2)] for index in range(count)]
        case "sweep":
            return _keys(np.linspace(centre - 2 * spread, centre + 2 * spread, count)[::rng.choice([-1, 1])]
                         )[:, None].tolist()
        case "octaves":
            return [[key, key + 12] for key in np.minimum(one, _HIGHEST - 12).tolist()]
    return one[:, None].tolist()


def _keys(pitches: np.ndarray) -> np.ndarray:
    """The nearest keys; what lies beyond the keyboard is folded back."""
    folded = np.abs(np.rint(pitches).astype(int) - _LOWEST)
    return _LOWEST + _KEYS - np.abs(_KEYS - folded % (2 * _KEYS))
