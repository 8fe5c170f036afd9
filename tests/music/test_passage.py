"""Passages: lines and drums on their grid, cut, moved, joined, read from timelines."""

from dataclasses import replace

import numpy as np
import pytest
from passage_files import passage

from onpu.errors import LabelError
from onpu.music import Timeline
from onpu.music.excerpt import passage_of
from onpu.music.passage import BAR, HOLD, OFF, PARTS, Passage, joined, longest_chords, struck, written

PROGRAMS = {"melody": 0, "bass": 33}


def test_a_passage_becomes_a_timeline_and_comes_back():
    given = passage(3, 4)
    found = passage_of(given.timeline(100, PROGRAMS), "x", PARTS, 4)
    assert np.array_equal(found.parts["drums"], given.parts["drums"])
    for part in ("melody", "bass"):
        own, back = given.line(part), found.line(part)
        assert np.array_equal(own.starts, back.starts) and np.array_equal(own.pitches, back.pitches)
    timeline = given.timeline(100, PROGRAMS).validate()
    assert timeline.duration == pytest.approx(16 * 0.6) and timeline.chords.labels.tolist() == list(given.chords)
    assert set(timeline.notes.programs.tolist()) == {0, 33} and len(timeline.beats.downbeats) == 4


def test_short_music_is_repeated_and_long_music_is_cut():
    given = passage(5, 2)
    four = passage_of(given.timeline(120, PROGRAMS), "x", ("drums",), 4)
    assert np.array_equal(four.parts["drums"], np.concatenate([given.parts["drums"]] * 2))
    one = passage_of(given.timeline(120, PROGRAMS), "x", ("drums",), 1)
    assert np.array_equal(one.parts["drums"], given.parts["drums"][:BAR])


def test_bars_are_taken_from_the_first_with_notes_on():
    rest = Passage({"melody": np.full(2 * BAR, HOLD)})
    tune = Passage({"melody": passage(1, 2).parts["melody"]})
    found = passage_of(joined([rest, tune]).timeline(90, PROGRAMS), "x", ("melody",), 2)
    assert np.array_equal(found.line("melody").starts, tune.line("melody").starts)


def test_a_line_is_written_note_after_note():
    starts, ends, pitches = np.array([0, 0, 4, 9, 40]), np.array([2, 3, 8, 10, 44]), np.array([60, 64, 65, 67, 70])
    line = written(starts, ends, pitches, BAR, 2, True)
    assert line[[0, 4, 9]].tolist() == [64, 65, 67] and line[10] == OFF and (line == OFF).sum() == 1
    assert written(starts, ends, pitches, BAR, 2, False)[0] == 60
    assert written(starts, ends, pitches, BAR, 1, True)[3] == OFF
    assert not (written(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), BAR, 1, True) != HOLD).any()


def test_what_is_cut_is_silent_until_a_note_begins_and_joining_ends_notes():
    events = np.full(2 * BAR, HOLD)
    events[12], events[20], events[24] = 60, OFF, 62
    second = Passage({"melody": events}, ("C:maj", "N")).validate().cut(1, 1)
    assert second.parts["melody"].tolist() == [HOLD] * 8 + [62] + [HOLD] * 7 and second.chords == ("N",)
    both = joined([second, second])
    assert both.parts["melody"][BAR] == OFF and both.line("melody").ends.tolist() == [16, 32]


def test_moving_up_moves_notes_and_chords_but_not_drums():
    given, moved = passage(2, 2), passage(2, 2).transposed(2)
    assert np.array_equal(given.line("melody").pitches + 2, moved.line("melody").pitches)
    assert np.array_equal(given.parts["drums"], moved.parts["drums"])
    assert moved.transposed(-2).line("bass").pitches.tolist() == given.line("bass").pitches.tolist()
    assert given.chords[0] == "F:maj" and moved.chords[0] == "G:maj"


def test_other_drums_are_left_out_and_each_class_has_its_own_column():
    hits = struck(np.array([0, 0, 3, 5, 99]), np.array([35, 38, 53, 60, 36]), BAR)
    assert np.argwhere(hits).tolist() == [[0, 0], [0, 1], [3, 8]]


def test_a_bar_has_the_chord_that_lasts_longest_in_it():
    starts, ends = np.array([0.0, 1.0, 7.0]), np.array([1.0, 7.0, 8.0])
    assert longest_chords(starts, ends, ["C:maj", "F:maj", "G:7"], 3) == ("F:maj", "F:maj", "N")


@pytest.mark.parametrize(("timeline", "parts", "said"), [
    (Timeline(1.0), PARTS, "no beats"),
    (Passage({"melody": np.full(BAR, HOLD)}).timeline(100, PROGRAMS), ("melody",), "no notes"),
    (passage(1, 2).timeline(100, PROGRAMS), ("drums",), "")])
def test_what_has_no_notes_is_refused_by_name(timeline, parts, said):
    if not said:
        timeline, said = replace(timeline, drums=None), "drums"
    with pytest.raises(LabelError, match=f"^x.mid: .*{said}"):
        passage_of(timeline, "x.mid", parts, 2)


def test_other_metres_are_refused():
    timeline = passage(1, 3).timeline(100, PROGRAMS)
    beats = replace(timeline.beats, positions=np.arange(12) % 3 + 1)
    metre = replace(timeline.metre, numerators=np.array([3]))
    with pytest.raises(LabelError, match="3/4"):
        passage_of(replace(timeline, beats=beats, metre=metre), "x", ("melody",), 2)


@pytest.mark.parametrize("wrong", [
    Passage({}), Passage({"melody": np.zeros(5, int)}), Passage({"melody": np.full(BAR, 128)}),
    Passage({"kazoo": np.full(BAR, 60)}), Passage({"drums": np.zeros((BAR, 3), bool)}),
    Passage({"melody": np.full(BAR, 60)}, ("C:maj", "C:maj")), Passage({"melody": np.full(BAR, 60)}, ("H",))])
def test_contradictions_are_refused(wrong):
    with pytest.raises(LabelError):
        wrong.validate()
