"""Strokes of the drum that one asks for.

Mirza & Osindero, "Conditional generative adversarial nets" (2014); the thesis
"ニューラルネットワークによる音楽の自動変換" (2020, section 2.4): with y the class, which both players are told,

    G minimises, D maximises  E log D(x | y) + E log(1 - D(G(z | y)))          (ibid., eq. 2)

The second of three steps: what `gan` makes, but a class is asked for; `convert` asks with a whole sound.

Deviations: as in `gan`; classes of drums in place of digits.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from onpu.command import Command
from onpu.data.scenes.hits import CLASSES, RATE
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.make.gan import LENGTH, STROKES_TRIED, GanRecipe, HitOptions, nearest, noise, scenes, shown, sounding
from onpu.make.gan import MAKER as GAN
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.drum_gan import DrumCritic, DrumGenerator
from onpu.music import Audio
from onpu.recipe import choice


@dataclass(frozen=True)
class DrumKindOptions(HitOptions):
    """Which stroke of which drum is made."""

    drum: str = choice(CLASSES[0], CLASSES, "drum")


Trained = TrainedMaker[GanRecipe, DrumKindOptions]


def players(recipe: GanRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals(DrumGenerator(recipe.noise_size, len(CLASSES), recipe.widths),
                         DrumCritic(len(CLASSES), recipe.widths[::-1], recipe.critic_norm), generate, judge)


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: GanRecipe) -> dict[str, np.ndarray]:
    """real: picture (1, 256, 64) of a drum; drum (classes,), 1 for its class; noise (noise,)."""
    number = int(rng.integers(len(CLASSES)))
    return {"real": shown(sounds.draw(rng, LENGTH)[None, number])[0].numpy(),
            "drum": np.eye(len(CLASSES))[number], "noise": rng.standard_normal(recipe.noise_size)}


def generate(networks: Networks, batch: Batch, recipe: GanRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    fake = networks["generator"](batch["noise"], batch["drum"])
    return generator_loss(networks["critic"], batch["real"], fake, [batch["drum"]], recipe)


def judge(networks: Networks, batch: Batch, recipe: GanRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    fake = networks["generator"](batch["noise"], batch["drum"])
    return critic_loss(networks["critic"], batch["real"], fake, [batch["drum"]], recipe)


def strokes(trained: Trained, drum: int, count: int, rng: np.random.Generator) -> Tensor:
    """Pictures (count, 1, 256, 64) of a drum, by its number in `CLASSES`."""
    asked = torch.eye(len(CLASSES), device=trained.device)[drum].expand(count, -1)
    return trained.network(noise(trained, count, rng), asked)


def apply(trained: Trained, audio: Audio | None, options: DrumKindOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """A stroke of the drum."""
    if audio is not None:
        raise OnpuError("strokes are made of noise, not of a recording; give none")
    asked = strokes(trained, CLASSES.index(options.drum), 1, np.random.default_rng(options.seed))
    return Audio(sounding(asked, options.iterations), RATE)


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """How near `STROKES_TRIED` strokes, shared among the drums, come to those of an item (drums, samples)."""
    tried = torch.stack([strokes(trained, drum, STROKES_TRIED // len(CLASSES), rng) for drum in range(len(CLASSES))])
    return nearest(shown(sounds).to(trained.device), tried)


MAKER = Maker(
    name="cgan",
    title="strokes of a drum, out of noise",
    paper="Mirza & Osindero, Conditional generative adversarial nets, 2014",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Nearness",),
    recipes=GAN.recipes,
    options=DrumKindOptions(),
    command=Command("Make strokes of a drum.", named=("drum",)),
    one_thread=True,
)
