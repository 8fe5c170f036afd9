"""Repeated notes: a slow line of which every note is struck again and again, evenly, with an accent on each beat or on
none: tremolo-picked guitars, bowed and tongued repetitions, studies."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.lines import LINES
from onpu.engine.compose.melody import sing
from onpu.engine.compose.sketch import Note, Sketch

_STRESSED = 1.25
"""Accent of a beat's first stroke over the note's."""
_COMPOUND = {2: 3, 3: 3, 4: 6}
"""Strokes a beat in simple metres -> in compound ones."""


def repeats(line: str, strokes: int, stressed: bool) -> Callable[[Sketch, int, np.random.Generator], list[Note]]:
    """A player of repeated notes.

    line: a name of `LINES` for the melody. strokes: strokes a beat of simple metres: 2, 3 or 4. stressed: whether the
    first stroke of each beat is louder.
    """

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        notes: list[Note] = []
        signature = sketch.signatures[0]
        beat = signature.beat
        stroke = beat / (_COMPOUND[strokes] if signature.compound else strokes)
        for note in sing(sketch, LINES[line], register, 0.0, rng):
            first = np.ceil(note.start / stroke - 0.01) * stroke
            for time in np.arange(first, note.start + note.length - 0.05, stroke).tolist():
                accent = note.accent * (_STRESSED if stressed and abs(time / beat - round(time / beat)) < 0.01 else 0.9)
                notes.append(Note(time, stroke * 0.9, note.pitch, accent, 0))
        return notes

    return part
