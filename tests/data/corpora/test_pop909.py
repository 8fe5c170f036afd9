"""Real pop songs as songs: chords named, bars found, lines told apart, and the laws of the arrangements."""

import zipfile
from itertools import product

import mir_eval
import numpy as np
import pytest
from tiny_corpora import HARMONY, MELODY, written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.downbeats import evidence, regular_runs
from onpu.data.corpora.leadsheet import name_chord, read_leadsheet
from onpu.data.corpora.pop909 import pop909
from onpu.engine.compose.chord import PLAYED, Chord
from onpu.engine.compose.sketch import Span
from onpu.errors import DataError
from onpu.music.harte import QUALITIES


@pytest.mark.parametrize("quality, root", list(product(PLAYED, (0, 5, 11))))
def test_chords_in_root_position_are_named_exactly(quality, root):
    tones = frozenset((root + step) % 12 for step in QUALITIES[quality])
    chord = name_chord(tones, root)
    assert chord.root == root and frozenset(chord.classes) == tones


@pytest.mark.parametrize("quality, root", list(product(("maj", "min", "7", "maj7", "dim", "minmaj7"), (0, 7))))
def test_inversions_keep_root_and_bass(quality, root):
    tones = frozenset((root + step) % 12 for step in QUALITIES[quality])
    for step in QUALITIES[quality][1:]:
        assert name_chord(tones, (root + step) % 12) == Chord(root, quality, step)


def test_chords_without_a_name_stand_on_their_bass():
    assert name_chord(frozenset({0, 4}), 0) == Chord(0, "maj")
    assert name_chord(frozenset({2, 5, 0}), 2) == Chord(2, "min7")


def changes(starts, end):
    return [Span(a, b, Chord(0, "maj")) for a, b in zip(starts, [*starts[1:], end], strict=True)]


@pytest.mark.parametrize("phase", range(4))
def test_bars_begin_where_long_chords_do(phase):
    spans = changes([phase + 4.0 * bar for bar in range(30)], phase + 120.0)
    (run,) = regular_runs(evidence(spans, np.zeros((0, 2)), np.zeros(0), 124), 4)
    assert run.start == phase and run.bars >= 30 and run.margin > 0.9


def test_half_bar_chords_are_told_apart_by_the_bass():
    spans = changes([2.0 * half for half in range(60)], 120.0)
    bass = np.array([(2.0 + 4 * bar, 4.0) for bar in range(29)])
    (run,) = regular_runs(evidence(spans, bass, np.zeros(0), 120), 4)
    assert run.start == 2.0 and 0 < run.margin < 0.3


def test_an_odd_bar_parts_two_runs():
    first, second = [4.0 * bar for bar in range(12)], [50.0 + 4 * bar for bar in range(12)]
    runs = regular_runs(evidence(changes([*first, 48.0, *second], 98.0), np.zeros((0, 2)), np.zeros(0), 98), 4)
    assert [(run.start, run.bars) for run in runs if run.bars > 2] == [(0.0, 12), (50.0, 12)]


def test_no_evidence_no_margin():
    assert all(run.margin == 0 for run in regular_runs(np.zeros(64), 4))
    assert regular_runs(np.zeros(3), 4) == []


@pytest.fixture(scope="module")
def sheet(pop909_zip):
    found = read_leadsheet(open_archive(pop909_zip, "x"), "001")
    assert found is not None
    return found


def test_lines_are_told_apart(sheet):
    assert [len(sheet.lines[line]) for line in ("MELODY", "BRIDGE", "PIANO")] == [192, 24, 48 * 17]
    assert [note.pitch - 12 for note in sheet.lines["MELODY"][:8]] == list(MELODY)
    assert {note.pitch for note in sheet.lines["BRIDGE"]} == {86}


def test_bars_chords_key_and_tempo(sheet):
    (run,) = sheet.runs
    assert (run.start, run.bars) == (2.0, 48) and run.margin > 0.9
    assert [span.start for span in sheet.spans[:3]] == [2.0, 6.0, 10.0]
    assert [span.chord for span in sheet.spans[:4]] == [
        Chord(2, "maj"), Chord(7, "maj"), Chord(9, "maj"), Chord(2, "maj", 4)]
    assert sheet.keys[0][1].label == "D:major"
    assert sheet.bpm == pytest.approx(90, abs=0.5)
    assert not sheet.triplets


def test_doubled_is_the_same_music_twice_as_fast(sheet):
    doubled = sheet.doubled()
    assert doubled.bpm == 2 * sheet.bpm
    assert doubled.runs[0].bars == 96 and doubled.runs[0].start == 4.0
    assert doubled.lines["MELODY"][3].start == 2 * sheet.lines["MELODY"][3].start


@pytest.mark.parametrize("name", ["002", "003", "004"])
def test_songs_of_no_use_are_left_out(pop909_zip, name):
    assert read_leadsheet(open_archive(pop909_zip, "x"), name) is None


def test_a_corpus_of_them_is_an_error(pop909_zip, tmp_path):
    with zipfile.ZipFile(pop909_zip) as source:
        kept = {name: source.read(name) for name in source.namelist() if name.startswith("002")}
    with pytest.raises(DataError, match="none of 40 songs"):
        pop909(written(tmp_path / "bad.zip", kept), 0)
    with zipfile.ZipFile(pop909_zip) as source:
        kept = {name: source.read(name) for name in source.namelist() if name.startswith("001")}
    with pytest.raises(DataError, match="is no table of beats"):
        pop909(written(tmp_path / "odd.zip", {**kept, "001/beat_midi.txt": "one two"}), 0)


@pytest.mark.parametrize("seed, seconds", [(-1, 60.0), (0, 0.0), (0, float("nan"))])
def test_arguments_that_make_no_song(pop909_zip, seed, seconds):
    with pytest.raises(DataError, match="make no song"):
        pop909(pop909_zip, seed, seconds)


@pytest.mark.parametrize("seed", range(10))
def test_the_music_stays_the_song_whatever_the_arrangement(pop909_zip, seed):
    song = pop909(pop909_zip, seed, 40.0).validate()
    line = song.timeline
    assert 25 < song.duration < 60 and line.sections is None
    tonic = int(mir_eval.chord.encode(line.keys.labels[0].replace(":major", ":maj"))[0])
    roots, masks, basses = mir_eval.chord.encode_many([label for label in line.chords.labels if label != "N"])
    expected = {((tonic + low - 50) % 12, (tonic + bass - 50) % 12)
                for low, bass in ((50, 50), (55, 55), (57, 57), (50, 54))}
    assert {(int(root), int(root + bass) % 12) for root, bass in zip(roots, basses, strict=True)} == expected
    assert masks[:, [0, 4, 7]].all()
    assert (line.melody is None) == (song.style in ("pop909/piano", "pop909/trio"))
    if line.melody is not None:
        loud = line.melody.frequencies > 0
        pitches = np.round(69 + 12 * np.log2(line.melody.frequencies[loud] / 440)).astype(int)
        scale = {(tonic + pitch - 62) % 12 for pitch in MELODY} | {(tonic + low - 50) % 12 for low, *_ in HARMONY}
        assert np.mean(np.isin(pitches % 12, list(scale))) > 0.9


def assert_beats_lawful(line) -> None:
    """The beats count their bars through, and chords begin on them."""
    count = int(line.metre.beats_in_bar()[0])
    positions = line.beats.positions
    assert np.array_equal(positions % count, (positions[0] + np.arange(len(positions))) % count)
    distance = np.abs(line.chords.starts[1:-1, None] - line.beats.times)
    assert np.mean(distance.min(axis=1) < 0.01) > 0.75


@pytest.mark.parametrize("seed", range(10))
def test_chords_begin_on_downbeats(pop909_zip, seed):
    line = pop909(pop909_zip, seed, 30.0).timeline
    assert_beats_lawful(line)
    distance = np.abs(line.chords.starts[1:-1, None] - line.beats.downbeats)
    assert np.all(distance.min(axis=1) < 0.01)


def test_same_arguments_same_song(pop909_zip):
    one, two = (pop909(pop909_zip, 3, 20.0).timeline.arrays() for _ in range(2))
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[key], two[key]) for key in one)
    assert any(pop909(pop909_zip, seed, 20.0).duration != float(one["duration"]) for seed in range(4, 7))


def test_kinds_of_arrangement_all_occur(pop909_zip):
    kinds = {pop909(pop909_zip, seed, 8.0).style for seed in range(40)}
    assert kinds == {"pop909/piano", "pop909/duo", "pop909/trio", "pop909/band"}


def test_a_zip_of_something_else(tmp_path):
    with pytest.raises(DataError, match="holds no NNN/NNN_cl"):
        pop909(written(tmp_path / "other.zip", {"readme": "x"}), 0)
    with pytest.raises(DataError, match="no such file"):
        pop909(tmp_path / "missing.zip", 0)


def test_real_songs(real):
    biases, on_beats, on_bars = [], [], []
    for seed in range(25):
        line = pop909(real / "pop909.zip", seed, 30.0).validate().timeline
        assert_beats_lawful(line)
        mir_eval.chord.encode_many(line.chords.labels.tolist())
        beats = line.beats
        place = 4 * np.interp(line.notes.onsets, beats.times, np.arange(len(beats.times)))
        biases.append(np.median(place - np.round(place)) / 4 * np.median(np.diff(beats.times)))
        distance = np.abs(line.chords.starts[1:-1, None] - beats.times)
        on_beats.append(np.mean(distance.min(axis=1) < 0.01))
        on_bars.append(np.mean(beats.positions[distance.argmin(axis=1)] == 1))
    assert abs(np.median(biases)) < 0.005 and np.abs(biases).max() < 0.025
    assert np.median(on_beats) > 0.95 and np.median(on_bars) > 0.5


def test_four_of_five_real_songs_can_be_used(real):
    archive = open_archive(real / "pop909.zip", "x")
    sheets = [read_leadsheet(archive, f"{number:03d}") for number in range(1, 801, 20)]
    used = [sheet for sheet in sheets if sheet is not None]
    assert len(used) >= 0.7 * len(sheets)
    assert all(40 < sheet.bpm < 200 for sheet in used)
    tones = [np.mean([note.pitch % 12 in sheet.spans[place].chord.classes for note, place in zip(
        sheet.lines["PIANO"], np.searchsorted([span.start for span in sheet.spans[1:]],
                                              [note.start + 0.05 for note in sheet.lines["PIANO"]]), strict=True)])
             for sheet in used]
    assert np.median(tones) > 0.9
