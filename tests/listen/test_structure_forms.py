"""The published network of boundaries, and features beat by beat."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.errors import OnpuError
from onpu.listen.structure import LISTENER, features, loss
from onpu.models.boundary_cnn import PUBLISHED, BoundaryCnn
from onpu.music import Beats, Sections, Timeline
from onpu.represent.beatwise import HELD, BeatwiseFrames
from onpu.trained import TrainedListener

CLOCK = features().clock


def test_the_published_sizes_are_there_and_train():
    """115 frames at 14.4 a second, 16 kernels of 6 bands x 8 frames, 32 of 3 x 6, 128 units; a narrower one of the
    same kernels falls by the recipe's descent."""
    recipe = LISTENER.recipes["paper"]
    trained = TrainedListener.build(LISTENER, recipe)
    network = trained.network
    assert abs(trained.features.clock.fps - 44100 / 1024 / 3) < 1e-9
    assert [network.poolings, len(network.branches)] == [(1, 2, 4), 3]
    for branch in (*network.branches, network.lags):
        assert branch.near.weight.shape[-2:] == (6, 8) and branch.near.out_channels == 16
        assert branch.far.weight.shape[-2:] == (3, 6) and branch.far.out_channels == 32
        assert branch.dense.out_channels == 128 and branch.more == 114
    torch.manual_seed(0)
    small = BoundaryCnn(80, 4, 8, 4, recipe.context, dropout=0.0, **PUBLISHED)
    x = torch.rand(1, 1, 92, 64)
    x[..., 32:] += 1
    targets = {"boundary": torch.zeros(1, 64), "music": torch.ones(1, 64), "name": torch.zeros(1, 6, 64)}
    targets["boundary"][:, 30:34] = 1
    optimizer, seen = torch.optim.SGD(small.parameters(), recipe.learning_rate, recipe.momentum), []
    for _ in range(6):
        found = loss(small(x), targets, torch.ones(1, 64))
        optimizer.zero_grad()
        found.backward()
        optimizer.step()
        seen.append(float(found.detach()))
    assert seen[-1] < 0.8 * seen[0]


def grid(times, duration=20.0):
    return BeatwiseFrames.of(Beats.of(np.array(times), np.ones(len(times), int)), duration, CLOCK)


def test_a_beat_is_one_vector_held():
    beats = grid(np.arange(0.0, 20.1, 0.5))
    assert len(beats.edges) == 41 and beats.frames == 40 * HELD
    features = np.arange(CLOCK.count(20 * CLOCK.rate), dtype=np.float32)[None]
    pooled = beats.pooled(features)
    assert pooled.shape == (1, beats.frames)
    held = pooled.reshape(-1, HELD)
    assert (held == held[:, :1]).all()
    inside = CLOCK.frames(np.array([4.0, 4.5]))
    assert held[8, 0] == np.arange(np.ceil(inside[0]), np.ceil(inside[1])).mean()


@pytest.mark.parametrize("times", [[], [3.0], np.arange(2.0, 18.0, 0.5), np.cumsum(np.linspace(0.4, 0.7, 30)),
                                   np.arange(0.0, 20.0, 0.25), np.arange(1.0, 20.0, 1.2)])
def test_a_grid_covers_the_recording_at_a_walking_pace(times):
    beats = grid(times)
    assert beats.edges[0] <= 0 and beats.edges[-1] >= 20.0 and (np.diff(beats.edges) > 0).all()
    assert 0.375 <= np.median(np.diff(beats.edges)) <= 0.75


def test_boundaries_come_back_to_where_they_were():
    """Sections -> beat by beat -> targets -> the frames of the recording, at a tempo that rises."""
    times = np.cumsum(np.linspace(0.7, 0.45, 36))
    beats = grid(times)
    edges = np.array([0.0, times[9], times[23], 20.0])
    labels = Timeline(20.0, sections=Sections(edges[:-1], edges[1:], np.array(["A", "B", "A"]), np.ones(3)))
    targets = LISTENER.target(beats.sections(labels), CLOCK, beats.frames)
    frames = CLOCK.count(20 * CLOCK.rate)
    back = beats.spread(targets["boundary"], frames)
    for time in (times[9], times[23]):
        near = np.flatnonzero(np.abs(CLOCK.seconds(np.arange(frames)) - time) < 2)
        assert abs(CLOCK.seconds(near[back[near].argmax()]) - time) < 1 / CLOCK.fps


def test_what_hears_beat_by_beat_must_know_the_beats():
    recipe = replace(LISTENER.recipes["beats"], units=4)
    torch.manual_seed(0)
    trained = TrainedListener.build(LISTENER, recipe)
    assert trained.beatwise and trained.listener is LISTENER.made_for(replace(recipe, seed=5))
    sound = (0.1 * np.random.default_rng(0).standard_normal((1, 22050 * 12))).astype(np.float32)
    with pytest.raises(OnpuError, match="beat by beat"):
        trained(sound, 22050)
    beats = Beats.of(np.arange(0.2, 12, 0.55), np.arange(22) % 4 + 1)
    activations = trained.along(beats).activations(sound, 22050)
    assert activations["boundary"].shape == (CLOCK.count(22050 * 12),)
    usual = TrainedListener.build(LISTENER, LISTENER.recipes["small"])
    assert usual.along(beats) is usual and not usual.beatwise
