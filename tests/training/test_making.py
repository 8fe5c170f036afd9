"""Makers in training: players change their own parameters alone, in their turns; a run goes on where it stopped."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch
from torch import nn

from onpu.data.scenes.base import SceneSource
from onpu.data.scenes.sounds import write_sounds
from onpu.errors import DataError
from onpu.maker import Maker, Player, TrainedMaker
from onpu.recipe import Recipe, setting
from onpu.training.learner import Learner
from onpu.training.makers import MakerTraining, train_maker
from onpu.training.state import StateFiles
from onpu.weights import read_weights


@dataclass(frozen=True)
class Tones(SceneSource):
    """A sine and the same at half the level."""

    names: tuple[str, ...] = ("source", "target")
    rate: int = 8000
    licence: str = "CC0-1.0"
    seed: int = 0

    def of(self, plan):
        return self

    def named(self):
        return {"seed": self.seed}

    def soundfonts(self):
        return []

    def sample_sets(self):
        return []

    def item(self, number):
        sine = np.sin(2 * np.pi * (200 + 40 * number) * np.arange(4000) / 8000).astype(np.float32)
        return np.stack([0.8 * sine, 0.4 * sine])


@dataclass(frozen=True)
class TinyRecipe(Recipe):
    crop_seconds: float = setting(0.1, "length of an example in seconds")
    adversary: float = setting(0.1, "weight of the critic's word")
    sizes: tuple[int, ...] = field(default=(4, 4), metadata={"help": "channels"})


class Line(nn.Module):
    """x -> gain * x."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, 1))

    def forward(self, x):
        return self.gain * x


def generator_loss(networks, batch, recipe):
    fake = networks["generator"](batch["source"])
    return {"distance": (fake - batch["target"]).abs().mean(),
            "critic": -recipe.adversary * networks["critic"](fake).mean()}


def critic_loss(networks, batch, recipe):
    fake = networks["generator"](batch["source"])
    real = networks["critic"](batch["target"])
    return {"hinge": torch.relu(1 - real).mean() + torch.relu(1 + networks["critic"](fake)).mean()}


def example(sounds, generator, recipe):
    source, target = sounds.draw(generator, round(recipe.crop_seconds * sounds.rate))
    return {"source": source, "target": target}


def metric(made, sounds, generator):
    error = np.abs(made(sounds[0], 8000).samples[0] - sounds[1]).mean()
    return {"Nearness": float(-error)}


def apply(made, audio, options, progress):
    return replace(audio, samples=made.network(torch.from_numpy(audio.samples)).numpy())


def players(recipe):
    critic = nn.Sequential(nn.Unflatten(1, (1, -1)), nn.Conv1d(1, recipe.sizes[0], 9), nn.ReLU(),
                           nn.Conv1d(recipe.sizes[0], 1, 9))
    return {"generator": Player(Line(), generator_loss), "critic": Player(critic, critic_loss, every=2, lr_ratio=0.5)}


MAKER = Maker("halving", "half as loud", "nobody, 2026", lambda recipe: Tones(), players, example, apply, metric,
              ("Nearness",), {"small": TinyRecipe(learning_rate=0.02, warmup=1, steps=10, epochs=3, batch=2,
                                                  workers=0, weight_decay=0.0, ema_decay=0.5)})
RECIPE = MAKER.recipes["small"]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory):
    return write_sounds(tmp_path_factory.mktemp("tones") / "corpus", Tones(), 12)


@pytest.fixture(scope="module")
def run(sounds, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    train_maker(MAKER, RECIPE, [sounds], folder, bar=False)
    return folder


def test_a_player_changes_itself_alone():
    torch.manual_seed(0)
    found = players(RECIPE)
    learner = Learner(MakerTraining(TrainedMaker(MAKER, RECIPE, found["generator"].network), found, None))
    batch = {"source": torch.randn(2, 800), "target": torch.randn(2, 800)}
    for name, network in learner.networks.items():
        with learner._turn(name):
            sum(learner.subject.losses(name, batch).values()).backward()
        changed = [other for other, one in learner.networks.items()
                   if any(parameter.grad is not None for parameter in one.parameters())]
        assert changed == [name]
        network.zero_grad()
    assert all(p.requires_grad for p in learner.networks.parameters())


def test_weights_of_a_critic_are_clipped_after_its_steps():
    limited = replace(MAKER, players=lambda recipe: {name: replace(player, weight_limit=0.01 * (name == "critic"))
                                                     for name, player in players(recipe).items()})
    recipe = replace(RECIPE, gradient_clip=0.0)
    found = limited.players(recipe)
    learner = Learner(MakerTraining(TrainedMaker(limited, recipe, found["generator"].network), found, None))
    rates = {name: torch.optim.SGD(network.parameters(), 0.1) for name, network in learner.networks.items()}
    batch = {"source": torch.randn(2, 800), "target": torch.randn(2, 800)}
    for name, rate in rates.items():
        with learner._turn(name):
            sum(learner.subject.losses(name, batch).values()).backward()
        learner._step(name, rate, 0.1)
    critic, generator = (max(float(p.abs().max()) for p in learner.networks[name].parameters())
                         for name in ("critic", "generator"))
    assert critic == pytest.approx(0.01) and generator > 0.01


def test_the_first_player_learns_and_its_average_is_kept_with_a_card(run, sounds):
    tensors, card = read_weights(run / "best.safetensors")
    assert set(tensors) == {"gain"} and card["task"] == "halving" and card["commercial_use"]
    assert card["data"][0]["plan"] == {"seed": 0} and card["trained"]["steps"] <= 30
    trained = TrainedMaker.restore(MAKER, tensors, card)
    assert trained.network.gain.item() < 0.8
    state = StateFiles().load_checkpoint(run / "state.safetensors")
    assert state["done"] == 30
    assert state["optimizer_states"][1]["state"][0]["step"] == 15  # every second step


def test_a_run_goes_on_where_it_stopped(run, sounds, tmp_path):
    import shutil

    short = tmp_path / "short"
    train_maker(MAKER, replace(RECIPE, epochs=1, minutes=0.0), [sounds], short, bar=False)
    text = (short / "run.json").read_text().replace('"epochs": 1', '"epochs": 3')
    (short / "run.json").write_text(text)
    shutil.rmtree(short / "logs")
    first = StateFiles().load_checkpoint(short / "state.safetensors")
    assert first["done"] == 10
    train_maker(MAKER, RECIPE, [sounds], short, bar=False)
    again, whole = (StateFiles().load_checkpoint(folder / "state.safetensors")["done"] for folder in (short, run))
    assert again == whole == 30


def test_sounds_of_another_kind_are_refused(sounds, tmp_path):
    other = replace(MAKER, scenes=lambda recipe: replace(Tones(), names=("vocals", "drums")))
    with pytest.raises(DataError, match="holds source, target at 8000 Hz, where vocals, drums at 8000"):
        train_maker(other, RECIPE, [sounds], tmp_path / "run")
