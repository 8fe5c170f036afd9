"""The beat networks see as far as they say, and no further; time runs equally in both directions."""

import pytest
import torch

from onpu.models.beat_blstm import BeatBlstm
from onpu.models.beat_tcn import BeatTcn


def change_by_one_frame(network, bins, frames, at):
    """Largest change of any head per frame when the input changes in one frame."""
    torch.manual_seed(0)
    x = torch.rand(1, 1, bins, frames)
    y = x.clone()
    y[..., at] += 1
    network.eval()
    with torch.inference_mode():
        heads = [network(x), network(y)]
    return sum((heads[0][name] - heads[1][name]).abs().reshape(-1, frames).amax(dim=0) for name in heads[0])


def test_tcn_reaches_exactly_its_receptive_field():
    torch.manual_seed(1)
    network = BeatTcn(bins=81, width=4, channels=8, blocks=3, tempi=5).double()
    torch.set_default_dtype(torch.float64)
    try:
        change = change_by_one_frame(network, 81, 200, 100)
    finally:
        torch.set_default_dtype(torch.float32)
    touched = torch.nonzero(change > 0).ravel()
    assert (touched.min().item(), touched.max().item()) == (100 - network.receptive, 100 + network.receptive)


def test_blstm_forgets_beyond_its_margin():
    torch.manual_seed(1)
    network = BeatBlstm(bins=20, units=25)
    change = change_by_one_frame(network, 20, 2400, 1200)
    assert change[1200] > 1e-3
    assert change[: 1200 - network.receptive].max() < 1e-6
    assert change[1200 + network.receptive :].max() < 1e-6


@pytest.mark.parametrize("bins", [75, 81, 82, 115])
def test_tcn_takes_any_number_of_bands(bins):
    heads = BeatTcn(bins=bins, width=4, channels=8, blocks=2)(torch.rand(2, 1, bins, 50))
    assert {name: tuple(head.shape) for name, head in heads.items()} == {
        "beat": (2, 50), "downbeat": (2, 50), "tempo": (2, 200, 50), "flux": (2, 3, 50)}


def test_flux_is_the_rise_of_each_third_of_the_bands():
    x = torch.zeros(1, 1, 81, 6)
    x[0, 0, :27, 2:] = 1.0  # the low third rises once, the high one falls
    x[0, 0, 54:, :4] = 1.0
    flux = BeatTcn(bins=81, width=4, channels=8, blocks=2)(x)["flux"][0]
    assert flux[0].tolist() == [0, 0, 1, 0, 0, 0] and not flux[1:].any()


def test_blstm_has_the_published_size():
    per_direction = [4 * 25 * (inputs + 25 + 2) for inputs in (314, 50, 50)]
    expected = 2 * sum(per_direction) + 3 * 51
    assert sum(p.numel() for p in BeatBlstm().parameters()) == expected
