"""What fast hands do on a keyboard: scales, arpeggios, octaves, thirds, trills, repeated notes, full chords."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.lines import LINES
from onpu.engine.compose.melody import sing
from onpu.engine.compose.sketch import Note, Sketch

Stroke = tuple[int, ...]
"""Pitches struck at once."""

_LOWEST, _HIGHEST = 21, 108
_REACH = 24
_KINDS = {"scale": 3.0, "arpeggio": 3.0, "octaves": 1.0, "broken octaves": 0.8, "thirds": 0.8, "sixths": 0.5,
          "trill": 0.6, "tremolo": 0.7, "repeated": 0.8, "chromatic": 0.8, "turn": 1.2, "zigzag": 1.5, "chords": 0.8,
          "pairs": 0.7, "bells": 0.4}
_FAST = {2.0: 0.5, 3.0: 1.5, 4.0: 4.0, 6.0: 2.0, 8.0: 1.0}
_CALM = {1.0: 0.5, 1.5: 0.5, 2.0: 3.0, 3.0: 1.5, 4.0: 1.5}
"""Strokes a quarter -> weight."""
_TOPS = ("hymn", "dotted", "classical", "lyrical", "syncopated")


def _step(pitch: int, steps: int, classes: frozenset[int]) -> int:
    """The pitch so many members of the set of pitch classes further up or down."""
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        pitch += direction
        while pitch % 12 not in classes:
            pitch += direction
    return pitch


def _strokes(kind: str, count: int, pitch: int, direction: int, scale: frozenset[int], tones: frozenset[int],
             middle: int) -> Iterator[Stroke]:
    """`count` strokes of a kind that begin at a pitch and turn round where they stray too far from the middle."""
    for index in range(count):
        low, high = max(_LOWEST, middle - _REACH), min(_HIGHEST, middle + _REACH)
        if pitch > high - 12:
            direction = -1
        elif pitch < low + 1:
            direction = 1
        upper = _step(pitch, 1, scale)
        yield {
            "octaves": (pitch, pitch + 12),
            "broken octaves": (pitch + 12 * (index % 2),),
            "thirds": (pitch, _step(pitch, 2, scale)),
            "sixths": (pitch, _step(pitch, 5, scale)),
            "trill": (upper if index % 2 else pitch,),
            "tremolo": (pitch,) if index % 2 else (_step(pitch, 2, tones), _step(pitch, 3, tones)),
            "turn": ((pitch, upper, pitch, _step(pitch, -1, scale))[index % 4],),
            "chords": (pitch, _step(pitch, 1, tones), _step(pitch, 2, tones)),
            "pairs": (pitch,) if index % 2 else (_step(pitch, 2, tones),),
            "bells": (pitch, pitch + 7, pitch + 12),
        }.get(kind, (pitch,))
        match kind:
            case "trill":
                continue
            case "arpeggio" | "pairs" | "chords":
                pitch = _step(pitch, direction, tones)
            case "tremolo" | "repeated" | "turn" | "bells":
                if index % 4 == 3:
                    pitch = _step(pitch, direction, tones if kind == "tremolo" else scale)
            case "chromatic":
                pitch += direction
            case "zigzag":
                pitch = _step(pitch, 2 * direction if index % 2 == 0 else -direction, scale)
            case "broken octaves":
                if index % 2:
                    pitch = _step(pitch, direction, scale)
            case _:
                pitch = _step(pitch, direction, scale)


def _passage(paces: Mapping[float, float]) -> Callable[[Sketch, int, np.random.Generator], list[Note]]:
    """Passage work: two or three kinds that alternate by the bar, at one of the paces."""

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        pace, touch = draw(rng, paces), between(rng, 0.5, 1.15)
        kinds = [draw(rng, _KINDS) for _ in range(pick(rng, (1, 2, 2, 3)))]
        rests, changing = 0.25 * rng.random(), rng.random() < 0.3
        pitch = register
        notes: list[Note] = []
        for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
            kind = kinds[bar % len(kinds)]
            if changing:
                pace = draw(rng, paces)
            beats = 1 if rng.random() < 0.5 else signature.beats
            for beat in range(0, signature.beats, beats):
                here, length = start + beat * signature.beat, min(beats, signature.beats - beat) * signature.beat
                tones = frozenset(sketch.at(here).classes)
                pitch = _step(pitch - 1, 1, tones) if abs(pitch - register) < 15 else _step(register, 1, tones)
                if rng.random() < rests:
                    notes.append(Note(here, length * touch, pitch, 1.1, 0))
                    continue
                per = pace * (1.5 if signature.compound and pace in (2.0, 4.0) else 1.0)
                slow = kind in ("chords", "bells", "octaves") and per > 4
                count = max(1, round(length * per / (2 if slow else 1)))
                unit = length / count
                direction = 1 if rng.random() < (0.5 if abs(pitch - register) < 7 else float(pitch < register)) else -1
                for index, stroke in enumerate(_strokes(kind, count, pitch, direction, frozenset(sketch.scale(here)),
                                                        tones, register)):
                    accent = 1.1 if index == 0 else 0.95
                    notes += [Note(here + index * unit, unit * touch, min(max(key, _LOWEST), _HIGHEST), accent, 0)
                              for key in stroke]
                    pitch = stroke[0]
        return notes

    return part


def full_chords(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """A melody as the top of chords of three to six notes, the lower ones softer."""
    size, balance = pick(rng, (3, 4, 4, 5, 6)), between(rng, 0.55, 0.95)
    notes = []
    for top in sing(sketch, LINES[pick(rng, _TOPS)], register, 0.0, rng):
        tones = frozenset(sketch.at(max(top.start, 0.0)).classes)
        key, last = top.pitch, max(top.pitch - 16, _LOWEST)
        notes.append(top)
        for _ in range(size - 1 if top.length > 0.3 or rng.random() < 0.4 else 1):
            key = _step(key, -1, tones)
            if key >= last:
                notes.append(Note(top.start, top.length, key, top.accent * balance, 0))
    return notes


passage, calm_passage = _passage(_FAST), _passage(_CALM)
