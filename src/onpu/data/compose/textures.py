"""What a player can do with a section, by name: figures, melodies, and the parts that need a rule of their own."""

from collections.abc import Callable

import numpy as np

from onpu.data.compose.accompany import accompany, approach, ladder, near
from onpu.data.compose.draw import draw, pick
from onpu.data.compose.figures import FIGURES
from onpu.data.compose.lines import LINES, Cells, Line
from onpu.data.compose.melody import contour, rhythm, sing
from onpu.data.compose.pattern import read
from onpu.data.compose.sketch import Note, Sketch

Rule = Callable[[Sketch, int, np.random.Generator], list[Note]]


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
                options = [tone for tone in ladder(span.chord, near(span.chord.lowest,
                    register))[:5] if 0 < abs(tone - pitch) < 8]
                pitch = pick(rng, options) if options else pitch + 2
            notes.append(Note(time, signature.beat * 0.92, pitch, 1.0, 0))
            if rng.random() < 0.08:
                notes.append(Note(time + signature.beat * (2 / 3 if signature.compound else 0.5), signature.beat * 0.3,
                    pitch, 0.6, 0))
    return notes


_RIFF_CELLS: Cells = {1.0: {"xx": 3, "x": 2, "x-xx": 1, ".x": 1.5, "xxxx": 0.6, "x--x": 0.7},
               1.5: {"xxx": 2, "x-x": 2, ".xx": 1, "x--": 1},
               2.0: {"x--x": 2, "xx-x": 2, ".xxx": 1, "x-xx": 2, "x--x--x-": 1.5, "xx.xx.x.": 1, "x---": 0.7, "xxxx": 2,
                   "x.x.xxx.": 1}}
_PENTATONIC = {"minor": (-5, -2, 0, 0, 3, 5, 7, 10, 12), "major": (-5, -3, 0, 0, 2, 4, 7, 9, 12), "blues": (-2, 0, 0, 3,
    5, 6, 7, 10, 12),
               "heavy": (0, 0, 0, 1, 3, 5, 6, 7), "mixolydian": (-2, 0, 0, 2, 4, 5, 7, 10)}


def riff(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """The section's riff: one or two bars of a pentatonic figure on the root, the same for all who play it."""
    if "riff" not in sketch.shared:
        sketch.shared["riff"] = _make_riff(sketch, rng)
    bars: list[list[tuple[float, float, int]]] = sketch.shared["riff"]  # type: ignore[assignment]
    low = register if register < 48 else 45
    notes = []
    for bar, start in enumerate(sketch.starts[:-1]):
        root = near(sketch.at(start).root, low)
        for offset, length, step in bars[bar % len(bars)]:
            notes.append(Note(start + offset, length, root + step, 1.1 if offset == 0 else 1.0, 0))
    return notes


def riff_chords(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """The riff with a fifth on each of its notes."""
    return [Note(note.start, note.length, note.pitch + up, note.accent, index)
            for note in riff(sketch, register, rng) for index, up in enumerate((0, 7))]


def _make_riff(sketch: Sketch, rng: np.random.Generator) -> list[list[tuple[float, float, int]]]:
    signature = sketch.signatures[0]
    minor = sketch.key.minor
    kinds = {"minor": 3.0, "blues": 2.0, "heavy": 1.0} if minor else {"major": 2.0, "blues": 2.0, "mixolydian": 2.0,
        "minor": 1.0}
    steps = _PENTATONIC[draw(rng, kinds)]
    line = Line(_RIFF_CELLS)
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


def _voices(sketch: Sketch, rng: np.random.Generator) -> list[list[Note]]:
    """Four voices, chord by chord, close to where they were; passing notes fill thirds. Soprano first."""
    if "voices" in sketch.shared:
        return sketch.shared["voices"]  # type: ignore[return-value]
    centres = (72, 66, 59, 48)
    last = list(centres)
    voices: list[list[Note]] = [[], [], [], []]
    passing = rng.random() * 0.5
    for time, length in _chorale_rhythm(sketch, rng):
        chord = sketch.at(time)
        bass = near(chord.lowest, round((last[3] + 2 * centres[3]) / 3))
        pitches = [0, 0, 0, bass]
        taken = {bass % 12} if len(chord.classes) > 3 else set()
        ceiling = 82
        for voice in range(3):
            goal = (2 * last[voice] + centres[voice]) / 3 + (rng.random() * 4 - 2 if voice == 0 else 0)
            options = [pitch for pitch in range(bass + 1, ceiling) if pitch % 12 in chord.classes]
            fresh = [pitch for pitch in options if pitch % 12 not in taken and abs(pitch - goal) < 8]
            pitches[voice] = _nearest(fresh or options or [ceiling - 1], goal)
            taken.add(pitches[voice] % 12)
            ceiling = pitches[voice]
        for voice, pitch in enumerate(pitches):
            before = voices[voice][-1] if voices[voice] else None
            if before and 3 <= abs(pitch - before.pitch) <= 4 and before.length >= 0.9 and rng.random() < passing:
                half = before.length / 2
                voices[voice][-1] = before._replace(length=half)
                between = [p for p in range(min(pitch, before.pitch) + 1, max(pitch,
                    before.pitch)) if p % 12 in sketch.key.scale]
                voices[voice].append(Note(before.start + half, half, between[0] if between else pitch, 0.9, 0))
            voices[voice].append(Note(time, length, pitch, 1.0, 0))
        last = pitches
    sketch.shared["voices"] = voices
    return voices


def _nearest(pitches: list[int], goal: float) -> int:
    return min(pitches, key=lambda pitch: abs(pitch - goal))


def _chorale_rhythm(sketch: Sketch, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Start and length of each harmony: beats or halves, long at a phrase's end."""
    fine = draw(rng, {1: 2.0, 2: 1.0})
    places: list[float] = []
    for bar, (start, signature) in enumerate(zip(sketch.starts[:-1], sketch.signatures, strict=True)):
        marks = {start, *(span.start for span in sketch.spans if start <= span.start < start + signature.length)}
        if not sketch.phrase_end(bar):
            marks |= {start + beat * signature.beat for beat in range(0, signature.beats, fine)}
        places += sorted(marks)
    return [(a, b - a) for a, b in zip(places, [*places[1:], sketch.length], strict=True)]


def _voice(number: int) -> Rule:
    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        shift = 12 * round((register - (72, 66, 59, 48)[number]) / 12)
        return [note._replace(pitch=note.pitch + shift) for note in _voices(sketch, rng)[number]]

    return part


def chorale(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """All four voices on one instrument."""
    return [note for voice in _voices(sketch, rng) for note in voice]


def _invention(hand: int) -> Rule:
    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        """Two bars of running notes, then two of eighths, while the other hand does the contrary."""
        notes = []
        for running in (True, False):
            line = LINES["running" if running else "eighth line"]
            for note in sing(sketch, line, register, 0.0, rng):
                bar = sum(1 for start in sketch.starts[1:-1] if start <= note.start + 0.01)
                if (bar // 2 % 2 == hand) == running:
                    notes.append(note)
        return sorted(notes)

    return part


def drone(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """Long tones on root and fifth under everything: a drone."""
    root = near(sketch.key.tonic, min(register, 48))
    return [Note(start, length, root + up, 0.8, 0) for start, length in
            zip(sketch.starts[:-1], np.diff(sketch.starts).tolist(), strict=True) for up in (0, 7)]


def fills_between(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """Answers to the melody: a few notes at the ends of phrases, silence elsewhere."""
    notes = []
    for bar, start in enumerate(sketch.starts[:-1]):
        if sketch.phrase_end(bar) or rng.random() < 0.12:
            pitch = register
            steps = read(pick(rng, ("....xxxx", "..x-xxxx", "....x-x-", "...xxxx-")), "4/4", sketch.signatures[bar])[0]
            for step in steps:
                scale = sketch.scale(start + step.offset)
                pitch += 1 if rng.random() < 0.5 else -2
                while pitch % 12 not in scale:
                    pitch += 1
                notes.append(Note(start + step.offset, step.length * 0.9, pitch, 0.9, 0))
    return notes


RULES: dict[str, Rule] = {
    "walking": walking, "riff": riff, "riff chords": riff_chords, "soprano": _voice(0), "alto": _voice(1),
        "tenor": _voice(2),
    "bass voice": _voice(3), "chorale": chorale, "invention right": _invention(0), "invention left": _invention(1),
    "drone": drone, "answers": fills_between,
}
"""Parts that follow a rule of their own."""

