"""What kind of music a recording is: genre, mood, instruments, singing, sound and tempo, or a user's own words.

`conv1d`, which is shipped three times as wide as published: Dieleman & Schrauwen, "End-to-end learning for music audio"
(ICASSP 2014), 128 mel bands at 16 kHz. `fcn`: Choi, Fazekas & Sandler, "Automatic tagging using deep convolutional
neural networks" (ISMIR 2016; recipe `compact`: as small as in Choi et al., "Transfer learning for music classification
and regression tasks", ISMIR 2017); `crnn`: Choi et al., "Convolutional recurrent neural networks for music
classification" (ICASSP 2017): both on 96 mel bands at 12 kHz. `samplecnn`: Lee et al., "Sample-level deep convolutional
neural networks for music auto-tagging using raw waveforms" (SMC 2017), samples at 22 kHz.

    sound -> windows of 3 to 29 s -> a probability for each word -> mean over windows that are music -> words that hold

Deviations: log10(1 + 1000 x) of magnitudes in place of decibels (`fcn`, `crnn`); windows of 10 and 20 s in place of 29
(recipe `paper` has 29); targets are how far a word holds, second by second (`onpu.music.words`); one output more tells
music from what is none, and only what is music has a say. What the networks change stands in `onpu.models`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from onpu.decode.tasks.tags import DECODER, TagsOptions, telling
from onpu.engine.augment.spectrum import augment_levels
from onpu.errors import DataError
from onpu.layers.losses import masked_mean
from onpu.metrics import tags as metric
from onpu.models.sample_cnn import SampleCnn
from onpu.models.tag_conv1d import TagConv1d
from onpu.models.tag_crnn import TagCrnn
from onpu.models.tag_fcn import POOLS, TagFcn
from onpu.music import Clock, Tags, Timeline
from onpu.music.words import KIND, MUSIC, OPPOSITES, STYLE, WORDS, is_written, levels
from onpu.recipe import choice, setting
from onpu.represent import Representation
from onpu.represent.chain import Features
from onpu.represent.filterbanks import Mel
from onpu.represent.scale import Log
from onpu.represent.spectra import Waveform
from onpu.task import Listener, ListenerRecipe, Network

MUL = {"fcn": 1000.0, "crnn": 1000.0, "conv1d": 10000.0}
"""Factor of magnitudes before the logarithm."""
SHIFT = 2
"""Bands by which augmentation moves a spectrum up or down at most."""


def mel_bands() -> Representation:
    """Logarithm of 96 mel bands up to 6 kHz, 47 frames a second."""
    return Features(Mel(12000, 512, 256, 96, norm="sum", power=1.0), Log(MUL["fcn"]))


def fine_mel_bands() -> Representation:
    """Logarithm of 128 mel bands up to 8 kHz, 31 frames a second."""
    return Features(Mel(16000, 1024, 512, 128, norm="sum", power=1.0), Log(MUL["conv1d"]))


def samples() -> Representation:
    """Samples at 22 kHz, 243 a frame."""
    return Waveform(22050, 243)


def _window(recipe: "TagsRecipe", features: Representation) -> int:
    return max(1, round(recipe.window_seconds * features.clock.fps))


def fcn(recipe: "TagsRecipe", features: Representation) -> TagFcn:
    """The network of 2016 and 2017, untrained."""
    return TagFcn(features.bins, len(words_of(recipe)), _window(recipe, features), recipe.width, recipe.growth,
                  recipe.pools, recipe.dropout)


def crnn(recipe: "TagsRecipe", features: Representation) -> TagCrnn:
    """The recurrent network, untrained."""
    return TagCrnn(features.bins, len(words_of(recipe)), _window(recipe, features), recipe.width, recipe.growth,
                   recipe.units, recipe.dropout)


def conv1d(recipe: "TagsRecipe", features: Representation) -> TagConv1d:
    """The network of 2014, untrained."""
    return TagConv1d(features.bins, len(words_of(recipe)), _window(recipe, features), recipe.width, recipe.units,
                     recipe.dropout)


def samplecnn(recipe: "TagsRecipe", features: Representation) -> SampleCnn:
    """The network on samples, untrained."""
    return SampleCnn(features.bins, len(words_of(recipe)), _window(recipe, features), recipe.width, recipe.dropout)


NETWORKS = {"fcn": Network(mel_bands, fcn), "crnn": Network(mel_bands, crnn),
            "conv1d": Network(fine_mel_bands, conv1d), "samplecnn": Network(samples, samplecnn)}


@dataclass(frozen=True)
class TagsRecipe(ListenerRecipe):
    """How a tagger is trained."""

    network: str = choice("fcn", NETWORKS, "network")
    words: tuple[str, ...] = setting((), "words that are told; none: onpu's own, or all tags of the data where these "
                                         "are a user's")
    window_seconds: float = setting(10.24, "seconds that the network sees at a time", "(0, inf)")
    width: int = setting(32, "maps of the first convolution")
    growth: tuple[int, ...] = setting((1, 1, 1, 1, 1), "maps of each block over the first one's (fcn, crnn)")
    pools: str = choice("compact", POOLS, "how the maxima shrink the maps (fcn)")
    units: int = setting(32, "units of the recurrent layers (crnn) or the dense one (conv1d)")
    dropout: float = setting(0.2, "dropout", "[0, 1)")


def words_of(recipe: TagsRecipe) -> tuple[str, ...]:
    """What the network tells, an output each."""
    return recipe.words or WORDS


@cache
def _telling(words: tuple[str, ...]) -> "Listener[TagsRecipe, TagsOptions]":
    if words in ((), WORDS):
        return LISTENER
    return replace(LISTENER, **vars(telling(words)), target=partial(target, words=words),
                   metric=partial(metric.evaluate, words=words), criterion=("F-measure",))


def tailored(recipe: TagsRecipe) -> "Listener[TagsRecipe, TagsOptions]":
    """The task with the words of a recipe."""
    return _telling(recipe.words)


def completed(recipe: TagsRecipe, data: Iterable[Timeline]) -> TagsRecipe:
    """The recipe with all words of the data, where none are named and the data are a user's: none of their tags is one
    of onpu's own. Raises `DataError` when all have the same one."""
    if recipe.words:
        return recipe
    found = sorted({str(label) for timeline in data if timeline.tags is not None for label in timeline.tags.labels})
    if not found or any(word in WORDS or word.startswith((KIND, STYLE)) for word in found):
        return recipe
    if len(found) == 1:
        raise DataError(f"all recordings are tagged {found[0]!r}, so that there is nothing to tell apart; give two "
                        "or more tags")
    return replace(recipe, words=tuple(found))


def augment(features: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: TagsRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same: features (channels, bins, frames) at another level, equalisation, bandwidth, with
    noise; samples at another level alone."""
    if recipe.network == "samplecnn":
        return features * np.float32(10 ** (rng.uniform(-15, 3) / 20) * rng.choice((-1, 1))), labels
    return augment_levels(features, rng, SHIFT), labels


def target(timeline: Timeline, clock: Clock, frames: int, words: tuple[str, ...] = WORDS) -> dict[str, np.ndarray]:
    """tags (words, frames): how far each word holds. Of what is written they follow from the notes; else tags hold
    throughout."""
    if words == WORDS and is_written(timeline):
        written = levels(timeline)
        second = np.minimum(clock.seconds(np.arange(frames)).astype(int), written.shape[1] - 1)
        return {"tags": written[:, second]}
    tags = timeline.require(Tags)
    sure = dict(zip(map(str, tags.labels), tags.confidence.tolist(), strict=True))
    sure |= {word: 1 - sure[opposite] for word, opposite in OPPOSITES.items() if opposite in sure}
    if sure:
        sure[MUSIC] = 1.0
    column = np.array([sure.get(word, 0.0) for word in words], np.float32)
    return {"tags": np.repeat(column[:, None], frames, axis=1)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy, the mean over words and frames."""
    each = binary_cross_entropy_with_logits(logits["tags"], targets["tags"], reduction="none")
    return masked_mean(each.mean(dim=1), mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """tags (batch, words, frames), probabilities, the same throughout a window."""
    return {"tags": logits["tags"].sigmoid()}


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=metric.evaluate,
    criterion=("F-measure", "Genre"),
    recipes={
        "small": TagsRecipe(network="conv1d", width=96, units=256, dropout=0.3, window_seconds=3.0, crop_seconds=6.016,
                            batch=32, steps=500, minutes=10.0, learning_rate=2e-3, precision="bf16-mixed"),
        "compact": TagsRecipe(crop_seconds=10.24, batch=16, steps=150, minutes=9.0, learning_rate=3e-3,
                              precision="bf16-mixed"),
        "fcn": TagsRecipe(width=64, growth=(1, 2, 2, 2, 1), pools="published", crop_seconds=10.24, batch=8, steps=150,
                          minutes=9.0, learning_rate=2e-3, precision="bf16-mixed"),
        "crnn": TagsRecipe(network="crnn", width=64, growth=(1, 2, 2, 2), dropout=0.3, window_seconds=20.48,
                           crop_seconds=20.48, batch=4, steps=150, minutes=9.0, precision="bf16-mixed"),
        "conv1d": TagsRecipe(network="conv1d", units=100, dropout=0.3, window_seconds=3.0, crop_seconds=6.016,
                             batch=32, steps=500, minutes=9.0, learning_rate=2e-3),
        "samplecnn": TagsRecipe(network="samplecnn", dropout=0.5, window_seconds=59049 / 22050,
                                crop_seconds=59049 / 22050, batch=23, steps=150, minutes=9.0, precision="bf16-mixed"),
        "paper": TagsRecipe(width=128, growth=(1, 2, 4, 8, 16), pools="published", dropout=0.5, window_seconds=29.14,
                            crop_seconds=29.14, batch=16, steps=2000, optimiser="adam")},
    reads=("notes", "drums", "voice", "keys", "tempo", "instruments"),
    augment=augment,
    tailored=tailored,
    completed=completed,
)
