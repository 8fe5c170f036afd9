"""One metre: decided from all that is heard, and written by every file as the timeline has it."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import symusic

from onpu.analysis.agreement import agree
from onpu.analysis.compound import as_felt
from onpu.analysis.given import Hints
from onpu.formats.midi import MidiLayout, write_midi
from onpu.formats.musicxml import write_musicxml
from onpu.formats.report.contents import contents
from onpu.music import Beats, Drums, Melody, Metre, Notes, Timeline

BEATS = 64


def played(places, numerator, denominator, count, confidence=0.8):
    """Notes of a third of a beat at places, in beats of half a second, `count` a bar, and a tune on these places."""
    beats = Beats.of(0.5 * np.arange(BEATS), np.arange(BEATS) % count + 1)
    metre = Metre(np.zeros(1), np.array([numerator]), np.array([denominator]), np.array([confidence]))
    onsets = 0.5 * np.asarray(places)
    n = len(onsets)
    notes = Notes(onsets, onsets + 0.15, 60.0 + np.arange(n) % 12, np.full(n, 80.0), np.full(n, 73), np.ones(n))
    times = np.arange(0, 32, 0.01)
    at = np.searchsorted(onsets, times, side="right") - 1
    pitch = 440 * 2 ** ((60 + at % 12 - 69) / 12)
    melody = Melody(times, pitch, np.full(len(times), 0.9))
    return Timeline(BEATS / 2, beats=beats, metre=metre, notes=notes, melody=melody)


THIRDS = np.arange(3 * (BEATS - 4)) / 3
HALVES = np.arange(2 * (BEATS - 4)) / 2


@pytest.mark.parametrize(("count", "written"), [(2, (6, 8)), (3, (9, 8)), (4, (12, 8))])
@pytest.mark.parametrize("by", ["notes", "drums", "melody"])
def test_beats_in_thirds_are_dotted_by_whatever_was_heard(count, written, by):
    song = played(THIRDS, count, 4, count)
    onsets = song.notes.onsets
    hits = Drums(onsets, np.full(len(onsets), 42), np.full(len(onsets), 80.0), np.ones(len(onsets)))
    heard = Timeline(song.duration, beats=song.beats, metre=song.metre,
                     **{"notes": {"notes": song.notes}, "drums": {"drums": hits},
                        "melody": {"melody": song.melody}}[by])
    metre = as_felt(heard)
    assert (metre.numerators.tolist(), metre.denominators.tolist()) == ([written[0]], [written[1]])
    assert metre.beats_in_bar().tolist() == [count]


@pytest.mark.parametrize("song", [
    played(HALVES, 4, 4, 4), played(THIRDS, 4, 4, 4, confidence=1.0), played(THIRDS, 6, 8, 2),
    played(np.concatenate([np.arange(60), np.arange(60) + 0.64]), 4, 4, 4)])  # the last one swings
def test_what_is_in_halves_known_compound_or_swung_stays(song):
    assert as_felt(song) is song.metre


def test_beats_of_which_few_are_divided_are_not():
    """Of a hymn in quarters, where some voices are late."""
    late = np.sort(np.concatenate([np.arange(60.0), np.arange(0, 60, 4) + 0.33]))
    hymn = played(late, 4, 4, 4)
    assert as_felt(hymn) is hymn.metre


def test_it_is_decided_with_all_that_is_known_and_not_against_hints():
    song = played(THIRDS, 4, 4, 4)
    assert agree([], replace(song, metre=None), Hints()).metre is None
    assert agree([], song, Hints()).metre is song.metre  # given
    three = agree([], replace(song, metre=None), Hints(metre=(4, 4))).metre
    assert (three.numerators.tolist(), three.denominators.tolist()) == ([4], [4])


def signatures_of(path):
    """Of the score, each once: `6/8`."""
    return {f"{time.findtext('beats')}/{time.findtext('beat-type')}" for time in ElementTree.parse(path).iter("time")}


@pytest.mark.parametrize(("numerator", "denominator", "count"), [
    (2, 4, 2), (3, 4, 3), (4, 4, 4), (5, 4, 5), (6, 8, 2), (9, 8, 3), (12, 8, 4), (7, 8, 7)])
@pytest.mark.parametrize("confidence", [0.6, 1.0])
def test_every_output_has_the_metre_of_the_timeline(tmp_path, numerator, denominator, count, confidence):
    """Whatever lies inside the beats: the writers decide nothing."""
    song, expected = played(THIRDS, numerator, denominator, count, confidence), f"{numerator}/{denominator}"
    for path in write_musicxml(song, tmp_path / "song.musicxml"):
        assert signatures_of(path) == {expected}, path.name
    for layout in (MidiLayout(), MidiLayout(quantised=True), MidiLayout(constant_tempo=True)):
        write_midi(song, tmp_path / "song.mid", layout)
        times = symusic.Score(tmp_path / "song.mid").time_signatures
        assert {f"{each.numerator}/{each.denominator}" for each in times} == {expected}
    song.save(tmp_path / "song.jams")
    rows = json.loads((tmp_path / "song.jams").read_text())["sandbox"]["metre"]
    assert [row["value"] for row in rows] == [expected]
    page = contents(song, "song")
    for values in (page["metre"], page["bars"]):
        assert {f"{a}/{b}" for a, b in zip(values["numerators"], values["denominators"], strict=True)} == {expected}
