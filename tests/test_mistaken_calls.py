"""Mistakes in Python: whatever is handed to the door, what the user can mend is an `OnpuError` of one line."""

import io

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import onpu
from onpu.analysis import listeners, resolve_options
from onpu.decode.beat_decision import BeatOptions
from onpu.formats import write
from onpu.formats.lab import read_lab
from onpu.licensing import checked
from onpu.make.chorale import ChoraleOptions
from onpu.make.midinet import MidinetOptions
from onpu.music import Beats, Chords, Timeline
from onpu.music.symbols import label_of

SECOND = np.zeros(8000, dtype=np.float32)

CALLS = {
    "no such file": lambda: onpu.analyze("nowhere.wav", tasks="beats"),
    "a rate beside a path": lambda: onpu.analyze("clicks.wav", 44_100, tasks="beats"),
    "a rate that is a word": lambda: onpu.analyze("clicks.wav", "fast", tasks="beats"),
    "samples without a rate": lambda: onpu.analyze(SECOND, tasks="beats"),
    "samples with a rate of 0": lambda: onpu.analyze(SECOND, 0, tasks="beats"),
    "samples with a rate below 0": lambda: onpu.analyze(SECOND, -1, tasks="beats"),
    "samples with a rate that is not finite": lambda: onpu.analyze(SECOND, float("nan"), tasks="beats"),
    "samples with a rate in words": lambda: onpu.analyze(SECOND, "44100", tasks="beats"),
    "samples that are not finite": lambda: onpu.analyze(SECOND * np.nan, 8000, tasks="beats"),
    "samples of words": lambda: onpu.analyze(np.array(["a", "b"]), 8000, tasks="beats"),
    "samples of objects": lambda: onpu.analyze(np.array([None, {}]), 8000, tasks="beats"),
    "complex samples": lambda: onpu.analyze(SECOND.astype(complex), 8000, tasks="beats"),
    "samples of three axes": lambda: onpu.analyze(np.zeros((2, 2, 100)), 8000, tasks="beats"),
    "a single number": lambda: onpu.analyze(np.float32(3.0), 8000, tasks="beats"),
    "samples of either shape": lambda: onpu.analyze(np.zeros((2, 2)), 8000, tasks="beats"),
    "a recording that is a number": lambda: onpu.analyze(3, tasks="beats"),
    "no recording": lambda: onpu.analyze(None, tasks="beats"),
    "a dictionary": lambda: onpu.analyze({"path": "clicks.wav"}, tasks="beats"),
    "a set": lambda: onpu.analyze({"clicks.wav"}, tasks="beats"),
    "no bytes": lambda: onpu.analyze(b"", tasks="beats"),
    "bytes of text": lambda: onpu.analyze(b"hello", tasks="beats"),
    "a file of text": lambda: onpu.analyze(io.StringIO("hello"), tasks="beats"),
    "a closed file": lambda: onpu.analyze(_closed(), tasks="beats"),
    "an address": lambda: onpu.analyze("https://nowhere/song.mp3", tasks="beats"),
    "a name with a zero byte": lambda: onpu.analyze("a\0b.wav", tasks="beats"),
    "an endless name": lambda: onpu.analyze("a" * 5000, tasks="beats"),
    "an empty name": lambda: onpu.analyze("", tasks="beats"),
    "a folder": lambda: onpu.analyze(".", tasks="beats"),
    "an unknown task": lambda: onpu.analyze("clicks.wav", tasks="beets"),
    "a task that makes": lambda: onpu.analyze("clicks.wav", tasks="stems"),
    "tasks that are a number": lambda: onpu.analyze("clicks.wav", tasks=3),
    "tasks that are numbers": lambda: onpu.analyze("clicks.wav", tasks=[3]),
    "no tasks": lambda: onpu.analyze("clicks.wav", tasks=[]),
    "an empty task": lambda: onpu.analyze("clicks.wav", tasks=""),
    "an unknown option": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"meters": (3,)}),
    "options that are a list": lambda: onpu.analyze("clicks.wav", tasks="beats", options=["metres"]),
    "metres that are a number": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"metres": 3}),
    "metres that are words": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"metres": ("3/4",)}),
    "a range of one": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"bpm_range": (100,)}),
    "a range of none": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"bpm_range": (None,)}),
    "a range the wrong way": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"bpm_range": (200, 100)}),
    "a range of words": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"bpm_range": ("a", "b")}),
    "an option that is nothing": lambda: onpu.analyze("clicks.wav", tasks="beats", options={"tempo_octave": None}),
    "an unknown device": lambda: onpu.analyze("clicks.wav", tasks="beats", device="tpu"),
    "a device that is a number": lambda: onpu.analyze("clicks.wav", tasks="beats", device=7),
    "an unknown licence": lambda: onpu.analyze("clicks.wav", tasks="beats", licence="free"),
    "a licence that is a number": lambda: onpu.analyze("clicks.wav", tasks="beats", licence=1),
    "an unknown precision": lambda: onpu.analyze("clicks.wav", tasks="beats", precision="half"),
    "unknown weights": lambda: onpu.load("beets"),
    "weights that are a number": lambda: onpu.load(3),
    "no weights": lambda: onpu.load(None),
    "weights without a name": lambda: onpu.load(""),
    "weights that are a folder": lambda: onpu.load("."),
    "weights that are text": lambda: onpu.load("text.txt"),
    "weights of an endless name": lambda: onpu.load("a" * 5000),
    "weights with a zero byte": lambda: onpu.load("a\0b"),
    "weights of no such licence": lambda: onpu.load("chorale", licence="permissive"),
    "makers in bfloat16": lambda: onpu.load("gan", precision="bfloat16"),
    "a listener without a recording": lambda: onpu.load("beats", "cpu")(None),
    "a maker that needs one": lambda: onpu.load("enhance", "cpu")(),
    "a maker that needs none": lambda: onpu.load("gan", "cpu")("clicks.wav"),
    "labels of an unknown kind": lambda: onpu.read("text.txt"),
    "labels that are not there": lambda: onpu.read("nowhere.jams"),
    "labels that are damaged": lambda: onpu.read("bad.json"),
    "labels that are a number": lambda: onpu.read(3),
    "labels without a name": lambda: onpu.read(""),
    "a file of an unknown kind": lambda: Timeline(1.0).save("song.xyz"),
    "a file in no folder": lambda: Timeline(1.0).save("nowhere/song.jams"),
    "a file that is a folder": lambda: Timeline(1.0).save("folder.json"),
    "beats that are not there": lambda: Timeline(1.0).save("song.beats"),
    "a page of no recording": lambda: Timeline(1.0).save("song.html", recording="nowhere.mp3"),
    "sound in a table": lambda: Timeline(1.0).save("song.jams", recording="clicks.wav"),
    "a name that is a number": lambda: Timeline(1.0).save(3),
    "a length below 0": lambda: Timeline(-1.0).validate(),
    "a length that is not finite": lambda: Timeline(float("nan")).validate(),
    "beats out of order": lambda: Beats.of(np.array([2.0, 1.0]), np.array([1, 2])).validate(),
    "chords that overlap": lambda: Chords(np.array([0.0, 0.5]), np.array([1.0, 2.0]), np.array(["C", "G"]),
                                          np.ones(2)).validate(),
    "a timeline of nothing": lambda: Timeline.from_dict({}),
    "a timeline of a list": lambda: Timeline.from_dict([]),
    "a timeline of words": lambda: Timeline.from_dict({"duration": "long"}),
    "a timeline of other things": lambda: Timeline.from_dict({"duration": 1.0, "colour": "red"}),
    "a timeline of half a thing": lambda: Timeline.from_dict({"duration": 1.0, "beats": {"times": [1.0]}}),
    "samples of Audio on three axes": lambda: onpu.Audio(np.zeros((1, 1, 1), np.float32), 8000).validate(),
    "no such format": lambda: write(Timeline(1.0), ".", "song", ["jmas"]),
    "no chord": lambda: label_of("H7"),
    "no segments": lambda: read_lab("text.txt"),
    "no such labels": lambda: read_lab("text.txt", "colours"),
    "licences of no name": lambda: checked(""),
    "a metre of 0": lambda: BeatOptions(metres=(0,)),
    "half a bar": lambda: ChoraleOptions(bars=0.5),
    "a bar that is a word": lambda: ChoraleOptions(bars="eight"),
    "chords that are one word": lambda: MidinetOptions(chords="Am"),
    "chords that are numbers": lambda: MidinetOptions(chords=(1, 2)),
}


def _closed():
    file = io.BytesIO(b"RIFF")
    file.close()
    return file


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    soundfile.write("clicks.wav", np.zeros(22_050), 22_050)
    (tmp_path / "text.txt").write_text("hello\n")
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "folder.json").mkdir()
    return tmp_path


@pytest.mark.parametrize("mistake", CALLS)
def test_a_mistaken_call_is_one_line(mistake):
    with pytest.raises(onpu.OnpuError) as caught:
        CALLS[mistake]()
    text = str(caught.value)
    assert text and len(text.splitlines()) == 1 and len(text) < 900, text


@pytest.mark.parametrize(("wrong", "right", "call"), [
    ("beets", "beats", lambda: onpu.load("beets")),
    ("cords", "chords", lambda: onpu.analyze(SECOND, 8000, tasks="cords")),
    ("tempos", "tempo", lambda: onpu.load("tempos")), ("chorales", "chorale", lambda: onpu.load("chorales")),
    ("metre", "metres", lambda: onpu.analyze(SECOND, 8000, tasks="beats", options={"metre": (3,)})),
    ("midis", "midi", lambda: write(Timeline(1.0), ".", "song", ["midis"]))])
def test_a_name_that_is_nearly_right_is_proposed(wrong, right, call):
    with pytest.raises(onpu.OnpuError, match=rf"{wrong}.*did you mean {right}\b.*\?"):
        call()


def test_chords_as_people_write_them_are_chords(folder):
    (folder / "song.chords.lab").write_text("0 2 Am\n2 4 F♯m7♭5\n4 6 G/B\n6 8 N.C.\n")
    assert onpu.read("song.chords.lab").chords.labels.tolist() == ["A:min", "F#:hdim7", "G:maj/3", "N"]
    assert MidinetOptions(chords=("Am", "F", "C", "G")).chords == ("A:min", "F", "C", "G")


NAMES = st.sampled_from(["metres", "bpm_range", "tempo_octave", "note_onset_threshold", "min_note_seconds",
                         "onset_threshold", "voice_threshold", "drum_threshold_factor", "melody_threshold", "beats",
                         "harmony"]) | st.text("abcé -_", max_size=5)
ONE = st.none() | st.booleans() | st.integers(-3, 500) | st.floats() | st.text(max_size=3) | st.just(SECOND)
VALUES = st.recursive(ONE, lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
                      max_leaves=4)


@settings(max_examples=200)
@given(st.dictionaries(NAMES, VALUES, max_size=2))
def test_options_of_listeners_are_taken_or_refused(options):
    chosen = listeners(("beats", "notes", "onsets", "voice", "drums", "melody"), "cpu")
    try:
        resolve_options(chosen, options)
    except onpu.OnpuError as error:
        assert len(str(error).splitlines()) == 1


@settings(max_examples=100)
@given(st.integers(-2, 3), st.sampled_from([np.float32, np.float64, np.int16, np.int8, bool, complex, object]),
       st.none() | st.integers(-1, 3) | st.floats() | st.text(max_size=2))
def test_samples_of_any_kind_are_taken_or_refused(axes, kind, rate):
    samples = np.zeros((3,) * max(axes, 0), kind)
    for given_in in (samples, samples.tolist(), (samples, rate)):
        try:
            found = onpu.analyze(given_in, rate, tasks="onsets", device="cpu")
            if not isinstance(found, Timeline):
                list(found)
        except onpu.OnpuError as error:
            assert len(str(error).splitlines()) == 1


def test_tensors_on_the_tape_are_samples():
    assert isinstance(onpu.analyze(torch.zeros(8000, requires_grad=True), 8000, tasks="onsets", device="cpu"), Timeline)
