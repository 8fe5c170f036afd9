"""What is printed can be read at sight, stands where the chord changes, and is the simplest that fits in doubt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onpu.errors import LabelError
from onpu.music import Beats, Chords, Metre, Timeline
from onpu.music.bars import bars
from onpu.music.harte import QUALITIES, parse
from onpu.music.printed import Symbol, by_bar, printed_chords, readable, simplest, spelled_simply, triad

BARS = bars(Timeline(16.0, Beats.of(np.arange(32) / 2, np.arange(32) % 4 + 1),
                     Metre(np.zeros(1), np.array([4]), np.array([4]), np.ones(1))))


def chords(*rows, alternatives=None, chances=None):
    """(beat, label) or (beat, label, confidence), to the end of eight bars of half-second beats."""
    starts = np.array([row[0] / 2 for row in rows])
    sure = np.array([row[2] if len(row) > 2 else 1.0 for row in rows])
    more = () if alternatives is None else (np.array(alternatives), np.array(chances))
    return Chords(starts, np.append(starts[1:], 16.0), np.array([row[1] for row in rows]), sure, *more)


def printed(found, key=""):
    return [(symbol.bar, symbol.place, symbol.label, symbol.sure)
            for symbol in printed_chords(BARS, found, [key] * len(BARS.numbers))]


def test_chords_stand_where_they_change():
    found = printed(chords((0, "C:maj"), (4, "C:maj"), (6.9, "G:maj"), (7.1, "A:min7/b3"), (28, "F:maj"), (31, "N")))
    assert found == [(0, 0, "C:maj", True), (1, 6, "A:min7/b3", True), (7, 0, "F:maj", True)]


def test_silence_is_said_where_it_lasts():
    assert [row[2] for row in printed(chords((0, "N"), (4, "C"), (6, "N"), (8, "G"), (12, "N"), (20, "C")))] == [
        "N", "C", "G", "N", "C"]
    assert printed(chords((0, "N"), (1.5, "E:min"), (8, "C"), (12, "N"), (31, "N")))[0] == (0, 3, "E:min", True)


@pytest.mark.parametrize(("label", "text"), [
    ("C:min7/b3", "C:min7/b3"), ("D:7(b9)", "D:7(b9)"), ("D:1", "D:5"), ("F:1", "F:5"), ("X", ""), ("N", "N"),
    ("G:(3,5,b7)", "G:7"), ("B:(1,b2)", "B:5"), ("A:min(2)", "A:min"), ("A:maj(2,4)", "A:maj"),
    ("E:(b3,5,6)", "E:min6"),
    ("C:maj11", "C:maj"), ("C:dim(b2)", "C:dim")])
def test_what_nobody_reads_becomes_what_is_nearest(label, text):
    assert simplest(label) == text


@settings(max_examples=300)
@given(root=st.sampled_from(["C", "Fb", "E#", "Bbb", "F##", "Ab", "G#"]), quality=st.sampled_from([*QUALITIES, ""]),
       degrees=st.lists(st.sampled_from(["1", "b2", "3", "b3", "*5", "b7", "9", "#11", "13"]), max_size=4),
       bass=st.sampled_from(["", "/b3", "/5", "/b7", "/2"]), sure=st.floats(0, 1), sharps=st.integers(-7, 7))
def test_whatever_is_found_is_readable(root, quality, degrees, bass, sure, sharps):
    extra = f"({','.join(degrees)})" if degrees else ""
    label = f"{root}:{quality}{extra}{bass}" if quality or degrees else f"{root}{bass}"
    for symbol in printed_chords(BARS, chords((0, label, sure)), [f"{'CGDAEB'[sharps % 6]}:major"] * len(BARS.numbers)):
        assert readable(symbol.label), symbol
        assert parse(symbol.label).root == parse(label).root
    simple = spelled_simply(label, sharps)
    assert parse(simple).root == parse(label).root and parse(simple).tones == parse(label).tones


def test_what_is_doubtful_is_the_simplest_chord_and_said_to_be_so():
    """.27 for C7 and .25 for C major are .52 for C; .3 for C minor loses, and .27 are too few for the seventh."""
    rows = (0, "C:7", 0.27), (8, "X", 0.4), (16, "X", 0.5), (24, "G:7", 0.9)
    found = printed(chords(*rows, alternatives=[["C:min", "C:maj"], ["F:hdim7", "X"], ["X", "X"], ["X", "X"]],
                           chances=[[0.3, 0.25], [0.3, 0.2], [0.1, 0.1], [0.0, 0.0]]))
    assert found == [(0, 0, "C:maj", True), (2, 0, "F:hdim7", False), (6, 0, "G:7", True)]


def test_roots_are_spelled_near_the_signature():
    assert spelled_simply("Db:maj", 6) == "C#:maj" and spelled_simply("F#:min7/b7", -6) == "Gb:min7/b7"
    assert spelled_simply("Db:maj", 0) == "Db:maj" and spelled_simply("B##:dim", 3) == "C#:dim"
    assert printed(chords((0, "A#:min")), "Db:major") == [(0, 0, "Bb:min", True)]


def test_triads():
    assert [triad(label) for label in ("C:maj7/3", "A:min7", "G:sus4", "B:dim7", "E:5", "D:aug", "N")] == [
        "C:maj", "A:min", "G:5", "B:min", "E:5", "D:maj", "N"]


def test_by_bar_and_errors():
    assert by_bar([Symbol(0, 0, "C"), Symbol(2, 0, "F"), Symbol(2, 4, "G")]) == {
        0: [(0, 0, "C", True)], 2: [(2, 0, "F", True), (2, 4, "G", True)]}
    with pytest.raises(LabelError, match="Cmaj"):
        printed(chords((0, "Cmaj")))
