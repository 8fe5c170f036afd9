"""Real drumming as songs: the takes' own laws, and those of the songs made of them."""

from collections import Counter

import numpy as np
import pytest
from tiny_corpora import rock, written

from onpu.data.corpora.groove import groove
from onpu.data.corpora.splice import splice
from onpu.data.corpora.takes import EARLY_QUARTERS, KICK, PITCHES, takes
from onpu.engine.compose.song import Song
from onpu.errors import DataError


def named(path, name):
    return next(take for take in takes(path) if take.name.endswith(f"/{name}.mid"))


def test_constant_lateness_is_taken_out_and_the_rest_kept(groove_zip):
    take = named(groove_zip, "straight")
    quarters = np.array(sorted(hit[0] for hit in rock(16, 0.05)))
    moved = quarters - take.times
    assert moved.max() - moved.min() < 0.003, "microtiming changed"
    on_beats = take.times[np.abs(take.times - np.round(take.times)) < 0.1]
    assert abs(np.median(on_beats - np.round(on_beats))) < 0.003


def test_edges_and_rims_become_general_midi(groove_zip):
    heard = {int(pitch) for take in takes(groove_zip) for pitch in take.pitches}
    assert 42 in heard and not heard & set(PITCHES)


def test_bars_and_swing_of_a_take(groove_zip):
    straight, swung = named(groove_zip, "straight"), named(groove_zip, "swung")
    assert (straight.first, straight.bars) == (0, 16)
    assert straight.swing == (0.5, 1.0)
    assert swung.swing[0] == pytest.approx(2 / 3, abs=0.01) and swung.swing[1] == 1.0


def test_a_take_whose_bass_drum_denies_the_bars_is_left_out(groove_zip):
    assert named(groove_zip, "straight").trusted
    assert not named(groove_zip, "astray").trusted
    assert not named(groove_zip, "fill").trusted


def test_hits_ahead_of_the_bar_line_belong_to_the_bar(groove_zip):
    take = named(groove_zip, "straight")
    bars = [take.times[take.between(4.0 * bar, 4.0 * bar + 4)] for bar in range(16)]
    assert sum(map(len, bars)) == len(take.times)
    assert all(-EARLY_QUARTERS <= bar.min() - 4 * index < 0.1 for index, bar in enumerate(bars))


def test_fills_stand_at_phrase_ends_only(groove_zip):
    take, corpus = named(groove_zip, "straight"), takes(groove_zip)
    filled = 0
    for seed in range(20):
        drumming = splice(take, corpus, 16, np.random.default_rng(seed))
        toms = drumming.times[np.isin(drumming.pitches, (48, 45))]
        bars = np.floor((toms + EARLY_QUARTERS) / 4).astype(int)
        assert np.all(bars % drumming.phrase == drumming.phrase - 1)
        assert np.all(np.diff(drumming.times) >= 0)
        filled += len(toms) > 0
    assert 5 < filled < 20


def test_without_fills_a_song_is_the_take_bar_by_bar(groove_zip):
    take = named(groove_zip, "straight")
    drumming = splice(take, [take], 40, np.random.default_rng(1))
    assert drumming.bars == 40 and len(drumming.times) == 40 * 12
    for bar in range(40):
        here = (drumming.times >= 4 * bar - EARLY_QUARTERS) & (drumming.times < 4 * bar + 4 - EARLY_QUARTERS)
        assert np.array_equal(drumming.velocities[here & (drumming.pitches == KICK)], (100, 102))


def test_same_arguments_same_song(groove_zip):
    first, second = (groove(groove_zip, 5, 20.0) for _ in range(2))
    one, two = first.timeline.arrays(), second.timeline.arrays()
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[key], two[key]) for key in one)
    assert any(groove(groove_zip, seed, 20.0).duration != first.duration for seed in range(6, 9))


def test_split_is_kept(groove_zip):
    assert {groove(groove_zip, seed, 10.0).style for seed in range(8)} <= {"groove/rock", "groove/blues/shuffle"}
    assert groove(groove_zip, 0, 10.0, split="test").style == "groove/punk"
    with pytest.raises(DataError, match="no beats in the split 'dev'"):
        groove(groove_zip, 0, split="dev")


def assert_lawful(song: Song) -> None:
    """Valid, one metre, beats that count its bars through, none of them missing."""
    song.validate()
    beats, metre = song.timeline.beats, song.timeline.metre
    count = int(metre.beats_in_bar()[0])
    assert len(metre.times) == 1
    assert np.array_equal(beats.positions % count, (beats.positions[0] + np.arange(len(beats.times))) % count)
    assert beats.positions.min() == 1 and beats.positions.max() == count
    intervals = np.diff(beats.times)
    assert (intervals[1:] / intervals[:-1]).max() < 1.9, "a beat is missing, or the ritardando is too sudden"


@pytest.mark.parametrize("seed", range(12))
def test_songs_are_lawful(groove_zip, seed):
    song = groove(groove_zip, seed, 30.0)
    assert_lawful(song)
    assert 25 < song.duration < 60
    alone = len(song.tracks) == 1
    assert (len(song.timeline.keys.labels) == 0) == alone
    assert set(song.timeline.chords.labels) != {"N"} or alone


@pytest.mark.parametrize("name, content, message", [
    ("missing.zip", None, "no such file"),
    ("text.zip", "not a zip", "no intact zip file"),
])
def test_files_that_are_no_zip(tmp_path, name, content, message):
    if content:
        (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message):
        groove(tmp_path / name, 0)


HEADER = "drummer,session,style,bpm,beat_type,time_signature,midi_filename,split"


@pytest.mark.parametrize("files, message", [
    ({"readme": "x"}, "holds no info.csv"),
    ({"info.csv": "a,b\n1,2"}, "has no drummer, session"),
    ({"info.csv": f"{HEADER}\nd,s,rock,fast,beat,4-4,a.mid,train"}, "no good tempo or metre for a.mid"),
    ({"info.csv": f"{HEADER}\nd,s,rock,120,beat,4-4,a.mid,train"}, "a.mid is missing"),
    ({"info.csv": f"{HEADER}\nd,s,rock,120,beat,4-4,a.mid,train", "a.mid": "x"}, "a.mid is no MIDI file"),
])
def test_zips_that_hold_something_else(tmp_path, files, message):
    with pytest.raises(DataError, match=message):
        groove(written(tmp_path / "other.zip", files), 0)


def test_a_folder_is_no_corpus(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        groove(tmp_path, 0)


def test_real_takes(real):
    kicks: Counter = Counter()
    biases = []
    for seed in range(25):
        song = groove(real / "groove.zip", seed)
        assert_lawful(song)
        beats, drums = song.timeline.beats, song.timeline.drums
        interval = np.median(np.diff(beats.times))
        place = 4 * np.interp(drums.times, beats.times, np.arange(len(beats.times)))
        biases.append(np.median(place - np.round(place)) / 4 * interval)
        if song.timeline.metre.numerators[0] == 4:
            kick = drums.times[drums.pitches == KICK]
            distance = np.abs(kick[:, None] - beats.times)
            near = distance.argmin(axis=1)[distance.min(axis=1) < 0.08]
            kicks.update(beats.positions[near].tolist())
    assert abs(np.median(biases)) < 0.005 and np.abs(biases).max() < 0.025
    assert min(kicks[1], kicks[3]) > max(kicks[2], kicks[4])


def test_real_splits_are_the_official_ones(real):
    found = Counter(take.split for take in takes(real / "groove.zip"))
    assert found == {"train": 897, "validation": 124, "test": 129}
    trusted = sum(take.trusted for take in takes(real / "groove.zip") if take.split == "train")
    assert 280 < trusted < 378
