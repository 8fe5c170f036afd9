"""Sheets as ABC and ChordPro, markers for Reaper, collections for rekordbox."""

import csv
import io
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.errors import LabelError
from onpu.formats.abc import abc_text
from onpu.formats.chordpro import chordpro_text
from onpu.formats.reaper import reaper_text
from onpu.formats.rekordbox import GRID_SLACK_SECONDS, rekordbox_text, tempo_grid
from onpu.formats.saving import save
from onpu.music import Beats, Chords, Key, Metre, Sections, Timeline
from onpu.music.bars import bars
from onpu.music.lead import lead

TOKEN = re.compile(r'"(?P<chord>[^"]+)"|\(3:2:(?P<tuplet>\d+)|\[M:(?P<metre>\d+/\d+)\]|\[K:[^\]]+\]'
                   r"|(?P<note>(?:\^\^|__|[_=^])?[A-Ga-gz][,']*)(?P<length>\d*(?:/\d*)?)(?P<tie>-?)|\|\]?|[ \n]")
SONGS = [("slow waltz song", 4), ("pop", 2), ("jazz ballad", 5), ("jig", 1), ("odd rock", 3)]


def song(style, seed):
    return compose(seed, style, 20.0).timeline


def measures(text):
    """Bars of a sheet: chords, (name of the note, eighths, tied) and the time signature."""
    head, body = re.split(r"(?<=\n)(?=K:[^\n]*\n)", text, maxsplit=1)
    body = body.partition("\n")[2]
    metre, found, chords, notes, left = re.search(r"M:(\d+/\d+)", head)[1], [], [], [], 0
    at = 0
    while at < len(body):
        token = TOKEN.match(body, at)
        assert token is not None, body[at : at + 30]
        at = token.end()
        if token["chord"]:
            chords.append(token["chord"])
        elif token["tuplet"]:
            left = int(token["tuplet"])
        elif token["metre"]:
            metre = token["metre"]
        elif token["note"]:
            top, _, bottom = token["length"].partition("/")
            length = Fraction(int(top or 1), int(bottom or 2) if "/" in token["length"] else 1)
            notes.append((token["note"], length * (Fraction(2, 3) if left else 1), bool(token["tie"])))
            left = max(left - 1, 0)
        elif token[0].startswith("|"):
            found.append((chords, notes, metre))
            chords, notes = [], []
    return found


@pytest.mark.parametrize(("style", "seed"), SONGS)
def test_bars_of_an_abc_sheet_are_full_and_hold_every_note_of_the_tune(style, seed):
    timeline = song(style, seed)
    text, sheet = abc_text(timeline, "Song"), lead(timeline)
    found = measures(text)
    assert len(found) == len(sheet.bars.numbers)
    for bar, (_, notes, metre) in enumerate(found):
        eighths = 2 * Fraction(float(sheet.bars.quarters[bar])).limit_denominator(8) * int(sheet.bars.beats[bar])
        assert sum(length for _, length, _ in notes) == eighths, (bar, notes)
        assert metre == f"{sheet.bars.numerators[bar]}/{sheet.bars.denominators[bar]}"
    every = [note for _, notes, _ in found for note in notes]
    begun = [now for before, now in zip([("z", 0, False), *every], every, strict=False) if not before[2]]
    assert sum(not name.startswith("z") for name, _, _ in begun) == len(sheet.line)
    assert sum(len(chords) for chords, _, _ in found) == len({(one.bar, one.place) for one in sheet.symbols})


def four_bars(**more):
    times = 0.5 * np.arange(16)
    return Timeline(8.0, beats=Beats.of(times, np.tile([1, 2, 3, 4], 4)),
                    metre=Metre(np.array([0.0]), np.array([4]), np.array([4]), np.ones(1)),
                    chords=Chords(np.array([0.0, 2.0, 5.0]), np.array([2.0, 5.0, 8.0]),
                                  np.array(["A:min", "F:maj/3", "G:7"]), np.ones(3)), **more)


def parts(*names):
    """Sections of four seconds."""
    starts = 4.0 * np.arange(len(names))
    return Sections(starts, starts + 4, np.array(names), np.ones(len(names)))


def test_chords_of_a_chart_stand_where_they_begin():
    timeline = four_bars(key=Key(np.array(["A:minor"]), np.array([1.0])),
                         sections=parts("A", "chorus"))
    text = chordpro_text(timeline, "Song", "Somebody")
    assert "{title: Song}\n{artist: Somebody}\n{key: Am}\n" in text and "{time: 4/4}" in text
    assert '{start_of_grid: label="A"}\n| Am . . . | F/A . . . |\n{end_of_grid}' in text
    assert '{start_of_grid: label="chorus"}\n| . . G7 . | . . . . |\n{end_of_grid}' in text
    assert chordpro_text(Timeline(1.0)) is None


def test_markers_and_regions_are_those_of_the_timeline():
    timeline = four_bars(sections=parts("A", "B, again"))
    rows = list(csv.reader(io.StringIO(reaper_text(timeline))))
    assert rows[0] == ["#", "Name", "Start", "End", "Length"]
    assert rows[2] == ["R2", "B, again", "4.000000", "8.000000", "4.000000"]
    assert [row[1] for row in rows if row[0].startswith("M")] == ["A:min", "F:maj/3", "G:7"]
    assert reaper_text(Timeline(1.0)) is None


def test_a_collection_tells_key_tempo_and_cues():
    timeline = four_bars(key=Key(np.array(["A:minor"]), np.array([1.0])),
                         sections=Sections(np.array([0.0]), np.array([8.0]), np.array(["<A & B>"]), np.ones(1)))
    root = ElementTree.fromstring(rekordbox_text([(timeline, Path("/music/a b&c.mp3"), "", "")]))
    track = root.find("COLLECTION/TRACK")
    assert track.attrib["Location"] == "file://localhost/music/a%20b%26c.mp3"
    assert (track.attrib["Name"], track.attrib["Tonality"], track.attrib["AverageBpm"]) == ("a b&c", "Am", "120.00")
    assert [each.attrib for each in track.findall("TEMPO")] == [
        {"Inizio": "0.000", "Bpm": "120.00", "Metro": "4/4", "Battito": "1"}]
    assert track.find("POSITION_MARK").attrib["Name"] == "<A & B>"


def test_every_beat_lies_on_the_grid_of_its_stretch():
    rng = np.random.default_rng(0)
    times = np.cumsum(np.concatenate([[0.3], 0.5 + 0.05 * np.sin(np.arange(60) / 9) + rng.normal(0, 0.004, 60)]))
    grid = list(tempo_grid(Beats.of(times, np.arange(len(times)) % 4 + 1)))
    assert 1 < len(grid) < 30 and grid[0][0] == times[0]
    starts = [start for start, _, _ in grid]
    for time in times:
        start, bpm, _ = grid[np.searchsorted(starts, time, side="right") - 1]
        beats = (time - start) * bpm / 60
        assert abs(beats - round(beats)) * 60 / bpm <= 2 * GRID_SLACK_SECONDS
    steady = list(tempo_grid(Beats.of(0.5 * np.arange(200) + rng.uniform(-0.005, 0.005, 200), np.ones(200, int))))
    assert len(steady) == 1 and steady[0][1] == pytest.approx(120, abs=0.05)


@pytest.mark.parametrize("suffix", [".abc", ".cho", ".reaper.csv", ".rekordbox.xml"])
def test_they_are_saved_by_their_suffix_and_refused_where_there_is_nothing(tmp_path, suffix):
    save(four_bars(), tmp_path / f"song{suffix}")
    text = (tmp_path / f"song{suffix}").read_text(encoding="utf-8")
    assert {".abc": '"Am"z8 | "F/A"z8', ".cho": "| Am . . . | F/A", ".reaper.csv": "M2,F:maj/3,2.0",
            ".rekordbox.xml": "song"}[suffix] in text
    if suffix != ".rekordbox.xml":
        with pytest.raises(LabelError, match="this timeline has no"):
            save(Timeline(1.0), tmp_path / f"empty{suffix}")
        assert not (tmp_path / f"empty{suffix}").exists()


def test_bars_of_a_chart_are_those_of_the_sheet():
    timeline = song(*SONGS[0])
    text = chordpro_text(timeline, "Song")
    rows = [line.strip("| ") for line in text.splitlines() if line.startswith("|")]
    cells = [cell.split() for row in rows for cell in row.split(" | ")]
    assert [len(cell) for cell in cells] == bars(timeline).beats.tolist()
