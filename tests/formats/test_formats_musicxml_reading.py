"""Scores read back: what a chorale is written as, compressed files, time signatures, and what is no score."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from chorale_files import write_chorales

from onpu.data.corpora.chorales import Chorales
from onpu.errors import FormatError
from onpu.formats.musicxml import read_musicxml
from onpu.formats.musicxml.choral import write_choral

SCORE = """<score-partwise><part-list/><part id="P1">{}</part></score-partwise>"""
NOTE = "<note>{}<pitch><step>{}</step><octave>4</octave></pitch><duration>{}</duration>{}</note>"


@pytest.fixture(scope="module")
def chorale(tmp_path_factory):
    found = Chorales.open(write_chorales(tmp_path_factory.mktemp("chorales") / "chorales.json.gz", 2)).item(0)
    found.pitches[3, 4:28], found.attacks[3, 4:28] = 48, np.arange(24) == 0
    return found


@pytest.mark.parametrize(("semitones", "key"), [(0, "C:major"), (3, "Eb:major"), (2, "D:dorian")])
def test_a_written_chorale_is_read_as_it_was(tmp_path, chorale, semitones, key):
    moved = replace(chorale.transposed(semitones), key=key)
    write_choral(moved, tmp_path / "a.musicxml", 120, 19)
    found, wanted = read_musicxml(tmp_path / "a.musicxml"), moved.timeline(120, 19)
    def rows(notes):
        return sorted(zip(notes.onsets.round(6), notes.offsets.round(6), notes.pitches, strict=True))
    assert rows(found.notes) == rows(wanted.notes)
    count = len(wanted.beats.times)
    np.testing.assert_allclose(found.beats.times[:count], wanted.beats.times)
    np.testing.assert_array_equal(found.beats.positions[:count], wanted.beats.positions)
    assert found.keys.labels.tolist() == [key] and found.metre.numerators.tolist() == [4]


def test_a_compressed_score_is_the_same(tmp_path, chorale):
    (plain,) = write_choral(chorale, tmp_path / "a.musicxml", 120, 19)
    with zipfile.ZipFile(tmp_path / "a.mxl", "w") as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfiles><rootfile full-path="s.xml"/></rootfiles>'
                                                   "</container>")
        archive.write(plain, "s.xml")
    assert np.array_equal(read_musicxml(tmp_path / "a.mxl").notes.onsets, read_musicxml(plain).notes.onsets)


def test_chords_ties_grace_notes_and_voices_are_placed(tmp_path):
    attributes = ("<attributes><divisions>2</divisions><time><beats>6</beats><beat-type>8</beat-type></time>"
                  "</attributes>")
    notes = (NOTE.format("<grace/>", "B", 0, "") + NOTE.format("", "C", 2, '<tie type="start"/>')
             + NOTE.format("<chord/>", "E", 2, "") + NOTE.format("", "C", 1, '<tie type="stop"/>')
             + "<note><rest/><duration>3</duration></note><backup><duration>6</duration></backup>"
             + NOTE.format("", "G", 6, ""))
    (tmp_path / "a.xml").write_text(SCORE.format(f"<measure>{attributes}{notes}</measure>"))
    found = read_musicxml(tmp_path / "a.xml")
    rows = sorted(zip(found.notes.pitches, found.notes.onsets, found.notes.offsets, strict=True))
    assert rows == [(60.0, 0.0, 0.75), (64.0, 0.0, 0.5), (67.0, 0.0, 1.5)]
    assert found.beats.times.tolist() == [0.0, 0.75] and found.beats.positions.tolist() == [1, 2]


@pytest.mark.parametrize("content", ["", "<html/>", "<score-partwise><part/></score-partwise>", "PK no zip",
                                     SCORE.format("<measure><note><pitch/><duration>1</duration></note></measure>"),
                                     '<!DOCTYPE a [<!ENTITY b "c">]><score-partwise/>'])
def test_what_is_no_score_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "x.musicxml").write_text(content)
    with pytest.raises(FormatError, match=r"x\.musicxml: ") as error:
        read_musicxml(tmp_path / "x.musicxml")
    assert "\n" not in str(error.value)


def bar(number, begins="", ends="", says=""):
    """A measure of one quarter whose pitch, above middle C, is its number."""
    step, alter = [("C", 0), ("C", 1), ("D", 0), ("D", 1), ("E", 0), ("F", 0), ("F", 1), ("G", 0)][number]
    left = f'<barline location="left">{begins}</barline>' if begins else ""
    right = f'<barline location="right">{ends}</barline>' if ends else ""
    pitch = f"<pitch><step>{step}</step><alter>{alter}</alter><octave>4</octave></pitch>"
    return (f"<measure>{left}<attributes><divisions>1</divisions></attributes>{says}"
            f"<note>{pitch}<duration>1</duration></note>{right}</measure>")


def played(folder, *bars):
    (folder / "a.musicxml").write_text(SCORE.format("".join(bars)))
    found = read_musicxml(folder / "a.musicxml").notes
    assert found.onsets.tolist() == [0.5 * place for place in range(len(found))]
    return (found.pitches - 60).astype(int).tolist()


BACK, FORTH = '<repeat direction="backward"/>', '<repeat direction="forward"/>'


def ending(numbers, kind):
    return f'<ending number="{numbers}" type="{kind}"/>'


def says(**words):
    name, value = next(iter(words.items()))
    return f'<direction><direction-type><words/></direction-type><sound {name}="{value}"/></direction>'


def test_repeats_and_endings_are_played(tmp_path):
    assert played(tmp_path, bar(0), bar(1, ends=BACK), bar(2)) == [0, 1, 0, 1, 2]
    assert played(tmp_path, bar(0), bar(1, FORTH), bar(2, ends='<repeat direction="backward" times="3"/>'), bar(3)) == [
        0, 1, 2, 1, 2, 1, 2, 3]
    first, second = ending(1, "start"), ending(2, "start")
    assert played(tmp_path, bar(0, FORTH), bar(1, first, ending(1, "stop") + BACK),
                  bar(2, second, ending(2, "discontinue")), bar(3, FORTH), bar(4, ends=BACK)) == [
        0, 1, 0, 2, 3, 4, 3, 4]
    assert played(tmp_path, bar(0), bar(1, ending("1, 2", "start"), ending("1, 2", "stop") + BACK),
                  bar(2, ending("3", "start"), ending("3", "stop")), bar(3)) == [0, 1, 0, 1, 0, 2, 3]


def test_da_capo_dal_segno_coda_and_fine_are_played_without_their_repeats(tmp_path):
    assert played(tmp_path, bar(0, ends=BACK), bar(1, says=says(fine="yes")), bar(2, says=says(dacapo="yes"))) == [
        0, 0, 1, 2, 0, 1]
    assert played(tmp_path, bar(0), bar(1, says=says(segno="s")), bar(2, says=says(tocoda="c")),
                  bar(3, says=says(dalsegno="s")), bar(4, says=says(coda="c")), bar(5)) == [0, 1, 2, 3, 1, 2, 4, 5]
    first, second = ending(1, "start"), ending(2, "start")
    assert played(tmp_path, bar(0), bar(1, first, ending(1, "stop") + BACK), bar(2, second, ending(2, "stop")),
                  bar(3, says=says(dacapo="yes")), bar(4)) == [0, 1, 0, 2, 3, 0, 2, 3, 4]


def test_an_upbeat_that_is_repeated_is_one_each_time(tmp_path):
    time = "<attributes><time><beats>3</beats><beat-type>4</beat-type></time></attributes>"
    whole = bar(1).replace("<duration>1<", "<duration>2<").replace("</measure>", f"<barline>{BACK}</barline></measure>")
    (tmp_path / "a.musicxml").write_text(SCORE.format(bar(0, says=time) + whole))
    assert read_musicxml(tmp_path / "a.musicxml").beats.positions.tolist() == [3, 1, 2, 3, 1, 2]


@pytest.mark.parametrize(("chromatic", "octaves", "fifths", "sounds", "key"), [
    (-2, 0, 2, 58, "C:major"), (-9, 0, 1, 51, "Bb:major"), (-7, 0, 0, 53, "F:major"), (0, -1, -3, 48, "Eb:major"),
    (-2, -1, 3, 46, "G:major"), (3, 0, 4, 63, "G:major")])
def test_transposing_instruments_sound_as_they_do(tmp_path, chromatic, octaves, fifths, sounds, key):
    attributes = (f"<attributes><divisions>1</divisions><key><fifths>{fifths}</fifths></key><transpose><chromatic>"
                  f"{chromatic}</chromatic><octave-change>{octaves}</octave-change></transpose></attributes>")
    (tmp_path / "a.musicxml").write_text(SCORE.format(bar(0, says=attributes)))
    found = read_musicxml(tmp_path / "a.musicxml")
    assert found.notes.pitches.tolist() == [sounds] and found.keys.labels.tolist() == [key]


@pytest.mark.parametrize(("mark", "quarter"), [
    ('<sound tempo="60"/>', 1.0), ('<direction><direction-type><words>slow</words></direction-type><sound tempo="80"/>'
                                   "</direction>", 0.75),
    ("<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>100</per-minute>"
     "</metronome></direction-type></direction>", 0.4),
    ('<sound tempo="0"/>', 0.5), ('<sound tempo="quick"/>', 0.5), ("", 0.5)])
def test_tempo_marks_are_followed_also_where_a_repeat_goes_back_to_another(tmp_path, mark, quarter):
    score = SCORE.format(bar(0, says=mark) + bar(1, says='<sound tempo="240"/>', ends=BACK))
    (tmp_path / "a.musicxml").write_text(score)
    found = read_musicxml(tmp_path / "a.musicxml")
    np.testing.assert_allclose(found.notes.onsets, [0, quarter, quarter + 0.25, 2 * quarter + 0.25])
    np.testing.assert_allclose(found.beats.times, found.notes.onsets)
    assert found.duration == pytest.approx(2 * quarter + 0.5)
