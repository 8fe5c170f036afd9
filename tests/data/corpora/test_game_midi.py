"""Bands of games' MIDI files: which files can be trusted, and what is played of them; on files that nobody wrote."""

import io
from pathlib import Path

import mido
import numpy as np
import pytest
from tiny_corpora import TICKS, midi, written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.barred import read_barred
from onpu.data.corpora.drummed import drums_agree, on_grid, steady_row
from onpu.data.corpora.game_midi import freedoom, openmsx, read_game_song, songs
from onpu.data.plan import Plan
from onpu.engine.compose.metre import SIGNATURES
from onpu.errors import DataError

BARS = 32
BPM = 120.0
FOUR = SIGNATURES["4/4"][0]
Row = tuple[float, float, int, int]


def beats(*bar: tuple[float, int], crash: int = 8, late: float = 0.0) -> list[Row]:
    """These strokes in each bar of 4/4, and a crash on the first beat of each so many bars."""
    rows = [(4.0 * number + place + late, 0.1, pitch, 80 + 5 * (number % 4)) for number in range(BARS)
            for place, pitch in bar]
    return rows + [(4.0 * number + late, 0.1, 49, 100) for number in range(0, BARS, crash)] if crash else rows


ROCK = ((0.0, 36), (1.0, 38), (2.5, 36), (3.0, 38), *((eighth / 2, 42) for eighth in range(8)))
HITS = beats(*ROCK)
RIFF = [(4.0 * bar + eighth / 2, 0.4, 40 + (0, 0, 3, 5, 0, 7, 5, 3)[eighth], 100) for bar in range(BARS)
        for eighth in range(8)]
CHORDS = [(4.0 * bar, 3.9, pitch + bar % 3, 70) for bar in range(BARS) for pitch in (52, 59, 64)]


def song(drums: list[Row], faster: float = 1.0) -> bytes:
    """A riff (program 30), chords (program 48), drums on their channel; from the middle on so many times as fast."""
    file = mido.MidiFile(file=io.BytesIO(midi({"guitar": RIFF, "strings": CHORDS, "drums": drums}, BPM)))
    programs = {"guitar": (0, 30), "strings": (1, 48), "drums": (9, 0)}
    for track in file.tracks[1:]:
        channel, program = programs[track.name]
        track[:] = [message.copy(channel=channel) if hasattr(message, "channel") else message for message in track]
        track.insert(0, mido.Message("program_change", channel=channel, program=program))
    if faster != 1.0:
        file.tracks[0].append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(BPM * faster), time=2 * BARS * TICKS))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def table(rows: list[Row], shift: float = 0.0) -> np.ndarray:
    """As the notes of a part, in order, moved by so many quarters."""
    notes = np.array(sorted(rows))
    notes[:, 0] += shift
    return notes


@pytest.fixture(scope="module")
def zips(tmp_path_factory) -> Path:
    """Zip files with the same song four times under both folders: a steady one, and one that changes its tempo."""
    folder = tmp_path_factory.mktemp("games")
    for name, content in (("steady", song(HITS)), ("changing", song(HITS, 1.5))):
        written(folder / f"{name}.zip", {f"{place}/{name}{number}.mid": content for place in ("freedoom", "openmsx")
                                         for number in range(4)})
    return folder


def test_drums_tell_whether_the_bars_are_right():
    assert drums_agree(table(HITS), FOUR, BARS)
    for shift in (1.0, 2.0, 3.0, 0.5, 0.25):
        assert not drums_agree(table(HITS, shift), FOUR, BARS), shift
    floor = (*((float(beat), 36) for beat in range(4)), (1.0, 38), (3.0, 38))
    assert not drums_agree(table(beats(*floor, crash=0)), FOUR, BARS), "four alike and no crash"
    assert drums_agree(table(beats(*floor, crash=4)), FOUR, BARS)
    assert not drums_agree(table(HITS[:40]), FOUR, BARS), "drums in some bars only"
    snare_first = ((0.0, 36), (0.0, 38), (2.0, 38))
    assert not drums_agree(table(beats(*snare_first)), FOUR, BARS)


def read(tmp_path: Path, content: bytes):
    return read_barred(open_archive(written(tmp_path / "one.zip", {"a.mid": content}), "x"), "a.mid")


def test_what_is_late_as_a_whole_is_put_right_and_what_has_no_grid_left_out(tmp_path):
    late = on_grid(read(tmp_path, song(beats(*ROCK, late=0.1))))
    assert late is not None and abs(late.starts[0] - 0.1) < 0.003
    rng = np.random.default_rng(0)
    astray = [(place + rng.random(), *rest) for place, *rest in HITS]
    assert on_grid(read(tmp_path, song(astray))) is None
    thirds = tuple((beat + third / 3, 42) for beat in range(4) for third in (0, 2))
    shuffle = on_grid(read(tmp_path, song(beats(*thirds, (0.0, 36), (1.0, 38), (2.0, 36), (3.0, 38)))))
    assert shuffle is not None and abs(shuffle.starts[0]) < 0.003


def test_files_with_wrong_bars_are_left_out(tmp_path):
    files = {"right": HITS, "beat off": [(start + 1, *rest) for start, *rest in HITS], "no drums": HITS[:1]}
    archive = open_archive(written(tmp_path / "x.zip", {f"{name}.mid": song(rows) for name, rows in files.items()}),
                           "x")
    found = {name: read_game_song(archive, f"{name}.mid") for name in files}
    assert found["right"] is not None and found["right"].row.bars == BARS
    assert found["beat off"] is None and found["no drums"] is None


def test_rows_of_bars_keep_one_time_signature(tmp_path):
    file = mido.MidiFile(file=io.BytesIO(song(HITS)))
    file.tracks[0].append(mido.MetaMessage("time_signature", numerator=3, denominator=4, time=10 * 4 * TICKS))
    out = io.BytesIO()
    file.save(file=out)
    row = steady_row(read(tmp_path, out.getvalue()))
    assert row is not None and (row.first, row.bars) == (10, 30)


def test_bands_play_the_file_in_its_bars(zips):
    """Bass drums fall on the labelled first beats, snares on two and four; the tempo is at most 15 % another."""
    keys, programs = set(), set()
    for seed in range(10):
        made = freedoom(zips / "steady.zip", seed, 20.0)
        line = made.timeline
        assert line.beats.positions[:5].tolist() == [1, 2, 3, 4, 1] and line.metre.numerators.tolist() == [4]
        assert BPM / 1.16 < line.tempo.bpm[0] < BPM * 1.16
        for numbers, positions in (([36, 49], [1]), ([38], [2, 4])):
            places = line.beats.times[np.isin(line.beats.positions, positions)]
            hits = line.drums.times[np.isin(line.drums.pitches, numbers)]
            assert np.abs(hits[:, None] - places[None]).min(axis=0).max() < 0.03
        guitar, strings = made.tracks[:2]
        assert len(made.tracks) == 3 and made.tracks[2].role == "drums"
        assert guitar.program in (29, 30) and strings.program in (48, 49, 50, 51) and strings.role == "chords"
        moved = {int(pitch) for pitch in guitar.notes.pitches}
        keys.add(min(moved) - 40)
        programs.add((guitar.program, strings.program))
        assert {pitch - min(moved) for pitch in moved} == {0, 3, 5, 7} and abs(min(moved) - 40) <= 6
        assert set(line.drums.velocities.tolist()) <= {80.0, 85.0, 90.0, 95.0, 100.0}, "as the file has them"
        assert (line.chords, line.keys, line.melody, line.sections) == (None, None, None, None)
    assert len(keys) > 3 and (30, 48) in programs and len(programs) > 1


def test_tempo_changes_are_kept(zips):
    ratios = []
    for seed in range(6):
        intervals = np.diff(freedoom(zips / "changing.zip", seed, 55.0).timeline.beats.times)
        assert len(intervals) == 4 * BARS - 1
        ratios.append(np.median(intervals[:60]) / np.median(intervals[68:]))
    assert np.allclose(ratios, 1.5, atol=0.12)


def test_equal_seeds_are_equal_songs_and_folders_are_sets_of_their_own(zips):
    one, two = (openmsx(zips / "steady.zip", 5, 20.0).timeline.arrays() for _ in range(2))
    assert one.keys() == two.keys() and all(np.array_equal(one[name], two[name]) for name in one)
    plan = Plan(seed=3, seconds=10.0, negatives=0.0, arranged=1.0, openmsx=str(zips / "steady.zip"))
    played = plan.song(0)
    assert played is not None and played.style == "openmsx/4/4"


def test_what_is_no_corpus_is_said_in_a_line(tmp_path):
    astray = written(tmp_path / "astray.zip", {"freedoom/a.mid": song(HITS[:1]), "freedoom/b.mid": song(HITS[:1])})
    for path in (written(tmp_path / "other.zip", {"readme": "x"}), tmp_path / "missing.zip", astray):
        with pytest.raises(DataError, match="zip") as error:
            freedoom(path, 0)
        assert "\n" not in str(error.value)


def test_real_files(real):
    path = real / "scores" / "game_midi.zip"
    if not path.exists():
        pytest.skip(f"no {path}")
    archive = open_archive(path, "x")
    kept = {split: [found.score.name for folder in ("freedoom", "openmsx") for found in songs(archive, folder, split)]
            for split in ("train", "test")}
    assert not {*kept["train"]} & {*kept["test"]} and 0 < len(kept["test"]) < len(kept["train"]) / 4
    assert len(kept["train"]) > 35
    for seed in range(3):
        line = freedoom(path, seed, 15.0).validate().timeline
        struck = np.concatenate([line.notes.onsets, line.drums.times])
        gaps = np.abs(struck[:, None] - line.beats.times[None]).min(axis=0)
        assert np.mean(gaps < 0.05) > 0.75 and np.mean(gaps[line.beats.positions == 1] < 0.05) > 0.95
