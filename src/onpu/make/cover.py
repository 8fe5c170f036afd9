"""A vector and a binary code of a song, which stay nearly the same in other arrangements of it.

Triplets (Wang et al., "Learning fine-grained image similarity with deep ranking", CVPR 2014; Schroff, Kalenichenko &
Philbin, "FaceNet", CVPR 2015): with s the cosine of the vectors of two versions of a song, and n that of a version of
another song,

    loss = mean over the triplets that violate it of max(0, margin - s + n)

on vectors and, with noise in the code layer, on codes (`onpu.layers.hashing`), as Schlüter 2013 learned some of his.

    chroma of a recording, two frames a second -> network (`onpu.models.cover_net`) -> vector (128,) and code (256 bits)

Deviations: the versions are composed (`onpu.data.corpora.versions`) and not rendered, their chroma is made of their
labels with the errors of the network that hears chroma (`onpu.engine.augment.chroma`); what hears it in recordings is
that listener, and `onpu.similar` joins both. Codes are learned with the vectors and from them, not from given
distances.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from onpu.data.scenes.version_chroma import VersionChroma, VersionChromaSource
from onpu.errors import OnpuError
from onpu.layers.losses import triplet_loss
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.models.cover_net import CoverNet
from onpu.music import Audio
from onpu.recipe import Options, Recipe, setting
from onpu.represent.slow_chroma import FPS


@dataclass(frozen=True)
class CoverRecipe(Recipe):
    """How versions of songs are learned to be told from other songs."""

    widths: tuple[int, ...] = setting((12, 20, 28), "channels of the convolutions")
    size: int = setting(128, "size of the vector")
    bits: int = setting(256, "bits of the code, a multiple of 64")
    noise: float = setting(1.0, "standard deviation of the noise before the code's logistic units")
    layers: int = setting(1, "layers of pitch classes that it sees: 1, chords; 2, all pitches too; 3, melody too",
                          "[1, 3]")
    margin: float = setting(0.4, "margin of the triplets, in cosine")
    time_stretch: float = setting(1.2, "augmentation: largest factor of time stretching", "[1, inf)")
    shortest: float = setting(0.6, "shortest share of a version that an example shows", "(0, 1]")
    longest: float = setting(20.0, "longest part of a version in an example, in seconds", "(0, inf)")


@dataclass(frozen=True)
class CoverOptions(Options):
    """What the vector is of. chroma: (36, frames) in [0, 1], C first, two frames a second."""

    chroma: np.ndarray | None = None


Trained = TrainedMaker[CoverRecipe, CoverOptions]


def scenes(recipe: CoverRecipe) -> VersionChromaSource:
    """Versions of composed songs."""
    return VersionChromaSource()


def example(songs: VersionChroma, rng: np.random.Generator, recipe: CoverRecipe) -> dict[str, np.ndarray]:
    """chroma (2, 36, frames) of two versions of a song, mask (2, frames)."""
    song = songs.songs[int(rng.integers(len(songs.songs)))]
    frames = round(recipe.longest * FPS)
    chroma, mask = np.zeros((2, 36, frames), np.float32), np.zeros((2, frames), np.float32)
    for row, there, version in zip(chroma, mask, rng.permutation(songs.versions)[:2], strict=True):
        heard = songs.chroma(song, int(version), rng)
        length = int(heard.shape[1] * recipe.time_stretch ** rng.uniform(-1, 1))
        kept = max(1, min(frames, round(length * rng.uniform(recipe.shortest, 1))))
        first = int(rng.integers(max(0, length - kept) + 1))
        at = np.arange(first, first + kept) * (heard.shape[1] / max(length, 1))
        row[:, :kept] = heard[:, np.minimum(at.astype(int), heard.shape[1] - 1)]
        there[:kept] = 1
    return {"chroma": chroma, "mask": mask}


def loss(networks: Networks, batch: Batch, recipe: CoverRecipe) -> dict[str, Tensor]:
    """Triplets of the vectors, and of the codes."""
    vectors, codes = networks["cover"](batch["chroma"].flatten(0, 1), batch["mask"].flatten(0, 1))
    signs = nn.functional.normalize(2 * codes - 1, dim=1)
    return {"vectors": triplet_loss(vectors[0::2], vectors[1::2], recipe.margin),
            "codes": triplet_loss(signs[0::2], signs[1::2], recipe.margin)}


def players(recipe: CoverRecipe) -> dict[str, Player]:
    """The one network."""
    if recipe.bits % 64:
        raise OnpuError(f"bits is {recipe.bits}; give a multiple of 64")
    return {"cover": Player(CoverNet(recipe.widths, recipe.size, recipe.bits, recipe.noise, recipe.layers), loss)}


def embed(trained: Trained, chroma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vector (size,) of length 1 and code (bits,) in [0, 1] of chroma (36, frames)."""
    assert isinstance(trained.network, CoverNet)
    return trained.network.embed(chroma)


def apply(trained: Trained, audio: Audio | None, options: CoverOptions,
          progress: Callable[[float], None] | None) -> np.ndarray:
    """The vector of the chroma in the options."""
    if audio is not None or options.chroma is None:
        raise OnpuError("cover makes a vector of chroma; onpu.similar.describe(recording) hears it and calls this")
    return embed(trained, options.chroma)[0]


def evaluate(trained: Trained, songs: list[list[np.ndarray]], rng: np.random.Generator) -> dict[str, float]:
    """Share of the songs whose second version is nearest to the first among all of the group, by vectors and by codes,
    and how often it is among the nearest five."""
    found = [[embed(trained, version) for version in song] for song in songs]
    scores: dict[str, float] = {}
    for place, name in enumerate(("vectors", "codes")):
        first, second = (np.stack([song[side][place] for song in found]) for side in (0, 1))
        if name == "codes":
            first, second = np.where(first > 0.5, 1.0, -1.0), np.where(second > 0.5, 1.0, -1.0)
        similarity = first @ second.T
        rank = (similarity > similarity.diagonal()[:, None]).sum(axis=1)
        scores |= {f"Recall@1 of {name}": float((rank < 1).mean()), f"Recall@5 of {name}": float((rank < 5).mean())}
    return scores


MAKER = Maker(
    name="cover", title="vector and binary code of a song, for finding its other arrangements",
    paper="Schlüter, Learning binary codes for efficient large-scale music similarity search, ISMIR 2013",
    scenes=scenes, players=players, example=example, apply=apply, metric=evaluate,
    criterion=("Recall@1 of vectors", "Recall@1 of codes"),
    recipes={
        "small": CoverRecipe(batch=48, steps=100, minutes=7.0, learning_rate=3e-3, warmup=50, ema_decay=0.99),
        "melody": CoverRecipe(layers=3, batch=48, steps=100, minutes=30.0, learning_rate=3e-3, warmup=50,
                              ema_decay=0.99)},
    options=CoverOptions(),
)
