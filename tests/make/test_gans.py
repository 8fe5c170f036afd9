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

TINY = replace(gan.MAKER.recipes["small"], noise_size=3, widths=(4, 4))


@pytest.fixture(scope="module", params=[gan, cgan], ids=["gan", "cgan"])
def made(request):
    torch.manual_seed(0)
    return TrainedMaker.build(request.param.MAKER, TINY)


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


def test_the_class_that_is_asked_for_is_heard_by_both_players():
    torch.manual_seed(0)
    generator, critic = DrumGenerator(3, len(CLASSES), (4, 4)).eval(), DrumCritic(len(CLASSES), (4, 4), "none")
    kinds, noise = torch.eye(len(CLASSES)), torch.zeros(len(CLASSES), 3)
    pictures = generator(noise, kinds)
    assert pictures.shape == (len(CLASSES), 1, 256, 64) and pictures.abs().max() <= 1
    assert all((pictures[0] != picture).any() for picture in pictures[1:])
    answers, seen = critic(pictures[:1].expand(len(CLASSES), -1, -1, -1), kinds)
    assert len(set(answers.flatten().tolist())) == len(CLASSES) and len(seen) == 2


def test_the_nearest_stroke_is_the_stroke_itself(strokes):
    real = gan.shown(strokes)
    assert gan.nearest(real, real[None]) == {"Nearest": 0.0, "Nearness": 0.0}
    assert gan.nearest(real, real[None, :1])["Nearest"] > 3
    assert gan.nearest(real, real[:, None])["Nearest"] == 0


def test_what_cannot_be_made_is_said(made):
    with pytest.raises(OnpuError, match="not of a recording"):
        made(np.zeros((1, 100), np.float32), RATE)
    with pytest.raises(OnpuError, match="kick, snare"):
        cgan.DrumKindOptions(drum="gong")
    with pytest.raises(OnpuError, match="seed is -1; give a number of 0 or more"):
        gan.HitOptions(seed=-1)
