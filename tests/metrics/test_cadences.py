"""How chorales begin and end: each share on an example that has it and on one that has not."""

import numpy as np
import pytest

from onpu.metrics.cadences import evaluate, shares
from onpu.music.chorale import STEPS, Chorale

C, G, F, AM, FIRST_INVERSION = (72, 67, 64, 48), (71, 67, 62, 55), (72, 69, 65, 53), (72, 69, 64, 57), (72, 67, 60, 52)


def chords(*columns, key="C:major", fermata=()):
    pitches = np.repeat(np.array(columns).T, STEPS, axis=1)
    attacks = np.arange(pitches.shape[1])[None] % STEPS == np.zeros((4, 1), int)
    ends = np.isin(np.arange(pitches.shape[1]) // STEPS, [*fermata, len(columns) - 1])
    return Chorale(pitches, attacks, ends, np.array([0]), 4, key).validate()


MINOR_IV = (72, 68, 65, 53)


@pytest.mark.parametrize(("columns", "key", "name", "value"), [
    ((C, G, C), "C:major", "Final chord the tonic", 1.0), ((C, C, G), "C:major", "Final chord the tonic", 0.0),
    ((C, G, FIRST_INVERSION), "C:major", "Final chord the tonic", 0.0),
    ((C, G, C), "F:major", "Final chord the tonic", 0.0), ((AM, G, AM), "A:minor", "Final chord the tonic", 1.0),
    ((AM, G, (73, 69, 64, 57)), "A:minor", "Final chord the tonic", 1.0),
    ((C, G, C), "C:major", "First chord in the key", 1.0), ((MINOR_IV, C), "C:major", "First chord in the key", 0.0),
    (((71, 68, 64, 52), AM), "A:minor", "First chord in the key", 1.0),
    ((F, C), "C:major", "First chord the tonic", 0.0), ((FIRST_INVERSION, C), "C:major", "First chord the tonic", 1.0),
    ((C, G, C), "C:major", "Final cadence authentic", 1.0), ((C, F, C), "C:major", "Final cadence authentic", 0.0),
    ((C, G, C), "G:major", "Notes of the scale", 1.0), ((C, F), "G:major", "Notes of the scale", 6 / 8)])
def test_each_share(columns, key, name, value):
    assert evaluate([chords(*columns, key=key)])[name] == pytest.approx(value)


def test_phrases_are_counted_together():
    assert shares(chords(C, FIRST_INVERSION, C, fermata=(1,)))["Phrases on root triads"] == [False, True]
    both = [chords(C, G, C), chords(C, FIRST_INVERSION, C, fermata=(1,))]
    assert evaluate(both)["Phrases on root triads"] == pytest.approx(2 / 3)
    assert evaluate([]) == {}
