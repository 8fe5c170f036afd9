"""A melody with its chord symbols as MusicXML: valid by the official schema, symbols where the chords begin."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from musicxml_schema import schema

from onpu.errors import LabelError
from onpu.formats.musicxml import read_musicxml, write_melody
from onpu.make.seq2seq import ODE
from onpu.music.phrase import chord_number

LABELS = ("C:maj", "C:maj", "G:7", "C:maj", "A:min", "N", "D:7", "G:maj") * 2


def test_notes_and_symbols_are_where_they_belong(tmp_path):
    phrase = replace(ODE, chords=ODE.chords * 0 + [chord_number(label) for label in LABELS])
    (path,) = write_melody(phrase.timeline(100, 73), tmp_path / "ode.musicxml", "Ode", "somebody")
    schema().validate(str(path))
    (part,) = ElementTree.parse(path).getroot().findall("part")
    measures = part.findall("measure")
    assert len(measures) == 8
    roots = [[harmony.findtext("root/root-step") for harmony in bar.findall("harmony")] for bar in measures]
    assert roots[:4] == [["C"], ["G", "C"], ["A"], ["D", "G"]]  # no chord for half a bar is not said
    assert read_musicxml(path).notes.pitches.tolist() == ODE.pitches[ODE.attacks].tolist()


def test_without_notes_there_is_nothing_to_write(tmp_path):
    with pytest.raises(LabelError, match="no melody"):
        write_melody(replace(ODE.timeline(100, 73), notes=None), tmp_path / "no.musicxml")
    assert not list(tmp_path.iterdir())
