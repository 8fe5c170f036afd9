"""Chorales as numbers for networks: what each voice sings, whether it begins there, and what is known of the place.

Of each voice a *note* is an index: `OUTSIDE` before the beginning and after the end, `REST`, then the pitches from the
lowest up, with some to spare on either side of the voice's range. A *token* is what a voice does at a step (Hadjeres,
Pachet & Nielsen 2017, section 3.1): the note that begins there, or hold, the last index.
"""

from collections.abc import Mapping

import numpy as np

from onpu.errors import DataError
from onpu.music.chorale import RANGES, VOICES, Chorale
from onpu.music.spelling import MODES, parse_key

OUTSIDE, REST, FIRST = 0, 1, 2
SPARE_SEMITONES = 3
"""Semitones on either side of a range that can be told too."""
LOWEST = tuple(low - SPARE_SEMITONES for low, _ in RANGES)
NOTES = tuple(FIRST + high - low + 1 + 2 * SPARE_SEMITONES for low, high in RANGES)
"""Notes of each voice; hold is the token of that number."""
PLACES = 24
"""Places in the bar, in steps; longer bars begin over again."""


def encoded(chorale: Chorale, margin: int = 0) -> dict[str, np.ndarray]:
    """What networks are told, int64, with so many steps outside before and after it.

    notes: (4, steps) what sounds. tokens: (4, steps). fermata, place, tonic, mode: (steps,).
    Raises `DataError` when a voice leaves its range by more than `SPARE_SEMITONES`.
    """
    tonic, mode = parse_key(chorale.key)
    notes = np.stack([_notes(chorale, voice) for voice in range(len(VOICES))])
    begins = np.diff(notes, axis=1, prepend=OUTSIDE) != 0
    tokens = np.where(chorale.attacks | begins, notes, np.array(NOTES)[:, None])
    place = chorale.places() % PLACES
    before, after = place[0] - np.arange(margin, 0, -1), place[-1] + np.arange(1, margin + 1)
    around = (margin, margin)
    bar = min(chorale.quarters * 4, PLACES)
    return {"notes": np.pad(notes, ((0, 0), around)), "tokens": np.pad(tokens, ((0, 0), around)),
            "fermata": np.pad(chorale.fermata.astype(np.int64), around),
            "place": np.concatenate([before % bar, place, after % bar]),
            "tonic": np.full(len(place) + 2 * margin, tonic), "mode": np.full(len(place) + 2 * margin, mode_of(mode))}


def sounding(tokens: np.ndarray) -> np.ndarray:
    """What sounds at each step of the voices, whose tokens (4, steps) are given: what held notes began as."""
    held = tokens == np.array(NOTES)[:, None]
    begun = np.maximum.accumulate(np.where(held, 0, np.arange(tokens.shape[1])), axis=1)
    return np.take_along_axis(tokens, begun, axis=1)


def decoded(tokens: np.ndarray, like: Chorale) -> Chorale:
    """Inverse of `encoded` without margins: the chorale of these tokens (4, steps), the rest as in another one."""
    notes = sounding(tokens)
    pitches = np.stack([pitches_of(voice)[row] for voice, row in enumerate(notes)])
    attacks = (tokens >= FIRST) & (tokens < np.array(NOTES)[:, None])
    return Chorale(pitches, attacks, like.fermata, like.bars, like.quarters, like.key, like.name)


def pitches_of(voice: int) -> np.ndarray:
    """(notes,) MIDI pitch of each note of a voice, 0 outside and in rests."""
    note = np.arange(NOTES[voice])
    return np.where(note >= FIRST, note - FIRST + LOWEST[voice], 0)


def allowed() -> list[np.ndarray]:
    """Of each voice, which tokens (classes,) may be made up: its range and hold, no rests."""
    out = []
    for lowest, (low, high), count in zip(LOWEST, RANGES, NOTES, strict=True):
        token = np.arange(count + 1)
        pitch = token - FIRST + lowest
        out.append((token == count) | ((pitch >= low) & (pitch <= high)))
    return out


def mode_of(name: str) -> int:
    """Its number among `MODES`."""
    return list(MODES).index(name)


def masked(score: Mapping[str, np.ndarray], start: int, stop: int) -> dict[str, np.ndarray]:
    """Steps [start, stop) of an encoded score; what lies behind its end is outside."""
    missing = max(0, stop - score["place"].shape[-1])
    return {name: np.pad(values[..., start:stop], [(0, 0)] * (values.ndim - 1) + [(0, missing)])
            for name, values in score.items()}


def _notes(chorale: Chorale, voice: int) -> np.ndarray:
    pitches = chorale.pitches[voice]
    notes = np.where(pitches > 0, pitches - LOWEST[voice] + FIRST, REST)
    if ((pitches > 0) & (notes < FIRST)).any() or (notes >= NOTES[voice]).any():
        low, high = LOWEST[voice], LOWEST[voice] + NOTES[voice] - FIRST - 1
        raise DataError(f"{chorale.name or 'the chorale'}: the {VOICES[voice]} leaves MIDI pitches {low} to {high}; "
                        "transpose it")
    return notes
