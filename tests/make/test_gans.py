"""Strokes out of noise: pictures are the sound, a class is asked for, equal seeds give equal strokes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onpu.data.plan import Plan
from onpu.data.scenes.hits import CLASSES, RATE, HitScenes
from onpu.errors import OnpuError
from onpu.make import cgan, gan
from onpu.maker import TrainedMaker
from onpu.metrics.spectra import log_spectral_distance
from onpu.models.drum_gan import DrumCritic, DrumGenerator

TINY = {task: replace(task.MAKER.recipes["small"], noise_size=3, widths=(4, 4)) for task in (gan, cgan)}


@pytest.fixture(scope="module", params=[gan, cgan], ids=["gan", "cgan"])
def made(request):
    torch.manual_seed(0)
    return TrainedMaker.build(request.param.MAKER, TINY[request.param])


@pytest.fixture(scope="module")
def strokes():
    return HitScenes(Plan(seed=1, seconds=0.512, rate=RATE, fonts=())).item(0)


def test_a_picture_sounds_like_the_stroke_it_was_made_of(strokes):
    back = gan.sounding(gan.shown(strokes), 100)
    assert back.shape == strokes.shape
    for stroke, other in zip(gan.front()(torch.from_numpy(strokes))[:, 0], gan.front()(torch.from_numpy(back))[:, 0],
                             strict=True):
        assert log_spectral_distance(stroke.numpy(), other.numpy()) < 5


def test_a_stroke_depends_on_its_seed_alone(made):
    options = replace(made.maker.options, iterations=2)
    one, again, other = (made(options=replace(options, seed=seed)) for seed in (1, 1, 2))
    assert one.rate == RATE and one.samples.shape == (1, gan.LENGTH) and np.isfinite(one.samples).all()
    np.testing.assert_array_equal(one.samples, again.samples)
    assert not np.array_equal(one.samples, other.samples)


@pytest.mark.parametrize("projected", [False, True])
def test_the_class_that_is_asked_for_is_heard_by_both_players(projected):
    torch.manual_seed(0)
    generator = DrumGenerator(3, len(CLASSES), (4, 4), projected).eval()
    critic = DrumCritic(len(CLASSES), (4, 4), "none", projected)
    kinds, noise = torch.eye(len(CLASSES)), torch.zeros(len(CLASSES), 3)
    pictures = generator(noise, kinds)
    assert pictures.shape == (len(CLASSES), 1, 256, 64) and pictures.abs().max() <= 1
    assert all((pictures[0] != picture).any() for picture in pictures[1:])
    answers, seen = critic(pictures[:1].expand(len(CLASSES), -1, -1, -1), kinds)
    assert len(set(answers.flatten().tolist())) == len(CLASSES) and len(seen) == 2


@pytest.mark.parametrize("task", [gan, cgan], ids=["gan", "cgan"])
def test_the_dense_networks_have_the_published_sizes_and_train(task):
    recipe = task.MAKER.recipes["dense"]
    with torch.device("meta"):
        players = task.MAKER.players(recipe)
    units = [[layer.out_features for layer in players[name].network.modules() if isinstance(layer, torch.nn.Linear)]
             for name in ("generator", "critic")]
    assert units == ([[1200, 1200, 16384], [1200, 1200, 1]] if task is gan else
                     [[200, 1000, 1200, 16384], [1200, 250, 960, 1]])
    recipe = replace(recipe, widths=(20, 40), critic_units=(8, 8), class_units=(10, 5), noise_size=6, dropout=0.0)
    torch.manual_seed(0)
    players = task.MAKER.players(recipe)
    networks = {name: player.network for name, player in players.items()}
    batch = {"noise": torch.randn(8, 6), "drum": torch.eye(8), "real": 0.1 * torch.randn(8, 1, 256, 64) - 0.8}
    for player in players.values():
        seen = []
        optimiser = torch.optim.SGD(player.network.parameters(), recipe.learning_rate, recipe.momentum_start)
        for _ in range(10):
            loss = sum(player.loss(networks, batch, recipe).values())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            seen.append(float(loss.detach()))
        assert seen[-1] < seen[0] and np.isfinite(seen).all()
    made = networks["generator"](batch["noise"], *([batch["drum"]] if task is cgan else []))
    assert made.shape == (8, 1, 256, 64) and made.abs().max() <= 1


def test_dense_networks_are_told_how_they_can_be_built():
    with pytest.raises(OnpuError, match="as many of both"):
        replace(gan.MAKER.recipes["dense"], pieces=(5,))
    with pytest.raises(OnpuError, match="set conditioning to planes"):
        replace(cgan.MAKER.recipes["dense"], conditioning="projection")


def test_the_nearest_stroke_is_the_stroke_itself(strokes):
    real = gan.shown(strokes)
    assert gan.likeness(real, real[None])["Nearest"] == 0
    assert gan.likeness(real, real[None, :2])["Nearest"] > 3


def test_the_energy_score_is_least_for_strokes_that_vary_as_real_ones_do():
    rng = torch.Generator().manual_seed(0)
    real = torch.rand((1, 1, 8, 8), generator=rng) - 0.5
    spread, still, far = (scale * (torch.rand((1, 64, 1, 8, 8), generator=rng) - 0.5) for scale in (1.0, 0.0, 4.0))
    scores = [gan.likeness(real, made)["Energy score"] for made in (spread, still, far)]
    assert scores[0] < min(scores[1:])
    one = torch.zeros(1, 2, 1, 2, 2)
    one[0, 1] = 1.0  # two strokes 40 dB apart, the real one is the first
    assert gan.likeness(torch.zeros(1, 1, 2, 2), one)["Energy score"] == pytest.approx(20 - 40 / 2)


def test_only_a_critic_with_projection_names_classes():
    pictures = torch.zeros(2, 1, 256, 64)
    assert DrumCritic(8, (4, 4), "none", True).named(pictures).shape == (2, 8)
    with pytest.raises(ValueError, match="in planes"):
        DrumCritic(8, (4, 4), "none").named(pictures)
    with pytest.raises(OnpuError, match="set conditioning to projection or class_weight to 0"):
        replace(cgan.MAKER.recipes["paper"], class_weight=1.0)


def test_what_cannot_be_made_is_said(made):
    with pytest.raises(OnpuError, match="not of a recording"):
        made(np.zeros((1, 100), np.float32), RATE)
    with pytest.raises(OnpuError, match="kick, snare"):
        cgan.DrumKindOptions(drum="gong")
    with pytest.raises(OnpuError, match="seed is -1; give a number of 0 or more"):
        gan.HitOptions(seed=-1)
