"""What a player can do with a section, by name: figures, melodies, and the parts that need a rule of their own."""

from bisect import bisect_right
from collections.abc import Callable

import numpy as np

from onpu.engine.compose.accompany import accompany, approach, ladder, near
from onpu.engine.compose.atonal import scattered
from onpu.engine.compose.chorale import chorale, voice_of
from onpu.engine.compose.chug import chug
from onpu.engine.compose.draw import pick
from onpu.engine.compose.figures_customs import FIGURES
from onpu.engine.compose.keyboard import calm_passage, full_chords, passage
from onpu.engine.compose.lines import LINES
from onpu.engine.compose.melody import sing
from onpu.engine.compose.pattern import read
from onpu.engine.compose.repeats import repeats
from onpu.engine.compose.riff import riff, riff_chords
from onpu.engine.compose.sketch import Note, Sketch

Rule = Callable[[Sketch, int, np.random.Generator], list[Note]]
"""(material, register, rng) -> notes."""

_ANSWERS = ("....xxxx", "..x-xxxx", "....x-x-", "...xxxx-")


def play(sketch: Sketch, texture: str, register: int, push: float, pickup: float,
         rng: np.random.Generator) -> list[Note]:
    """The notes of one player over a section. texture: a name of `FIGURES`, `LINES` or `RULES`; the rest as there."""
    if texture in FIGURES:
        return accompany(sketch, FIGURES[texture], register, push, rng)
    if texture in LINES:
        return sing(sketch, LINES[texture], register, pickup, rng)
    return RULES[texture](sketch, register, rng)


def walking(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """A note on every beat: roots where chords change, chord and scale tones between, a step into the next root."""
    notes: list[Note] = []
    pitch = register
    for start, signature in zip(sketch.starts[:-1], sketch.signatures, strict=True):
        for beat in range(signature.beats):
            time = start + beat * signature.beat
            span = sketch.spans[sketch.index(time)]
            if abs(time - span.start) < 0.01 or beat == 0:
                pitch = near(span.chord.lowest, register if rng.random() < 0.7 else (register + pitch) // 2)
            elif span.end - time <= signature.beat + 0.01:
                pitch = approach(pitch, near(sketch.after(time).lowest, register), sketch.key.scale)
            else:
                tones = ladder(span.chord, near(span.chord.lowest, register))[:5]
                options = [tone for tone in tones if 0 < abs(tone - pitch) < 8]
                pitch = pick(rng, options) if options else pitch + 2
            notes.append(Note(time, signature.beat * 0.92, pitch, 1.0, 0))
            if rng.random() < 0.08:
                late = signature.beat * (2 / 3 if signature.compound else 0.5)
                notes.append(Note(time + late, signature.beat * 0.3, pitch, 0.6, 0))
    return notes


def _invention(hand: int) -> Rule:
    """Two bars of running notes, then two of eighths, while the other hand does the contrary."""

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        notes = []
        for running in (True, False):
            for note in sing(sketch, LINES["running" if running else "eighth line"], register, 0.0, rng):
                bar = bisect_right(sketch.starts, note.start + 0.01) - 1
                if (bar // 2 % 2 == hand) == running:
                    notes.append(note)
        return sorted(notes)

    return part


def drone(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """Long tones on root and fifth under everything: a drone."""
    root = near(sketch.key.tonic, min(register, 48))
    return [Note(start, length, root + up, 0.8, 0) for start, length in
            zip(sketch.starts[:-1], np.diff(sketch.starts).tolist(), strict=True) for up in (0, 7)]


def answers(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """Answers to the melody: a few notes at the ends of phrases, silence elsewhere."""
    notes = []
    for bar, start in enumerate(sketch.starts[:-1]):
        if not sketch.phrase_end(bar) and rng.random() >= 0.12:
            continue
        pitch = register
        for step in read(pick(rng, _ANSWERS), "4/4", sketch.signatures[bar])[0]:
            scale = sketch.scale(start + step.offset)
            pitch += 1 if rng.random() < 0.5 else -2
            while pitch % 12 not in scale:
                pitch += 1
            notes.append(Note(start + step.offset, step.length * 0.9, pitch, 0.9, 0))
    return notes


RULES: dict[str, Rule] = {
    "walking": walking, "riff": riff, "riff chords": riff_chords, "soprano": voice_of(0), "alto": voice_of(1),
    "tenor": voice_of(2), "bass voice": voice_of(3), "chorale": chorale, "invention right": _invention(0),
    "invention left": _invention(1), "drone": drone, "answers": answers,
    "passage": passage, "calm passage": calm_passage, "full chords": full_chords,
    "chug": chug(0.25, True), "chug low": chug(0.25, False), "chug eighths": chug(0.5, True),
    "chug eighths low": chug(0.5, False), "tremolo picked": repeats("sung slow", 4, False),
    "tremolo eighths": repeats("sung", 2, False), "repeated sixteenths": repeats("hymn", 4, True),
    "repeated eighths": repeats("sung slow", 2, True), "repeated triplets": repeats("sung slow", 3, True),
    "scattered": scattered(22, 2.2), "scattered near": scattered(9, 3.5), "scattered wide": scattered(34, 1.5),
}
"""Parts that follow a rule of their own."""
