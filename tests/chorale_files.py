"""Chorales that nobody wrote, in the published format: quarter notes of a scale, each voice in its range."""

import gzip
import json
from pathlib import Path

import numpy as np

from onpu.music.chorale import RANGES, VOICES

SCALE = (0, 2, 4, 5, 7, 9, 11)


def row(number: int, bars: int = 4, tune: str | None = None) -> dict:
    """An entry of the list: an upbeat, bars of 4/4, eighths in the alto, a fermata at the end."""
    rng = np.random.default_rng(number)
    steps = 16 * bars
    entry = {"id": f"chor{number:03d}", "bwv": "", "title": "", "source": "", "form": "", "key": "C", "mode": "major",
             "key_signature_sharps": 0, "quarter_length_grid": 0.25, "length": steps, "time_signature": "4/4",
             "time_signature_changes": [], "sections": [], "bars": list(range(4, steps, 16)),
             "fermata": [0] * (steps - 4) + [1] * 4, "notes_off_grid": 0, "tune_group": tune or f"tune{number}"}
    for voice, (low, high) in zip(VOICES, RANGES, strict=True):
        inside = [pitch for pitch in range(low + 4, high - 3) if pitch % 12 in SCALE]
        length = 2 if voice == "alto" else 4
        entry[voice] = np.repeat(rng.choice(inside, steps // length), length).tolist()
        entry[f"{voice}_attack"] = ([1] + [0] * (length - 1)) * (steps // length)
    return entry


def write_chorales(path: Path, count: int) -> Path:
    """Write a file of so many and return its path."""
    path.write_bytes(gzip.compress(json.dumps([row(number) for number in range(count)]).encode()))
    return path
