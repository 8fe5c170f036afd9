"""Where two listeners' sections lie in POP909's songs, and that a band follows them."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from tiny_corpora import MELODY, written

from onpu.data.corpora.archive import open_archive
from onpu.data.corpora.leadsheet import read_leadsheet
from onpu.data.corpora.pop909 import HELD_OUT, VALIDATION, band_and_form, pop909
from onpu.data.corpora.pop909_form import NamedBars, joined, readings
from onpu.data.plan import Plan
from onpu.errors import DataError

BEFORE = 3
"""Bars that the listeners counted before the lead sheet's first."""
READ = "i3A4A4B8A8b4x4A8B8o4", "i3A8B8A8b8A8B8o4"


def files(melody_bars=range(48), first=READ[0], second=READ[1]):
    """Readings of the tiny corpus's song, whose melody is MELODY."""
    rests = f"0 {16 * BEFORE}\n"
    return {"001/human_label1.txt": first, "001/human_label2.txt": second, "001/melody.txt": rests + "".join(
        f"{pitch + 12} 4\n" for bar in melody_bars for pitch in MELODY[4 * bar % 8 : 4 * bar % 8 + 4])}


def test_phrases_of_a_letter_are_one_section_up_to_eight_bars():
    reading = [NamedBars(*each) for each in (("A", 4), ("A", 4), ("A", 4), ("B", 8), ("B", 8), ("o", 3))]
    assert [(each.label, each.bars) for each in joined(reading)] == [("A", 8), ("A", 4), ("B", 8), ("B", 8), ("o", 3)]


def test_where_a_melody_comes_round_nothing_is_certain(pop909_zip, tmp_path):
    """The tiny song is the same two bars throughout."""
    archive = open_archive(pop909_zip, "x")
    sheet = read_leadsheet(archive, "001")
    repeated = open_archive(written(tmp_path / "form.zip", files()), "x")
    assert readings(repeated, sheet, sheet.runs[0], 0, 16) is None


@pytest.fixture
def known(pop909_zip, tmp_path):
    """The tiny song with a melody of its own in each bar, and the listeners' files."""
    archive = open_archive(pop909_zip, "x")
    sheet = read_leadsheet(archive, "001")
    moved = [note._replace(pitch=note.pitch + int(note.start - sheet.runs[0].start) // 4 % 11)
             for note in sheet.lines["MELODY"]]
    rows = [(note.start - sheet.runs[0].start, note.pitch) for note in moved]
    lines, now = [f"0 {16 * BEFORE}"], 0.0
    for (start, pitch), (after, _) in zip(rows, [*rows[1:], (rows[-1][0] + 1, 0)], strict=True):
        lines += [f"0 {round(4 * (start - now))}"] * (start > now)
        lines.append(f"{pitch} {round(4 * (after - start))}")
        now = after
    table = files() | {"001/melody.txt": "\n".join(lines)}
    return replace(sheet, lines=sheet.lines | {"MELODY": moved}), written(tmp_path / "form.zip", table), table


def test_bars_are_counted_from_where_the_melody_lies(known):
    sheet, path, _ = known
    one, other = readings(open_archive(path, "x"), sheet, sheet.runs[0], 4, 24)
    assert [(each.label, each.bars) for each in one] == [
        ("A", 4), ("B", 8), ("A", 8), ("interlude", 4)]
    assert [(each.label, each.bars) for each in other] == [("A", 4), ("B", 8), ("A", 8), ("interlude", 4)]
    assert sum(each.bars for each in one) == 24


def test_what_was_not_read_is_not_guessed(known):
    sheet, path, table = known
    assert readings(open_archive(path, "x"), sheet, sheet.runs[0], 0, 48) is not None
    for changed in ({"001/human_label1.txt": "i3A8B8", "001/human_label2.txt": "i3A8B8"},
                    {"001/human_label2.txt": "i3A8"}):
        shorter = open_archive(written(path.with_name("short.zip"), table | changed), "x")
        assert readings(shorter, sheet, sheet.runs[0], 0, 48) is None


@pytest.mark.parametrize("name, text, message", [
    ("001/human_label1.txt", "hello", "is no reading such as"), ("001/melody.txt", "60", "is no melody")])
def test_damaged_files_are_refused(known, name, text, message):
    sheet, path, table = known
    with pytest.raises(DataError, match=message):
        bad = open_archive(written(path.with_name("bad.zip"), table | {name: text}), "x")
        readings(bad, sheet, sheet.runs[0], 0, 8)


def test_a_plan_with_sections_makes_other_labels_and_one_without_the_same_songs():
    plan = Plan(pop909="a/pop909.zip", structure="a/pop909-structure.zip")
    assert "sections of POP909" in plan.licence and plan.unarranged().structure == ""
    assert plan.permissive().structure and Plan.of({"pop909": "a/pop909.zip"}).structure == ""


def test_real_songs_have_the_listeners_sections(real):
    structure = real / "pop909-structure.zip"
    if not structure.exists():
        pytest.skip("no pop909-structure.zip")
    found = {name: band_and_form(real / "pop909.zip", structure, name, number, 60.0)
             for number, name in enumerate((*HELD_OUT[:4], *VALIDATION[:3]))}
    labelled = {name: result for name, result in found.items() if result is not None}
    assert len(labelled) >= 5
    for name, (song, (one, other)) in labelled.items():
        assert song.timeline.sections in (one, other), name
        for sections in (one, other):
            sections.validate()
            distance = np.abs(sections.starts[:, None] - song.timeline.beats.downbeats)
            assert distance.min(axis=1).max() < 0.01
            assert np.allclose(sections.ends[:-1], sections.starts[1:])
    assert pop909(real / "pop909.zip", 2, 60.0).timeline.sections is None
    drawn = [pop909(real / "pop909.zip", seed, 60.0, structure=structure).timeline.sections for seed in range(6)]
    assert sum(sections is not None for sections in drawn) >= 3


def test_a_zip_without_readings(real, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr("README", "nothing")
    with pytest.raises(DataError, match="is missing in it"):
        pop909(real / "pop909.zip", 0, 30.0, structure=tmp_path / "x.zip")
