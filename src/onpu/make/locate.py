"""Which sounds there are and where each of them is, in a recording of four or more microphones: SELDnet.

Adavanne, Politis, Nikunen & Virtanen, "Sound event localization and detection of overlapping sources using
convolutional recurrent neural networks" (IEEE JSTSP 13(1), 2019): for each sound it knows a probability and a
direction as a vector,

    two heads   binary cross-entropy of the sounds + `direction_weight` * mean squared distance of the vectors where a
                sound is heard (section III-B)
    accdoa      mean squared distance of the vectors, whose length is 1 where a sound is heard and 0 elsewhere (Shimada
                et al., ICASSP 2021, equation 2)

    sound of the microphones -> mel bands and their directions (`onpu.represent.directional`) -> network
    (`onpu.models.seldnet`) -> a track for each sound that is heard

Deviations: magnitudes and phases of the paper are summed up in mel bands and vectors, so that it learns from fewer
examples and knows no array by heart; scenes are mixed while it learns, of sources that the engine hears in rooms by the
image method, and turned round the vertical axis and mirrored (Wang et al., "A four-stage data augmentation approach to
ResNet-Conformer based acoustic modeling for sound event localization and detection", arXiv 2101.02919, section 2.2).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from onpu.data.scenes.array import RATE, STEP_SECONDS, HeardSource, true_bearings
from onpu.data.scenes.located import LocatedSounds, LocatedSource, microphones_of
from onpu.errors import AudioError, OnpuError
from onpu.maker import Batch, Maker, Networks, Player, TrainedMaker
from onpu.metrics import bearings as metric
from onpu.models.seldnet import HEADS, SeldNet
from onpu.music import Audio
from onpu.music.bearing import TETRAHEDRON, Bearings
from onpu.recipe import Options, Recipe, choice, setting
from onpu.represent.directional import BANDS, CHANNELS, HOP, band_directions, turned
from onpu.represent.steered import unit_vectors

KNOWN = ("speech", "applause", "birds", "footsteps", "typing", "engine")
"""Sounds that it tells apart, of `onpu.music.events.SOUNDS`."""
FRAMES_A_STEP = round(STEP_SECONDS * RATE / HOP)
LEVEL_DB = 8.0
"""Decibels by which sources are made louder or softer while it learns."""
NOISE_DB = (20.0, 45.0)
"""Decibels of the sound above the microphones' own noise."""
BLOCK_SECONDS, MARGIN_SECONDS = 60.0, 4.0
"""Seconds that are heard at a time, and on either side of them."""


@dataclass(frozen=True)
class LocateRecipe(Recipe):
    """How the network is trained."""

    heads: str = choice("accdoa", HEADS, "how it says which sounds are heard")
    widths: tuple[int, ...] = setting((32, 48, 64), "kernels of the three convolutions")
    units: int = setting(64, "units of each of two GRUs, in each direction")
    dropout: float = setting(0.1, "dropout after convolutions and in the heads", "[0, 1)")
    direction_weight: float = setting(5.0, "weight of the directions beside the sounds, of two heads")
    crop_seconds: float = setting(3.0, "length of an example in seconds", "(0, inf)")
    scenes: int = setting(2000, "scenes that are mixed, each of which is turned another way whenever it is heard")
    shares: tuple[float, ...] = setting((0.05, 0.35, 0.5, 0.1), "shares of examples with no source, one, two …")


@dataclass(frozen=True)
class LocateOptions(Options):
    """What is known of a recording. microphones: positions in metres, of a tetrahedron unless given."""

    sources: int = setting(2, "how many sounds at a time, at most", "[1, 6]")
    threshold: float = setting(0.3, "activation from which on a sound is heard", "(0, 1)")
    microphones: tuple[tuple[float, float, float], ...] = tuple(
        (0.06 / 3**0.5 * x, 0.06 / 3**0.5 * y, 0.06 / 3**0.5 * z) for x, y, z in TETRAHEDRON)


Trained = TrainedMaker[LocateRecipe, LocateOptions]


def scenes(recipe: LocateRecipe) -> LocatedSource:
    """Sources in rooms."""
    return LocatedSource()


def example(material: LocatedSounds, rng: np.random.Generator, recipe: LocateRecipe) -> dict[str, np.ndarray]:
    """features (10, bands, frames), sounds (classes, steps) and directions (classes, 3, steps) of a scene, turned."""
    number = int(rng.integers(recipe.scenes))
    stored = material.mixed.get(number)
    if stored is None:
        stored = material.mixed[number] = mix(material, np.random.default_rng([recipe.seed, number, 0x5CE]), recipe)
    features, sounds, directions = stored
    turn = turning(rng)
    return {"features": turned(features.astype(np.float32), turn).astype(np.float32),
            "sounds": sounds.astype(np.float32),
            "directions": np.einsum("ij,cjt->cit", turn, directions).astype(np.float32)}


def mix(material: LocatedSounds, rng: np.random.Generator,
        recipe: LocateRecipe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same of a scene as it is mixed, float16."""
    shares = np.array(recipe.shares) / sum(recipe.shares)
    number = material.numbers[int(rng.integers(len(material.numbers)))]
    others = material.together(number)
    steps = max(1, round(recipe.crop_seconds / STEP_SECONDS))
    samples = round(steps * STEP_SECONDS * RATE)
    sources: dict[str, HeardSource] = {}
    for _ in range(int(rng.choice(len(shares), p=shares))):
        source = material.source(others[int(rng.integers(len(others)))])
        sources.setdefault(source.name, source)
    sound = np.zeros((len(microphones_of(number)), samples), np.float32)
    sounds, directions = np.zeros((len(KNOWN), steps)), np.zeros((len(KNOWN), 3, steps))
    for name, source in sources.items():
        across, up, sounding = source.directions()
        first = int(rng.integers(max(0, len(sounding) - steps) + 1))
        cut = source.sound[:, round(first * STEP_SECONDS * RATE) :][:, :samples]
        sound[:, : cut.shape[1]] += np.float32(10 ** (rng.uniform(-LEVEL_DB, LEVEL_DB) / 20)) * cut
        row, here = KNOWN.index(name), slice(first, first + steps)
        heard = sounding[here]
        sounds[row, : len(heard)] = heard
        directions[row, :, : len(heard)] = unit_vectors(across[here], up[here]).T * heard
    level = float(np.sqrt(np.square(sound).mean())) or 0.1
    sound += np.float32(level * 10 ** (-rng.uniform(*NOISE_DB) / 20)) * rng.standard_normal(sound.shape, np.float32)
    features = band_directions(sound, microphones_of(number))[..., : steps * FRAMES_A_STEP]
    return features.astype(np.float16), sounds.astype(np.float16), directions.astype(np.float16)


def turning(rng: np.random.Generator) -> np.ndarray:
    """A turn round the vertical axis, half the time mirrored too: (3, 3), orthogonal."""
    angle = rng.uniform(-np.pi, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return turn @ np.diag([1.0, rng.choice([-1.0, 1.0]), 1.0])


def loss(networks: Networks, batch: Batch, recipe: LocateRecipe) -> dict[str, Tensor]:
    """Of the sounds and of the directions."""
    found = networks["locate"](batch["features"])
    apart = (found["directions"] - batch["directions"]).square().sum(dim=2)  # (batch, classes, steps)
    if recipe.heads == "accdoa":
        return {"directions": apart.mean()}
    heard = batch["sounds"]
    return {"sounds": binary_cross_entropy_with_logits(found["sounds"], heard),
            "directions": recipe.direction_weight * (apart * heard).sum() / heard.sum().clamp(min=1) / len(KNOWN)}


def players(recipe: LocateRecipe) -> dict[str, Player]:
    """The one network."""
    if len(recipe.widths) != 3:
        raise OnpuError(f"widths are {recipe.widths}; give three")
    return {"locate": Player(SeldNet(CHANNELS, BANDS, len(KNOWN), recipe.widths, recipe.units, recipe.heads,
                                     recipe.dropout), loss)}


def apply(trained: Trained, audio: Audio | None, options: LocateOptions,
          progress: Callable[[float], None] | None) -> Bearings:
    """A track for each sound that is heard, which its `labels` name; the surest ones where there are more."""
    microphones = np.array(options.microphones, np.float64)
    if audio is None or audio.channels != len(microphones):
        raise AudioError(f"it hears recordings of {len(microphones)} channels, one a microphone"
                         + ("" if audio is None else f"; this one has {audio.channels}"))
    if np.linalg.matrix_rank(microphones - microphones.mean(axis=0), tol=1e-4) < 3:
        raise OnpuError("the network needs microphones that do not lie in a plane, four at least")
    return decode(*activations(trained, audio, microphones, progress), options.sources, options.threshold)


def heard(trained: Trained, audio: Audio, microphones: np.ndarray, sources: int) -> Bearings:
    """Up to so many sounds at a time, by microphones (channels, 3) in metres. Raises `AudioError` and `OnpuError`."""
    return trained(audio, options=LocateOptions(sources, microphones=tuple(map(tuple, microphones.tolist()))))


@torch.inference_mode()
def activations(trained: Trained, audio: Audio, microphones: np.ndarray,
                progress: Callable[[float], None] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Whether each sound is heard, (classes, steps) in [0, 1], and its direction (classes, 3, steps)."""
    samples = audio.samples if audio.rate == RATE else soxr.resample(audio.samples.T, audio.rate, RATE).T
    block, margin = round(BLOCK_SECONDS / STEP_SECONDS), round(MARGIN_SECONDS / STEP_SECONDS)
    size = round(STEP_SECONDS * RATE)
    steps = -(-samples.shape[1] // size)
    samples = np.pad(samples, ((0, 0), (0, steps * size - samples.shape[1])))
    sure, where = np.zeros((len(KNOWN), steps)), np.zeros((len(KNOWN), 3, steps))
    for start in range(0, steps, block):
        first, end = max(0, start - margin), min(steps, start + block)
        last = min(steps, end + margin)
        features = band_directions(samples[:, first * size : last * size], microphones)
        features = features[..., : (last - first) * FRAMES_A_STEP]
        found = trained.network(torch.from_numpy(features)[None].to(trained.device))
        sure[:, start:end] = found["sounds"][0, :, start - first : end - first].sigmoid().cpu().numpy()
        where[..., start:end] = found["directions"][0, ..., start - first : end - first].cpu().numpy()
        if progress is not None:
            progress(end / steps)
    return sure, where


def decode(sure: np.ndarray, where: np.ndarray, sources: int, threshold: float) -> Bearings:
    """Up to so many tracks at a time of what is surest, of activations (classes, steps), (classes, 3, steps)."""
    rank = (-sure).argsort(axis=0, kind="stable").argsort(axis=0)
    heard = (sure >= threshold) & (rank < sources)
    step, row = np.nonzero(heard.T)
    x, y, z = where[row, :, step].T
    names = [place for place in range(len(KNOWN)) if heard[place].any()]
    track = np.searchsorted(names, row)
    return Bearings((step + 0.5) * STEP_SECONDS, np.degrees(np.arctan2(y, x)),
                    np.degrees(np.arctan2(z, np.hypot(x, y))), track.astype(np.int64), np.clip(sure[row, step], 0, 1),
                    np.array(KNOWN)[row])


def evaluate(trained: Trained, item: tuple[list[HeardSource], np.ndarray],
             rng: np.random.Generator) -> dict[str, float]:
    """Error of the directions, share of the steps with as many sources as there are, and both as one number that is
    better where it is higher: the mean of the recall and 1 - error / 180 (the paper's DOA score, section IV-C)."""
    sources, microphones = item
    sound = np.sum([source.sound for source in sources], axis=0)
    level = np.float32(np.sqrt(np.square(sound).mean()) * 10 ** (-30 / 20))
    audio = Audio(sound + level * rng.standard_normal(sound.shape, dtype=np.float32), RATE)
    found = trained(audio, options=LocateOptions(len(sources), microphones=tuple(map(tuple, microphones))))
    scores = metric.evaluate(true_bearings(sources), found, audio.duration)
    return scores | {"DOA score": (scores["Frame recall"] + 1 - scores["DOA error"] / 180) / 2}


MAKER = Maker(
    name="locate", title="which sounds there are and where, in recordings of four microphones",
    paper="Adavanne et al., Sound event localization and detection of overlapping sources using convolutional "
          "recurrent neural networks, IEEE JSTSP 13(1), 2019",
    scenes=scenes, players=players, example=example, apply=apply, metric=evaluate,
    criterion=("DOA score",),
    recipes={
        "small": LocateRecipe(batch=16, steps=150, minutes=15.0, learning_rate=2e-3, warmup=50, ema_decay=0.99),
        "two-heads": LocateRecipe(heads="two", batch=16, steps=150, minutes=15.0, learning_rate=2e-3, warmup=50,
                                  ema_decay=0.99),
        "paper": LocateRecipe(heads="two", widths=(64, 64, 64), units=128, dropout=0.0, direction_weight=50.0, batch=16,
                              steps=500)},
    options=LocateOptions(),
)
