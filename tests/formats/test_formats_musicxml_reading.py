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
