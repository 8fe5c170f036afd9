"""Riffs: one or two bars of a pentatonic figure over the root, the same for all who play it."""

import numpy as np

from onpu.engine.compose.accompany import near
from onpu.engine.compose.draw import draw
from onpu.engine.compose.lines import Cells, MelodyStyle
from onpu.engine.compose.melody import contour, rhythm
from onpu.engine.compose.sketch import Note, Sketch

_CELLS: Cells = {
    1.0: {"xx": 3, "x": 2, "x-xx": 1, ".x": 1.5, "xxxx": 0.6, "x--x": 0.7},
    1.5: {"xxx": 2, "x-x": 2, ".xx": 1, "x--": 1},
    2.0: {
        "x--x": 2, "xx-x": 2, ".xxx": 1, "x-xx": 2, "x--x--x-": 1.5, "xx.xx.x.": 1, "x---": 0.7, "xxxx": 2,
        "x.x.xxx.": 1}}
_STEPS = {
    "minor": (-5, -2, 0, 0, 3, 5, 7, 10, 12),
    "major": (-5, -3, 0, 0, 2, 4, 7, 9, 12),
    "blues": (-2, 0, 0, 3, 5, 6, 7, 10, 12),
    "heavy": (0, 0, 0, 1, 3, 5, 6, 7),
    "mixolydian": (-2, 0, 0, 2, 4, 5, 7, 10)}
"""Semitones over the root to choose from; the root stands twice, for it comes often."""

_IN_MINOR = {"minor": 3.0, "blues": 2.0, "heavy": 1.0}
_IN_MAJOR = {"major": 2.0, "blues": 2.0, "mixolydian": 2.0, "minor": 1.0}


def riff(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """The section's riff, moved to the root of each bar's chord."""
    if not sketch.shared.riff:
        sketch.shared.riff.extend(_invent(sketch, rng))
    bars = sketch.shared.riff
    low = register if register < 48 else 45
    notes = []
    for bar, start in enumerate(sketch.starts[:-1]):
        root = near(sketch.at(start).root, low)
        notes += [Note(start + offset, length, root + step, 1.1 if offset == 0 else 1.0, 0)
                  for offset, length, step in bars[bar % len(bars)]]
    return notes


def riff_chords(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """The riff with a fifth on each of its notes."""
    return [Note(note.start, note.length, note.pitch + up, note.accent, index)
            for note in riff(sketch, register, rng) for index, up in enumerate((0, 7))]


def _invent(sketch: Sketch, rng: np.random.Generator) -> list[list[tuple[float, float, int]]]:
    signature, line = sketch.signatures[0], MelodyStyle(_CELLS)
    steps = _STEPS[draw(rng, _IN_MINOR if sketch.key.minor else _IN_MAJOR)]
    first = rhythm(line, signature, rng)
    bars = []
    for index in range(2):
        cells = first if index == 0 or rng.random() < 0.5 else rhythm(line, signature, rng)
        place = 2
        bar = []
        for cell, move in zip(cells, contour(len(cells), 0.3, rng), strict=True):
            place = min(len(steps) - 1, max(0, place + move))
            bar.append((cell.offset, cell.length * 0.9, 0 if cell.offset == 0 else steps[place]))
        bars.append(bar)
    return bars if rng.random() < 0.7 else bars[:1]
