"""The worked examples of CONTRIBUTING.md, a listener and a maker, run as they stand there."""

import inspect
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from onpu.apps.make import make_command
from onpu.command import MakerOptions
from onpu.data.scenes.hits import CLASSES, RATE
from onpu.data.scenes.sounds import write_sounds
from onpu.make.gan import LENGTH
from onpu.maker import TrainedMaker
from onpu.music import Timeline, Voice
from onpu.trained import TrainedListener
from onpu.training.makers import train_maker
from onpu.weights import read_weights

GUIDE = Path(__file__).parents[1] / "CONTRIBUTING.md"


def worked_example(number: int, name: str) -> ModuleType:
    """The example of this number as a module."""
    found = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 2
    module = ModuleType(name)
    exec(compile(found[number], str(GUIDE), "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def example():
    return worked_example(0, "onpu.listen.singing")


@pytest.fixture(scope="module")
def maker():
    return worked_example(1, "onpu.make.strokevae").MAKER


def timeline(*sung: tuple[float, float]) -> Timeline:
    starts, ends = (np.array([pair[side] for pair in sung], dtype=float) for side in (0, 1))
    voice = Voice(starts, ends, np.full(len(sung), "", dtype=object), np.ones(len(sung)))
    return Timeline(10.0, voice=voice).validate()


def test_labels_survive_target_and_decoder(example):
    listener = example.LISTENER
    clock = listener.network(listener.recipes["small"]).features().clock
    truth = timeline((1.0, 2.5), (4.2, 8.0))
    target = listener.target(truth, clock, clock.count(10 * clock.rate))
    found = listener.decode(target, clock, listener.options)["voice"]
    np.testing.assert_allclose(found.starts, truth.voice.starts, atol=1 / clock.fps)
    np.testing.assert_allclose(found.ends, truth.voice.ends, atol=1 / clock.fps)
    assert listener.metric(truth, Timeline(10.0, voice=found))["Accuracy"] > 0.99
    assert listener.metric(truth, timeline())["Accuracy"] == pytest.approx(1 - 5.3 / 10)


def test_it_learns_where_a_tone_sounds(example):
    torch.manual_seed(1)
    listener = example.LISTENER
    trained = TrainedListener.build(listener, listener.recipes["small"])
    clock = trained.features.clock
    truth = timeline((2.0, 6.0))
    seconds = np.arange(10 * clock.rate) / clock.rate
    tone = np.where((seconds >= 2) & (seconds < 6), np.sin(2 * np.pi * 440 * seconds), 0).astype(np.float32)
    features = trained.features(torch.from_numpy(tone)[None])
    targets = {name: torch.from_numpy(head)[None] for name, head in
               listener.target(truth, clock, features.shape[-1]).items()}
    optimiser = torch.optim.Adam(trained.network.parameters(), 1e-2)
    for _ in range(40):
        optimiser.zero_grad()
        listener.loss(trained.network(features), targets, torch.ones(1, features.shape[-1])).backward()
        optimiser.step()
    assert listener.metric(truth, trained.timeline(tone, clock.rate))["Accuracy"] > 0.99


class Thuds:
    """Sounds of eight drums that are decaying sinusoids."""

    names, rate, licence = CLASSES, RATE, "CC0-1.0"

    def item(self, number):
        seconds = np.arange(LENGTH) / RATE
        return np.stack([0.5 * np.sin(2 * np.pi * 80 * (drum + 1) * seconds) * np.exp(-(6 + number) * seconds)
                         for drum in range(len(CLASSES))]).astype(np.float32)

    def named(self):
        return {}

    def soundfonts(self):
        return []

    def sample_sets(self):
        return []


def test_the_maker_trains_and_is_made(maker, tmp_path):
    """By the loop of every maker, from a corpus on disk; its reconstructions improve, and a seed is one stroke."""
    sounds = write_sounds(tmp_path / "thuds", Thuds(), 10)
    recipe = replace(maker.recipes["small"], width=4, batch=8, learning_rate=3e-3, warmup=5, steps=40, epochs=2,
                     minutes=0.0, ema_decay=0.9, workers=0)
    untrained = TrainedMaker.build(maker, recipe)
    path = train_maker(maker, recipe, [sounds], tmp_path / "run", bar=False)
    tensors, card = read_weights(path)
    trained = TrainedMaker.restore(maker, tensors, card)
    assert card["task"] == "strokevae" and card["network"]["class"] == "StrokeVae"
    with torch.no_grad():
        before, after = (maker.metric(each, sounds.item(0), np.random.default_rng(0))["Error"]
                         for each in (untrained, trained))
    assert after < 0.7 * before
    stroke = trained()
    assert stroke.rate == RATE and stroke.samples.shape == (1, LENGTH) and np.abs(stroke.samples).max() > 0
    np.testing.assert_array_equal(stroke.samples, trained(options=MakerOptions(seed=0)).samples)
    assert not np.array_equal(stroke.samples, trained(options=MakerOptions(seed=1)).samples)


def test_the_maker_has_its_flags(maker):
    given = {parameter.name for parameter in inspect.signature(make_command(maker)).parameters.values()}
    assert {"seed", "n", "format", "weights", "device", "out"} <= given
