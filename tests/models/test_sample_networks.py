"""Networks of samples: what they see and what not, samplers that give what the network gives, probabilities."""

import numpy as np
import pytest
import torch

from onpu.models.sample_gru import SampleGru
from onpu.models.sample_rnn import SampleRnn
from onpu.models.wavenet import WaveNet

CHANNELS, KINDS, HOP, LEVELS = 3, 2, 8, 16


def wavenet(**sizes):
    small = {"width": 6, "skip": 8, "depth": 4, "stacks": 2, "told": 5}
    return WaveNet(CHANNELS, KINDS, HOP, LEVELS, **(small | sizes))


def gru():
    return SampleGru(CHANNELS, KINDS, HOP, LEVELS, units=12, told=5)


def wavenet_of_periods():
    return wavenet(periods=2)


def gru_of_periods():
    return SampleGru(CHANNELS, KINDS, HOP, LEVELS, units=12, told=5, periods=2)


def sample_rnn():
    return SampleRnn(CHANNELS, KINDS, HOP, LEVELS, units=12, told=5, sizes=(8, 2), truncation=512)


def initialised(network):
    """With weights that make something of what is seen."""
    rng = torch.Generator().manual_seed(0)
    for parameter in network.parameters():
        fan = parameter.shape[-1] if parameter.ndim > 1 else 1
        parameter.data = 1.5 * torch.randn(parameter.shape, generator=rng) / fan**0.5
    return network.eval()


def sound(samples, seed=1):
    rng = torch.Generator().manual_seed(seed)
    levels = torch.randint(LEVELS, (1, samples), generator=rng)
    told = torch.rand(1, CHANNELS + 2, samples // HOP, generator=rng)
    told[:, -1] = HOP / (5 + 3 * told[:, -1])  # periods of 5 to 8 samples
    return levels, told, torch.tensor([1])


networks = pytest.mark.parametrize("build", [wavenet, gru, sample_rnn, wavenet_of_periods, gru_of_periods])


@networks
@torch.no_grad()
def test_nothing_that_comes_later_is_seen(build):
    network, (levels, told, kind) = initialised(build()), sound(96)
    before = network(levels, told, kind)
    for place in (0, 17, 50, 95):
        other = levels.clone()
        other[0, place] = (other[0, place] + 5) % LEVELS
        changed = (network(other, told, kind) != before).any(dim=1)[0]
        assert not changed[: place + 1].any() and (place == 95 or changed[place + 1])


@torch.no_grad()
def test_convolutions_with_holes_see_each_sample_of_the_receptive_field_and_none_before_it():
    network, (levels, told, kind) = initialised(wavenet()).double(), sound(96)
    told = told.double()
    assert network.receptive == 2 * 15 + 2
    before, seen = network(levels, told, kind)[0, :, 80], []
    for place in range(80):
        other = levels.clone()
        other[0, place] = (other[0, place] + 5) % LEVELS
        seen.append(bool((network(other, told, kind)[0, :, 80] != before).any()))
    assert seen == [False] * (80 - network.receptive) + [True] * network.receptive


@networks
@torch.no_grad()
def test_what_is_told_reaches_its_frame_and_the_kind_all_samples(build):
    network, (levels, told, kind) = initialised(build()), sound(96)
    before, other = network(levels, told, kind), told.clone()
    other[0, :, 6] += 1
    changed = (network(levels, other, kind) != before).any(dim=1)[0]
    assert not changed[: 4 * HOP].any() and changed[6 * HOP : 7 * HOP].all()
    assert (network(levels, told, 0 * kind) != before).any(dim=1).all()


@networks
@torch.no_grad()
def test_the_sampler_gives_sample_by_sample_what_the_network_gives_at_once(build):
    network, (levels, told, kind) = initialised(build()), sound(120)
    step = network.sampler(told, kind)
    one_by_one = np.stack([step(int(levels[0, place - 1]) if place else None) for place in range(120)])
    at_once = network(levels, told, kind)[0].T.numpy()
    assert at_once.std(axis=0).max() > 0.2
    np.testing.assert_allclose(one_by_one, at_once, atol=2e-4)


@networks
def test_a_pattern_is_learned_and_then_drawn(build):
    """A wave of eight samples, of which each says the next."""
    from onpu.decode.levels_drawn import drawn_levels

    torch.manual_seed(0)
    network, (_, told, kind) = build(), sound(96)
    wave = torch.tensor([8, 12, 14, 12, 8, 4, 2, 5]).repeat(12)[None]
    optimizer = torch.optim.Adam(network.parameters(), 0.02)
    for _ in range(80):
        loss = torch.nn.functional.cross_entropy(network(wave, told, kind)[..., 8:], wave[:, 8:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.1
    shares = []
    rng, given = np.random.default_rng(0), wave[0, :16].numpy()
    drawn = drawn_levels(network.sampler(told, kind), 96, rng, 0.3, shares.append, given)
    assert (drawn == wave[0].numpy()).mean() > 0.95 and shares[0] == 0


def test_levels_are_drawn_as_often_as_they_are_likely_and_less_boldly_when_colder():
    from onpu.decode.levels_drawn import drawn_levels

    logits = np.log(np.array([0.5, 0.3, 0.2]))
    warm, cold = (drawn_levels(lambda before: logits, 4000, np.random.default_rng(0), heat, None)
                  for heat in (1.0, 0.25))
    np.testing.assert_allclose(np.bincount(warm, minlength=3) / 4000, [0.5, 0.3, 0.2], atol=0.03)
    powers = np.array([0.5, 0.3, 0.2]) ** 4
    np.testing.assert_allclose(np.bincount(cold, minlength=3) / 4000, powers / powers.sum(), atol=0.03)


def test_gradients_of_tiers_end_where_they_are_cut_and_states_go_on():
    levels, told, kind = sound(96)
    reach = {}
    for truncation in (16, 96):
        network = initialised(SampleRnn(CHANNELS, KINDS, HOP, LEVELS, 12, 5, (8, 2), truncation))
        known = told.clone().requires_grad_()
        network(levels, known, kind)[0, :, 90].sum().backward()
        reach[truncation] = known.grad[0].abs().sum(dim=0) > 0
    assert reach[96][:9].all()
    assert not reach[16][:8].any() and reach[16][9:].all()  # frames 10 and 11, whose conditions see two more
    with torch.no_grad():
        long, short = (initialised(SampleRnn(CHANNELS, KINDS, HOP, LEVELS, 12, 5, (8, 2), cut))(levels, told, kind)
                       for cut in (96, 16))
    torch.testing.assert_close(long, short)
