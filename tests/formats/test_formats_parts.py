"""Parts on request: transposing instruments sound as they are meant to, tablature sounds what notes do; dynamics."""

from xml.etree import ElementTree

import numpy as np
import pytest
from musicxml_schema import schema

from onpu.errors import LabelError
from onpu.formats.musicxml import write_musicxml
from onpu.formats.musicxml.dynamics import dynamics
from onpu.music import Beats, Key, Notes, Timeline
from onpu.music.fingering import GUITAR as STRINGS
from onpu.music.quantise import Grid
from onpu.music.sheet import TRANSPOSITIONS, SheetOptions

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
FLUTE, GUITAR = 73, 25
PITCHES = np.array([62, 64, 66, 67, 69, 71, 73, 74] * 4)


def song(program, velocities=None):
    times = 0.5 * np.arange(len(PITCHES))
    count = len(times)
    return Timeline(18.0, Beats.of(times, np.arange(count) % 4 + 1), key=Key(np.array(["D:major"]), np.ones(1)),
                    notes=Notes(times, times + 0.5, PITCHES.astype(float),
                                np.full(count, 80) if velocities is None else velocities, np.full(count, program),
                                np.ones(count)))


def score(tmp_path, timeline, **options):
    *_, path = write_musicxml(timeline, tmp_path / "song.musicxml", options=SheetOptions(**options))
    schema().validate(path)
    return ElementTree.parse(path).getroot()


def written(part):
    return [STEPS[note.findtext("pitch/step")] + int(note.findtext("pitch/alter", "0"))
            + 12 * (int(note.findtext("pitch/octave")) + 1)
            for note in part.iter("note") if note.find("pitch") is not None]


@pytest.mark.parametrize(("instrument", "sharps"), [("C", 2), ("Bb", 4), ("Eb", 5), ("F", 3)])
def test_a_transposing_part_sounds_as_it_is_meant_to(tmp_path, instrument, sharps):
    [part] = score(tmp_path, song(FLUTE), instrument=instrument).findall("part")
    chromatic = int(part.findtext(".//transpose/chromatic", "0"))
    assert chromatic == TRANSPOSITIONS[instrument].semitones
    assert [pitch + chromatic for pitch in written(part)] == PITCHES.tolist()
    assert int(part.findtext(".//key/fifths")) == sharps
    assert not part.findall(".//accidental"), "a scale of the key has none, however it is written"


def test_other_instruments_stay_in_c(tmp_path):
    [part] = score(tmp_path, song(GUITAR), instrument="Bb").findall("part")
    assert part.find(".//transpose") is None and int(part.findtext(".//key/fifths")) == 2
    with pytest.raises(LabelError, match="choose from C, Bb, Eb, F"):
        SheetOptions(instrument="A")


def test_tablature_sounds_what_the_notes_do(tmp_path):
    root = score(tmp_path, song(GUITAR), tab=True)
    notes, tab = root.findall("part")
    assert tab.findtext(".//clef/sign") == "TAB" and len(tab.findall(".//staff-tuning")) == len(STRINGS)
    frets = [(int(each.findtext("string")), int(each.findtext("fret"))) for each in tab.iter("technical")]
    assert [STRINGS[string - 1] + fret for string, fret in frets] == PITCHES.tolist() == written(notes)
    names = [each.text for each in root.iter("part-name")]
    assert names == ["Steel-String Guitar", "Steel-String Guitar (tab)"]
    assert [part.get("id") for part in (notes, tab)] == [each.get("id") for each in root.iter("score-part")]
    assert len(score(tmp_path, song(FLUTE), tab=True).findall("part")) == 1, "flutes have no strings"


def test_a_mark_stands_where_it_gets_louder_and_nowhere_else(tmp_path):
    velocities = np.repeat([50, 52, 100, 98], 8) + np.tile([-3, 3], 16)
    [part] = score(tmp_path, song(FLUTE, velocities)).findall("part")
    marks = [(number, mark.tag) for number, bar in enumerate(part.findall("measure"))
             for mark in bar.findall("direction/direction-type/dynamics/*")]
    assert marks == [(0, "p"), (4, "f")]
    assert dynamics(np.zeros(0, int), np.zeros(0), 8) == {}
    wavering = dynamics(np.arange(32), np.tile([72, 71, 73, 72, 71, 72, 73, 72], 4), 32)
    assert len(wavering) == 1, "on the border between two marks nothing changes"


def test_a_coarser_grid_writes_no_shorter_notes(tmp_path):
    timeline = song(FLUTE)
    times = 0.5 * np.arange(32) + np.tile([0, 0.13], 16)  # every second one a sixteenth late
    timeline = Timeline(18.0, timeline.beats, notes=Notes(times, times + 0.2, PITCHES.astype(float), np.full(32, 80),
                                                          np.full(32, FLUTE), np.ones(32)))
    types = [{note.findtext("type") for note in score(tmp_path, timeline, grid=Grid(finest)).iter("note")}
             for finest in (4, 2, 1)]
    assert "16th" in types[0] and "16th" not in types[1] and not types[2] & {"16th", "eighth"}
