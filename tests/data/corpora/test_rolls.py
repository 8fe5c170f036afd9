"""Rolls of pop songs: bars where they are, keys with them, songs on one side of the split."""

import numpy as np
import pytest
from tiny_corpora import HARMONY, MELODY, write_pop909, written

from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.data.corpora.rolls import Rolls
from onpu.errors import DataError
from onpu.music.roll import LOWEST


@pytest.fixture(scope="module")
def rolls(tmp_path_factory):
    return Rolls.open(write_pop909(tmp_path_factory.mktemp("rolls") / "pop909.zip"))


def test_a_passage_begins_with_a_bar_and_holds_all_lines(rolls):
    first, *_ = rolls.item(0)
    assert first.validate().key == "D:major" and first.quarters == 4 and first.steps % 16 == 0
    for bar in range(4):
        melody = MELODY[4 * bar % 8] + 12
        sounding = np.flatnonzero(first.sounding[16 * bar]) + LOWEST
        assert {melody, *HARMONY[bar % 4][1:]} <= set(sounding.tolist())
        assert (HARMONY[bar % 4][0] - 12 - sounding.min()) % 12 == 0  # in another octave where it is too low


def test_songs_for_tests_are_in_nothing_else(rolls):
    learned, judged = rolls.split()
    parts = [[material.names[number] for number in material.numbers] for material in (learned, judged, rolls.tested())]
    assert parts == [["001", "005"], ["048"], ["032"]]


def test_what_is_drawn_begins_with_a_bar_in_any_key(rolls):
    rng = np.random.default_rng(0)
    drawn = [rolls.draw(rng, 32) for _ in range(40)]
    assert all(roll.sounding.shape == (32, 64) for roll in drawn) and len({roll.key for roll in drawn}) > 6
    again = rolls.draw(np.random.default_rng(0), 32)
    assert np.array_equal(again.sounding, drawn[0].sounding) and again.key == drawn[0].key


def test_what_is_no_corpus_is_said_in_one_line(rolls, tmp_path):
    for make in (lambda: Rolls.open(tmp_path / "no.zip"), lambda: rolls.draw(np.random.default_rng(0), 100_000),
                 lambda: Rolls.open(written(tmp_path / "empty.zip", {"a.txt": "no"})),
                 lambda: Pop909Source(Rolls).check(None), lambda: Pop909Source(Rolls).composed(tmp_path, 1, None)):
        with pytest.raises(DataError) as error:
            make()
        assert "\n" not in str(error.value)
