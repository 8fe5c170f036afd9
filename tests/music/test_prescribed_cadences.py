"""Chords that are prescribed: what tunes leave room for, degrees of keys, phrases; the keys of tunes."""

import numpy as np
import pytest
from hymn_tunes import TUNES, played, soprano

from onpu.errors import LabelError
from onpu.make.chorale import ChoraleOptions, form
from onpu.music.cadences import closes, phrase_ends, triad
from onpu.music.monody import soprano_of
from onpu.music.spelling import parse_key

SOPRANO = np.arange(4)[:, None] == 0


def prescribed(chorale, numerals=(), seed=0):
    kept = np.broadcast_to(SOPRANO, chorale.pitches.shape)
    return closes(chorale, kept, numerals, np.random.default_rng(seed))


@pytest.mark.parametrize("name", TUNES)
def test_the_key_of_a_tune_is_heard_and_it_begins_and_ends_there(name):
    key = TUNES[name][0]
    tonic, _ = parse_key(key)
    assert soprano_of(played(name), name).key == key
    for seed in range(20):
        chords = prescribed(soprano(name), seed=seed)
        assert chords[0].start == 0 and chords[0].bass in (tonic, (tonic + 7) % 12)
        assert chords[-1].bass == tonic and chords[-1].stop == soprano(name).steps
        assert len(chords) == 1 + TUNES[name][3].count("|") + 1


def test_every_prescribed_chord_has_the_note_that_the_soprano_sings():
    for name in TUNES:
        chorale = soprano(name)
        for chord in prescribed(chorale):
            sung = chorale.pitches[0, chord.start : chord.stop] % 12
            assert set(sung.tolist()) <= set(chord.tones), name


def test_the_lines_of_old_hundredth_end_as_hymnals_have_them():
    basses = [[chord.bass for chord in prescribed(soprano("Old Hundredth"), seed=seed)] for seed in range(50)]
    assert all(row[0] == row[-1] == 7 for row in basses)
    assert {row[2] for row in basses} <= {2, 9} and np.mean([row[2] == 2 for row in basses]) > 0.5  # a' over D or A


def test_a_free_chorale_ends_with_its_soprano_on_the_tonic_and_minor_keys_mostly_with_a_major_third():
    thirds = []
    for seed in range(100):
        chorale = form(ChoraleOptions(bars=4, key="a minor", seed=seed))
        last = closes(chorale, np.zeros((4, chorale.steps), bool), (), np.random.default_rng(seed))[-1]
        assert last.bass == last.soprano == 9 and last.tones[2] == 4
        thirds.append(last.tones[1] == 1)
    assert 0.8 < np.mean(thirds) < 1.0


def test_degrees_are_those_of_the_scale():
    assert triad("V", "A:minor") == (4, 8, 11) and triad("VII", "A:minor") == (7, 11, 2)
    assert triad("bVII", "C:major") == (10, 2, 5) and triad("vi", "C:major") == (9, 0, 4)
    assert triad("IV", "D:dorian") == (7, 11, 2)
    for wrong in ("VIII", "iI", "", "5", "Ib"):
        with pytest.raises(LabelError, match="no degree"):
            triad(wrong, "C:major")


def test_cadences_can_be_chosen_one_a_phrase_and_must_fit():
    chorale = soprano("Old Hundredth")
    assert [chord.bass for chord in prescribed(chorale, ("I", "V", "vi", "I"))[1:]] == [7, 2, 4, 7]
    with pytest.raises(LabelError, match="2 cadences for 4 phrases"):
        prescribed(chorale, ("I", "V"))
    with pytest.raises(LabelError, match="phrase 2 cannot end on I"):
        prescribed(chorale, ("I", "I", "I", "I"))


def test_phrases_end_where_fermatas_do_and_two_of_them_are_two():
    chorale = soprano("Old Hundredth")
    assert phrase_ends(chorale) == [(28, 32), (60, 64), (92, 96), (124, 128)]
    chorale.fermata[56:60] = True
    assert phrase_ends(chorale)[1:3] == [(56, 60), (60, 64)]


def test_nothing_is_prescribed_where_what_is_kept_makes_no_such_chord():
    chorale = soprano("Old Hundredth")
    chorale.pitches[3, :8], chorale.attacks[3, 0] = 51, True  # E flat below the first g'
    kept = np.zeros(chorale.pitches.shape, bool)
    kept[[0, 3]] = True
    kept[3, 8:] = False
    assert closes(chorale, kept, (), np.random.default_rng(0))[0].start == 28
