"""Taggers: sizes as published, windows that do not hear each other, ends of recordings."""

import pytest
import torch

from onpu.layers.windows import in_windows, over_frames
from onpu.models.instrument_cnn import InstrumentCnn
from onpu.models.sample_cnn import SampleCnn
from onpu.models.tag_conv1d import TagConv1d
from onpu.models.tag_crnn import TagCrnn
from onpu.models.tag_fcn import TagFcn

SMALL = {
    "fcn": lambda: TagFcn(96, 3, 330, 4), "crnn": lambda: TagCrnn(96, 3, 192, 4, (1, 1, 1, 1), 5),
    "conv1d": lambda: TagConv1d(128, 3, 94, 4, 5), "samples": lambda: SampleCnn(243, 3, 243, 2),
    "instruments": lambda: InstrumentCnn(96, 3, 48, 4, 5),
}
each = pytest.mark.parametrize("make", SMALL.values(), ids=SMALL)


def weights(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_sizes_are_as_published():
    assert weights(TagCrnn(classes=50)) == pytest.approx(396_786, rel=0.01)  # published with one bias a gate, not two
    compact = TagFcn(classes=50)
    kernels = [layer.weight.numel() for layer in compact.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert kernels == [32 * 9, *[32 * 32 * 9] * 4], "five times 32 maps"
    samples = SampleCnn(classes=50)
    maps = [layer.out_channels for layer in samples.modules() if isinstance(layer, torch.nn.Conv1d)]
    assert maps == [128, 128, 128, *[256] * 6, 512, 512] and samples.window * samples.bins == 3**10
    han = [layer.out_channels for layer in InstrumentCnn().modules() if isinstance(layer, torch.nn.Conv2d)]
    assert han == [32, 32, 64, 64, 128, 128, 256, 256]


@each
def test_a_window_hears_nothing_of_its_neighbours(make):
    torch.manual_seed(0)
    network = make().eval()
    size = network.stride
    x = torch.rand(1, 1, network.bins, 3 * size)
    changed = x.clone()
    changed[..., size : 2 * size] += 1
    with torch.inference_mode():
        (before,), (after,) = network(x).values(), network(changed).values()
    assert before.shape == (1, 3, 3 * size)
    assert torch.equal(before[..., :size], after[..., :size])
    torch.testing.assert_close(before[..., 2 * size :], after[..., 2 * size :])
    assert not torch.allclose(before[..., size : 2 * size], after[..., size : 2 * size])
    assert (before[..., :size] == before[..., :1]).all(), "the same throughout a window"


@each
def test_a_recording_shorter_than_a_window_is_heard_as_if_repeated(make):
    network = make().eval()
    half = torch.rand(2, 1, network.bins, network.stride // 2)
    left = network.stride - 2 * half.shape[-1]
    with torch.inference_mode():
        (short,) = network(half).values()
        (twice,) = network(torch.cat([half, half, half[..., :left]], dim=-1)).values()
    assert short.shape == (2, 3, half.shape[-1])
    torch.testing.assert_close(short, twice[..., : half.shape[-1]])


def test_windows_and_frames_are_inverse():
    x = torch.arange(7.0).reshape(1, 1, 1, 7)
    parts = in_windows(x, 3)
    assert parts.flatten(2).tolist() == [[[0, 1, 2], [3, 4, 5], [6, 6, 6]]]
    assert over_frames(parts.mean(dim=(2, 3, 4))[..., None], 3, 7).tolist() == [[[1, 1, 1, 4, 4, 4, 6]]]
