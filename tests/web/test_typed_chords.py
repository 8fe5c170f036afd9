"""The page reads chords as onpu does, and shows how they are played."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from onpu.errors import LabelError
from onpu.formats.report.contents import contents
from onpu.music import Chords, Timeline, harte
from onpu.music.symbols import QUALITIES, TEXTS, label_of

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not NODE, reason="node is not installed")
ROOTS = ("C", "F#", "Eb", "Bb", "A")
TYPED = [*(f"{root}{text}" for root in ROOTS for text in (*TEXTS.values(), *QUALITIES) if text != "(no3,no5)"),
         "Am", "F♯m7♭5", "G/B", "N.C.", "C6/9", "Dm7/C", "Eb/G", "C:min7/b3", "A:7(#9)", "Bb:maj/5", "Ebm7/Gb"]
WRONG = ["H", "Cmoll", "", "hello", "Am7x", "C//G", "G/H", "1"]
LABELS = ["C:maj", "A:min7", "F#:hdim7", "Bb:7(b9)", "Eb:maj7/3", "D:sus4", "G:7/b7", "E:min9", "Ab:maj6(9)", "B:dim7",
          "C#:aug", "F:maj13", "N",
          *(f"{root}:{quality}" for root in ("C", "D", "E", "F", "G", "A", "B", "Bb", "F#", "Ab") for quality in (
              "maj", "min", "7", "min7", "maj7", "sus4", "sus2", "5", "maj6", "min6", "dim", "dim7", "hdim7", "aug",
              "9", "min9", "maj9", "minmaj7"))]


@pytest.fixture(scope="module")
def page() -> dict:
    chords = Chords(np.arange(len(LABELS) + 0.0), np.arange(len(LABELS)) + 1.0, np.array(LABELS), np.ones(len(LABELS)))
    names = contents(Timeline(len(LABELS) + 0.0, chords=chords), "")["names"]["chords"]
    asked = {"names": names, "texts": [*TYPED, *WRONG], "labels": LABELS}
    done = subprocess.run([NODE, Path(__file__).with_name("chords.mjs")], input=json.dumps(asked), capture_output=True,
                          text=True, check=True)
    return json.loads(done.stdout) | {"names": names}


def same(one: str, other: str) -> bool:
    return harte.parse(one) == harte.parse(other)


def test_what_is_typed_is_the_chord_that_onpu_reads(page):
    for text, label in zip(TYPED, page["read"], strict=False):
        assert label is not None and same(label, label_of(text)), (text, label, label_of(text))


def test_what_is_no_chord_is_none(page):
    for text, label in zip(WRONG, page["read"][len(TYPED):], strict=True):
        assert label is None, (text, label)
        with pytest.raises(LabelError):
            label_of(text)


def test_the_text_that_is_offered_for_a_chord_means_that_chord(page):
    for label, again, chord in zip(LABELS, page["again"], page["chords"], strict=True):
        assert same(label, again)
        assert chord["bass"] == page["names"][label]["bass"] and chord["root"] == page["names"][label]["root"]


def test_a_chord_has_the_notes_that_onpu_says(page):
    for label, found in zip(LABELS, page["pitches"], strict=True):
        chord = harte.parse(label)
        if chord.root < 0:
            assert found is None
            continue
        assert found["root"] == chord.root and found["bass"] == (chord.root + chord.bass) % 12
        assert set(found["tones"]) >= {(chord.root + tone) % 12 for tone in chord.tones} - {found["bass"]}, label


def test_fingers_sound_the_chord_and_nothing_else(page):
    for label, shapes in zip(LABELS, page["shapes"], strict=True):
        chord = harte.parse(label)
        if chord.root < 0:
            continue
        tones = {(chord.root + tone) % 12 for tone in chord.tones} | {(chord.root + chord.bass) % 12}
        for instrument, pitches in shapes.items():
            if pitches is None:
                assert label.endswith(":5") and instrument == "ukulele", "every chord but a bare fifth on four strings"
                continue
            sounding = [pitch % 12 for pitch in pitches if pitch is not None]
            assert set(sounding) <= tones, (label, instrument)
            if instrument == "guitar":
                assert sounding[0] == (chord.root + chord.bass) % 12, label


def test_the_first_chords_of_every_guitarist_have_the_shapes_that_they_know(page):
    assert page["frets"] == {"C:maj": "x32010", "G:maj": "320003", "A:min": "x02210", "E:min": "022000",
                             "D:maj": "xx0232", "F:maj": "133211"}
