"""Strokes of the drum that one asks for.

Mirza & Osindero, "Conditional generative adversarial nets" (2014); the thesis
"ニューラルネットワークによる音楽の自動変換" (2020, section 2.4): with y the class, which both players are told,

    G minimises, D maximises  E log D(x | y) + E log(1 - D(G(z | y)))          (ibid., eq. 2)

The second of three steps: what `gan` makes, but a class is asked for; `convert` asks with a whole sound.

Deviations: as in `gan`; classes of drums in place of digits; the recipe "dense" has the networks published for them.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command
from onpu.data.scenes.hits import CLASSES, RATE
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.make.gan import DENSE, LENGTH, STROKES_TRIED, GanRecipe, HitOptions, likeness, noise, scenes, shown, sounding
from onpu.make.gan import MAKER as GAN
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.drum_gan import DrumCritic
from onpu.music import Audio
from onpu.recipe import choice, setting

PROJECTION, PLANES = "projection", "planes"
CONDITIONINGS = (PROJECTION, PLANES)


@dataclass(frozen=True)
class CganRecipe(GanRecipe):
    """How strokes of a class are learned."""

    conditioning: str = choice(PLANES, CONDITIONINGS, "where the class goes in: in every layer of the generator and "
                               "the answer of the critic, or beside noise and picture alone")
    class_weight: float = setting(0.0, "weight of naming the class, by both players; needs the projection; 0: none")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.network == DENSE and self.conditioning == PROJECTION:
            raise OnpuError("dense networks are told the class beside noise and picture; set conditioning to planes")
        if self.class_weight and self.conditioning != PROJECTION:
            raise OnpuError("a critic that is told the class in planes names none; set conditioning to projection or "
                            "class_weight to 0")


@dataclass(frozen=True)
class DrumKindOptions(HitOptions):
    """Which stroke of which drum is made."""

    drum: str = choice(CLASSES[0], CLASSES, "drum")


Trained = TrainedMaker[CganRecipe, DrumKindOptions]


def players(recipe: CganRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals_of(len(CLASSES), recipe.conditioning == PROJECTION, generate, judge)


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: CganRecipe) -> dict[str, np.ndarray]:
    """real: picture (1, 256, 64) of a drum; drum (classes,), 1 for its class; noise (noise,)."""
    number = int(rng.integers(len(CLASSES)))
    return {"real": shown(sounds.draw(rng, LENGTH)[None, number])[0].numpy(),
            "drum": np.eye(len(CLASSES))[number], "noise": rng.standard_normal(recipe.noise_size)}


def generate(networks: Networks, batch: Batch, recipe: CganRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    fake = networks["generator"](batch["noise"], batch["drum"])
    parts = generator_loss(networks["critic"], batch["real"], fake, [batch["drum"]], recipe)
    return parts | named(networks, fake, batch, recipe)


def judge(networks: Networks, batch: Batch, recipe: CganRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    with torch.no_grad():
        fake = networks["generator"](batch["noise"], batch["drum"])
    parts = critic_loss(networks["critic"], batch["real"], fake, [batch["drum"]], recipe)
    return parts | named(networks, batch["real"], batch, recipe)


def named(networks: Networks, pictures: Tensor, batch: Batch, recipe: CganRecipe) -> dict[str, Tensor]:
    """Cross-entropy of the class as the critic names it: real strokes teach the critic, its own ones the generator."""
    critic = networks["critic"]
    if not recipe.class_weight:
        return {}
    assert isinstance(critic, DrumCritic)
    return {"class": recipe.class_weight * nn.functional.cross_entropy(critic.named(pictures), batch["drum"])}


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
    return likeness(shown(sounds).to(trained.device), tried)


MAKER = Maker(
    name="cgan",
    title="strokes of a drum, out of noise",
    paper="Mirza & Osindero, Conditional generative adversarial nets, 2014",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likeness",),
    recipes={"small": CganRecipe(adversarial_loss="hinge", critic_norm="spectral", critic_lr_ratio=2.0,
                                 conditioning=PROJECTION, class_weight=0.5, feature_matching=1.0, learning_rate=4e-4,
                                 beta1=0.0, weight_decay=0.0, warmup=50, batch=32, steps=200, minutes=20.0,
                                 gradient_clip=0.0, ema_decay=0.995, patience=50, precision="bf16-mixed"),
             "paper": CganRecipe(**asdict(GAN.recipes["paper"])),
             "dense": CganRecipe(**asdict(GAN.recipes["dense"]) | {"widths": (200, 1200), "pieces": (5, 4)})},
    options=DrumKindOptions(),
    command=Command("Make strokes of a drum.", named=("drum",)),
    one_thread=True,
)
