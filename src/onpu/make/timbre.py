"""A vector of how a recording sounds: its instruments, their density and colour, whatever they play.

Two things at once, on patches of 96 mel bands and three seconds: a denoising autoencoder (Vincent et al., JMLR 2010)
whose code has 64 numbers, and triplets (Schroff et al., CVPR 2015), for which two patches of one recording are to be
closer than those of two, whatever equaliser they went through. With z and z' codes of patches x and x' of one
recording, y of another, and x~ the corrupted x,

    loss = mean (decoder(z(x~)) - x)² + triplet weight * max(0, margin - cos(z, z') + cos(z, y))

    sound -> log mel spectrum -> patches -> encoder -> mean of their codes, of length 1

Deviations: not stacked layer by layer but trained at once; each of the two alone is the recipe `autoencoder` or
`triplets`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from onpu.data.scenes.spectra import CorpusSpectra, SpectraSource
from onpu.errors import OnpuError
from onpu.inference.streaming import features_of
from onpu.layers.losses import triplet_loss
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.patch_autoencoder import PatchAutoencoder
from onpu.music import Audio
from onpu.recipe import NO_OPTIONS, Options, Recipe, setting
from onpu.represent.patches import BINS, FRAMES, mel_of_patches, patches_of

TILT = 0.25
"""Standard deviation of the gain at either end of an equaliser, in factors of ten."""


@dataclass(frozen=True)
class TimbreRecipe(Recipe):
    """How the encoder is trained."""

    widths: tuple[int, ...] = setting((12, 24, 32, 40), "channels of the convolutions")
    size: int = setting(64, "numbers of a patch's code")
    corrupted: float = setting(0.3, "share of a patch's bands and frames that are blotted out", "[0, 1)")
    triplet_weight: float = setting(1.0, "weight of the triplets; 0: an autoencoder alone")
    rebuild_weight: float = setting(1.0, "weight of the reconstruction; 0: triplets alone")
    margin: float = setting(0.4, "margin of the triplets, in cosine")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.triplet_weight and not self.rebuild_weight:
            raise OnpuError("neither triplets nor a reconstruction are learned; give one of them a weight above 0")


Trained = TrainedMaker[TimbreRecipe, Options]


def scenes(recipe: TimbreRecipe) -> SpectraSource:
    """Recordings, composed unless the user brings some."""
    return SpectraSource(mel_of_patches())


def example(recordings: CorpusSpectra, rng: np.random.Generator, recipe: TimbreRecipe) -> dict[str, np.ndarray]:
    """clean, corrupted: (2, 96, 128), two patches of a recording, each as through an equaliser of its own."""
    clean = recordings.draw(rng, FRAMES, 2)
    slope = rng.normal(0, TILT, (2, 1, 1)) + np.linspace(-1, 1, BINS)[None, :, None] * rng.normal(0, TILT, (2, 1, 1))
    clean = np.where(clean > 0.05, np.maximum(clean + slope, 0), clean)
    kept_bands = rng.random((2, BINS, 1)) >= recipe.corrupted / 2
    kept_frames = rng.random((2, 1, FRAMES)) >= recipe.corrupted / 2
    return {"clean": clean, "corrupted": clean * kept_bands * kept_frames}


def loss(networks: Networks, batch: Batch, recipe: TimbreRecipe) -> dict[str, Tensor]:
    """Reconstruction and triplets, as far as they have a weight."""
    codes, rebuilt = networks["timbre"](batch["corrupted"].flatten(0, 1)[:, None])
    units = nn.functional.normalize(codes, dim=1)
    parts = {}
    if recipe.rebuild_weight:
        apart = (rebuilt[:, 0] - batch["clean"].flatten(0, 1)).square().mean()
        parts["reconstruction"] = recipe.rebuild_weight * apart
    if recipe.triplet_weight:
        parts["triplets"] = recipe.triplet_weight * triplet_loss(units[0::2], units[1::2], recipe.margin)
    return parts


def players(recipe: TimbreRecipe) -> dict[str, Player]:
    """The one network."""
    return {"timbre": Player(PatchAutoencoder(BINS, FRAMES, recipe.widths, recipe.size), loss)}


def embed(trained: Trained, spectrum: np.ndarray) -> np.ndarray:
    """Vector (size,) of length 1 of a spectrum (96, frames)."""
    network = trained.network
    assert isinstance(network, PatchAutoencoder)
    mean = network.codes(patches_of(spectrum)).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def apply(trained: Trained, audio: Audio | None, options: Options,
          progress: Callable[[float], None] | None) -> np.ndarray:
    """The vector of a recording."""
    if audio is None:
        raise OnpuError("timbre is that of a recording; give one")
    chunks = [chunk[0, 0].numpy() for chunk in features_of(audio, mel_of_patches())]
    return embed(trained, np.concatenate(chunks, axis=1))


def evaluate(trained: Trained, spectra: list[np.ndarray], rng: np.random.Generator) -> dict[str, float]:
    """Share of the recordings of a group whose first half has its second half nearest, and root mean square error of
    their patches put right."""
    halves = [(embed(trained, x[:, : x.shape[1] // 2]), embed(trained, x[:, x.shape[1] // 2 :])) for x in spectra]
    first, second = (np.stack([pair[side] for pair in halves]) for side in (0, 1))
    similarity = first @ second.T
    patches = torch.from_numpy(np.concatenate([patches_of(x)[::4] for x in spectra])).to(trained.device, torch.float32)
    error = float((trained.network(patches)[1] - patches).square().mean().sqrt())
    nearest = float((similarity.argmax(axis=1) == np.arange(len(spectra))).mean())
    return {"Recall@1": nearest, "Error": error, "Nearness": -error}


MAKER = Maker(
    name="timbre", title="vector of how a recording sounds, for finding others that sound alike",
    paper="Vincent et al., Stacked denoising autoencoders, JMLR 2010",
    scenes=scenes, players=players, example=example, apply=apply, metric=evaluate, criterion=("Recall@1", "Nearness"),
    recipes={"small": TimbreRecipe(batch=48, steps=100, minutes=8.0, learning_rate=2e-3, ema_decay=0.99),
             "autoencoder": TimbreRecipe(batch=48, steps=100, minutes=8.0, learning_rate=2e-3, ema_decay=0.99,
                                          triplet_weight=0.0),
             "triplets": TimbreRecipe(batch=48, steps=100, minutes=8.0, learning_rate=2e-3, ema_decay=0.99,
                                       rebuild_weight=0.0)},
    options=NO_OPTIONS,
)
