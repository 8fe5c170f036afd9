"""The vocoder: sampling is the parallel form, the coarse half is blind to its byte, blocks are left out as said."""

import numpy as np
import pytest
import torch
from few_steps import losses_of

from onpu.decode.bytes_drawn import drawn_bytes, joined_bytes, split_bytes
from onpu.errors import DataError, OnpuError
from onpu.make import load
from onpu.make.wavernn import MAKER, MelSource, WaveRnnOptions, WaveRnnRecipe, byte_pair, likelihood, vocoded
from onpu.maker import TrainedMaker
from onpu.models.wavernn import MARGIN, SILENCE, WaveRnn, sparsity
from onpu.music import Audio
from onpu.represent.voice_mel import BANDS, HOP, RATE

TINY = WaveRnnRecipe(units=16, told=8, crop_frames=2)


def network(seed=0, **values):
    torch.manual_seed(seed)
    return WaveRnn(**({"channels": 5, "hop": 4, "units": 16, "told": 8} | values)).eval()


def heard(rng, samples=40):
    """Bytes of the samples before each, coarse and fine bytes of each, frames."""
    sound = rng.uniform(-1, 1, samples)
    coarse, fine = (torch.from_numpy(each)[None] for each in split_bytes(sound))
    pair = torch.stack((coarse, fine), dim=2)
    before = torch.cat((torch.tensor(SILENCE)[None, None], pair[:, :-1]), dim=1)
    told = torch.from_numpy(rng.standard_normal((1, 5, samples // 4 + 2 * MARGIN)).astype(np.float32))
    return before, coarse, fine, told


def test_bytes_are_exact():
    samples = np.array([-1, -0.5, 0, 1 / 32768, 0.9, 2])
    coarse, fine = split_bytes(samples)
    assert (coarse[2], fine[2]) == SILENCE
    assert np.allclose(joined_bytes(coarse, fine), np.clip(samples, -1, 32767 / 32768), atol=1 / 65536)
    for mine, theirs in zip(byte_pair(torch.from_numpy(samples)), (coarse, fine), strict=True):
        assert mine.numpy().tolist() == theirs.tolist()


@pytest.mark.parametrize("share", [0.0, 0.75])
def test_sampling_is_the_parallel_form(share):
    net = network(block=(4, 2))
    net.prune(share)
    before, coarse, fine, told = heard(np.random.default_rng(0))
    with torch.no_grad():
        first, second = (logits[0].numpy() for logits in net(before, coarse, told))
    sampler = net.sampler(told)
    for number in range(coarse.shape[1]):
        assert np.allclose(sampler.coarse(), first[:, number], atol=1e-5)
        assert np.allclose(sampler.fine(int(coarse[0, number])), second[:, number], atol=1e-5)
        sampler.drawn(int(fine[0, number]))


def test_the_published_sizes_train():
    recipe = MAKER.recipes["paper"]
    torch.manual_seed(0)
    players = MAKER.players(recipe)
    network = players["sound"].network
    assert network.units == 896 and network.block == (16, 1) and recipe.sparsity == 0.9
    batch = {"samples": 0.1 * torch.randn(1, 2 * HOP + 1), "told": torch.randn(1, BANDS, 2 + 2 * MARGIN)}
    seen = losses_of(players, batch, recipe)
    assert seen[-1] < seen[0]


def test_the_coarse_half_is_blind_to_its_own_byte():
    net = network()
    before, coarse, _, told = heard(np.random.default_rng(1))
    other = coarse.clone()
    other[0, 20] = 255 - other[0, 20]
    with torch.no_grad():
        (one, one_fine), (two, two_fine) = net(before, coarse, told), net(before, other, told)
    assert torch.equal(one[..., :21], two[..., :21])
    assert torch.equal(one_fine[..., :20], two_fine[..., :20])
    assert not torch.allclose(one_fine[..., 20], two_fine[..., 20])


def test_blocks_are_left_out_as_the_schedule_says():
    assert [sparsity(step, 100, 1000, 0.9) for step in (0, 100, 1100, 5000)] == pytest.approx([0, 0, 0.9, 0.9])
    assert sparsity(600, 100, 1000, 0.9) == pytest.approx(0.9 * (1 - 0.5**3))
    net = network(block=(4, 2))
    weights = net.recurrent.weight_hh_l0.detach().clone()
    net.prune(0.75)
    left = net.recurrent.weight_hh_l0.detach()
    assert torch.equal(left, weights * net.kept)
    for gate, kept in zip(weights.chunk(3), net.kept.chunk(3), strict=True):
        blocks = kept.unflatten(0, (4, 4)).unflatten(2, (8, 2))
        assert set(blocks.amax(dim=(1, 3)).sub(blocks.amin(dim=(1, 3))).flatten().tolist()) == {0.0}
        sizes = gate.abs().unflatten(0, (4, 4)).unflatten(2, (8, 2)).sum(dim=(1, 3))
        there = blocks.amax(dim=(1, 3)).bool()
        assert int(there.sum()) == 8 and sizes[there].min() > sizes[~there].max()


def test_it_learns_while_blocks_are_left_out():
    recipe = WaveRnnRecipe(units=32, told=8, crop_frames=2, sparsity=0.5, prune_begin=5, prune_steps=20, prune_every=5)
    net = MAKER.players(recipe)["sound"].network.train()
    times = np.arange(2 * HOP + 1) / RATE
    sound = torch.from_numpy((0.5 * np.sin(2 * np.pi * 200 * times)).astype(np.float32))[None]
    batch = {"samples": sound, "told": torch.zeros(1, BANDS, 2 + 2 * MARGIN)}
    optimiser = torch.optim.Adam(net.parameters(), 1e-2)
    course = []
    for _ in range(40):
        part = likelihood({"sound": net}, batch, recipe)["coarse"]
        optimiser.zero_grad()
        part.backward()
        optimiser.step()
        course.append(float(part.detach()))
    assert course[-1] < 0.7 * course[0]
    assert float((net.kept == 0).float().mean()) == pytest.approx(0.5, abs=0.05)


def test_drawn_samples_follow_the_logits():
    class Same:
        def coarse(self):
            return np.where(np.arange(256) == 130, 0.0, -50.0)

        def fine(self, coarse):
            assert coarse == 130
            return np.where(np.isin(np.arange(256), (3, 7)), 0.0, -50.0)

        def drawn(self, fine):
            assert fine in (3, 7)

    found = drawn_bytes(Same(), 200, np.random.default_rng(0), 1.0)
    assert set(found) == set(joined_bytes(np.array([130, 130]), np.array([3, 7])))


def test_a_sound_is_made_anew_as_long_and_as_loud():
    trained = TrainedMaker.build(MAKER, TINY)
    sound = (0.1 * np.sin(np.arange(4410) * 0.1))[None].astype(np.float32)
    made = trained(Audio(sound, 22_050))
    assert made.samples.shape == (1, 4410) and made.rate == 22_050
    assert len(vocoded(trained, np.zeros((BANDS, 4), np.float32), WaveRnnOptions())) == 3 * HOP


def test_what_cannot_be_used_is_refused_in_one_line(tmp_path):
    with pytest.raises(DataError):
        MelSource().open(tmp_path)
    with pytest.raises(OnpuError, match="even number"):
        WaveRnnRecipe(units=15)
    with pytest.raises(OnpuError, match="blocks of 5 x 1"):
        WaveRnnRecipe(block=(5, 1))
    with pytest.raises(OnpuError, match="give a recording"):
        TrainedMaker.build(MAKER, TINY)()


def test_a_task_without_shipped_weights_says_how_to_train_some():
    with pytest.raises(OnpuError, match=r"^wavernn: no weights of it are shipped; train some \(onpu train wavernn\)"):
        load("wavernn")
