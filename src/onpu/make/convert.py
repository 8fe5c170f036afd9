"""One sound made of another: a piano becomes strings or a guitar, a sketch of sinusoids a piano, a piano a small band.

Isola, Zhu, Zhou & Efros, "Image-to-image translation with conditional adversarial networks" (CVPR 2017), pix2pix, on
pictures of spectra, as the thesis "ニューラルネットワークによる音楽の自動変換" (2020, section 2.5) proposes: with x the
source's picture and y the target's, G the generator and D the critic, which sees x beside what it judges,

    G minimises  game(D(x, G(x))) + λ E ‖y - G(x)‖₁          (ibid., eq. 3 and 4; the thesis's eq. 3)

    sound -> spectrum at 22.05 kHz -> levels in dB, 512 bins x 128 frames -> U-Net -> levels -> magnitudes
          -> phases (`onpu.represent.invert`, from the source's on) -> sound, piece by piece, at its own rate

Sinusoids have no overtones, and a network of small kernels does not find where those of a piano would lie. With
`overtones` the generator sees beside the source, in a channel for each order, where the overtones of all that sounds
would be (`onpu.represent.overtones`), from a spectrum four times as fine, in which low semitones are apart.

Deviations: the game is one of several (least squares here, in the paper that of Goodfellow et al. 2014 as in the recipe
"paper"); no noise z, not even as dropout in use: a conversion is repeatable; the learning rate falls by a cosine all
along, where the paper's begins to fall, linearly, half way; the rest stands in `onpu.models.pix2pix_unet` and
`onpu.models.patch_critic`. The thesis gives no sizes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.scenes.pairs import RATE, TARGETS, PairScenes
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.inference.pieces import overlap_add
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.layers.layout import channels_last
from onpu.make.wavernn import VOCODERS, check_vocoder, phase_method, revoiced_by
from onpu.maker import AdversarialRecipe, Batch, Maker, Networks, Player, TrainedMaker, process_in_pieces
from onpu.metrics import spectra as metric
from onpu.models.patch_critic import PatchCritic
from onpu.models.pix2pix_unet import Pix2PixUnet
from onpu.music import Audio
from onpu.music.audio import rms
from onpu.recipe import Options, choice, setting
from onpu.represent import Stft, invert
from onpu.represent.overtones import overtones
from onpu.represent.picture import amplitudes, picture

N_FFT, HOP, FINE_N_FFT = 1024, 256, 4096
"""Samples of a window, between windows, and of the window of the fine spectrum of which overtones are told."""
DEPTH_DB = 100.0
"""dB from full scale to what is black in a picture."""
TARGET_RMS = 0.055
"""RMS to which a recording is brought before it is heard; pairs have about this."""
EDGE_FRAMES = 8
"""Frames at either end of a training crop that saw beyond it."""
PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS = 20.0, 1.0, 0.25
"""Seconds that are converted at a time, that are heard on either side, in which pieces overlap."""
PICTURES_AT_ONCE = 8
"""Pictures that are painted at once."""


@dataclass(frozen=True)
class ConvertOptions(Options):
    """How a sound is made of the spectrum."""

    iterations: int = setting(32, "iterations of fast Griffin-Lim that find the phases, 0 to 1000", "[0, 1000]")
    vocoder: str = setting("griffin-lim", "what makes sound of the spectrum: griffin-lim, phase, or a file of weights "
                                          "of onpu train wavernn, which makes that of griffin-lim anew, up to 8 kHz")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_vocoder(self.vocoder, VOCODERS)


@dataclass(frozen=True)
class ConvertRecipe(AdversarialRecipe):
    """How a conversion is learned."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_seconds", "likeness": "l1_weight", "spread": "level_std_db"}

    kind: str = choice("piano-strings", TARGETS, "source and target")
    crop_seconds: float = setting(1.486, "length of an example in seconds", "(0, inf)")
    widths: tuple[int, ...] = setting((24, 48, 96, 192, 192, 192), "channels per level of the generator")
    critic_widths: tuple[int, ...] = setting((24, 48, 96, 192), "channels per layer of the critic")
    dropout: float = setting(0.2, "dropout in the generator's innermost levels", "[0, 1)")
    overtones: int = setting(1, "number of harmonics of the source that the generator sees; 1: the sound as it is")
    l1_weight: float = setting(100.0, "λ, weight of the L1 distance from the target")
    level_std_db: float = setting(4.0, "augmentation: standard deviation of an example's level, dB")


Trained = TrainedMaker[ConvertRecipe, ConvertOptions]


def target(recipe: ConvertRecipe) -> str:
    """What a recording becomes."""
    return recipe.kind.split("-")[1]


def scenes(recipe: ConvertRecipe) -> PairScenes:
    """Pairs of this kind."""
    return PairScenes(recipe.kind)


def players(recipe: ConvertRecipe) -> dict[str, Player]:
    """Generator and critic."""
    painter = channels_last(Pix2PixUnet(recipe.widths, recipe.dropout, recipe.overtones))
    return recipe.rivals(painter, PatchCritic(2, recipe.critic_widths, recipe.critic_norm), generate, judge)


@cache
def front() -> Stft:
    """The spectrum of which the pictures are made, of amplitudes."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


@cache
def fine() -> Stft:
    """The spectrum of which overtones are told."""
    return Stft(RATE, FINE_N_FFT, HOP, amplitude=True)


def seen(sounds: Tensor, orders: int) -> Tensor:
    """What the generator is shown of sounds: (sounds, samples) -> pictures (sounds, orders, 512, frames), the first of
    the sound as it is."""
    plain = picture(front().to(sounds.device).spectrum(sounds).abs(), DEPTH_DB)[:, None]
    if orders == 1:
        return plain
    above = picture(fine().to(sounds.device).spectrum(sounds).abs(), DEPTH_DB)
    return torch.cat([plain, overtones(above, orders, plain.shape[2])], dim=1)


def width(recipe: ConvertRecipe) -> int:
    """Frames of a picture."""
    return max(2, round(recipe.crop_seconds * RATE / HOP))


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: ConvertRecipe) -> dict[str, np.ndarray]:
    """source, target: pictures (orders, 512, frames), (1, 512, frames) of the same time."""
    pair = sounds.draw(rng, (width(recipe) + 2 * EDGE_FRAMES - 1) * HOP)
    level = np.float32(10 ** (rng.normal(0, recipe.level_std_db) / 20))
    source, target = (seen(torch.from_numpy(sound[None] * level), orders)[0, ..., EDGE_FRAMES:-EDGE_FRAMES].numpy()
                      for sound, orders in zip(pair, (recipe.overtones, 1), strict=True))
    return {"source": source, "target": target}


def generate(networks: Networks, batch: Batch, recipe: ConvertRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    source, target = batch["source"], batch["target"]
    fake = networks["generator"](source)
    game = generator_loss(networks["critic"], target, fake, [source[:, :1]], recipe)
    return game | {"likeness": recipe.l1_weight * (fake - target).abs().mean()}


def judge(networks: Networks, batch: Batch, recipe: ConvertRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    source, target = batch["source"], batch["target"]
    return critic_loss(networks["critic"], target, networks["generator"](source), [source[:, :1]], recipe)


def painted(network: nn.Module, shown: Tensor, frames: int) -> Tensor:
    """Levels (channels, bins, any) that the generator makes of what it is shown, (channels, orders, bins, any), in
    pictures of so many frames, each half over the next, one fading into the other."""
    step = frames // 2
    count = shown.shape[-1]
    black = nn.functional.pad(shown, (step, 2 * step - count % step), value=-1.0)
    places = range(0, black.shape[-1] - 2 * step + 1, step)
    pictures = torch.cat([black[..., place : place + 2 * step] for place in places])
    made = torch.cat([network(part) for part in pictures.split(PICTURES_AT_ONCE)])[:, 0]
    made = made.unflatten(0, (len(places), len(shown)))
    weight = torch.sin(torch.pi * (torch.arange(2 * step, device=shown.device) + 0.5) / (2 * step)) ** 2
    joined = torch.cat(list(overlap_add(made, step, weight[:step], weight[step:])), dim=-1)
    return joined[..., step : step + count]


def converted(trained: Trained, samples: np.ndarray, iterations: int, vocoder: str = "griffin-lim") -> np.ndarray:
    """Sound (channels, samples) at `RATE` and about `TARGET_RMS` as the network has it, the same shape."""
    sounds, stft = torch.from_numpy(samples).to(trained.device), front().to(trained.device)
    levels = painted(trained.network, seen(sounds, trained.recipe.overtones), width(trained.recipe))
    wanted = amplitudes(levels, DEPTH_DB)[:, None]
    if vocoder == "phase":
        return invert(stft, wanted, samples.shape[1], phase_method()).cpu().numpy()
    found = invert(stft, wanted, samples.shape[1], iterations=iterations, start=stft.spectrum(sounds)).cpu().numpy()
    return found if vocoder in VOCODERS else np.stack([revoiced_by(vocoder, each, RATE) for each in found])


def without_effect(options: ConvertOptions, recipe: ConvertRecipe, inputs: Collection[str]) -> dict[str, str]:
    """The phase network needs no iterations."""
    return {"iterations": "with --vocoder phase"} if options.vocoder == "phase" else {}


def apply(trained: Trained, audio: Audio | None, options: ConvertOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """The conversion of a recording, channel by channel, at its rate and with its length, up to 11 kHz."""
    if audio is None:
        raise OnpuError("there is no recording to be converted; give one")
    loud = float(rms(audio.samples, np.float64))
    level = np.float32(TARGET_RMS / max(loud, 1e-6))

    def change(part: np.ndarray) -> np.ndarray:
        return converted(trained, part * level, options.iterations, options.vocoder) / level

    return process_in_pieces(audio, RATE, change, PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS, progress)


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """How near the conversion of an item's source comes to its target, beside the source itself: gains are shares of
    the distance that are gone. Nothing where either is silent."""
    if not sounds.any(axis=1).all():
        return {}
    found = trained(sounds[0], RATE).samples
    source, target, result = front().cpu()(torch.from_numpy(np.concatenate([sounds, found])))[:, 0].numpy()
    before, after = metric.evaluate(target, source), metric.evaluate(target, result)
    gained = 1 - after["Log-spectral distance"] / max(before["Log-spectral distance"], 1e-6)
    return after | {f"Unconverted {name.lower()}": value for name, value in before.items()} | {"Relative gain": gained}


MAKER = Maker(
    name="convert",
    title="a sound that becomes another",
    paper="Isola, Zhu, Zhou & Efros, Image-to-image translation with conditional adversarial networks, CVPR 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Relative gain",),
    recipes={"small": ConvertRecipe(learning_rate=1e-3, beta1=0.5, weight_decay=0.0, warmup=50, batch=4, critic_every=4,
                                    steps=300, epochs=6, gradient_clip=0.0, ema_decay=0.99, precision="bf16-mixed"),
             "paper": ConvertRecipe(adversarial_loss="non-saturating", widths=(64, 128, 256, 512, 512, 512, 512),
                                    critic_widths=(64, 128, 256, 512), dropout=0.5, optimiser="adam",
                                    learning_rate=2e-4, beta1=0.5, weight_decay=0.0, warmup=0, batch=1,
                                    steps=2000, epochs=100, gradient_clip=0.0, ema_decay=0.0)},
    options=ConvertOptions(),
    without_effect=without_effect,
)
