"""Strokes of drums out of nothing but noise.

Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville & Bengio, "Generative adversarial nets" (NIPS
2014); the thesis "ニューラルネットワークによる音楽の自動変換" (2020, section 2.3) begins with it: with noise z, G the
generator and D the critic,

    G minimises, D maximises  E log D(x) + E log(1 - D(G(z)))          (ibid., eq. 1)

    noise -> network -> levels in dB of a spectrum, 256 bins x 64 frames -> phases (`onpu.represent.invert`) -> sound

The first of three steps: `cgan` tells both players the drum, `convert` tells them a whole sound.

The recipe "dense" has the published networks and optimiser (`onpu.models.dense_gan`), "paper" DCGAN's sizes.

Deviations: pictures of spectra; in the other recipes convolutions (`onpu.models.drum_gan`) and Adam in place of
stochastic gradient descent with momentum; the game is one of several, in the small recipe least squares, which came
nearest to real strokes in `benchmarks/making/gan_losses.py`, with feature matching, which made most kinds of them there
(the two together were not compared), in "paper" minimax, in "dense" non-saturating (ibid., section 3), there with a
learning rate of .005 in place of .1, with which pictures of 21 times as many points gave infinite numbers within 20
steps; the generator that is kept is the average of those that were, but not of "dense".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.command import Command, MakerOptions
from onpu.data.scenes.hits import CLASSES, RATE, HitScenes
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.maker import AdversarialRecipe, Batch, Loss, Maker, Networks, O, Player, TrainedMaker
from onpu.models.dense_gan import DenseCritic, DenseGenerator
from onpu.models.drum_gan import FRAMES, DrumCritic, DrumGenerator
from onpu.music import Audio
from onpu.recipe import choice, setting
from onpu.represent import Stft, invert
from onpu.represent.picture import amplitudes, picture

N_FFT, HOP = 512, 128
LENGTH = FRAMES * HOP
"""Samples of a stroke."""
DEPTH_DB = 80.0
"""dB from full scale to what is black in a picture."""
CONVOLUTIONAL, DENSE = "convolutional", "dense"
STROKES_TRIED = 64
"""Strokes that are made to see how near one comes to a real one."""


@dataclass(frozen=True)
class HitOptions(MakerOptions):
    """Which stroke is made."""

    iterations: int = setting(64, "iterations of fast Griffin-Lim that find the phases, 0 to 1000", "[0, 1000]")


@dataclass(frozen=True)
class GanRecipe(AdversarialRecipe):
    """How strokes are learned."""

    RENAMED: ClassVar[dict[str, str]] = {"noise": "noise_size"}

    network: str = choice(CONVOLUTIONAL, (CONVOLUTIONAL, DENSE), "networks of both players")
    noise_size: int = setting(64, "size of the noise vector")
    widths: tuple[int, ...] = setting((128, 64, 32, 16), "channels per level of the generator, reversed the critic's; "
                                                         "of dense networks units per layer of the generator")
    critic_units: tuple[int, ...] = setting((240, 240), "maxout units per layer of a dense critic")
    pieces: tuple[int, ...] = setting((5, 5), "linear pieces of a maxout unit per layer of a dense critic")
    class_units: tuple[int, int] = setting((1000, 50), "units that read the class in dense networks: of the generator, "
                                                       "of the critic")
    dropout: float = setting(0.5, "dropout of dense networks: of the critic, of a generator that is told a class too",
                             "[0, 1)")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.network == DENSE and len(self.critic_units) != len(self.pieces):
            raise OnpuError(f"{len(self.critic_units)} layers of critic_units, {len(self.pieces)} of pieces; give as "
                            "many of both")

    def rivals_of(self, classes: int, projected: bool, making: Loss, judging: Loss) -> dict[str, Player]:
        """Generator and critic that are told one of so many classes, 0 for none; projected: in every layer."""
        if self.network == DENSE:
            making_units, judging_units = self.class_units
            return self.rivals(
                DenseGenerator(self.noise_size, classes, self.widths, making_units, self.dropout if classes else 0.0),
                DenseCritic(classes, self.critic_units, self.pieces, judging_units, self.dropout), making, judging)
        return self.rivals(DrumGenerator(self.noise_size, classes, self.widths, projected),
                           DrumCritic(classes, self.widths[::-1], self.critic_norm, projected), making, judging)


Trained = TrainedMaker[GanRecipe, HitOptions]
G = TypeVar("G", bound=GanRecipe)


def scenes(recipe: GanRecipe) -> HitScenes:
    """Single strokes."""
    return HitScenes()


def players(recipe: GanRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals_of(0, False, generate, judge)


@cache
def front() -> Stft:
    """The spectrum of which the pictures are made, of amplitudes."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


def shown(strokes: np.ndarray) -> Tensor:
    """Sounds (strokes, `LENGTH`) -> pictures (strokes, 1, 256, 64)."""
    return picture(front().spectrum(torch.from_numpy(strokes)).abs(), DEPTH_DB)[:, None, :, :FRAMES]


def sounding(pictures: Tensor, iterations: int) -> np.ndarray:
    """Inverse of `shown`, with phases that are always the same for the same picture."""
    magnitude = nn.functional.pad(amplitudes(pictures.cpu().float(), DEPTH_DB), (0, 1))
    start = torch.Generator().manual_seed(0)
    return invert(front(), magnitude, LENGTH, iterations=iterations, rng=start).numpy()


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: GanRecipe) -> dict[str, np.ndarray]:
    """real: picture (1, 256, 64) of any drum; noise (noise,)."""
    stroke = sounds.draw(rng, LENGTH)[rng.integers(len(CLASSES))]
    return {"real": shown(stroke[None])[0].numpy(), "noise": rng.standard_normal(recipe.noise_size)}


def generate(networks: Networks, batch: Batch, recipe: GanRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    return generator_loss(networks["critic"], batch["real"], networks["generator"](batch["noise"]), [], recipe)


def judge(networks: Networks, batch: Batch, recipe: GanRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    return critic_loss(networks["critic"], batch["real"], networks["generator"](batch["noise"]), [], recipe)


def noise(trained: TrainedMaker[G, O], count: int, rng: np.random.Generator) -> Tensor:
    """(count, noise)."""
    drawn = rng.standard_normal((count, trained.recipe.noise_size))
    return torch.from_numpy(drawn).to(trained.device, torch.float32)


def apply(trained: Trained, audio: Audio | None, options: HitOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """A stroke of some drum."""
    if audio is not None:
        raise OnpuError("strokes are made of noise, not of a recording; give none")
    made_up = trained.network(noise(trained, 1, np.random.default_rng(options.seed)))
    return Audio(sounding(made_up, options.iterations), RATE)


def likeness(real: Tensor, made: Tensor) -> dict[str, float]:
    """Mean distance in dB of each real picture from the nearest one that was made, the energy score and, for choosing
    weights, minus it.

    The energy score is E|x - y| - E|y - y'| / 2 of a real picture x and made ones y, y', with the root mean square in
    dB as the distance: a strictly proper score, which is least where the made ones are distributed as the real ones
    (Gneiting & Raftery, JASA 2007, eq. 22); the mean of all strokes is punished by its second part.

    real: (drums, 1, bins, frames). made: (drums or 1, tried, 1, bins, frames).
    """
    decibels = DEPTH_DB / 2
    apart = (real[:, None] - made).abs().mean(dim=(2, 3, 4)) * decibels  # (drums, tried)
    flat = made.flatten(2) * decibels / math.sqrt(made[0, 0].numel())
    tried = flat.shape[1]
    spread = torch.cdist(flat, flat).sum(dim=(1, 2)) / (tried * (tried - 1))
    off = torch.cdist(real.flatten(1)[:, None] * decibels / math.sqrt(real[0].numel()), flat).mean(dim=(1, 2))
    score = float((off - spread / 2).mean())
    return {"Nearest": float(apart.min(dim=1).values.mean()), "Energy score": score, "Likeness": -score}


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """How near `STROKES_TRIED` strokes come to those of an item (drums, samples)."""
    return likeness(shown(sounds).to(trained.device), trained.network(noise(trained, STROKES_TRIED, rng))[None])


MAKER = Maker(
    name="gan",
    title="strokes of drums, out of noise",
    paper="Goodfellow et al., Generative adversarial nets, NIPS 2014",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Likeness",),
    recipes={"small": GanRecipe(feature_matching=1.0, learning_rate=5e-4, beta1=0.5, weight_decay=0.0, warmup=50,
                                batch=32, steps=200, minutes=20.0, gradient_clip=0.0, ema_decay=0.99, patience=50,
                                precision="bf16-mixed"),
             "paper": GanRecipe(adversarial_loss="minimax", critic_norm="none", noise_size=100,
                                widths=(512, 256, 128, 64), optimiser="adam", learning_rate=2e-4, beta1=0.5,
                                weight_decay=0.0, batch=128, steps=500, epochs=100, gradient_clip=0.0, ema_decay=0.0),
             "dense": GanRecipe(network=DENSE, adversarial_loss="non-saturating", critic_norm="none", noise_size=100,
                                widths=(1200, 1200), optimiser="sgd", learning_rate=0.005, momentum=0.7,
                                momentum_start=0.5, momentum_ramp=(0, 125_000), weight_decay=0.0, schedule="step",
                                lr_decay=0.905, lr_decay_steps=25_000, warmup=0, batch=100, steps=500, epochs=300,
                                patience=300, gradient_clip=0.0, ema_decay=0.0)},
    options=HitOptions(),
    command=Command("Make strokes of drums, whichever come."),
    one_thread=True,
)
