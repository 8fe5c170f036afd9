"""Melodies from motifs: a rhythm and a contour that return, over chord and scale, to a phrase's cadence."""

import numpy as np

from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.lines import MelodyStyle
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.pattern import Step
from onpu.engine.compose.sketch import Note, Sketch

_PLANS = {"abac": 3.0, "aabc": 2.0, "abcc": 0.5, "aaac": 1.0, "abab": 1.0, "abcd": 0.7}
LOWEST_DOUBLED_PITCH = 21
"""MIDI number below which nothing is doubled: the lowest key of a piano."""


def sing(sketch: Sketch, line: MelodyStyle, register: int, pickup: float, rng: np.random.Generator) -> list[Note]:
    """A melody of the given kind over the section, around the register (about an octave and a half wide).

    pickup: chance that a phrase is led in by notes ahead of its first bar.
    """
    span = 8 + round(3 * line.leap)
    plan = draw(rng, _PLANS)
    motifs: dict[str, tuple[tuple[Step, ...], list[int]]] = {}
    notes: list[Note] = []
    pitch = register + round(rng.random() * 6 - 3)
    for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
        place = bar % sketch.phrase
        name = plan[place % 4] + signature.name
        if name not in motifs or (bar >= 2 * sketch.phrase and bar // sketch.phrase % 3 == 2 and place == 0):
            steps = rhythm(line, signature, rng)
            motifs[name] = steps, contour(len(steps), line.leap, rng)
        steps, moves = motifs[name]
        if sketch.phrase_end(bar):
            steps = _cadence(steps, signature, line.rest, rng)
            moves = moves[: len(steps)]
        if place == 0 and rng.random() < 0.5:
            pitch = (pitch + register) // 2
        for step, move in zip(steps, moves, strict=True):
            time = start + step.offset
            strong = step.offset in signature.accents or step.length >= signature.beat
            pitch = _next_pitch(sketch, time, pitch, move, strong, register, span)
            notes += _sound(time, step.length, pitch, line, signature, rng)
        if sketch.phrase_end(bar) and bar + 1 < len(sketch.signatures) and rng.random() < pickup:
            notes = _lead_in(notes, sketch, start + signature.length, pitch, signature, rng)
    if rng.random() < pickup:
        first = notes[0].pitch if notes else register
        notes = _lead_in([], sketch, 0.0, first - 2, sketch.signatures[0], rng) + notes
    return notes


def rhythm(line: MelodyStyle, signature: Signature, rng: np.random.Generator) -> tuple[Step, ...]:
    """A bar's rhythm, drawn group by group from the line's cells."""
    offset = 0.0
    steps: list[Step] = []
    for group in signature.groups:
        left = float(group)
        while left > 0.01:
            length = left if left in line.cells and (left == 1.5 or rng.random() < 0.75) else min(left, 1.0)
            if length not in line.cells:
                length = 1.0
            cell = draw(rng, line.cells[length])
            steps += [Step(offset + place * length / len(cell), _ring(cell, place) * length / len(cell), "x")
                      for place, token in enumerate(cell) if token == "x"]
            offset += length
            left -= length
    return tuple(steps) or (Step(0.0, signature.length, "x"),)


def _ring(cell: str, place: int) -> int:
    """Steps that the attack at `place` lasts."""
    end = place + 1
    while end < len(cell) and cell[end] == "-":
        end += 1
    return end - place


def contour(count: int, leap: float, rng: np.random.Generator) -> list[int]:
    """Scale steps from note to note: mostly by step, a direction kept for a while."""
    direction = 1 if rng.random() < 0.5 else -1
    moves = []
    for _ in range(count):
        if rng.random() < 0.35:
            direction = -direction
        size = 0 if rng.random() < 0.12 else 1
        if rng.random() < leap:
            size = 2 + int(rng.random() * 3)
        moves.append(direction * size)
    return moves


def _cadence(steps: tuple[Step, ...], signature: Signature, rest: float, rng: np.random.Generator) -> tuple[Step, ...]:
    """The bar that ends a phrase: its last sound is long, and silence may follow it."""
    keep = 1 + int(rng.random() * max(1, len(steps) // 2))
    kept = steps[:keep]
    end = signature.length - (signature.beat if rng.random() < rest else 0.0)
    last = kept[-1]
    return (*kept[:-1], Step(last.offset, max(0.25, min(end - last.offset, 2 * signature.beat)), last.token))


def _next_pitch(sketch: Sketch, time: float, pitch: int, move: int, strong: bool, register: int, span: int) -> int:
    """Move by scale steps, within the range, to a chord tone where the place is strong."""
    scale = sketch.scale(time)
    if abs(pitch - register) > span:
        move = abs(move) if pitch < register else -abs(move)
        move = move or (1 if pitch < register else -1)
    direction = 1 if move >= 0 else -1
    for _ in range(abs(move)):
        pitch += direction
        while pitch % 12 not in scale:
            pitch += direction
    tones = sketch.at(time).classes if strong else scale
    for distance in range(7):
        for candidate in (pitch + direction * distance, pitch - direction * distance):
            if candidate % 12 in tones:
                return candidate
    return pitch


def _sound(time: float, length: float, pitch: int, line: MelodyStyle, signature: Signature,
           rng: np.random.Generator) -> list[Note]:
    """The note with what the kind of line adds: an ornament, a chromatic neighbour, a doubling."""
    notes = [Note(time, length * line.legato, pitch, 1.0, 0)]
    if line.ornaments and length >= 0.5 and rng.random() < line.ornaments:
        turn = pick(rng, ((2, 0), (-1, 0), (1, 0), (0, 2, 0), (0, 2, 0, -1, 0)))
        step = min(0.12, length / (2 * len(turn)))
        notes = [Note(time + index * step, step, pitch + shift, 0.85, 0) for index, shift in enumerate(turn[:-1])]
        begin = time + (len(turn) - 1) * step
        notes.append(Note(begin, length * line.legato - (begin - time), pitch, 1.0, 0))
    elif line.chromatic and length <= 0.5 and time % signature.beat > 0.01 and rng.random() < line.chromatic:
        notes = [Note(time, length * line.legato, pitch + (1 if rng.random() < 0.5 else -1), 0.9, 0)]
    for interval, chance in line.doubled.items():
        if chance >= 1 or rng.random() < chance:
            notes += [Note(note.start, note.length, note.pitch - interval, note.accent * 0.85, 0) for note in notes
                      if note.pitch - interval >= LOWEST_DOUBLED_PITCH]
    return notes


def _lead_in(notes: list[Note], sketch: Sketch, end: float, pitch: int, signature: Signature,
             rng: np.random.Generator) -> list[Note]:
    """One to three notes that climb or fall by step into the bar that begins at `end`."""
    unit = signature.beat / 3 if signature.compound else draw(rng, {signature.beat / 2: 3.0, signature.beat: 1.5})
    count = 1 + int(rng.random() * (3 if unit < signature.beat else 1.5))
    start = end - count * unit
    kept = [note._replace(length=min(note.length, start - note.start)) for note in notes if note.start < start - 0.05]
    scale = sketch.scale(max(0.0, end))
    direction = 1 if rng.random() < 0.6 else -1
    for index in range(count):
        while pitch % 12 not in scale:
            pitch += direction
        kept.append(Note(start + index * unit, unit * 0.9, pitch, 0.85, 0))
        pitch += direction
    return kept
