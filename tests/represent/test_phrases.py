"""Phrases as numbers: every size is filled up, octaves are folded, chords stand where they begin."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.music.phrase import Phrase
from onpu.represent.phrases import BARS, FIRST, HIGHEST, LOWEST, NOTES, OUTSIDE, PLACES_PER_BAR, REST, encoded


def phrase(quarters, bars):
    steps = 4 * quarters * bars
    pitches = np.where(np.arange(steps) % 8 < 6, 60, 0)
    return Phrase(pitches, np.arange(steps) % 8 == 0, np.arange(steps // (8 if quarters == 4 else 12)) % 37, quarters,
                  "C:major")


@pytest.mark.parametrize(("quarters", "bars"), [(4, 8), (4, 1), (3, 8), (3, 2)])
def test_what_is_told_fits_the_melody(quarters, bars):
    given = phrase(quarters, bars)
    told = encoded(given)
    assert {name: len(values) for name, values in told.items()} == dict.fromkeys(
        ("notes", "begins", "place", "bar"), BARS * PLACES_PER_BAR) | dict.fromkeys(
        ("starts", "chords", "asked"), 2 * BARS)
    inside, slots = slice(given.steps), len(given.chords)
    assert np.array_equal(told["notes"][inside] == REST, given.pitches == 0)
    assert (told["notes"][given.steps :] == OUTSIDE).all() and (told["notes"][inside] != OUTSIDE).all()
    assert np.array_equal(told["begins"][inside], given.attacks) and told["asked"].sum() == slots
    assert np.array_equal(told["bar"][inside] * given.bar + told["place"][inside], np.arange(given.steps))
    assert np.array_equal(told["chords"][:slots], given.chords)
    assert told["starts"][:slots].tolist() == list(range(0, given.steps, given.slot))
    assert told["place"].max() < PLACES_PER_BAR and told["bar"].max() < BARS


def test_what_lies_beyond_is_told_octaves_nearer():
    given = phrase(4, 1)
    for pitch in range(1, 128):
        told = encoded(replace(given, pitches=np.where(given.pitches > 0, pitch, 0)))["notes"]
        heard = told[0] - FIRST + LOWEST
        assert FIRST <= told[0] < NOTES and (heard - pitch) % 12 == 0
        assert heard == pitch or not LOWEST <= pitch <= HIGHEST
