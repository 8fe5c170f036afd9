"""The main job: which weights it takes, what they share, and what it says of a recording that has nothing of it."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch

import onpu.weights
from onpu import analysis
from onpu.analysis import selecting
from onpu.errors import OnpuError
from onpu.formats import WRITERS, write
from onpu.inference import streaming
from onpu.inference.activations import Predictor
from onpu.inference.streaming import group_by_features
from onpu.listen import load, tasks
from onpu.music import Audio, Beats, Drums, Melody, Metre, MultiF0, Notes, Onsets, Pedal, Tempo, Voice
from onpu.trained import TrainedListener
from onpu.weights import read_weights, write_weights


def small(task: str, **recipe) -> TrainedListener:
    listener = tasks()[task]
    return TrainedListener.build(listener, replace(listener.recipes["small"], **recipe))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of onpu with untrained weights of beats and notes, two of each."""
    little = {"beats": ("beats", {"width": 4, "channels": 8, "blocks": 3}),
              "beats-other": ("beats", {"width": 4, "channels": 8, "blocks": 2}),
              "band": ("notes", {"width": 2, "channels": 4, "units": 4, "instruments": True}),
              "piano": ("notes", {"width": 2, "channels": 4, "units": 4})}
    for name, (task, recipe) in little.items():
        trained = small(task, **recipe)
        card = trained.describe() | {"data": [], "validation": {}, "licence": "", "commercial_use": True, "scores": [],
                                     "trained": {}, "onpu": "0", "command": ""}
        write_weights(tmp_path / f"{name}.safetensors", trained.network.state_dict(), card)
    monkeypatch.setattr(onpu.weights, "FOLDER", tmp_path)
    monkeypatch.setattr(selecting, "_loaded", selecting._loaded.__wrapped__)
    return tmp_path


def test_which_weights_a_name_stands_for(folder):
    def chosen(names):
        return [(trained.listener.name, trained.recipe) for trained in analysis.listeners(names, "cpu")]

    usual = chosen(None)
    assert [name for name, _ in usual] == ["beats", "notes", "notes"], "those named after their task, or its list"
    assert [recipe.instruments for _, recipe in usual[1:]] == [True, False]
    assert chosen(["notes"]) == usual[1:]
    assert chosen(["piano"]) == usual[2:]
    assert chosen(["tempo", folder / "beats-other.safetensors"])[0] == ("tempo", usual[0][1])
    assert load("notes").recipe.instruments
    with pytest.raises(OnpuError, match="drums"):
        chosen(["drums"])


def test_permissive_weights_are_taken_and_tasks_without_them_are_named(folder, caplog):
    def offered(name, licence, target):
        tensors, card = read_weights(folder / f"{name}.safetensors")
        write_weights(folder / f"{target}.safetensors", tensors, card | {"licence": licence})

    offered("beats-other", "Apache-2.0", "beats-permissive")
    offered("piano", "Apache-2.0", "piano")
    blocks = [trained.recipe.blocks for trained in analysis.listeners("beats", "cpu", "permissive")]
    assert blocks == [2] and analysis.listeners("tempo", "cpu", "permissive")[0].recipe.blocks == 2
    assert load("beats", "permissive").recipe.blocks == 2 and load("beats").recipe.blocks == 3
    assert not analysis.listeners("piano", "cpu", "permissive")[0].recipe.instruments
    with pytest.raises(OnpuError, match=r"^band \(task notes\): there are no permissive weights"):
        analysis.listeners("notes", "cpu", "permissive")
    found = analysis.listeners(None, "cpu", "permissive")
    assert [trained.listener.name for trained in found] == ["beats"], "half of the notes would be another result"
    assert caplog.messages == ["left out: notes, which have no permissive weights; licence default finds them"]
    timeline = analysis.analyze(np.zeros(8000, dtype=np.float32), 8000, tasks="beats", licence="permissive")
    assert timeline.beats is not None
    with pytest.raises(OnpuError, match=r"^licence free: choose default or permissive$"):
        analysis.analyze(np.zeros(8000, dtype=np.float32), 8000, licence="free")


def test_listeners_share_their_front_ends():
    """All networks of pitch hear one variable-Q transform, beats and drums one filterbank."""
    names = ["beats", "chords", "drums", "key", "melody", "notes", "onsets", "voice"]
    consumers = [Predictor(small(name)) for name in names] + [Predictor(small("notes", instruments=True))]
    found = {frozenset(consumer.trained.listener.name for consumer in group) for group in group_by_features(consumers)}
    assert found == {frozenset(group.split()) for group in
                     ("beats drums", "chords", "key", "melody notes", "onsets", "voice")}


def test_each_representation_is_computed_once(folder, monkeypatch):
    """Each frame once, whoever listens, from one reading and one resampling."""
    computed, resampled, read = [], [], []
    frames, begin, blocks = streaming.FeatureChunks._frames, streaming.Resampler.__init__, Audio.blocks

    def counted(self, ready):
        chunk = frames(self, ready)
        computed.append((type(self.features).__name__, chunk.shape[-1]))
        return chunk

    monkeypatch.setattr(streaming.FeatureChunks, "_frames", counted)
    monkeypatch.setattr(streaming.Resampler, "__init__", lambda *args: resampled.append(args[1:]) or begin(*args))
    monkeypatch.setattr(Audio, "blocks", lambda *args: read.append(0) or blocks(*args))
    samples = 0.1 * np.random.default_rng(0).standard_normal((2, 24 * 8000)).astype(np.float32)
    shares = []
    timeline = analysis.analyze(Audio(samples, 8000), progress=shares.append,
                                tasks=["beats", "tempo", "notes", folder / "beats-other.safetensors"])
    assert {"beats", "metre", "tempo", "notes", "pedal"} == set(timeline.found())
    totals = {kind: sum(count for name, count in computed if name == kind) for kind, _ in computed}
    clocks = [small(task).features.clock for task in ("beats", "notes")]
    assert totals == dict(zip(("LogFilterbank", "Features"), (clock.count(24 * clock.rate) for clock in clocks),
                              strict=True))
    assert resampled == [(8000, 22050)] and len(read) == 1
    assert shares == sorted(shares) and shares[-1] == 1 and timeline.duration == 24


NOTHING = {
    "beats": Beats.of(np.zeros(0), np.zeros(0)), "metre": Metre(*np.zeros((4, 0))), "tempo": Tempo(*np.zeros((4, 0))),
    "notes": Notes(*np.zeros((6, 0))), "pedal": Pedal(*np.zeros((3, 0))), "melody": Melody(*np.zeros((3, 0))),
    "drums": Drums(*np.zeros((4, 0))), "onsets": Onsets(*np.zeros((2, 0))), "multif0": MultiF0(*np.zeros((3, 0))),
    "voice": Voice(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.str_), np.zeros(0)),
}


@pytest.fixture
def deaf(monkeypatch):
    """Listeners that find nothing of anything."""
    torch.manual_seed(0)
    heads = {"beats": ("beats", "metre", "tempo"), "notes": ("notes", "pedal")}
    stubs = []
    for name in ("beats", "drums", "melody", "multif0", "notes", "onsets", "voice"):
        fields = heads.get(name, (name,))
        listener = replace(tiny.LISTENER, name=name, label=name, fields=fields,
                           decode=lambda activations, clock, options, fields=fields: {f: NOTHING[f] for f in fields})
        stubs.append(replace(TrainedListener.build(listener, tiny.RECIPE), card={"sha256": name}))
    monkeypatch.setattr(analysis, "listeners", lambda *chosen: stubs)


def test_what_is_not_there_is_found_empty_and_written(deaf, tmp_path):
    timeline = analysis.analyze(np.zeros(8000, np.float32), 8000)
    assert set(timeline.found()) == set(NOTHING)
    assert all(column.size == 0 for name, column in timeline.arrays().items() if name != "duration")
    for name in WRITERS:
        if name != "html":
            write(timeline, tmp_path, "silence", [name])
    assert (tmp_path / "silence.jams").exists() and (tmp_path / "silence.mid").exists()
