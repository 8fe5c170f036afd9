"""What is written is valid MusicXML 4.0, and says what the timeline says."""

import os
import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from musicxml_schema import schema
from timelines import CHORD_LABELS, KEY_LABELS, song

from onpu.engine.compose import compose
from onpu.errors import LabelError
from onpu.formats.musicxml import read_musicxml, write_musicxml
from onpu.formats.musicxml.chord_symbol import KINDS, chord_symbol
from onpu.formats.musicxml.lead_sheet import lead_sheet, section_names, written_measures
from onpu.music import Beats, Chords, Keys, Melody, Metre, Sections, Timeline, Voice
from onpu.music.folding import folds, written_bars
from onpu.music.harte import QUALITIES, VOCABULARY
from onpu.music.lead import lead
from onpu.music.symbols import TEXTS


def sheet(*chords, positions=(4, *[1, 2, 3, 4] * 4), signatures=((0.0, 4, 4),), keys=()):
    """Beats every half second; chords (start in beats, label), keys the same."""
    end = len(positions) / 2

    def segments(kind, rows):
        starts = np.array([start / 2 for start, _ in rows])
        labels = np.array([label for _, label in rows])
        return kind(starts, np.append(starts[1:], end), labels, np.ones(len(rows))) if rows else None

    times, above, below = (np.array(column) for column in zip(*signatures, strict=True))
    return Timeline(end, beats=Beats.of(np.arange(len(positions)) / 2, np.array(positions)),
                    metre=Metre(times / 2, above, below, np.ones(len(times))), keys=segments(Keys, keys),
                    chords=segments(Chords, chords))


def written(tmp_path, timeline, **words):
    path = tmp_path / "song.musicxml"
    assert write_musicxml(timeline, path, **words) == [path]
    schema().validate(path)
    return ElementTree.parse(path).getroot()


def texts(element):
    """Chord symbols as a reader of the sheet sees them."""
    out = []
    for found in element.iter("harmony"):
        signs = {"-1": "b", "1": "#", "-2": "bb", "2": "##"}
        root, bass = ("".join((found.findtext(f"{n}/{n}-step", ""), signs.get(found.findtext(f"{n}/{n}-alter"), "")))
                      for n in ("root", "bass"))
        shown = "" if found.find("root/root-step").get("text") == "" else root
        out.append(shown + found.find("kind").get("text") + (f"/{bass}" if bass else ""))
    return out


def test_a_sheet_of_bars_keys_and_chords(tmp_path):
    timeline = sheet((0, "N"), (1, "Eb:maj"), (3, "C:min7/b3"), (4.5, "F#:dim"), (5, "Ab:maj7"), (13, "Bb:7"),
                     keys=((0, "C:minor"), (9, "Eb:major")))
    score = written(tmp_path, timeline, title="Song", creator="Somebody")
    measures = score.findall("part/measure")
    assert [m.get("number") for m in measures] == ["0", "1", "2", "3", "4"]
    assert [m.get("implicit") for m in measures] == ["yes", None, None, None, None]
    assert [texts(m) for m in measures] == [[], ["Eb", "Cm7/Eb", "F#dim"], ["Abmaj7"], [], ["Bb7"]]
    assert [len(m.findall("note/notehead")) for m in measures] == [0, 4, 4, 4, 4]
    assert [m.findtext("attributes/key/fifths") for m in measures] == ["-3", None, None, None, None]
    assert [m.findtext("attributes/key/mode") for m in measures] == ["minor", None, None, None, None]
    assert [m.findtext("attributes/time/beats") for m in measures] == ["4", None, None, None, None]
    assert [h.findtext("offset") for h in measures[1].findall("harmony")] == [None, None, "12"]  # of 24 a quarter
    assert score.findtext("part/measure/direction/direction-type/metronome/per-minute") == "120"
    assert score.findtext("work/work-title") == "Song" and score.findtext("identification/creator") == "Somebody"
    assert [m.findtext("note/pitch/alter") for m in measures] == [None, "-1", "-1", "-1", "-1"]


@pytest.mark.parametrize(("key", "alter"), [("F:major", "-1"), ("C:major", None), ("C#:major", "1"), ("B:major", None)])
def test_slashes_need_no_accidental(tmp_path, key, alter):
    score = written(tmp_path, sheet((0, "C"), keys=((0, key),)))
    assert {note.findtext("pitch/alter") for note in score.iter("note")} == {alter}


def test_where_nothing_sounds_there_are_rests(tmp_path):
    measures = written(tmp_path, sheet((0, "C"), (5, "N"), (9, "G"), (10, "N"))).findall("part/measure")
    assert [len(m.findall("note/rest")) for m in measures] == [0, 0, 1, 0, 1]


def test_long_stretches_without_tune_are_played_and_short_ones_rested(tmp_path):
    """Of ten bars the first, the fourth and the last are sung."""
    sung = [(4 * bar + beat, 1, 64 + beat % 3) for bar in (0, 3, 9) for beat in range(4)]
    timeline = song(sung, count=10, struck=False, chords=("C:maj", "F:maj"))
    measures = written(tmp_path, timeline).findall("part/measure")
    shown = ["".join("r" if note.find("rest") is not None else "/" if note.find("notehead") is not None else "n"
                     for note in measure.findall("note")) for measure in measures]
    assert [set(bar) for bar in shown] == [{"n"}, {"r"}, {"r"}, {"n"}, *[{"/"}] * 5, {"n"}]
    assert [len(bar) for bar in shown[4:9]] == [4] * 5
    read = read_musicxml(tmp_path / "song.musicxml").notes
    assert read.pitches.tolist() == lead(timeline).line.pitches.tolist()


def test_metres_change_and_compound_beats_are_dotted(tmp_path):
    timeline = sheet((0, "C"), (3, "G"), (6, "D"), (7, "A:min"), positions=(1, 2, 3, 1, 2, 1, 2, 1, 2, 3, 4),
                     signatures=((0, 3, 4), (3, 6, 8), (7, 4, 4)))
    measures = written(tmp_path, timeline).findall("part/measure")
    signature = [f"{m.findtext('attributes/time/beats')}/{m.findtext('attributes/time/beat-type')}" for m in measures]
    assert signature == ["3/4", "6/8", "None/None", "4/4"]
    assert [m.findtext("note/duration") for m in measures] == ["48", "72", "72", "48"]
    units = [m.find("direction/direction-type/metronome") for m in measures]
    assert [None if u is None else (u.findtext("beat-unit"), u.find("beat-unit-dot") is not None) for u in units] == [
        ("quarter", False), ("quarter", True), None, ("quarter", False)]
    assert [m.find("direction/sound").get("tempo") for m in measures if m.find("direction")] == [
        "120.00", "180.00", "120.00"]
    assert [texts(m) for m in measures] == [["C"], ["G"], ["D"], ["Am"]]


def test_chords_are_written_once_where_they_change(tmp_path):
    chords = (1, "C:maj"), (3, "C:maj"), (5, "C:maj"), (6.9, "G:maj"), (7.1, "A:min"), (16, "N")
    score = written(tmp_path, sheet(*chords))
    assert texts(score) == ["C", "Am"]  # what lasts less than half a beat, and the silence at the end, are left out


def test_a_file_is_named_after_its_song_and_equal_timelines_give_equal_bytes(tmp_path):
    timeline = sheet((1, "C:maj"))
    assert written(tmp_path, timeline).findtext("work/work-title") == "song"
    first = (tmp_path / "song.musicxml").read_bytes()
    written(tmp_path, timeline)
    assert (tmp_path / "song.musicxml").read_bytes() == first


def test_nothing_is_written_without_beats_or_chords(tmp_path):
    beats, chords = sheet((1, "C")).beats, sheet((1, "C")).chords
    for timeline in (Timeline(8.0), Timeline(8.0, beats=beats), Timeline(8.0, chords=chords),
                     Timeline(8.0, beats=Beats.of(np.zeros(0), np.zeros(0)), chords=chords)):
        assert write_musicxml(timeline, tmp_path / "song.musicxml") == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("label", "text", "kind", "degrees"), [
    ("C", "C", "major", []), ("F#:min", "F#m", "minor", []), ("Bb:hdim7/b5", "Bbm7b5/E", "half-diminished", []),
    ("D:7(b9,#11)", "D7", "dominant", [("9", "-1", "add"), ("11", "1", "add")]),
    ("A:sus4(b7)", "Asus4", "suspended-fourth", [("7", "0", "add")]), ("A:maj(7)", "A", "major", [("7", "1", "add")]),
    ("F:7(*5,b5)", "F7", "dominant", [("5", "-1", "alter")]), ("G:min7(*5)", "Gm7", "minor-seventh",
                                                               [("5", "0", "subtract")]),
    ("G:(3,5,b7)", "G7", "dominant", []), ("B:(1,b2)", "B(1,b2)", "other", []), ("N", "", "none", []),
    ("X", "", "none", []), ("E:1", "E", "major", [("3", "0", "subtract"), ("5", "0", "subtract")]),
    ("E:5/5", "E5/B", "power", []), ("Cb:maj7/7", "Cbmaj7/Bb", "major-seventh", []),
])
def test_chord_symbols(label, text, kind, degrees):
    element = ElementTree.Element("measure")
    element.extend(chord_symbol(label))
    assert texts(element) == [text]
    assert element.findtext("harmony/kind") == kind
    got = [tuple(d.findtext(f"degree-{part}") for part in ("value", "alter", "type"))
           for d in element.iter("degree")]
    assert got == degrees


def test_every_quality_has_a_kind_of_its_own():
    assert set(KINDS) | {"1"} == set(QUALITIES) >= set(VOCABULARY)
    assert set(TEXTS) == set(QUALITIES)
    assert len(set(KINDS.values())) == len(KINDS) and len(set(TEXTS.values())) == len(TEXTS)


@settings(max_examples=40)
@given(gaps=st.lists(st.floats(0.1, 6), min_size=1, max_size=12), data=st.data())
def test_whatever_a_timeline_holds_the_sheet_is_valid(tmp_path_factory, gaps, data):
    def drawn(kind, labels):
        edges = sorted(data.draw(st.lists(st.integers(0, 600), min_size=2, max_size=8, unique=True)))
        names = data.draw(st.lists(st.sampled_from(labels), min_size=len(edges) - 1, max_size=len(edges) - 1))
        times = np.array(edges) / 10
        return kind(times[:-1], times[1:], np.array(names), np.ones(len(names)))

    positions = data.draw(st.lists(st.integers(0, 5), min_size=len(gaps), max_size=len(gaps)))
    metre = Metre(np.zeros(1), np.array([data.draw(st.integers(1, 15))]),
                  np.array([data.draw(st.sampled_from([1, 2, 4, 8, 16, 64]))]), np.ones(1))
    frames = np.arange(6000) / 100
    steps = data.draw(st.lists(st.tuples(st.integers(5, 90), st.floats(40, 90), st.booleans()), max_size=60))
    line = np.repeat([440 * 2 ** ((pitch - 69) / 12) * sounds for _, pitch, sounds in steps] or [0.0],
                     [length for length, _, _ in steps] or [1])[:6000]
    hertz = np.concatenate([line, np.zeros(6000 - len(line))])
    timeline = Timeline(60.0, beats=Beats.of(np.cumsum(gaps), np.array(positions)), metre=metre,
                        keys=drawn(Keys, KEY_LABELS), chords=drawn(Chords, CHORD_LABELS),
                        melody=Melody(frames, hertz, np.ones(6000)), sections=drawn(Sections, ["A", "verse", ""]),
                        voice=drawn(Voice, ["a", "long line of words", "mo-", "-", ""]))
    path = tmp_path_factory.getbasetemp() / "any.musicxml"
    write_musicxml(timeline, path)
    assert not [str(error) for error in schema().iter_errors(path)]


@pytest.mark.parametrize(("seed", "style"), [(1, "pop"), (3, "odd rock"), (5, "jig"), (6, "choir")])
def test_composed_songs_fill_their_bars(tmp_path, seed, style):
    timeline = replace(compose(seed, style).timeline, notes=None, drums=None)
    for known in (timeline, replace(timeline, melody=None)):
        score, played = written(tmp_path, known), lead(known)
        found, divisions = played.bars, int(score.findtext("part/measure/attributes/divisions"))
        folded = folds(played, section_names(known, played))
        bars = written_bars(folded, len(found.numbers))
        measures = score.findall("part/measure")
        assert [int(m.get("number")) - found.numbers[0] for m in measures] == list(range(len(bars)))
        lengths = [sum(int(d.text) for d in m.findall("note/duration")) for m in measures]
        assert lengths == (found.beats * found.quarters * divisions)[bars].tolist()
        forward, back = (score.findall(f"part/measure/barline/repeat[@direction='{way}']")
                         for way in ("forward", "backward"))
        assert len(forward) == len(back) == len(folded)


def test_a_tune_with_words_a_slur_and_a_second_verse(tmp_path):
    """Two times the same four bars: the words of the second time stand below those of the first."""
    once = [(4 * bar + beat, 1, (60, 64, 62, 65)[(bar + beat) % 4]) for bar in range(4) for beat in range(4)]
    again = [(at + 16, length, pitch) for at, length, pitch in once]
    said = ["mo-", "ment", *"abcdefghijklmnopqrstuvwxyzABCD"]
    words = [(at, at + 0.9, text) for (at, _, _), text in zip(once + again, said, strict=True)]
    score = written(tmp_path, song(once + again, chords=("C:maj", "F:maj", "G:maj", "A:min"), words=words,
                                   sections=[(0, "A")], struck=False))
    measures = score.findall("part/measure")
    assert len(measures) == 4 and texts(score) == ["C", "F", "G", "Am"]
    lyrics = [[(lyric.get("number"), lyric.findtext("syllabic"), lyric.findtext("text")) for lyric in
               note.findall("lyric")] for note in measures[0].findall("note")]
    assert lyrics[:2] == [[("1", "begin", "mo"), ("2", "single", "o")], [("1", "end", "ment"), ("2", "single", "p")]]
    assert measures[0].findtext("direction/direction-type/rehearsal") == "A"
    assert measures[3].find("barline/repeat").get("direction") == "backward"
    slurs = [slur.get("type") for slur in score.iter("slur")]
    assert slurs.count("start") == slurs.count("stop")


def test_endings_and_doubtful_chords(tmp_path):
    chords = [(4 * bar, ("C:maj", "F:maj")[bar % 2]) for bar in range(7)] + [(28, "G:maj")]
    chords += [(4 * bar, ("C:maj", "F:maj")[bar % 2]) for bar in range(8, 16)]
    score = written(tmp_path, sheet(*chords, positions=[1, 2, 3, 4] * 16))
    endings = [(m.get("number"), e.get("number"), e.get("type")) for m in score.iter("measure")
               for e in m.iter("ending")]
    assert endings == [("8", "1", "start"), ("8", "1", "stop"), ("9", "2", "start"), ("9", "2", "discontinue")]
    timeline = sheet((0, "C"), (4, "G"))
    unsure = replace(timeline.chords, confidence=np.array([0.9, 0.3]))
    colours = [h.get("color") for h in written(tmp_path, replace(timeline, chords=unsure)).iter("harmony")]
    assert colours == [None, "#808080"]


def test_a_note_value_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(LabelError, match="4/3 cannot be written"):
        write_musicxml(sheet((1, "C"), signatures=((0, 4, 3),)), tmp_path / "song.musicxml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("mscore3") is None, reason="MuseScore 3 is not installed")
def test_musescore_opens_it(tmp_path):
    written(tmp_path, sheet((0, "N"), (1, "Eb:maj"), (3, "C:min7/b3"), keys=((0, "Eb:major"),)))
    subprocess.run(["mscore3", "-o", "back.musicxml", "song.musicxml"], cwd=tmp_path, check=True, timeout=120,
                   capture_output=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)})
    back = ElementTree.parse(tmp_path / "back.musicxml").getroot()
    kinds = [(h.findtext("root/root-step"), h.findtext("kind")) for h in back.iter("harmony")]
    assert kinds == [("E", "major"), ("C", "minor-seventh")]
    assert [k.text for k in back.iter("fifths")] == ["-3"]
    assert [m.get("number") for m in back.iter("measure")] == ["0", "1", "2", "3", "4"]


def test_each_bar_that_is_played_is_written_somewhere():
    """Bars that are alike are written once; where one is written says `written_measures`."""
    bars = np.arange(17) * 2.0
    labels = np.array((["C:maj", "A:min", "F:maj", "G:7"] * 4), np.str_)
    times = np.arange(64) * 0.5
    played = Timeline(32.0, beats=Beats.of(times, 1 + np.arange(64) % 4),
                      chords=Chords(bars[:-1], bars[1:], labels, np.ones(16)))
    _, part = lead_sheet(played)
    written = written_measures(played)
    assert len(written) == 16 and len(part.findall("measure")) == max(written) + 1 < 16
    assert sorted(set(written)) == list(range(max(written) + 1))
    assert all(labels[i] == labels[written.index(place)] for i, place in enumerate(written))
    assert written_measures(Timeline(1.0)) == []
