"""The worked example of CONTRIBUTING.md runs as it stands there."""

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from onpu.music import Timeline, Voice
from onpu.task import TrainedListener

GUIDE = Path(__file__).parents[1] / "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def example():
    found = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    module = ModuleType("onpu.listen.singing")
    exec(compile(found[0], str(GUIDE), "exec"), module.__dict__)
    return module


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
