"""What happens to a note besides its key: vibrato and slides as pitch bends, and the sustain pedal."""

from itertools import pairwise

import numpy as np

from onpu.engine.compose.draw import between, draw
from onpu.music import Notes

_STEP = 0.02
_HABITS = {"harmony": 3.0, "late": 1.5, "long": 0.7, "sparse": 2.0}
"""How the pedal is used -> weight."""
_LONGEST_SECONDS = 6.0
"""A harmony that lasts longer is pedalled more than once."""
_BENDING_GUITARS = set(range(26, 31))
_BOWED_OR_BLOWN = {22, 23, 85, 109, 110, 111, *range(40, 44), *range(52, 80)}


def bend(notes: Notes, program: int, sung: bool, rng: np.random.Generator) -> np.ndarray:
    """Pitch bends (m, 2), seconds and semitones from there on, of a line: vibrato that grows on long notes, slides into
    some, glides from note to note, and the bent strings of lead guitars. Singers, bows, breath and lead guitars have
    them, in most songs; others never."""
    guitar = program in _BENDING_GUITARS
    chance = 0.75 if sung or program in _BOWED_OR_BLOWN else 0.65 if guitar else 0.0
    if not len(notes.onsets) or rng.random() >= chance:
        return np.zeros((0, 2))
    depth, rate = between(rng, 0.05, 0.35) * (1.5 if guitar else 1.0), between(rng, 4.5, 6.8)
    slide = between(rng, 0.0, 1.2) if rng.random() < 0.6 else 0.0
    glide = between(rng, 0.03, 0.12) if rng.random() < 0.3 else 0.0
    pulled = between(rng, 0.1, 0.5) if guitar else 0.0
    ends = np.minimum(notes.offsets, np.append(notes.onsets[1:], np.inf))
    rows = []
    for index, (onset, end) in enumerate(zip(notes.onsets, ends, strict=True)):
        time = np.arange(0.0, max(end - onset, _STEP), _STEP)
        curve = depth * np.clip((time - 0.15) / 0.25, 0, 1) * np.sin(2 * np.pi * rate * (time - 0.15))
        step = notes.pitches[index] - notes.pitches[index - 1] if index else 0.0
        touching = index > 0 and onset - notes.offsets[index - 1] < 0.06
        if pulled and end - onset > 0.25 and rng.random() < pulled:
            curve += _pull(time, end - onset, rng)
        elif slide and end - onset > 0.25 and rng.random() < 0.3:
            curve -= slide * np.clip(1 - time / 0.09, 0, 1)
        elif glide and touching and 0 < abs(step) <= 7 and end - onset > 2 * glide:
            curve -= step * np.clip(1 - time / glide, 0, 1)
        rows.append(np.column_stack([onset + time, curve]))
    return np.round(np.concatenate(rows), 5)


def _pull(time: np.ndarray, length: float, rng: np.random.Generator) -> np.ndarray:
    """A string bent up to the note by a tone or a semitone, at once or late, sometimes let go again: semitones."""
    depth, start, rise = draw(rng, {2.0: 3.0, 1.0: 2.0}), between(rng, 0.0, 0.35) * length, between(rng, 0.05, 0.2)
    below = depth * np.clip(1 - (time - start) / rise, 0, 1)
    if rng.random() < 0.25 and length > 0.6:
        below = np.maximum(below, depth * np.clip((time - 0.75 * length) / rise, 0, 1))
    return -below


def draw_tuning(rng: np.random.Generator) -> float:
    """Semitones by which a recording is sharp: mostly 0, else up to 0.4 either way."""
    return round(float(np.clip(0.15 * rng.standard_normal(), -0.4, 0.4)), 4) if rng.random() < 0.35 else 0.0


def detuned(bends: np.ndarray, semitones: float) -> np.ndarray:
    """Pitch bends (m, 2) of a player who is so much sharp throughout."""
    if not semitones:
        return bends
    return np.concatenate([[[0.0, semitones]], bends + np.array([0.0, semitones])])


def press_pedal(changes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sustain pedal (k, 2), seconds down and up, as one of `_HABITS` has it: changed with the harmony a moment late, or
    later; held on over several harmonies; only now and then; always a few left out.

    changes (k + 1,): when harmonies begin, and when the last one ends, seconds.
    """
    habit, late, dry = draw(rng, _HABITS), between(rng, 0.02, 0.12), 0.25 * rng.random()
    edges = _parted(changes, rng)
    if habit == "long":
        edges = np.append(edges[:-1][:: 2 + int(rng.random() * 3)], edges[-1])
    lengths = np.diff(edges)
    waits = between(rng, 0.1, 0.45) * rng.random(len(lengths)) if habit == "late" else 0.0
    down = edges[:-1] + late + waits * lengths
    up = np.maximum(edges[1:] + between(rng, -0.05, 0.03), down + 0.05)
    if habit in ("late", "sparse") and rng.random() < 0.5:
        up = np.maximum(up - lengths * between(rng, 0.0, 0.4) * rng.random(len(lengths)), down + 0.05)
    up[:-1] = np.minimum(up[:-1], down[1:] - between(rng, 0.01, 0.06))
    kept = (rng.random(len(down)) >= (between(rng, 0.5, 0.9) if habit == "sparse" else dry)) & (up - down > 0.05)
    return np.round(np.column_stack([down, up])[kept], 6)


def _parted(changes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The changes, and others 1 to 5 s apart within every harmony that lasts longer than pianists hold the pedal."""
    edges = [changes[:1]]
    for start, end in pairwise(changes):
        if end - start > _LONGEST_SECONDS:
            steps = start + np.cumsum(rng.uniform(1.0, 5.0, int(end - start)))
            edges.append(steps[steps < end - 1.0])
        edges.append(np.array([end]))
    return np.concatenate(edges)
