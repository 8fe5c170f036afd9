"""Chorales as published: every note comes back, tunes are on one side of the split, keys fit all voices."""

import gzip
import json

import numpy as np
import pytest
from chorale_files import row, write_chorales

from onpu.data.corpora.chorales import Chorales, ChoraleSource, part_of, transpositions
from onpu.errors import DataError
from onpu.music.chorale import RANGES, STEPS, VOICES
from onpu.music.spelling import parse_key


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_chorales(tmp_path_factory.mktemp("chorales") / "chorales.json.gz", 40)


def test_what_is_in_the_file_is_in_the_chorale(file):
    chorale = Chorales.open(file).item(3)
    entry = row(3)
    assert chorale.name == "chor003" and chorale.key == "C:major" and chorale.quarters == 4
    for number, voice in enumerate(VOICES):
        assert chorale.pitches[number].tolist() == entry[voice]
        assert chorale.attacks[number].astype(int).tolist() == entry[f"{voice}_attack"]
    assert chorale.places()[:6].tolist() == [12, 13, 14, 15, 0, 1]


def test_the_settings_of_a_tune_are_on_one_side_whatever_the_file(file):
    whole = Chorales.open(file)
    learned, judged = whole.split()
    tested = whole.tested()
    sides = [{material.tunes[number] for number in material.numbers} for material in (learned, judged, tested)]
    assert sum(map(len, (learned, judged, tested))) == 40 and all(sides)
    assert not (sides[0] & sides[1] or sides[0] & sides[2] or sides[1] & sides[2])
    assert all(part_of(tune) == 0 for tune in sides[2]) and set(whole.numbers).isdisjoint(tested.numbers)
    assert learned.numbers == Chorales.open(file.parent).split()[0].numbers


def test_a_transposition_moves_all_and_stays_in_range(file):
    chorales = Chorales.open(file)
    chorale = chorales.item(chorales.numbers[0])
    moves = transpositions(chorale)
    assert 0 in moves and (np.diff(moves) == 1).all() and len(moves) > 3
    for move in moves:
        moved = chorale.transposed(int(move)).validate()
        assert (moved.pitches - chorale.pitches == move).all()
        assert parse_key(moved.key) == (move % 12, "major")
        for voice, (low, high) in zip(moved.pitches, RANGES, strict=True):
            assert low <= voice.min() and voice.max() <= high
    for beyond in (moves[0] - 1, moves[-1] + 1):
        pitches = chorale.pitches + beyond
        assert any(voice.min() < low or voice.max() > high for voice, (low, high) in zip(pitches, RANGES, strict=True))


def test_notes_of_a_line_are_the_attacks(file):
    chorale = Chorales.open(file).item(1)
    starts, ends, pitches = chorale.line(1)
    assert (ends - starts == 2).all() and len(starts) == chorale.steps // 2
    assert pitches.tolist() == chorale.pitches[1, ::2].tolist()
    timeline = chorale.timeline(90, 19).validate()
    assert len(timeline.notes.onsets) == chorale.attacks.sum()
    assert timeline.duration == pytest.approx(chorale.steps / STEPS * 60 / 90)
    assert timeline.beats.positions[:3].tolist() == [4, 1, 2]


@pytest.mark.parametrize(("content", "said"), [
    (b"no", "does not hold chorales"), (json.dumps([{"id": 1}]).encode(), "does not hold chorales"),
    (gzip.compress(b"[]", mtime=0)[:-4], "does not hold chorales"), (b"[]", "no chorale that may be learned from")])
def test_what_is_no_file_of_chorales_is_refused_in_one_line(tmp_path, content, said):
    path = tmp_path / "x.json.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as error:
        Chorales.open(path)
    assert "\n" not in str(error.value)


def test_nothing_is_composed_and_sounds_are_refused(tmp_path):
    with pytest.raises(DataError, match="--data"):
        ChoraleSource().composed(tmp_path, 1, None)
    with pytest.raises(DataError, match="holds no chorales"):
        ChoraleSource().check("sounds")
    with pytest.raises(DataError, match="cannot be read"):
        Chorales.open(tmp_path / "none")
