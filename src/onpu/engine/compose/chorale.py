"""Four voices in the manner of a chorale."""

from collections.abc import Callable

import numpy as np

from onpu.engine.compose.accompany import near
from onpu.engine.compose.draw import draw
from onpu.engine.compose.sketch import Note, Sketch

_CENTRES = (72, 66, 59, 48)
"""MIDI pitches about which soprano, alto, tenor and bass lie."""


def _voices(sketch: Sketch, rng: np.random.Generator) -> list[list[Note]]:
    """Four voices, chord by chord, close to where they were; passing notes fill thirds. Soprano first."""
    if sketch.shared.voices:
        return sketch.shared.voices
    last = list(_CENTRES)
    voices: list[list[Note]] = [[], [], [], []]
    passing = rng.random() * 0.5
    for time, length in _chorale_rhythm(sketch, rng):
        chord = sketch.at(time)
        bass = near(chord.lowest, round((last[3] + 2 * _CENTRES[3]) / 3))
        pitches = [0, 0, 0, bass]
        taken = {bass % 12} if len(chord.classes) > 3 else set()
        ceiling = 82
        for voice in range(3):
            goal = (2 * last[voice] + _CENTRES[voice]) / 3 + (rng.random() * 4 - 2 if voice == 0 else 0)
            options = [pitch for pitch in range(bass + 1, ceiling) if pitch % 12 in chord.classes]
            fresh = [pitch for pitch in options if pitch % 12 not in taken and abs(pitch - goal) < 8]
            pitches[voice] = _nearest(fresh or options or [ceiling - 1], goal)
            taken.add(pitches[voice] % 12)
            ceiling = pitches[voice]
        for row, pitch in zip(voices, pitches, strict=True):
            if row and 3 <= abs(pitch - row[-1].pitch) <= 4 and row[-1].length >= 0.9 and rng.random() < passing:
                before = row[-1]
                half = before.length / 2
                low, high = sorted((pitch, before.pitch))
                between = next((tone for tone in range(low + 1, high) if tone % 12 in sketch.key.scale), pitch)
                row[-1:] = [before._replace(length=half), Note(before.start + half, half, between, 0.9, 0)]
            row.append(Note(time, length, pitch, 1.0, 0))
        last = pitches
    sketch.shared.voices.extend(voices)
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


def voice_of(number: int) -> Callable[[Sketch, int, np.random.Generator], list[Note]]:
    """The part of one voice, 0 soprano to 3 bass, in the octave nearest to the player's register."""

    def part(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
        shift = 12 * round((register - _CENTRES[number]) / 12)
        return [note._replace(pitch=note.pitch + shift) for note in _voices(sketch, rng)[number]]

    return part


def chorale(sketch: Sketch, register: int, rng: np.random.Generator) -> list[Note]:
    """All four voices on one instrument."""
    return [note for voice in _voices(sketch, rng) for note in voice]
