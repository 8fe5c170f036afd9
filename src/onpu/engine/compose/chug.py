"""Palm-muted riffs: low notes struck evenly and damped by the hand, with accents that ring; the same for guitars, bass
and bass drum. The accents fall into a cell that fills a beat or a bar, or into one of three, five or seven strokes that
goes across the bar lines until the riff begins anew."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.accompany import near
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.sketch import Note, Sketch, Stroke

_CELLS: dict[str, float] = {
    "X": 0.4, "Xo": 0.4, "Xoo": 1.6, "Xoooo": 0.8, "Xo.oo": 0.7, "XoX.o": 0.6, "XooXo": 0.8, "X.oXoo.": 0.7,
    "XooXooo": 0.8,
    "XooXoo": 0.5, "Xo.Xoo.oX.o": 0.4}
"""Accents (`X`), muted strokes (`o`) and rests of a cell that goes across bar lines -> weight."""

_BARS: dict[str, float] = {
    "X-oo": 0.8, "Xooo": 1.0, "X.ooX.oo": 1.0, "XooXooXo": 1.5, "Xo.oX.oo": 1.0, "X-..X-..": 0.5, "XoX.ooXo": 1.0,
    "oooooooX": 0.6, "X..X..X.": 1.0, "Xoo.Xoo.X.ooX-oo": 1.0, "XXooXooXooooX-..": 0.8, "X-------ooooooXX": 0.6,
    "X..oo.X.oo.X....": 0.8, "oo.X.oo.X.oo.X.X": 0.7, "Xooooooooooooooo": 0.5}
"""The same of cells that keep to the bar, in simple metres."""

_THREES: dict[str, float] = {"Xoo": 1.0, "X-o": 1.0, "X.o": 1.0, "XooXoX": 0.8, "XXoooo": 0.5, "ooX": 0.4,
                             "X-oX.X": 0.6}
"""The same in compound metres, where a beat has three strokes or six."""

_ACROSS = 0.45
"""Chance of a cell that goes across bar lines."""
_STEPS = (0, 0, 0, 1, 3, 5, 6, 7, 8, 10, 12)
"""Semitones of accents over the root, as often as they are drawn."""
_MUTED, _RINGING = 0.45, 0.95
"""Share of its time that a stroke sounds."""


def chug(stroke: float, fifths: bool) -> Callable[[Sketch, int, np.random.Generator], list[Note]]:
    """A player of the section's riff. stroke: quarters from stroke to stroke. fifths: accents are power chords."""

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        if not sketch.shared.chug:
            sketch.shared.chug.extend(_invent(sketch, stroke, rng))
        bars = sketch.shared.chug
        low = register if register < 48 else 43
        notes = []
        for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
            for offset, length, step, accented in bars[bar % len(bars)]:
                if offset > signature.length - 0.01:
                    continue
                root = near(sketch.at(start + offset).root, low) + step
                sounding = length * (_RINGING if accented else _MUTED)
                for rank, up in enumerate((0, 7) if fifths else (0,)):
                    notes.append(Note(start + offset, sounding, root + up, 1.2 if accented else 0.6, rank))
        return notes

    return part


def _invent(sketch: Sketch, stroke: float, rng: np.random.Generator) -> list[list[Stroke]]:
    """Bars of a riff that begins anew every one, two or four bars."""
    signature = sketch.signatures[0]
    per_bar, cycle = round(signature.length / stroke), draw(rng, {1: 0.7, 2: 1.5, 4: 1.0})
    if rng.random() < _ACROSS:
        cell, cycle = draw(rng, _CELLS), max(2, cycle)
        text = (cell * (cycle * per_bar // len(cell) + 1))[: cycle * per_bar]
    else:
        table = _THREES if signature.compound else _BARS
        bars = [_fitted(draw(rng, table), per_bar) for _ in range(2)]
        text = "".join(bars[1 if bar == cycle - 1 else 0] for bar in range(cycle))
    tones = [pick(rng, _STEPS) if rng.random() < 0.7 else 0 for _ in range(7)]
    accents = 0
    strokes: list[list[Stroke]] = [[] for _ in range(cycle)]
    for index, token in enumerate(text):
        if token in "Xo":
            ring = 1
            while token == "X" and index + ring < len(text) and text[index + ring] == "-":
                ring += 1
            step = tones[accents % len(tones)] if token == "X" and index % per_bar else 0
            accents += token == "X"
            strokes[index // per_bar].append(Stroke(index % per_bar * stroke, ring * stroke, step, token == "X"))
    return strokes


def _fitted(cell: str, length: int) -> str:
    return (cell * (length // len(cell) + 1))[:length]
