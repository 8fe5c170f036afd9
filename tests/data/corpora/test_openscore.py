"""Lieder and quartets performed: bars, upbeats, compound beats, held notes; on scores that nobody wrote."""

import io
from pathlib import Path

import mido
import numpy as np
import pytest
from tiny_corpora import TICKS, midi, written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.barred import read_barred
from onpu.data.corpora.openscore import lieder, pieces, quartets
from onpu.data.corpora.reading import ScoreBars, held, phrases, with_fermatas
from onpu.engine.compose.tempo import BeatTimes
from onpu.errors import DataError

BARS = 40


def with_markers(content: bytes, places: list[float]) -> bytes:
    """The MIDI file with bar markers at these quarters."""
    file = mido.MidiFile(file=io.BytesIO(content))
    track, now = mido.MidiTrack(), 0
    for number, place in enumerate(places):
        track.append(mido.MetaMessage("marker", text=f"bar {number + 1}", time=round(place * TICKS) - now))
        now = round(place * TICKS)
    file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def waltz(upbeat: float, length: float, beat: float, **signature: int) -> bytes:
    """A song: on every beat a chord in the left hand; a melody that rests at the end of every fourth bar."""
    voice, piano = [], []
    for bar in range(BARS):
        start = upbeat + bar * length
        count = round(length / beat)
        for place in range(count):
            piano += [(start + place * beat, 0.9 * beat, pitch, 80) for pitch in ((43, 59, 62), (60, 64, 67))[bar % 2]]
            if bar % 4 < 3 or place == 0:
                lasting = beat if bar % 4 < 3 else length
                voice.append((start + place * beat, 0.9 * lasting, 67 + place + bar % 5, 80))
    if upbeat:
        voice.insert(0, (0.0, 0.9 * upbeat, 67, 80))
    content = midi({"Singstimme": voice, "Pianoforte": piano}, 90 * beat, **signature)
    return with_markers(content, ([0.0] if upbeat else []) + [upbeat + bar * length for bar in range(BARS)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Zip files of one song each: in 3/4 with an upbeat of a quarter, in 6/8, in 6/4; and a quartet."""
    made = {"upbeat": waltz(1.0, 3.0, 1.0, numerator=3), "compound": waltz(0.0, 3.0, 1.5, numerator=6, denominator=8),
            "wide": waltz(0.0, 6.0, 3.0, numerator=6, denominator=4)}
    parts = {name: [(beat, 0.9, pitch + beat % 3, 80) for beat in range(4 * BARS)]
             for name, pitch in (("Violin 1", 76), ("Violin 2", 69), ("Viola", 60), ("Violoncello", 48))}
    made["quartet"] = with_markers(midi(parts, 100), [4.0 * bar for bar in range(BARS)])
    place = tmp_path_factory.mktemp("openscore")
    for name, content in made.items():
        index = "# file\tcomposer\tset\tpiece\tbars\tnotes\nlc1.mid\tNobody\t_\tA_song\t40\t400\n"
        written(place / f"{name}.zip", {"s/index.tsv": index, "s/lc1.mid": content})
    return place


@pytest.mark.parametrize("name, meter, beats", [("upbeat", (3, 4), 3), ("compound", (6, 8), 2), ("wide", (6, 8), 2)])
def test_beats_are_those_of_the_score(folder, name, meter, beats):
    for seed in range(4):
        line = lieder(folder / f"{name}.zip", seed, 25.0).timeline
        assert (line.metre.numerators[0], line.metre.denominators[0]) == meter and len(line.metre.numerators) == 1
        assert (np.diff(line.beats.times) > 0.1).all()
        steps = np.diff(line.beats.positions)
        assert set(line.beats.positions.tolist()) == set(range(1, beats + 1)) and set(steps.tolist()) <= {1, 1 - beats}
        gaps = np.abs(line.notes.onsets[:, None] - line.beats.times[None]).min(axis=0)
        assert np.median(gaps) < 0.04


def test_an_upbeat_comes_before_the_first_bar(folder):
    score = read_barred(open_archive(folder / "upbeat.zip", "x"), "s/lc1.mid")
    assert score.signatures[0] is None and score.runs[0].upbeat == 1.0 and score.runs[0].bars == BARS
    found = [lieder(folder / "upbeat.zip", seed, 25.0).timeline for seed in range(8)]
    begun = [line for line in found if line.beats.positions[0] == 3]
    assert begun and len(begun) < len(found)
    for line in begun:
        first = line.notes.onsets[line.notes.onsets < line.beats.times[1] - 0.15]
        assert len(first) and abs(first[0] - line.beats.times[0]) < 0.1


def test_halves_of_a_bar_are_one_bar_and_others_end_a_row(tmp_path):
    """A bar of 4/4 divided after three quarters is one; a bar of three quarters alone is none."""
    content = midi({"Piano": [(beat, 0.9, 60, 80) for beat in range(31)]}, 100)
    marked = with_markers(content, [0.0, 4.0, 7.0, 8.0, 12.0, 15.0, 19.0, 23.0, 27.0])
    score = read_barred(open_archive(written(tmp_path / "split.zip", {"a.mid": marked}), "x"), "a.mid")
    assert score.starts.tolist() == [0.0, 4.0, 8.0, 12.0, 15.0, 19.0, 23.0, 27.0, 31.0]
    assert [run[:2] for run in score.runs] == [(0, 3), (4, 4)] and score.runs[1].upbeat == 3.0


def test_phrases_end_where_the_melody_rests(folder):
    score = read_barred(open_archive(folder / "upbeat.zip", "x"), "s/lc1.mid")
    passage = ScoreBars(score, 1, 16, 0.0)
    assert phrases(passage, passage.rows(score.parts[0].notes)) == [4, 4, 4, 4]


def test_fermatas_lengthen_what_is_held_and_nothing_else():
    rows = np.array([[0, 1, 60, 80], [1, 1, 60, 80], [2, 2, 60, 80], [2, 2, 48, 80], [4, 1, 62, 80], [5, 3, 62, 80.0]])
    holds = held(rows, [4.0, 8.0], 1.0)
    assert holds == [(2.0, 4.0), (5.0, 8.0)]
    assert held(rows, [2.0], 1.0) == []
    steady = BeatTimes(np.array([0.0, 8.0]), np.array([0.0, 4.0]))
    lasting = np.diff(with_fermatas(steady, holds, [2.0, 1.5]).seconds(np.arange(9)))
    assert np.allclose(lasting, [0.5, 0.5, 1.0, 1.0, 0.5, 0.75, 0.75, 0.75])


def test_performances_breathe(folder):
    ratios = []
    for seed in range(24):
        line = lieder(folder / "compound.zip", seed, 30.0).timeline
        intervals = np.diff(line.beats.times)
        ratios.append(np.std(intervals) / np.mean(intervals))
    assert max(ratios) > 0.08 and np.median(ratios) > 0.01


def test_quartets_are_played_by_four_or_by_one(folder):
    made = [quartets(folder / "quartet.zip", seed, 15.0) for seed in range(12)]
    assert {len(song.tracks) for song in made} <= {1, 4} and sum(len(song.tracks) == 4 for song in made) > 6
    for song in made:
        assert song.timeline.chords is None and song.timeline.sections is None and song.timeline.melody is None
        first, again = song.timeline.arrays(), quartets(folder / "quartet.zip", song.seed, 15.0).timeline.arrays()
        assert first.keys() == again.keys() and all(np.array_equal(first[name], again[name]) for name in first)


def test_what_is_no_corpus_is_said_in_a_line(folder, tmp_path):
    for path in (written(tmp_path / "other.zip", {"readme": "x"}), tmp_path / "missing.zip"):
        with pytest.raises(DataError, match="zip") as error:
            lieder(path, 0)
        assert "\n" not in str(error.value)
    with pytest.raises(DataError, match="no test piece"):
        quartets(folder / "quartet.zip", 0, 20.0, "test" if pieces(open_archive(
            folder / "quartet.zip", "x"), "train") else "train")


@pytest.mark.parametrize("read, name", [(lieder, "openscore_lieder"), (quartets, "openscore_quartets")])
def test_real_scores(real, read, name):
    path = real / "scores" / f"{name}.zip"
    if not path.exists():
        pytest.skip(f"no {path}")
    archive = open_archive(path, "x")
    train, test = pieces(archive, "train"), pieces(archive, "test")
    assert not {*train} & {*test} and 0.02 < len(test) / len(train) < 0.25
    for seed in range(3):
        line = read(path, seed, 20.0).validate().timeline
        gaps = np.abs(line.notes.onsets[:, None] - line.beats.times[None]).min(axis=0)
        downbeats = gaps[line.beats.positions == 1]
        assert np.mean(gaps < 0.06) > 0.6 and np.mean(downbeats < 0.06) > 0.75
        assert (np.diff(line.beats.times) > 0.15).all()
