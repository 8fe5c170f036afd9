"""Phases for a spectrum of which only the magnitudes are known: a method for `onpu.represent.invert`.

Oyamada, Kameoka, Kaneko, Tanaka, Hojo & Ando, "Generative adversarial network-based approach to signal reconstruction
from magnitude spectrograms" (EUSIPCO 2018): a few iterations of Griffin and Lim's method give phases to begin with, a
network of convolutions improves the complex spectrum, and a critic, which sees complex spectra, tells whether it could
be that of a sound; what the critic's layers see of the true spectrum and of the found one is brought together as well.

    magnitudes -> fast Griffin-Lim, `BEGUN` iterations -> complex spectrum -> network -> phases -> inverse transform

    G minimises  game(D(s)) + μ ‖E f(S) - E f(s)‖² + λ L(x, y),    s the spectrum of the sound y that is found

Deviations: the network is a U-Net that adds to the real and imaginary parts (`onpu.models.pix2pix_unet`), not the
paper's stack; its magnitudes are thrown away, those that were given are kept; the critic sees the spectrum of the sound
that is found, whose parts agree, beside the magnitudes that were asked for; L, a loss of the paper's successors, is the
distance of magnitudes at other resolutions (`onpu.layers.spectral`), which phases decide; music in place of speech.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.pair_scenes import RATE, PairScenes
from onpu.data.sounds import Sounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.layers.spectral import multi_resolution_stft_loss
from onpu.maker import Batch, Made, Maker, Networks, Player, Rivalry
from onpu.metrics.spectra import spectral_convergence
from onpu.models.patch_critic import PatchCritic
from onpu.models.pix2pix_unet import Pix2PixUnet
from onpu.music import Audio
from onpu.represent import Stft, invert
from onpu.represent.phase import Inversion
from onpu.task import setting

N_FFT, HOP = 1024, 256
BEGUN = 4
"""Iterations of the method that it begins with."""
ROOT = 0.3
"""Exponent of the magnitudes that the networks see: soft bins have phases too."""
LEVEL = 0.01
"""Root of the mean square of the magnitudes that the networks see."""
TINY = 1e-5
"""Magnitude from which on a bin has a direction."""
LONGEST = 10.0
"""Seconds of a held-out item that are judged."""


@dataclass(frozen=True)
class PhaseOptions:
    """What is done with the phases that the network finds."""

    iterations: int = setting(0, "iterations of fast Griffin-Lim that follow")

    def __post_init__(self) -> None:
        if not 0 <= self.iterations <= 1000:
            raise OnpuError(f"{self.iterations} iterations; give 0 to 1000")


@dataclass(frozen=True)
class PhaseRecipe(Rivalry):
    """How phases are learned."""

    network: str = setting("unet", "unet")
    widths: tuple[int, ...] = setting((16, 32, 64, 96), "channels of the generator's levels")
    critic_widths: tuple[int, ...] = setting((16, 32, 64), "channels of the critic's layers")
    likeness: float = setting(10.0, "λ, weight of the distance at other resolutions")


def scenes(recipe: PhaseRecipe) -> PairScenes:
    """Pianos and bands; what they have to do with one another is not used."""
    return PairScenes("piano-band")


def players(recipe: PhaseRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals(Pix2PixUnet(recipe.widths, 0.0, 3, 2), PatchCritic(3, recipe.critic_widths, recipe.steadied),
                         generate, judge)


@cache
def front() -> Stft:
    """The spectrum whose phases are learned, of amplitudes."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


def parts(spectrum: Tensor) -> Tensor:
    """Complex (batch, bins, frames) -> real and imaginary (batch, 2, bins, frames), magnitudes to the power `ROOT`."""
    pair = torch.stack([spectrum.real, spectrum.imag], dim=1)
    return pair * (pair.square().sum(dim=1, keepdim=True) + TINY**2) ** ((ROOT - 1) / 2)


def example(sounds: Sounds, generator: np.random.Generator, recipe: PhaseRecipe) -> dict[str, np.ndarray]:
    """sound (samples,); begun (3, bins, frames): parts of what the method begins with, magnitude ** ROOT."""
    samples = round(recipe.crop * RATE)
    drawn = sounds.draw(generator, samples)
    sound = torch.from_numpy(drawn[generator.integers(len(drawn))])[None]
    magnitude = front()(sound)
    level = levelling(magnitude)
    seed = torch.Generator().manual_seed(int(generator.integers(2**31)))
    return {"sound": (sound * level[:, 0, 0])[0].numpy(), "begun": begun(magnitude * level, samples, seed)[0].numpy()}


def levelling(magnitude: Tensor) -> Tensor:
    """Factor (batch, 1, 1, 1) that brings magnitudes (batch, 1, bins, frames) to `LEVEL`."""
    return LEVEL / magnitude.square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp(min=1e-9)


def begun(magnitude: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    """What the network sees of magnitudes (batch, 1, bins, frames): (batch, 3, bins, frames)."""
    stft = front().to(magnitude.device)
    first = stft.spectrum(invert(stft, magnitude, samples, iterations=BEGUN, generator=generator))
    turned = torch.polar(magnitude[:, 0], first.angle())
    return torch.cat([parts(turned), magnitude**ROOT], dim=1)


def found(network: nn.Module, seen: Tensor, samples: int) -> Tensor:
    """Sounds (batch, samples) with the phases that a network finds."""
    pair = network(seen).float()
    direction = pair / (pair.square().sum(dim=1, keepdim=True) + TINY**2).sqrt()
    magnitude = seen[:, 2].float() ** (1 / ROOT)
    stft = front().to(seen.device)
    return stft.inverse(torch.complex(direction[:, 0] * magnitude, direction[:, 1] * magnitude), samples)


def heard(networks: Networks, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Sound that is found, its parts, those of the true one."""
    sound = found(networks["generator"], batch["begun"], batch["sound"].shape[-1])
    return sound, parts(front().spectrum(sound)), parts(front().spectrum(batch["sound"]))


def generate(networks: Networks, batch: Batch, recipe: PhaseRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    sound, made, real = heard(networks, batch)
    game = generator_loss(networks["critic"], real, made, [batch["begun"][:, 2:]], recipe)
    return game | {"likeness": recipe.likeness * multi_resolution_stft_loss(sound, batch["sound"])}


def judge(networks: Networks, batch: Batch, recipe: PhaseRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    _, made, real = heard(networks, batch)
    return critic_loss(networks["critic"], real, made, [batch["begun"][:, 2:]], recipe)


def method(made: Made, iterations: int) -> Inversion:
    """The system as `invert` takes it. Raises `OnpuError` when it is asked for phases of another spectrum."""

    def inversion(stft: Stft, magnitude: Tensor, samples: int) -> Tensor:
        if (stft.n_fft, stft.hop, stft.window_name, stft.window_size) != (N_FFT, HOP, "hann", None):
            raise OnpuError(f"these phases are of {N_FFT} samples every {HOP} through a Hann window, not of "
                            f"{stft.n_fft} every {stft.hop}; take such a spectrum")
        own = front().to(made.device)
        scale = float(own.window.sum() / stft.window.sum())
        wanted = magnitude.to(made.device) ** (1 / stft.power) * scale
        level = levelling(wanted)
        with torch.no_grad():
            seen = begun(wanted * level, samples, torch.Generator().manual_seed(0))
            sound = found(made.network, seen, samples) / level[:, 0, 0]
        if iterations:
            sound = invert(own, wanted, samples, iterations=iterations, start=own.spectrum(sound))
        return sound.to(magnitude.device)

    return inversion


def apply(made: Made, audio: Audio | None, options: PhaseOptions, progress: Callable[[float], None] | None
          ) -> Inversion:
    """The method: `onpu.represent.invert(stft, magnitude, samples, method=made())`."""
    if audio is not None:
        raise OnpuError("phases are found for magnitudes, not for a recording; give the result to represent.invert")
    return method(made, options.iterations)


def evaluate(made: Made, sounds: np.ndarray, generator: np.random.Generator) -> dict[str, float]:
    """Spectral convergence of an item's second sound, and by how many dB it is better than with one more iteration in
    the network's place. Nothing where it is silent."""
    sound = torch.from_numpy(sounds[1:2, : round(LONGEST * RATE)])
    if not sound.any():
        return {}
    stft = front().cpu()
    wanted = stft(sound)
    reached = [invert(stft, wanted, sound.shape[1], how, BEGUN + 1, torch.Generator().manual_seed(0))
               for how in (method(made, 0), "fast griffin-lim")]
    after, before = (spectral_convergence(wanted[0, 0].numpy(), stft(audio)[0, 0].numpy()) for audio in reached)
    return {"Spectral convergence": after, "Improvement": before - after}


MAKER = Maker(
    name="phase",
    title="phases for magnitudes",
    paper="Oyamada, Kameoka, Kaneko, Tanaka, Hojo & Ando, Generative adversarial network-based approach to signal "
          "reconstruction from magnitude spectrograms, EUSIPCO 2018",
    scenes=scenes,
    players=players,
    example=example,
    apply=apply,
    metric=evaluate,
    criterion=("Improvement",),
    recipes={"small": PhaseRecipe(matching=1.0, learning_rate=1e-3, momentum=0.5, weight_decay=0.0, warmup=50, batch=4,
                                  crop=1.474, steps=200, minutes=30.0, clip=1.0, average=0.99),
             "large": PhaseRecipe(matching=1.0, widths=(64, 128, 256, 512, 512), critic_widths=(64, 128, 256, 512),
                                  learning_rate=2e-4, momentum=0.5, weight_decay=0.0, batch=16, crop=2.96, steps=1000,
                                  epochs=100, clip=1.0, average=0.999)},
    options=PhaseOptions(),
)
