"""Chart songs' chords and forms, given to bands; on an annotation that nobody made."""

from pathlib import Path

import numpy as np
import pytest
from tiny_corpora import written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.billboard import billboard, placed_sections
from onpu.data.corpora.billboard_songs import played, read_song, songs
from onpu.errors import DataError
from onpu.music.harte import QUALITIES, parse

LINES = {"4/4": ("| D:maj | G:maj . G:maj/3 A:7 |", "| B:min A:maj | D:maj |"),
         "12/8": ("| D:maj | G:maj . G:maj/3 A:7 |", "| B:min A:maj | D:maj |"),
         "3/4": ("| D:maj | G:maj . A:7 |", "| B:min | D:maj |")}


def annotation(metre: str, bpm: float, beats: int) -> str:
    """Intro, verse and chorus, the last two twice, then a bar that nobody can play and an end; at this tempo."""
    text = [f"# title: Nothing {metre}", "# artist: Nobody", f"# metre: {metre}", "# tonic: D", "", "0.0\tsilence"]
    time = 1.0
    one, two = LINES[metre]
    rows = [("A, intro, | D:maj | x4, (guitar", 4), (f"B, verse, {one}, (voice", 2), (two, 2), (f"C, chorus, {two}", 2),
            (f"{one}, voice)", 2), (f"B, verse, {one}", 2), (two, 2), (f"C', chorus, {two}", 2), (one, 2),
            ("D, outro, | D:maj | * |", 2)]
    for body, bars in rows:
        text.append(f"{time:.6f}\t{body}")
        time += 60 / bpm * beats * bars
    return "\n".join([*text, f"{time:.6f}\tsilence", f"{time + 1:.6f}\tend"])


@pytest.fixture(scope="module")
def zips(tmp_path_factory) -> Path:
    """Zip files of one annotation each."""
    folder = tmp_path_factory.mktemp("billboard")
    for metre, beats in (("4/4", 4), ("12/8", 4), ("3/4", 3)):
        written(folder / f"{metre.replace('/', '-')}.zip", {"billboard/0001.txt": annotation(metre, 100.0, beats)})
    return folder


def test_an_annotation_is_read_as_it_is_written():
    song = read_song(annotation("4/4", 100.0, 4))
    assert song is not None and abs(song.bpm - 100) < 0.01 and song.key(2).label == "D:major"
    (row,) = song.rows
    assert [(section.name, len(section.bars)) for section in row] == [
        ("intro", 4), ("verse", 4), ("chorus", 4), ("verse", 4), ("chorus", 4)]
    assert row[1] == row[3] and row[2] == row[4]
    bar = row[1].bars[1]
    assert [(place, chord.root, chord.quality, chord.bass) for place, chord in bar.chords] == [
        (0.0, 7, "maj", 0), (2.0, 7, "maj", 4), (3.0, 9, "7", 0)]
    assert [place for place, _ in row[1].bars[2].chords] == [0.0, 2.0]


def test_compound_bars_are_divided_in_dotted_beats():
    song = read_song(annotation("12/8", 60.0, 4))
    assert song is not None and abs(song.bpm - 60) < 0.01
    assert [place for place, _ in song.rows[0][1].bars[1].chords] == [0.0, 3.0, 4.5]


def test_chords_that_nobody_plays_become_the_nearest():
    wanted = {"C:sus4(b7)": "sus4", "C:maj(9)": "maj", "C:7(#9)": "7", "C:min11": "min9", "C:1": "5",
              "C:maj6(9)": "maj6", "C:min7": "min7", "C:hdim7": "hdim7"}
    assert {label: played(label).quality for label in wanted} == wanted
    assert played("Bb:maj/5").root == 10 and played("Bb:maj/5").bass == 7


@pytest.mark.parametrize("name, beats", [("4-4", 4), ("12-8", 4), ("3-4", 3)])
def test_bands_play_the_annotated_chords_in_the_annotated_metre(zips, name, beats):
    """The roots that are labelled are those of the annotation, all moved alike; sections keep their names."""
    for seed in range(5):
        line = billboard(zips / f"{name}.zip", seed, 40.0).timeline
        assert f"{line.metre.numerators[0]}-{line.metre.denominators[0]}" == name
        assert line.beats.positions.max() == beats and (np.diff(line.beats.times) > 0.1).all()
        roots = {parse(label).root for label in line.chords.labels.tolist()} - {-1}
        assert len(roots) > 1 and any(roots <= {(root + shift) % 12 for root in (2, 7, 9, 11)} for shift in range(12))
        assert set(line.sections.labels.tolist()) <= {"intro", "verse", "chorus"}


def test_material_that_returns_is_the_same_and_all_chords_move_alike(zips):
    (song,) = songs(open_archive(zips / "4-4.zip", "x"), "train") or songs(open_archive(zips / "4-4.zip", "x"), "test")
    placed = placed_sections(song, list(song.rows[0]), 3, 0.0, np.random.default_rng(0))
    assert placed[1].sketch is placed[3].sketch and placed[1].section.label == placed[3].section.label == "verse"
    assert [place.start for place in placed] == [0.0, 16.0, 32.0, 48.0, 64.0]
    spans = placed[1].sketch.spans
    assert [(span.start, (span.chord.root - 3) % 12, span.chord.quality) for span in spans] == [
        (0.0, 2, "maj"), (4.0, 7, "maj"), (6.0, 7, "maj"), (7.0, 9, "7"), (8.0, 11, "min"), (10.0, 9, "maj"),
        (12.0, 2, "maj")]
    assert placed[1].sketch.key.label == "F:major"


def test_what_is_no_corpus_is_said_in_a_line(tmp_path):
    for path in (written(tmp_path / "other.zip", {"readme": "x"}), tmp_path / "missing.zip"):
        with pytest.raises(DataError, match="zip") as error:
            billboard(path, 0)
        assert "\n" not in str(error.value)


def test_real_annotations(real):
    path = real / "scores" / "billboard.zip"
    if not path.exists():
        pytest.skip(f"no {path}")
    train, test = (songs(open_archive(path, "x"), split) for split in ("train", "test"))
    assert not {song.title.lower() for song in train} & {song.title.lower() for song in test}
    assert 0.06 < len(test) / len(train) < 0.16
    assert all(chord.quality in QUALITIES for song in test for row in song.rows for section in row
               for bar in section.bars for _, chord in bar.chords)
    for seed in range(3):
        line = billboard(path, seed, 20.0).validate().timeline
        struck = np.sort(np.concatenate([line.notes.onsets, line.drums.times]))
        downbeats = line.beats.times[line.beats.positions == 1]
        assert np.mean(np.abs(struck[:, None] - downbeats[None]).min(axis=0) < 0.06) > 0.8
