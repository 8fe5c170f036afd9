"""Music without the noise of its recording.

Pascual, Bonafonte & Serrà, "SEGAN: speech enhancement generative adversarial network" (Interspeech 2017): with x̃ the
noisy sound and z noise, generator and critic play the game of least squares, and

    G minimises  (D(G(z, x̃), x̃) - 1)² / 2 + λ ‖G(z, x̃) - x‖₁          (ibid., eq. 5)

    sound -> 16 kHz -> pre-emphasis -> network -> de-emphasis -> sound, piece by piece, at the recording's own rate

Deviations: music, and noises that are made (`onpu.data.scenes.noise`), in place of speech; the recipe "small" has
another generator, which masks the spectrum (`onpu.models.mask_denoiser`), without z and without pre-emphasis, since
music has its energy where that takes it away, and Adam in place of RMSprop; the recipe "residual" the paper's with
fewer levels and larger strides, which learns what is to be added to the noisy sound, at first by the L1 distance alone;
the rest stands in `onpu.models.segan`. Nothing above 8 kHz is kept; what a medium did to the music beside adding noise
is not undone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from scipy.signal import lfilter
from torch import Tensor

from onpu.data.scenes.noise import RATE, TARGET_RMS, NoiseScenes
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.maker import AdversarialRecipe, Batch, Maker, Networks, Player, TrainedMaker, process_in_pieces
from onpu.metrics.separation import si_sdr
from onpu.models.mask_denoiser import MaskDenoiser
from onpu.models.segan import SeganCritic, SeganGenerator
from onpu.music import Audio
from onpu.music.audio import rms
from onpu.recipe import Options, choice, setting

PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS = 20.0, 1.0, 0.1
"""Seconds that are cleaned at a time, that are heard on either side, in which pieces overlap."""
VALIDATION_SNR_DB = 5.0
"""Signal-to-noise ratio of held-out items, dB."""


@dataclass(frozen=True)
class EnhanceOptions(Options):
    """How a recording is cleaned."""

    seed: int = setting(0, "random seed of the noise that some networks take", "[0, inf)")


def mask(recipe: "EnhanceRecipe") -> MaskDenoiser:
    """A mask for the spectrum, untrained."""
    return MaskDenoiser(recipe.widths)


def segan(recipe: "EnhanceRecipe", residual: bool = False) -> SeganGenerator:
    """The generator as published, untrained."""
    return SeganGenerator(recipe.widths, recipe.stride, recipe.noise_channels, residual)


def residual(recipe: "EnhanceRecipe") -> SeganGenerator:
    """The same, which says what is to be taken off; untrained."""
    return segan(recipe, residual=True)


NETWORKS = {"mask": mask, "residual": residual, "segan": segan}


@dataclass(frozen=True)
class EnhanceRecipe(AdversarialRecipe):
    """How cleaning is learned."""

    RENAMED: ClassVar[dict[str, str]] = {
        "crop": "crop_seconds", "noise": "noise_channels", "likeness": "l1_weight", "emphasis": "pre_emphasis",
        "quietest": "min_snr_db", "loudest": "max_snr_db"}

    network: str = choice("mask", NETWORKS, "network of the generator")
    crop_seconds: float = setting(1.024, "length of an example in seconds", "(0, inf)")
    widths: tuple[int, ...] = setting((16, 32, 64, 96, 128), "channels per level, of the critic too")
    stride: int = setting(4, "stride per level of residual, segan and the critic")
    noise_channels: int = setting(0, "channels of noise at the bottleneck of residual and segan")
    l1_weight: float = setting(100.0, "λ, weight of the L1 distance from the clean sound")
    l1_only_steps: int = setting(0, "steps at the beginning in which the generator minimises the L1 distance alone",
                                 "[0, inf)")
    pre_emphasis: float = setting(0.0, "coefficient of the pre-emphasis filter; 0: none", "[0, 1)")
    min_snr_db: float = setting(0.0, "lowest signal-to-noise ratio of an example, dB", "(-inf, inf)")
    max_snr_db: float = setting(15.0, "highest signal-to-noise ratio of an example, dB", "(-inf, inf)")


Trained = TrainedMaker[EnhanceRecipe, EnhanceOptions]


def scenes(recipe: EnhanceRecipe) -> NoiseScenes:
    """Music and noise."""
    return NoiseScenes()


def players(recipe: EnhanceRecipe) -> dict[str, Player]:
    """Generator and critic."""
    critic = SeganCritic(recipe.widths, recipe.stride, recipe.critic_norm)
    return recipe.rivals(NETWORKS[recipe.network](recipe), critic, generate, judge)


def mixed(clean: np.ndarray, noise: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Clean and noisy sound (samples,), the noise so many dB softer, together at `TARGET_RMS`."""
    loud, soft = (float(rms(sound, np.float64)) for sound in (clean, noise))
    noisy = clean + noise * np.float32((loud or TARGET_RMS) / max(soft, 1e-9) * 10 ** (-ratio / 20))
    level = np.float32(TARGET_RMS / max(float(rms(noisy, np.float64)), 1e-9))
    return clean * level, noisy * level


def emphasised(sound: np.ndarray, coefficient: float) -> np.ndarray:
    """x[n] - a x[n - 1]; the first sample as it is."""
    return lfilter([1.0, -coefficient], [1.0], sound).astype(np.float32)


def even(sound: np.ndarray, coefficient: float) -> np.ndarray:
    """Inverse of `emphasised`."""
    return lfilter([1.0], [1.0, -coefficient], sound).astype(np.float32)


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: EnhanceRecipe) -> dict[str, np.ndarray]:
    """clean, noisy: (1, samples), with pre-emphasis; noise: (noise, steps)."""
    samples = round(recipe.crop_seconds * RATE)
    clean, noise = sounds.draw(rng, samples)[0], sounds.draw(rng, samples)[1]
    pair = mixed(clean, noise, rng.uniform(recipe.min_snr_db, recipe.max_snr_db))
    steps = -(-samples // recipe.stride ** len(recipe.widths))
    return {name: emphasised(sound, recipe.pre_emphasis)[None] for name, sound in
            zip(("clean", "noisy"), pair, strict=True)} | {
                "noise": rng.standard_normal((recipe.noise_channels, steps))}


def generate(networks: Networks, batch: Batch, recipe: EnhanceRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    fake = networks["generator"](batch["noisy"], batch["noise"])
    step = int(batch.get("step", recipe.l1_only_steps))
    game = {} if step < recipe.l1_only_steps else generator_loss(networks["critic"], batch["clean"], fake,
                                                                 [batch["noisy"]], recipe)
    return game | {"likeness": recipe.l1_weight * (fake - batch["clean"]).abs().mean()}


def judge(networks: Networks, batch: Batch, recipe: EnhanceRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    fake = networks["generator"](batch["noisy"], batch["noise"])
    return critic_loss(networks["critic"], batch["clean"], fake, [batch["noisy"]], recipe)


def cleaned(trained: Trained, samples: np.ndarray, seed: int) -> np.ndarray:
    """Sound (channels, samples) at `RATE` and about `TARGET_RMS` without noise, the same shape."""
    recipe = trained.recipe
    steps = -(-samples.shape[1] // recipe.stride ** len(recipe.widths))
    drawn = torch.randn(1, recipe.noise_channels, steps, generator=torch.Generator().manual_seed(seed))
    heard = torch.from_numpy(emphasised(samples, recipe.pre_emphasis))[:, None].to(trained.device)
    result = trained.network(heard, drawn.to(trained.device).expand(len(heard), -1, -1))
    return even(result[:, 0].cpu().numpy(), recipe.pre_emphasis)


def apply(trained: Trained, audio: Audio | None, options: EnhanceOptions,
          progress: Callable[[float], None] | None) -> Audio:
    """A recording without its noise, channel by channel, at its rate and with its length, up to 8 kHz."""
    if audio is None:
        raise OnpuError("there is no recording to be cleaned; give one")
    loud = float(rms(audio.samples, np.float64))
    level = np.float32(TARGET_RMS / max(loud, 1e-6))
    return process_in_pieces(audio, RATE, lambda part: cleaned(trained, part * level, options.seed) / level,
                             PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS, progress)


def without_effect(options: EnhanceOptions, recipe: "EnhanceRecipe", files: Collection[str]) -> dict[str, str]:
    """Only networks with noise depend on the random seed."""
    if recipe.noise_channels and recipe.network != "mask":
        return {}
    return {"seed": "with weights of a network without noise"}


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """SI-SDR of an item at `VALIDATION_SNR_DB`, and its improvement, dB. Nothing where clean or noise is silent."""
    if not sounds.any(axis=1).all():
        return {}
    clean, noisy = mixed(sounds[0], sounds[1], VALIDATION_SNR_DB)
    before, after = si_sdr(clean, noisy), si_sdr(clean, trained(noisy, RATE).samples[0])
    return {"SI-SDR": after, "SI-SDR improvement": after - before}


MAKER = Maker(
    name="enhance",
    title="music without the noise of its recording",
    paper="Pascual, Bonafonte & Serrà, SEGAN: speech enhancement generative adversarial network, Interspeech 2017",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("SI-SDR improvement",),
    recipes={"small": EnhanceRecipe(critic_norm="instance", learning_rate=1e-3, beta1=0.5, weight_decay=0.0, warmup=50,
                                    batch=8, crop_seconds=2.048, critic_every=4, steps=300, epochs=5, gradient_clip=5.0,
                                    ema_decay=0.99, precision="bf16-mixed"),
             "residual": EnhanceRecipe(network="residual", widths=(16, 32, 64, 128, 256), noise_channels=32,
                                       critic_norm="instance", pre_emphasis=0.95, l1_only_steps=600,
                                       optimiser="rmsprop", learning_rate=2e-4, weight_decay=0.0, warmup=50, batch=8,
                                       steps=100, epochs=1000, minutes=45.0, patience=1000, gradient_clip=5.0,
                                       ema_decay=0.99),
             "paper": EnhanceRecipe(network="segan", widths=(16, 32, 32, 64, 64, 128, 128, 256, 256, 512, 1024),
                                    stride=2, noise_channels=1024, pre_emphasis=0.95, optimiser="rmsprop",
                                    learning_rate=2e-4, schedule="constant", weight_decay=0.0, warmup=0, batch=400,
                                    steps=500, epochs=86, gradient_clip=0.0, ema_decay=0.0)},
    options=EnhanceOptions(),
    without_effect=without_effect,
)
