"""Passages that nobody wrote: melodies of a scale over a bass of roots and a beat, as a file to learn from."""

from pathlib import Path

import numpy as np

from onpu.data.corpora.passages import SIDE_OF_TENTH, Passages
from onpu.music.passage import BAR, HOLD, KIT, OFF, Passage

SCALE = (0, 2, 4, 5, 7, 9, 11)
ROOTS = {"C:maj": 36, "A:min": 33, "F:maj": 41, "G:7": 43}


def passage(number: int, bars: int = 16) -> Passage:
    """Eighths and quarters, now and then a rest."""
    rng = np.random.default_rng(number)
    melody, bass = np.full(bars * BAR, HOLD), np.full(bars * BAR, HOLD)
    for step in range(0, bars * BAR, 2):
        if step % 4 == 0 or rng.random() < 0.4:
            melody[step] = 60 + int(rng.choice(SCALE)) + 12 * int(rng.random() < 0.3)
        elif rng.random() < 0.1:
            melody[step] = OFF
    chords = tuple(ROOTS)[number % 4 :] + tuple(ROOTS)[: number % 4]
    labels = tuple(chords[bar % 4] for bar in range(bars))
    bass[::BAR] = [ROOTS[label] for label in labels]
    drums = np.zeros((bars * BAR, len(KIT)), bool)
    drums[::8, 0] = drums[4::8, 1] = drums[::2, 2] = True
    drums[rng.integers(bars * BAR, size=bars), 3] = True
    return Passage({"melody": melody, "bass": bass, "drums": drums}, labels, f"passage {number}").validate()


def write_passages(path: Path, count: int, bars: int = 16) -> Path:
    """Write a file of so many and return its path; of ten one is for tests and one to judge by."""
    found = [(passage(number, bars), SIDE_OF_TENTH.get(number % 10, "train")) for number in range(1, count + 1)]
    Passages.of(found, {"source": "tests", "licence": "CC0-1.0", "commercial_use": True}).write(path)
    return path
