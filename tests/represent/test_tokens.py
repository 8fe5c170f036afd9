"""Tokens of passages: there and back, and never outside their classes."""

import numpy as np
from passage_files import passage

from onpu.music.passage import BAR, HOLD, OFF, PARTS, Passage
from onpu.represent.tokens import CLASSES, decoded, encoded


def test_what_is_encoded_comes_back():
    for number in range(4):
        given = passage(number, 4)
        tokens = encoded(given, PARTS)
        assert tokens.shape == (3, 4 * BAR)
        assert all(0 <= row.min() and row.max() < CLASSES[part] for row, part in zip(tokens, PARTS, strict=True))
        back = decoded(tokens, PARTS).validate()
        assert all(np.array_equal(np.delete(back.parts[part], _needless(given, part)),
                                  np.delete(given.parts[part], _needless(given, part))) for part in ("melody", "bass"))
        assert np.array_equal(back.parts["drums"], given.parts["drums"])
        assert np.array_equal(encoded(back, PARTS)[2], tokens[2])


def _needless(given: Passage, part: str) -> np.ndarray:
    """Ends of what does not sound."""
    line = given.line(part)
    ends = np.flatnonzero(given.parts.get(part) == OFF)
    return ends[~np.isin(ends, line.ends)]


def test_any_tokens_are_a_passage():
    rng = np.random.default_rng(0)
    tokens = np.stack([rng.integers(CLASSES[part], size=64) for part in PARTS])
    found = decoded(tokens, PARTS).validate()
    assert np.array_equal(decoded(encoded(found, PARTS), PARTS).parts["melody"], found.parts["melody"])


def test_there_are_ninety_and_five_hundred_and_twelve_and_far_pitches_come_by_octaves():
    assert CLASSES == {"melody": 90, "bass": 90, "drums": 512}
    events = np.full(BAR, HOLD)
    events[:4] = 0, 20, 109, 127
    back = decoded(encoded(Passage({"melody": events}), ("melody",)), ("melody",)).parts["melody"]
    assert back[:4].tolist() == [24, 32, 97, 103]


def test_an_end_without_a_note_is_nothing():
    tokens = np.array([[1, 0, 41, 1, 1, 0, 42, 0] + [0] * 8])
    assert decoded(tokens, ("melody",)).parts["melody"][:8].tolist() == [HOLD, HOLD, 60, OFF, HOLD, HOLD, 61, HOLD]
