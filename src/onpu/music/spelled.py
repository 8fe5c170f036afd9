"""How the notes of voices that sound together are spelled: by the chords that they make, by where they go, by the key.

Names lie on the line of fifths (`onpu.music.spelling`). The tones of a triad lie within four places there, those of a
seventh chord within six, wrongly spelled ones far apart: E, G#, B is a chord of C major where E, Ab, B is none. So the
names are sought that are nearest to each other in every chord, to the centre of the key, and that let a voice move by
diatonic semitones and keep its name while it repeats: after Temperley, "The Cognition of Basic Musical Structures" (MIT
Press 2001), chapter 5, and Cambouropoulos, "Pitch spelling: a computational model", Music Perception 2003.

Deviations: a chord is a slice of the score, so that the names are found by dynamic programming over slices (Viterbi).
"""

from itertools import pairwise, product

import numpy as np

from onpu.music.arrays import Floats, Integers
from onpu.music.spelling import MINOR_MODES, fifths, name_of, parse_key
from onpu.music.spelling import names as names_in

CENTRE = {True: 1.0, False: 2.0}
"""Places from the tonic of a minor key, of a major one, to the middle of its notes."""
FARTHEST = 8.5
"""Places from there to the farthest names."""
SPREAD, DISTANCE, CHROMATIC, RENAMED = 1.0, 0.05, 1.5, 6.0
"""Costs: of a place between the outermost names of a slice; of the square of a place from the key's centre; of a voice
that moves by a semitone and keeps its letter; of one that repeats its pitch and does not."""


def spelled(pitches: np.ndarray, key: str) -> np.ndarray:
    """Places on the line of fifths of the notes of voices: (voices, slices).

    pitches: (voices, slices) MIDI pitch of what sounds, 0 in rests, a slice wherever a note begins. key: as in
    `A:minor`.
    """
    count, slices = pitches.shape
    if not slices:
        return np.zeros((count, 0), np.int64)
    tonic, mode = parse_key(key)
    centre = fifths(names_in(tonic, mode)[tonic]) + CENTRE[mode in MINOR_MODES]
    choices = [_named(column, centre) for column in pitches.T]
    costs = [_cost(named, pitches[:, 0] > 0, centre) for named in choices[:1]]
    came: list[np.ndarray] = []
    for (before, after), now in zip(pairwise(pitches.T), range(1, slices), strict=True):
        moves = _moved(choices[now - 1], choices[now], before, after)
        whole = costs[-1][:, None] + moves
        came.append(whole.argmin(axis=0))
        costs.append(whole.min(axis=0) + _cost(choices[now], after > 0, centre))
    best = [int(costs[-1].argmin())]
    for back in reversed(came):
        best.append(int(back[best[-1]]))
    found: Integers = np.stack([named[row] for named, row in zip(choices, reversed(best), strict=True)], axis=1)
    return found


def written(place: int, pitch: int) -> tuple[str, int, int]:
    """Letter, semitones that it is altered by, and octave (4 from middle C on) of a pitch with a name."""
    name = name_of(place)
    alter = name.count("#") - name.count("b")
    return name[0], alter, (pitch - alter) // 12 - 1


def _named(column: np.ndarray, centre: float) -> np.ndarray:
    """All ways to name a slice: (ways, voices); one pitch class has one name."""
    classes = sorted({int(pitch) % 12 for pitch in column if pitch})
    if not classes:
        return np.zeros((1, len(column)), np.int64)
    places = np.arange(int(np.ceil(centre - FARTHEST)), int(centre + FARTHEST) + 1)
    options = [places[7 * places % 12 == pitch_class].tolist() for pitch_class in classes]
    ways = np.array(list(product(*options)), np.int64)
    return ways[:, [classes.index(int(pitch) % 12) if pitch else 0 for pitch in column]]


def _cost(named: np.ndarray, sounds: np.ndarray, centre: float) -> np.ndarray:
    """Of each way to name a slice: (ways,)."""
    heard = named[:, sounds]
    if not heard.shape[1]:
        return np.zeros(len(named))
    spread = heard.max(axis=1) - heard.min(axis=1)
    cost: Floats = SPREAD * spread + DISTANCE * ((heard - centre) ** 2).sum(axis=1)
    return cost


def _moved(first: np.ndarray, second: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Of each way to name a slice after each way to name the one before: (ways before, ways)."""
    change = np.abs(second[None] - first[:, None])  # (ways before, ways, voices)
    both = (before > 0) & (after > 0)
    semitone, same = both & (np.abs(after - before) == 1), both & (after == before)
    cost: Floats = CHROMATIC * ((change == 7) & semitone).sum(axis=2) + RENAMED * ((change > 0) & same).sum(axis=2)
    return cost
