"""Phases for a spectrum of which only the magnitudes are known: a method for `onpu.represent.invert`.

Oyamada, Kameoka, Kaneko, Tanaka, Hojo & Ando, "Generative adversarial network-based approach to signal reconstruction
from magnitude spectrograms" (EUSIPCO 2018): a few iterations of Griffin and Lim's method give phases to begin with, a
network of convolutions improves the complex spectrum, and a critic, which sees complex spectra, tells whether it could
be that of a sound; what the critic's layers see of the true spectrum and of the found one is brought together as well.

    magnitudes -> fast Griffin-Lim, `FIRST_ITERATIONS` -> complex spectrum -> network -> phases -> inverse transform

    G minimises  game(D(s)) + μ ‖E f(S) - E f(s)‖² + λ L(x, y),    s the spectrum of the sound y that is found

Deviations: those of `onpu.models.phase_stack`; the network sees beside a spectrum the one that another iteration leads
to, learns from phases of up to `MAX_ITERATIONS` iterations, and is asked several times, each time about the spectrum
of the sound found before (Masuyama et al., "Deep Griffin-Lim iteration", ICASSP 2019); its magnitudes are thrown away,
those that were given are kept; the critic sees the spectrum of the sound that is found, whose parts agree, beside the
magnitudes that were asked for; L, a loss of the paper's successors, is the distance of magnitudes at several
resolutions (`onpu.layers.spectral`), which phases decide; music in place of speech.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.scenes.pairs import RATE, PairScenes
from onpu.data.scenes.sounds import AlignedSounds
from onpu.errors import OnpuError
from onpu.layers.adversarial import critic_loss, generator_loss
from onpu.layers.receptive import receptive_frames
from onpu.layers.spectral import RESOLUTIONS, multi_resolution_stft_loss
from onpu.maker import AdversarialRecipe, Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics.spectra import spectral_convergence
from onpu.models.patch_critic import PatchCritic
from onpu.models.phase_stack import PhaseStack
from onpu.music import Audio
from onpu.recipe import Options, setting
from onpu.represent import Stft, invert
from onpu.represent.phase import Inversion

N_FFT, HOP = 1024, 256
FIRST_ITERATIONS = 4
"""Iterations of the method that it begins with."""
MAX_ITERATIONS = 12
"""Iterations whose phases it learns from, at most."""
PIECE_FRAMES = 512
"""Frames that the network hears at a time, beside those that matter to them."""
MAGNITUDE_EXPONENT = 0.3
"""Exponent of the magnitudes that the networks see: soft bins have phases too."""
TARGET_RMS = 0.01
"""Root of the mean square of the magnitudes that the networks see."""
MIN_MAGNITUDE = 1e-5
"""Magnitude from which on a bin has a direction."""
MAX_VALIDATION_SECONDS = 10.0
"""Seconds of a held-out item that are judged."""


@dataclass(frozen=True)
class PhaseOptions(Options):
    """How phases are found."""

    rounds: int = setting(3, "passes of the network", "[1, 1000]")
    iterations: int = setting(0, "iterations of fast Griffin-Lim afterwards", "[0, 1000]")


@dataclass(frozen=True)
class PhaseRecipe(AdversarialRecipe):
    """How phases are learned."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_seconds", "likeness": "stft_weight"}

    crop_seconds: float = setting(1.474, "length of an example in seconds", "(0, inf)")
    width: int = setting(16, "channels per layer of the generator")
    depth: int = setting(4, "number of layers of the generator")
    critic_widths: tuple[int, ...] = setting((16, 32, 64), "channels per layer of the critic")
    stft_weight: float = setting(10.0, "λ, weight of the multi-resolution STFT loss")


Trained = TrainedMaker[PhaseRecipe, PhaseOptions]


def scenes(recipe: PhaseRecipe) -> PairScenes:
    """Pianos and bands; what they have to do with one another is not used."""
    return PairScenes("piano-band")


def players(recipe: PhaseRecipe) -> dict[str, Player]:
    """Generator and critic."""
    return recipe.rivals(PhaseStack(HOP / N_FFT, recipe.width, recipe.depth),
                         PatchCritic(3, recipe.critic_widths, recipe.critic_norm), generate, judge)


@cache
def front() -> Stft:
    """The spectrum whose phases are learned, of amplitudes."""
    return Stft(RATE, N_FFT, HOP, amplitude=True)


def parts(spectrum: Tensor) -> Tensor:
    """Complex (batch, bins, frames) -> real and imaginary (batch, 2, bins, frames), magnitudes to `MAGNITUDE_EXPONENT`;
    every other bin is turned by half a circle, so that a tone has the same phase in neighbouring ones."""
    pair = torch.stack([spectrum.real, spectrum.imag], dim=1) * alternating(spectrum)
    return pair * (pair.square().sum(dim=1, keepdim=True) + MIN_MAGNITUDE**2) ** ((MAGNITUDE_EXPONENT - 1) / 2)


def whole(pair: Tensor, magnitude: Tensor) -> Tensor:
    """Real and imaginary (batch, 2, bins, frames), as `parts` has them, -> complex spectrum with these magnitudes
    (batch, bins, frames)."""
    direction = pair / (pair.square().sum(dim=1, keepdim=True) + MIN_MAGNITUDE**2).sqrt()
    real, imaginary = (direction * magnitude[:, None] * alternating(magnitude)).unbind(dim=1)
    return torch.complex(real, imaginary)


def alternating(spectrum: Tensor) -> Tensor:
    """(bins, 1) 1, -1, 1 … for spectra (batch, bins, frames) of frames that are told from their beginning."""
    return 1.0 - 2.0 * (torch.arange(spectrum.shape[1], device=spectrum.device) % 2)[:, None]


def example(sounds: AlignedSounds, rng: np.random.Generator, recipe: PhaseRecipe) -> dict[str, np.ndarray]:
    """sound (samples,); begun (3, bins, frames): parts of what the method begins with, magnitude ** ROOT."""
    samples = round(recipe.crop_seconds * RATE)
    drawn = sounds.draw(rng, samples)
    sound = torch.from_numpy(drawn[rng.integers(len(drawn))])[None]
    magnitude = front()(sound)
    level = levelling(magnitude)
    seed, count = torch.Generator().manual_seed(int(rng.integers(2**31))), int(rng.integers(MAX_ITERATIONS + 1))
    seen = begun(magnitude * level, samples, count, seed)
    return {"sound": (sound * level[:, 0, 0])[0].numpy(), "begun": seen[0].numpy()}


def levelling(magnitude: Tensor) -> Tensor:
    """Factor (batch, 1, 1, 1) that brings magnitudes (batch, 1, bins, frames) to `TARGET_RMS`."""
    return TARGET_RMS / magnitude.square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp(min=1e-9)


def begun(magnitude: Tensor, samples: int, iterations: int, rng: torch.Generator) -> Tensor:
    """What the network sees first of magnitudes (batch, 1, bins, frames): see `view`."""
    stft = front().to(magnitude.device)
    first = invert(stft, magnitude, samples, iterations=iterations, rng=rng)
    return view(first, magnitude[:, 0])


def view(sound: Tensor, magnitude: Tensor) -> Tensor:
    """What the network sees (batch, 5, bins, frames): the parts of a sound's spectrum with the magnitudes (batch,
    bins, frames) that it should have, those of the spectrum that the sound of this one has, the magnitudes."""
    stft = front().to(magnitude.device)
    pair = parts(stft.spectrum(sound))
    wanted = whole(pair, magnitude)
    again = stft.spectrum(stft.inverse(wanted, sound.shape[-1]))
    return torch.cat([parts(wanted), parts(again), magnitude[:, None] ** MAGNITUDE_EXPONENT], dim=1)


def found(network: nn.Module, seen: Tensor, samples: int, rounds: int) -> Tensor:
    """Sounds (batch, samples) with the phases that a network finds, asked so many times."""
    stft, magnitude = front().to(seen.device), seen[:, -1].float() ** (1 / MAGNITUDE_EXPONENT)
    sound = stft.inverse(whole(answer(network, seen), magnitude), samples)
    for _ in range(rounds - 1):
        sound = stft.inverse(whole(answer(network, view(sound, magnitude)), magnitude), samples)
    return sound


def answer(network: nn.Module, seen: Tensor) -> Tensor:
    """What a network says of (batch, 5, bins, frames), `PIECE_FRAMES` frames at a time."""
    pieces, frames, margin = [], seen.shape[-1], receptive_frames(network)
    for start in range(0, frames, PIECE_FRAMES):
        first = max(0, start - margin)
        said = network(seen[..., first : start + PIECE_FRAMES + margin])
        pieces.append(said[..., start - first : start - first + PIECE_FRAMES])
    return torch.cat(pieces, dim=-1).float()


def heard(networks: Networks, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Sound that is found, its parts, those of the true one."""
    sound = found(networks["generator"], batch["begun"], batch["sound"].shape[-1], 1)
    return sound, parts(front().spectrum(sound)), parts(front().spectrum(batch["sound"]))


def generate(networks: Networks, batch: Batch, recipe: PhaseRecipe) -> dict[str, Tensor]:
    """What the generator minimises."""
    sound, made, real = heard(networks, batch)
    game = generator_loss(networks["critic"], real, made, [batch["begun"][:, -1:]], recipe)
    return game | {"likeness": recipe.stft_weight * multi_resolution_stft_loss(sound, batch["sound"],
                                                                            ((N_FFT, HOP, N_FFT), *RESOLUTIONS))}


def judge(networks: Networks, batch: Batch, recipe: PhaseRecipe) -> dict[str, Tensor]:
    """What the critic minimises."""
    _, made, real = heard(networks, batch)
    return critic_loss(networks["critic"], real, made, [batch["begun"][:, -1:]], recipe)


def method(trained: Trained, options: PhaseOptions) -> Inversion:
    """The system as `invert` takes it. Raises `OnpuError` when it is asked for phases of another spectrum."""

    def inversion(stft: Stft, magnitude: Tensor, samples: int) -> Tensor:
        if (stft.n_fft, stft.hop, stft.window_name, stft.window_size) != (N_FFT, HOP, "hann", None):
            raise OnpuError(f"these phases are of {N_FFT} samples every {HOP} through a Hann window, not of "
                            f"{stft.n_fft} every {stft.hop}; take such a spectrum")
        own = front().to(trained.device)
        scale = float(own.window.sum() / stft.window.sum())
        wanted = magnitude.to(trained.device) ** (1 / stft.power) * scale
        level = levelling(wanted)
        with torch.no_grad():
            seen = begun(wanted * level, samples, FIRST_ITERATIONS, torch.Generator().manual_seed(0))
            sound = found(trained.network, seen, samples, options.rounds) / level[:, 0, 0]
        if options.iterations:
            sound = invert(own, wanted, samples, iterations=options.iterations, start=own.spectrum(sound))
        return sound.to(magnitude.device)

    return inversion


def apply(trained: Trained, audio: Audio | None, options: PhaseOptions, progress: Callable[[float], None] | None
          ) -> Inversion:
    """The method: `onpu.represent.invert(stft, magnitude, samples, method=made())`."""
    if audio is not None:
        raise OnpuError("phases are found for magnitudes, not for a recording; give the result to represent.invert")
    return method(trained, options)


def evaluate(trained: Trained, sounds: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Spectral convergence of an item's second sound, and by how many dB it is better than with as many transforms of
    fast Griffin-Lim. Nothing where it is silent."""
    sound = torch.from_numpy(sounds[1:2, : round(MAX_VALIDATION_SECONDS * RATE)])
    if not sound.any():
        return {}
    stft = front().cpu()
    wanted = stft(sound)
    rounds = 1
    iterations = FIRST_ITERATIONS + 2 * rounds
    reached = [invert(stft, wanted, sound.shape[1], how, iterations, torch.Generator().manual_seed(0))
               for how in (method(trained, PhaseOptions(rounds)), "fast griffin-lim")]
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
    recipes={"small": PhaseRecipe(feature_matching=1.0, learning_rate=1e-3, beta1=0.5, weight_decay=0.0, warmup=50,
                                  batch=4, steps=200, minutes=30.0, gradient_clip=1.0, ema_decay=0.99,
                                  precision="bf16-mixed"),
             "large": PhaseRecipe(feature_matching=1.0, width=64, depth=8, critic_widths=(64, 128, 256, 512),
                                  learning_rate=2e-4, beta1=0.5, weight_decay=0.0, batch=16, crop_seconds=2.96,
                                  steps=1000, epochs=100, gradient_clip=1.0, ema_decay=0.999)},
    options=PhaseOptions(),
)
