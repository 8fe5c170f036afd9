"""The networks of pitch: their sizes, what they see, and that no pitch is another than its neighbours."""

import pytest
import torch
from torch.nn import functional

from onpu.listen import notes
from onpu.models import pitchwise_salience
from onpu.models.deep_salience import DeepSalience
from onpu.models.harmonic_stack import HARMONICS, HarmonicStack
from onpu.models.note_baselines import KINDS, NoteBaseline
from onpu.models.onsets_frames import OnsetsFrames
from onpu.models.pitchwise_notes import OctaveConvolution, PitchwiseNotes
from onpu.models.pitchwise_salience import PitchwiseSalience
from onpu.trained import TrainedListener
from onpu.training.loop import inherit


def size(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_what_sounds_most_is_seen_beside_every_pitch():
    """The convolution in two parts is that of both put together, the largest of all pitches written out for each."""
    torch.manual_seed(0)
    network = PitchwiseSalience(channels=4, units=6).eval()
    here, along = torch.rand(2, 14, 72, 9), torch.randn(2, 6, 72, 9)
    most = along.amax(dim=2, keepdim=True)
    torch.testing.assert_close(pitchwise_salience._most(along), most, rtol=0, atol=0)
    together = network.beside(torch.cat([here, most.expand_as(along)], dim=1))
    assert together.std() > 0.01
    torch.testing.assert_close(network._beside(here, most), together, rtol=1e-4, atol=1e-5)


def test_harmonics_lie_above_each_other():
    spectrum = torch.zeros(1, 1, 300, 1)
    for harmonic in HARMONICS:
        spectrum[0, 0, 60 + round(36 * torch.log2(torch.tensor(float(harmonic))).item())] = 1
    stacked = HarmonicStack(264, 36)(spectrum)[0, :, :, 0]
    assert stacked.shape == (len(HARMONICS), 264)
    assert stacked[:, 60].tolist() == [1.0] * len(HARMONICS)


def test_beyond_the_spectrum_harmonics_are_silent():
    stacked = HarmonicStack(264, 36)(torch.ones(1, 1, 300, 1))[0, :, :, 0]
    assert not stacked[-1, -60:].any() and not stacked[0, :36].any() and stacked[1].all()


@torch.inference_mode()
def test_all_pitches_are_heard_alike():
    """A spectrum a fifth higher gives the same answers a fifth higher, away from the ends of the keyboard."""
    torch.manual_seed(0)
    network = PitchwiseNotes(families=3).eval()
    x = torch.zeros(1, 1, 300, 30)
    x[:, :, 90:190] = torch.rand(1, 1, 100, 30)
    low, high = network(x), network(torch.roll(x, 21, dims=2))
    for head in ("onset", "offset", "frame", "velocity", "family"):
        torch.testing.assert_close(low[head][..., 40:46, :], high[head][..., 47:53, :], rtol=1e-4, atol=1e-4)


NETWORKS = {"notes": (PitchwiseNotes(families=11), 1, 300), "salience": (PitchwiseSalience(), 1, 300),
            "hcqt": (DeepSalience(width=16), 6, 360)}


@pytest.mark.parametrize(("network", "channels", "bins"), NETWORKS.values(), ids=NETWORKS)
@torch.inference_mode()
def test_nothing_is_seen_beyond_the_receptive_field(network, channels, bins):
    torch.manual_seed(0)
    network.eval()
    frames, middle = 2 * network.receptive + 21, network.receptive + 10
    x = torch.rand(1, channels, bins, frames)
    y = x.clone()
    y[..., : middle - network.receptive] = 1
    y[..., middle + network.receptive + 1 :] = 0
    for head, values in network(x).items():
        torch.testing.assert_close(network(y)[head][..., middle], values[..., middle], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("families", [0, 3])
def test_a_wider_network_begins_with_the_answers_of_a_narrower_one_and_all_of_it_learns(families):
    torch.manual_seed(0)
    small = PitchwiseNotes(width=4, channels=6, units=5, families=families).eval()
    wide = PitchwiseNotes(width=6, channels=9, units=8, families=families, blocks=3).eval()
    x = torch.rand(1, 1, 300, 40)
    with torch.inference_mode():
        assert (wide(x)["onset"] - small(x)["onset"]).abs().max() > 1e-2
    inherit(wide, small)
    with torch.inference_mode():
        for name, answer in wide(x).items():
            torch.testing.assert_close(answer, small(x)[name], rtol=1e-4, atol=1e-5)
    wide.train()
    sum((answer**2).sum() for answer in wide(x).values()).backward()
    for name in ("near.1.0.weight", "semitones.0.weight", "attack.0.near.0.weight", "along.1.0.weight"):
        old = small.get_parameter(name)
        new_inputs = wide.get_parameter(name).grad[: len(old), old.shape[1]:]
        assert new_inputs.abs().amax() > 0, f"what is new stays unheard in {name}"
    assert wide.attack[2].normalise.weight.grad.any()


def test_an_untrained_network_expects_silence():
    torch.manual_seed(0)
    with torch.inference_mode():
        heads = PitchwiseNotes().eval()(torch.rand(1, 1, 300, 50))
    assert all(heads[head].sigmoid().mean() < 0.05 for head in ("onset", "offset", "frame"))


def test_small_networks_are_small_and_the_published_one_is_not():
    sizes = {name: size(TrainedListener.build(notes.LISTENER, recipe).network)
             for name, recipe in notes.LISTENER.recipes.items()}
    assert max(sizes["small"], sizes["band"]) < 100_000
    assert all(sizes[kind] < 3_000_000 for kind in KINDS)
    assert 18_000_000 < sizes["paper"] < 30_000_000


def test_onset_and_offset_learn_nothing_from_frames():
    for network in (PitchwiseNotes(channels=8, units=8), OnsetsFrames(bins=40, dense=32, units=8)):
        bins = 300 if isinstance(network, PitchwiseNotes) else 40
        network(torch.rand(1, 1, bins, 8))["frame"].sum().backward()
        heads = network.onset if isinstance(network, PitchwiseNotes) else network.heads["onset"]
        assert heads.weight.grad is None or not heads.weight.grad.any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_baseline_has_all_heads(kind):
    heads = NoteBaseline(kind, bins=40, dense=32, units=8)(torch.rand(2, 1, 40, 9))
    assert {name: tuple(head.shape) for name, head in heads.items()} == dict.fromkeys(
        ("onset", "offset", "frame", "velocity"), (2, 88, 9)) | {"pedal": (2, 9)}


def test_convolutions_over_octaves_are_the_dilated_ones_and_learn_in_bfloat16():
    torch.manual_seed(0)
    layer = OctaveConvolution(4, 4, (3, 1), dilation=(12, 1), padding=(12, 0), bias=False)
    x = torch.randn(2, 4, 88, 30)
    torch.testing.assert_close(layer(x), functional.conv2d(x, layer.weight, padding=(12, 0), dilation=(12, 1)),
                               atol=1e-5, rtol=1e-4)
    with torch.autocast("cpu", torch.bfloat16):
        layer(x).float().square().mean().backward()
    assert torch.isfinite(layer.weight.grad).all()
