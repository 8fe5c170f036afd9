"""LSTMs over the bands."""

import pytest
import torch

from onpu.layers.frequency import Chunks, FrequencyLstm, TimeFrequencyLstm


@pytest.fixture
def x():
    torch.manual_seed(0)
    return torch.randn(2, 1, 20, 9)


def test_chunks_overlap_and_lie_side_by_side(x):
    chunks = Chunks(20, width=8, step=4)
    found = chunks(x)
    assert found.shape == (2, 9, 4, 8) and chunks.count == 4
    torch.testing.assert_close(found[1, 5, 2], x[1, 0, 8:16, 5])
    with pytest.raises(ValueError, match="chunks of 30 bands"):
        Chunks(20, 30)


def test_the_lstm_over_bands_reads_upwards_and_each_frame_by_itself(x):
    torch.manual_seed(1)
    front = FrequencyLstm(1, 20, units=3, width=8, step=4)
    said = front(x)
    assert said.shape == (2, 9, front.outputs)
    order = torch.randperm(9)
    torch.testing.assert_close(front(x[..., order]), said[:, order])
    high = x.clone()
    high[:, :, 12:] += 1  # the first two chunks end below
    changed = (front(high) - said).abs().amax(dim=(0, 1)).reshape(4, 3).amax(dim=1) > 1e-6
    assert changed.tolist() == [False, True, True, True] or changed.tolist() == [False, False, True, True]
    h = c = torch.zeros(1, 3)
    cell = front.lstm
    for chunk in range(4):
        gates = (x[0, 0, 4 * chunk : 4 * chunk + 8, 0] @ cell.weight_ih_l0.T + cell.bias_ih_l0
                 + h @ cell.weight_hh_l0.T + cell.bias_hh_l0)
        enter, forget, new, out = gates.chunk(4, dim=-1)
        c = forget.sigmoid() * c + enter.sigmoid() * new.tanh()
        h = out.sigmoid() * c.tanh()
        torch.testing.assert_close(said[0, 0, 3 * chunk : 3 * chunk + 3], h[0])


def test_the_lstm_over_both_knows_what_was_and_what_lies_below(x):
    torch.manual_seed(2)
    front = TimeFrequencyLstm(1, 20, units=3, width=8, step=4)
    said = front(x)
    assert said.shape == (2, 9, front.outputs)
    later = x.clone()
    later[..., 5] += 1
    moved = (front(later) - said).abs().amax(dim=(0, 2)) > 1e-7
    assert moved.tolist() == [False] * 5 + [True] * 4
    higher = x.clone()
    higher[:, :, 16:] += 1  # in the last chunk alone
    changed = (front(higher) - said).abs().amax(dim=(0, 1)).reshape(4, 3).amax(dim=1) > 1e-7
    assert changed.tolist() == [False, False, False, True]
