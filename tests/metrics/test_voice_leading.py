"""Rules of voice leading, each on the shortest example that breaks it and on one that does not; copies."""

import numpy as np
import pytest

from onpu.metrics.copies import common_run, longest_copy
from onpu.metrics.voice_leading import counts, evaluate
from onpu.music.chorale import STEPS, Chorale


def chords(*columns, fermata=(), length=STEPS) -> Chorale:
    """A chorale of chords, soprano first, each a quarter long; repeated pitches begin anew."""
    pitches = np.repeat(np.array(columns).T, length, axis=1)
    attacks = (np.arange(pitches.shape[1]) % length == 0) & (pitches > 0)
    ends = np.isin(np.arange(pitches.shape[1]) // length, fermata)
    return Chorale(pitches, attacks, ends, np.array([0]), 4, "C:major").validate()


C, F, G = (72, 67, 64, 48), (72, 69, 65, 53), (71, 67, 62, 55)


@pytest.mark.parametrize(("columns", "broken"), [
    ([C, F, C], {}),
    ([(72, 67, 64, 48), (74, 67, 65, 50)], {"Parallel octaves": 1}),
    ([(67, 64, 60, 48), (69, 65, 60, 50)], {"Parallel fifths": 1}),
    ([(67, 64, 60, 48), (67, 64, 60, 48)], {}),  # nobody moves
    ([(67, 64, 60, 48), (64, 64, 60, 57)], {}),  # a twelfth and a fifth, by contrary motion
    ([(72, 67, 64, 52), (79, 67, 64, 55)], {"Hidden fifths, octaves": 1}),
    ([(72, 67, 64, 52), (74, 71, 62, 55)], {}),  # the soprano moves by step
    ([(81, 76, 72, 57)], {"Out of range": 3}),
    ([(64, 67, 60, 48)], {"Crossings": 1}),
    ([(79, 64, 60, 48)], {"Wide spacing": 1}),
    ([(72, 69, 64, 48), (72, 69, 63, 54)], {"Awkward leaps": 1}),
    ([(72, 67, 64, 48), (72, 67, 64, 60)], {}),  # an octave is none
])
def test_each_rule_counts_what_breaks_it(columns, broken):
    found = counts(chords(*columns))
    assert {name: value for name, value in found.items() if value and name != "Chords"} == broken
    assert found["Chords"] == len(columns)


def test_a_phrase_ends_at_a_fermata_and_a_rest():
    parallel = [(72, 67, 64, 48), (74, 67, 65, 50)]
    assert counts(chords(*parallel, fermata=(0,)))["Parallel octaves"] == 0
    between = [parallel[0], (0, 67, 64, 48), parallel[1]]
    found = counts(chords(*between))
    assert found["Parallel octaves"] == 0 and found["Chords"] == 2


def test_passing_notes_and_suspensions_are_treated_and_leaps_to_dissonances_are_not():
    passing = chords((72, 67, 64, 48), (74, 67, 64, 48), (76, 67, 64, 48))
    assert counts(passing)["Loose dissonances"] == 0
    suspension = chords((72, 69, 65, 53), (72, 67, 62, 55), (71, 67, 62, 55))
    assert counts(suspension)["Loose dissonances"] == 0
    leap = chords((67, 64, 60, 48), (74, 64, 60, 48), (67, 64, 60, 48))
    assert counts(leap)["Loose dissonances"] == 1  # d against c and e is reached and left by leaps; c stays


def test_rates_are_those_of_all_chords_together():
    rates = evaluate([chords((72, 67, 64, 48), (74, 67, 65, 50)), chords(C, F)])
    assert rates["Parallel octaves"] == pytest.approx(25) and rates["Chords"] == 4
    assert evaluate([])["Chords"] == 0


def test_a_copy_is_found_in_any_key_and_ends_where_it_changes():
    rng = np.random.default_rng(0)
    tune = rng.integers(40, 80, (4, 30))
    other = np.concatenate([rng.integers(40, 80, (4, 5)), tune[:, 7:18] + 3, rng.integers(40, 80, (4, 5))], axis=1)
    assert common_run(tune, other) == common_run(other, tune) == 11
    bent = other.copy()
    bent[2, 10] += 1
    assert common_run(tune, bent) == 5
    bent = other.copy()
    bent[:, 10:16] += 2  # goes on in another key: two runs
    assert common_run(tune, bent) == 6
    assert common_run(tune, tune[:, :0]) == 0


def test_passing_notes_hide_no_copy_and_rests_agree_with_nothing():
    tune = chords(C, F, G, C)
    ornamented = chords(C, F, G, C)
    ornamented.pitches[0, 2:4], ornamented.attacks[0, 2] = 74, True
    assert longest_copy(tune, [ornamented.transposed(2)]) == 4
    assert longest_copy(tune, []) == 0
    assert longest_copy(chords((0, 67, 64, 48)), [chords((0, 67, 64, 48))]) == 0
