"""Chorales as files: four staves and four tracks that hold every note, valid by the official schema."""

from xml.etree import ElementTree

import mido
import numpy as np
import pytest
from chorale_files import write_chorales
from musicxml_schema import schema

from onpu.data.corpora.chorales import Chorales
from onpu.engine.compose.choir import RING_SECONDS, choir
from onpu.formats.chorale_midi import write_chorale_midi
from onpu.formats.midi import read_midi
from onpu.formats.musicxml.choral import write_choral
from onpu.music.chorale import STEPS, VOICES, Chorale
from onpu.music.spelling import pitch_class

BPM, ORGAN = 72.0, 19


@pytest.fixture(scope="module")
def chorale(tmp_path_factory):
    found = Chorales.open(write_chorales(tmp_path_factory.mktemp("chorales") / "chorales.json.gz", 2)).item(0)
    found.pitches[1, 20:28], found.attacks[1, 20:28] = 0, False
    found.pitches[3, 4:28], found.attacks[3, 4:28] = 48, np.arange(24) == 0  # over a bar line
    return found.transposed(-2).validate()


def sung(part, divisions):
    """(start, end, pitch) in steps of the notes of a part, ties joined."""
    now, out, tied = 0, [], False
    for note in part.iter("note"):
        length = int(note.findtext("duration")) * STEPS // divisions
        pitch = note.find("pitch")
        if pitch is not None:
            name = pitch.findtext("step"), int(pitch.findtext("alter") or 0), int(pitch.findtext("octave"))
            number = 12 * (name[2] + 1) + pitch_class(name[0]) + name[1]
            if tied:
                out[-1] = out[-1][0], now + length, number
            else:
                out.append((now, now + length, number))
        tied = any(tie.get("type") == "start" for tie in note.findall("tie"))
        now += length
    return out


def test_a_score_for_choir_has_four_staves_with_every_note(tmp_path, chorale):
    (path,) = write_choral(chorale, tmp_path / "a.musicxml", BPM, ORGAN, "A <chorale>", staves="4")
    root = ElementTree.parse(path).getroot()
    assert list(schema().iter_errors(root)) == []
    assert [name.text.lower() for name in root.iter("part-name")] == list(VOICES)
    assert root.findtext("work/work-title") == "A <chorale>"
    for voice, part in enumerate(root.findall("part")):
        divisions = int(part.findtext("measure/attributes/divisions"))
        line = chorale.line(voice)
        assert sung(part, divisions) == list(zip(*(column.tolist() for column in line), strict=True))
        assert part.findtext("measure/attributes/key/fifths") == "-2"
        assert part.find("measure").get("implicit") == "yes"  # the upbeat
    assert len(root.findall(".//fermata")) == 4
    for part in root.findall("part"):
        first, *_, last = ([int(note.findtext("duration")) for note in measure.iter("note")]
                           for measure in part.findall("measure"))
        assert sum(first) + sum(last) == 4 * int(part.findtext("measure/attributes/divisions"))  # upbeat and end: a bar
    clefs = [(clef.findtext("sign"), clef.findtext("clef-octave-change")) for clef in root.iter("clef")]
    assert clefs == [("G", None), ("G", None), ("G", "-1"), ("F", None)]


def test_two_staves_have_two_voices_each_whose_stems_point_away_from_each_other(tmp_path, chorale):
    (path,) = write_choral(chorale, tmp_path / "a.musicxml", BPM, ORGAN)
    root = ElementTree.parse(path).getroot()
    assert list(schema().iter_errors(root)) == []
    assert [name.text for name in root.iter("part-name")] == ["Soprano Alto", "Tenor Bass"]
    assert root.findtext("part-list/part-group/group-symbol") == "bracket"
    for staff, part in enumerate(root.findall("part")):
        divisions = int(part.findtext("measure/attributes/divisions"))
        for voice, stem in ((1, "up"), (2, "down")):
            alone = ElementTree.fromstring(ElementTree.tostring(part))
            for measure in alone.iter("measure"):
                for element in list(measure):
                    if element.tag == "backup" or element.findtext("voice", str(voice)) != str(voice):
                        measure.remove(element)
            line = chorale.line(2 * staff + voice - 1)
            assert sung(alone, divisions) == list(zip(*(column.tolist() for column in line), strict=True))
            assert {note.findtext("stem") for note in alone.iter("note") if note.find("pitch") is not None} == {stem}
    assert {mark.get("type") for mark in root.iter("fermata")} == {"upright", "inverted"}


def test_chords_are_spelled_as_chords_and_accidentals_hold_for_both_voices_of_a_staff(tmp_path):
    columns = [(72, 67, 64, 48), (76, 68, 64, 52), (76, 69, 64, 57), (67, 64, 60, 48)]  # g' sharp, then g' natural
    pitches = np.repeat(np.array(columns).T, STEPS, axis=1)
    attacks = np.broadcast_to(np.arange(16) % STEPS == 0, (4, 16))
    written = Chorale(pitches, attacks, np.arange(16) >= 12, np.array([0]), 4, "C:major")
    (path,) = write_choral(written, tmp_path / "a.musicxml", BPM, ORGAN)
    upper = ElementTree.parse(path).getroot().find("part")
    notes = [(note.findtext("pitch/step"), note.findtext("accidental")) for note in upper.iter("note")]
    assert notes[:4] == [("C", None), ("E", None), ("E", None), ("G", "natural")]
    assert notes[4:] == [("G", None), ("G", "sharp"), ("A", None), ("E", None)]


def test_a_midi_file_has_four_tracks_with_every_note(tmp_path, chorale):
    (path,) = write_chorale_midi(chorale, tmp_path / "a.mid", BPM, ORGAN)
    file = mido.MidiFile(path)
    tracks = [track for track in file.tracks if any(message.type == "note_on" for message in track)]
    assert [track.name for track in tracks] == list(VOICES)
    for voice, track in enumerate(tracks):
        now, starts, pitches = 0, [], []
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                starts.append(now * STEPS // file.ticks_per_beat)
                pitches.append(message.note)
        line = chorale.line(voice)
        assert starts == line.starts.tolist() and pitches == line.pitches.tolist()
    back = read_midi(path)
    timeline = chorale.timeline(BPM, ORGAN)
    np.testing.assert_allclose(back.notes.onsets, timeline.notes.onsets, atol=1e-4)
    np.testing.assert_array_equal(back.beats.positions[:9], timeline.beats.positions[:9])
    assert back.keys.labels.tolist() == ["Bb:major"]


def test_a_choir_sings_what_is_written_and_its_sound_rings_on(chorale):
    song = choir(chorale, BPM, ORGAN)
    assert [track.name for track in song.tracks] == list(VOICES)
    assert sum(len(track.notes.onsets) for track in song.tracks) == chorale.attacks.sum()
    assert song.duration == pytest.approx(chorale.steps * 60 / BPM / STEPS + RING_SECONDS)
