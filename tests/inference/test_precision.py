"""In which precision networks answer: never bfloat16 unasked where it is slower or the network is recurrent."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import onpu
from onpu import analysis
from onpu.analysis import selecting
from onpu.errors import OnpuError
from onpu.inference import activations, precision
from onpu.inference.precision import arithmetic, is_recurrent
from onpu.layers.cells import GruCell, LstmCell, RnnCell
from onpu.layers.recurrent import Recurrent
from onpu.listen import tasks
from onpu.music import Audio
from onpu.trained import TrainedListener
from onpu.training import listeners as training

CPU = torch.device("cpu")
SINCE_2_6 = "_is_avx512_bf16_supported"
CELLS = {"gru": nn.GRU(3, 4), "lstm": nn.LSTM(3, 4), "rnn": nn.RNN(3, 4), "one step": nn.LSTMCell(3, 4),
         "own": Recurrent(LstmCell, 3, 4), "own gru": GruCell(3, 4), "own plain": RnnCell(3, 4)}
SIZES = {"width": 4, "channels": 8, "blocks": 3}


def fast(monkeypatch, able=True):
    """Whether the processor multiplies bfloat16, as torch says."""
    monkeypatch.setattr(torch.cpu, SINCE_2_6, lambda: able, raising=False)


@pytest.fixture(scope="module")
def system():
    torch.manual_seed(0)
    listener = tasks()["beats"]
    return TrainedListener.build(listener, replace(listener.recipes["small"], **SIZES))


@pytest.fixture(scope="module")
def sound():
    return Audio(0.1 * np.random.default_rng(0).standard_normal((1, 4 * 22_050)).astype(np.float32), 22_050)


@pytest.mark.parametrize("kind", CELLS)
def test_recurrent_networks_are_left_as_they_are(kind, monkeypatch):
    fast(monkeypatch)
    network = nn.Sequential(nn.Conv1d(3, 3, 1), nn.ModuleDict({"inside": CELLS[kind]}))
    assert arithmetic("auto", network, CPU) == torch.float32
    assert arithmetic("auto", network[0], CPU) == torch.bfloat16
    assert arithmetic("bfloat16", network, CPU) == torch.bfloat16, "who asks for it gets it"


def test_which_of_the_networks_are_recurrent():
    shipped = {name: is_recurrent(onpu.load(name, device="cpu").network) for name, model in onpu.models().items()
               if model["kind"] == "listener"}
    expected = {"beats": False, "beats-blstm": True, "chords": True, "drums": True, "key": False, "melody": False,
                "piano": False, "band": False, "onsets": False, "voice": False, "voice-blstm": True}
    assert {name: shipped[name] for name in expected if name in shipped} == {
        name: value for name, value in expected.items() if name in shipped}


def test_a_processor_that_does_not_multiply_bfloat16_is_not_asked_to(system, sound, monkeypatch):
    expected = replace(system, precision="float32").activations(sound)
    for able in (False, None):
        fast(monkeypatch, able)
        if able is None:  # a torch that does not tell
            monkeypatch.delattr(torch.cpu, SINCE_2_6)
        assert arithmetic("auto", system.network, CPU) == torch.float32
        found = replace(system, precision="auto").activations(sound)
        assert all(np.array_equal(found[head], values) for head, values in expected.items())
    assert arithmetic("auto", system.network, torch.device("mps")) == torch.float32


@pytest.mark.parametrize(("capability", "chosen"), [((7, 5), torch.float32), ((8, 0), torch.bfloat16),
                                                    ((9, 0), torch.bfloat16)])
def test_which_graphics_cards_are_asked_to(capability, chosen, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert arithmetic("auto", nn.Conv1d(1, 1, 1), torch.device("cuda:1")) == chosen


def test_float32_is_what_the_network_says(system, sound, monkeypatch):
    fast(monkeypatch)
    found = replace(system, precision="float32").activations(sound)
    with torch.inference_mode():
        whole = system.listener.activate(system.network(system.features(torch.from_numpy(sound.samples))))
    for head in ("beat", "downbeat"):  # not those that are held in steps
        np.testing.assert_array_equal(found[head], whole[head][0].numpy())


def test_bfloat16_is_near_and_its_activations_are_in_32_bits(system, sound, monkeypatch):
    fast(monkeypatch)
    exact, near = (replace(system, precision=name).activations(sound) for name in ("float32", "auto"))
    for head, values in exact.items():
        assert near[head].dtype == np.float32
        np.testing.assert_allclose(near[head], values, atol=0.02)
    assert not np.array_equal(near["beat"], exact["beat"])
    beat = torch.from_numpy(near["beat"])
    assert (beat.bfloat16() != beat).any(), "the sigmoid is taken in 32 bits"


def test_it_is_passed_on_to_all_listeners(system, monkeypatch):
    monkeypatch.setattr(selecting, "_loaded", lambda *words: system)
    assert [one.precision for one in analysis.listeners(["a", "b"], "cpu", precision="bfloat16")] == ["bfloat16"] * 2
    assert analysis.listeners("a", "cpu")[0].precision == "auto" == system.precision
    with pytest.raises(OnpuError, match=r"^precision half: choose from auto, float32, bfloat16$"):
        analysis.listeners("a", "cpu", precision="half")
    with pytest.raises(OnpuError, match="precision half"):
        activations.Predictor(replace(system, precision="half"))


def test_makers_have_no_bfloat16():
    with pytest.raises(OnpuError, match=r"^stems: makers know no precision bfloat16; leave it out$"):
        onpu.load("stems", device="cpu", precision="bfloat16")


def test_training_judges_in_float32_on_every_machine(system, monkeypatch):
    """So that the weights that are chosen do not depend on the processor."""
    used = []

    class Stop(Exception):
        pass

    def predict(trained, chunks):
        used.append(trained.precision)
        raise Stop

    class Stored:
        def frames(self, number):
            return 5

        def crop(self, number, first, count):
            return np.zeros((1, system.features.bins, count), np.float32)

        def timeline(self, number):
            return None

    monkeypatch.setattr(training, "predict", predict)
    with pytest.raises(Stop):
        training.ListenerTraining(system, [Stored()]).judge(system.network, (0, 0), CPU)
    assert used == ["float32"]


def test_the_names_are_those_of_the_type():
    assert [precision.checked_precision(name) for name in precision.PRECISIONS] == ["auto", "float32", "bfloat16"]
