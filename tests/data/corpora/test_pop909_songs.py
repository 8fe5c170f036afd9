"""Songs of POP909 as material: the split, performances with their pedal, phrases with their chords."""

import zipfile

import numpy as np
import pytest
from tiny_corpora import HARMONY, MELODY, write_pop909, written

from onpu.data.corpora.performances import Performances
from onpu.data.corpora.phrases import Phrases
from onpu.data.corpora.pop909_songs import Pop909Source
from onpu.errors import DataError
from onpu.music.phrase import chord_label, chord_tones


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_pop909(tmp_path_factory.mktemp("pop909") / "pop909.zip")


@pytest.mark.parametrize("kind", [Performances, Phrases])
def test_the_split_is_by_song_and_what_is_for_tests_is_in_nothing_else(kind, path):
    songs = kind.open(path)
    assert songs.names == ("001", "005", "032", "048")
    learned, judged = songs.split()
    assert (songs.numbers, learned.numbers, judged.numbers, songs.tested().numbers) == ((0, 1, 3), (0, 1), (3,), (2,))
    assert songs.only((1,)).split()[0].numbers == (1,)
    assert kind.open(path.parent).description == songs.description
    assert songs.description["commercial_use"] and songs.description["count"] == 4


def test_a_performance_is_the_piano_in_seconds(path):
    notes = Performances.open(path).item(0).validate()
    low, *_ = HARMONY[0]
    assert len(notes.onsets) == 48 * 17 and notes.pitches[0] == low - 12
    assert notes.onsets[0] == pytest.approx(0.35 / 1.5, abs=1e-3)
    assert set(notes.velocities.tolist()) == {90, 60}


def test_drawn_stretches_differ_in_key_and_time_and_are_within_bounds(path):
    songs = Performances.open(path).only((0,))
    whole = songs.item(0)
    drawn = [songs.draw(np.random.default_rng(seed), 40) for seed in range(30)]
    steps = {int(notes.pitches.min() - whole.pitches.min()) for notes in drawn}
    assert len(steps) > 5 and min(steps) >= -6 and max(steps) <= 6 + 10
    assert all(len(notes.onsets) <= 40 for notes in drawn) and any(len(notes.onsets) == 40 for notes in drawn)
    gaps = [np.diff(np.unique(notes.onsets.round(4)))[:10].min() for notes in drawn if len(notes.onsets) == 40]
    usual = np.diff(np.unique(whole.onsets.round(4))).min()
    ratios = np.array(gaps) / usual
    assert 1 / 1.06 < ratios.min() < 0.99 and 1.01 < ratios.max() < 1.06


def test_phrases_have_the_melody_and_its_chords(path):
    phrases = Phrases.open(path).item(0)
    assert len(phrases) == 6
    for phrase in phrases:
        phrase.validate()
        assert phrase.steps == 128 and phrase.quarters == 4 and phrase.key == "D:major"
        labels = [chord_label(int(number), phrase.key) for number in phrase.chords]
        assert labels == ["D:maj"] * 2 + ["G:maj"] * 2 + ["A:maj"] * 2 + ["D:maj"] * 2 + labels[:8]
        assert phrase.pitches[phrase.attacks][:8].tolist() == [pitch + 12 for pitch in MELODY]


def test_drawn_phrases_are_in_all_keys_and_chords_move_with_the_melody(path):
    songs = Phrases.open(path).only((0,))
    drawn = [songs.draw(np.random.default_rng(seed)) for seed in range(60)]
    assert len({phrase.key for phrase in drawn}) > 9 and len({phrase.steps for phrase in drawn}) > 2
    tones = chord_tones()
    for phrase in drawn:
        degrees = (phrase.chords.reshape(-1, 2)[:, 0] - phrase.chords[0]) % 36
        assert phrase.steps % 16 == 0 and tones[phrase.chords].sum(axis=1).tolist() == [3] * len(phrase.chords)
        assert set(degrees.tolist()) <= {0, 15, 21, 6, 30, 36 - 15, 36 - 6, 36 - 21}


def test_songs_of_no_use_have_no_phrases_and_a_file_of_them_is_an_error(path, tmp_path):
    with zipfile.ZipFile(path) as source:
        files = {name: source.read(name) for name in source.namelist() if name.startswith("001")}
    files["001/001_cl.mid"] = files["001/001.mid"]
    songs = Phrases.open(written(tmp_path / "bad.zip", files))
    assert songs.item(0) == ()
    with pytest.raises(DataError, match="has a melody"):
        songs.draw(np.random.default_rng(0))


def test_what_is_something_else_is_refused_in_one_line(path, tmp_path):
    supply = Pop909Source(Performances)
    (tmp_path / "bad.zip").write_bytes(b"no")
    other = written(tmp_path / "other.zip", {"readme.txt": "nothing"})
    held = write_pop909(tmp_path / "held.zip", ("032",))
    for wrong in (tmp_path / "bad.zip", tmp_path / "none.zip", other, held):
        with pytest.raises(DataError) as error:
            supply.open(wrong)
        assert "\n" not in str(error.value) and "pop909" in str(error.value).lower()
    supply.check(supply.open(path))
    with pytest.raises(DataError, match=r"pop909\.zip"):
        supply.check(Phrases.open(path))
    with pytest.raises(DataError, match="--data"):
        supply.composed(tmp_path, 1, None)
