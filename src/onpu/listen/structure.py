"""The form of a recording: where sections begin, which are alike, and what they are called where that is evident.

Ullrich, Schlüter & Grill, "Boundary detection in music structure analysis using convolutional neural networks" (ISMIR
2014), and Grill & Schlüter, "Music boundary detection using neural networks on combined features and two-level
annotations" (ISMIR 2015): mel spectrogram of 80 bands, pooled over time to spans of 8, 16 and 32 s, beside the
similarity of each moment to those around it (`onpu.models.boundary_cnn`); targets are smeared over 1.5 s; peaks of the
activation, less the mean around them. A network on curves of novelty (`onpu.models.novelty_net`), which learns in
minutes, is the one that is shipped.

    sound -> mel, chroma, 7.2 frames a second -> chance of a boundary, of music, of six names, each frame
          -> boundaries, on bars where beats are known (`onpu.decode.section_boundaries`)
          -> groups of sections that are alike in harmony, timbre and length: A, B … -> names (`section_labels`)

The recipe "paper" has the published input, sizes and descent; "beats" is "small" on features that are averaged from
beat to beat (`onpu.represent.beatwise`), in training from labelled beats, otherwise from those that are found.

Deviations: composed music and arranged songs; AdamW on crops in the recipe "small"; where beats are known, boundaries
are whole bars apart and a section's length has a prior; labels. "paper": each frame of a crop is an example, positive
ones count three times as much in place of being drawn three times as often, the rate is .05 and not .6, with which the
loss rose on crops, and chroma is a second picture of lags. What
the networks change stands with them.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from torch import Tensor, nn

from onpu.decode.targets import gaussian_targets
from onpu.decode.tasks.structure import DECODER, StructureOptions
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import cross_entropy, masked_mean
from onpu.metrics import structure as metric
from onpu.metrics.structure import LEAST_SECONDS, without_short
from onpu.models.boundary_cnn import PUBLISHED, BoundaryCnn
from onpu.models.novelty_net import NoveltyNet
from onpu.music import Clock, Sections, Timeline
from onpu.music.sections import NAMES
from onpu.recipe import choice, setting
from onpu.represent import Concatenate, Features, Filterbank, Log, Representation, Stft
from onpu.represent.filterbanks import log_triangles, mel_triangles
from onpu.represent.pooling import Pooled
from onpu.task import Listener, ListenerRecipe, Network

RATE, HOP, POOLED = 22050, 1024, 3
MEL, CHROMA = 80, 12
MUL = 1000.0
SPREAD_SECONDS, SMEARED_SECONDS = 0.5, 1.5
"""Standard deviation of a target's peak, and how far from a boundary frames still are positive examples."""
POSITIVE = 3.0
"""What positive examples count beside others: the paper draws them three times as often."""
CALLED = {**{name: name for name in NAMES}, "hook": "chorus", "drop": "chorus", "coda": "outro", "interlude": "solo"}
"""Label of a section -> the name that is learned."""


def features() -> Representation:
    """80 mel bands from 50 Hz to 10 kHz and 12 of chroma, 7.2 frames a second."""
    return _front(RATE, 50.0, 10000.0, 4096)


def published_features() -> Representation:
    """80 mel bands from 80 Hz to 16 kHz in windows of 46 ms and 12 of chroma, 14.4 frames a second."""
    return _front(2 * RATE, 80.0, 16000.0, 8192)


def _front(rate: int, lowest: float, highest: float, chroma_fft: int) -> Representation:
    mel = Features(Filterbank(Stft(rate, 2048, HOP, amplitude=True),
                              mel_triangles(rate, 2048, MEL, lowest, highest, "slaney", "sum")), Log(MUL))
    chroma = Features(Filterbank(Stft(rate, chroma_fft, HOP, amplitude=True), _pitch_classes(rate, chroma_fft)),
                      Log(MUL))
    return Concatenate([Pooled(mel, POOLED), Pooled(chroma, POOLED, mean=True)], "bins")


def _pitch_classes(rate: int, n_fft: int) -> np.ndarray:
    """Weights (12, n_fft / 2 + 1): triangles of a semitone from 130 Hz to 2.1 kHz, C first."""
    bands = log_triangles(rate, n_fft, 12, 123.0, 2100.0, unique=False, norm=True)
    out = np.zeros((CHROMA, bands.shape[1]))
    first = round(12 * np.log2(np.argmax(bands[0]) * rate / n_fft / 440)) + 69
    for number, band in enumerate(bands):
        out[(first + number) % 12] += band
    return out


def cnn(recipe: "StructureRecipe", features: Representation) -> BoundaryCnn:
    """The published network at half its frames a second, untrained."""
    return BoundaryCnn(features.bins - CHROMA, recipe.width, recipe.second_width, recipe.units, recipe.context,
                       dropout=recipe.dropout)


def published(recipe: "StructureRecipe", features: Representation) -> BoundaryCnn:
    """The network at the published frames a second, untrained."""
    return BoundaryCnn(features.bins - CHROMA, recipe.width, recipe.second_width, recipe.units, recipe.context,
                       dropout=recipe.dropout, near=PUBLISHED["near"], far=PUBLISHED["far"],
                       lag_frames=PUBLISHED["lag_frames"])


def novelty(recipe: "StructureRecipe", features: Representation) -> NoveltyNet:
    """A few convolutions on curves of novelty, untrained."""
    return NoveltyNet(features.bins - CHROMA, recipe.units, recipe.dropout)


NETWORKS = {"novelty": Network(features, novelty), "cnn": Network(features, cnn),
            "published": Network(published_features, published)}


@dataclass(frozen=True)
class StructureRecipe(ListenerRecipe):
    """How a network is trained."""

    network: str = choice("novelty", NETWORKS, "network")
    width: int = setting(16, "channels of the first convolution")
    second_width: int = setting(32, "channels of the second convolution")
    units: int = setting(128, "units of each branch's dense layer")
    context: int = setting(15, "steps of 0.4 s, 0.8 s and 1.7 s that a branch spans")
    dropout: float = setting(0.5, "dropout before the dense layers", "[0, 1)")
    beatwise: bool = setting(False, "features are averaged from beat to beat, which must be labelled")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: ListenerRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, spectra (1, bins, frames)."""
    mel = augment_spectrum(spectra[:, :MEL], rng, MUL, shift=1)
    semitones = int(rng.integers(12))
    chroma = np.roll(spectra[:, MEL:], semitones, axis=1)
    return np.concatenate([mel, chroma], axis=1).astype(np.float32), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """boundary (frames,), peaks of height 1; music (frames,), 1 within a section; name (6, frames), zeros where the
    label is none of them; label (frames,), the label's number among those of the recording."""
    sections = without_short(timeline.require(Sections), LEAST_SECONDS)
    times = clock.seconds(np.arange(frames))
    out = {"music": np.zeros(frames, np.float32), "name": np.zeros((len(NAMES), frames), np.float32),
           "label": np.zeros(frames, np.float32)}
    numbers = {label: number for number, label in enumerate(dict.fromkeys(sections.labels.tolist()))}
    for start, end, label in zip(sections.starts, sections.ends, sections.labels, strict=True):
        here = (times >= start) & (times < end)
        out["music"][here] = 1
        out["label"][here] = numbers[str(label)]
        name = CALLED.get(str(label).split("/")[0])
        if name is not None:
            out["name"][NAMES.index(name), here] = 1
    inner = clock.frames(sections.starts[1:])
    return out | {"boundary": gaussian_targets(inner, frames, SPREAD_SECONDS * clock.fps)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of boundaries, smeared, and of music; cross-entropy of names."""
    height = targets["boundary"]
    near = (height > float(np.exp(-0.5 * (SMEARED_SECONDS / SPREAD_SECONDS) ** 2))).to(height.dtype)
    frame = nn.functional.binary_cross_entropy_with_logits(logits["boundary"], height, reduction="none")
    boundary = masked_mean(frame, mask * (1 + (POSITIVE - 1) * near))
    music = nn.functional.binary_cross_entropy_with_logits(logits["music"], targets["music"], reduction="none")
    return boundary + 0.2 * masked_mean(music, mask) + 0.2 * cross_entropy(logits["name"], targets["name"], mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Probabilities of boundary and music (batch, frames) and name (batch, 6, frames); chroma (batch, 12, frames) and
    timbre (batch, 20, frames) in [0, 1]."""
    return {"boundary": logits["boundary"].sigmoid(), "music": logits["music"].sigmoid(),
            "name": logits["name"].softmax(dim=1), "chroma": (logits["chroma"] / 2).clamp(0, 1),
            "timbre": (logits["timbre"] / 4).sigmoid()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Measures of two timelines."""
    return metric.evaluate(reference.require(Sections), estimate.require(Sections))


@cache
def _by_beats() -> "Listener[StructureRecipe, StructureOptions]":
    return replace(LISTENER, beatwise=True, reads=("beats",))


def tailored(recipe: StructureRecipe) -> "Listener[StructureRecipe, StructureOptions]":
    """The task, heard frame by frame or beat by beat."""
    return _by_beats() if recipe.beatwise else LISTENER


SMALL = StructureRecipe(units=32, dropout=0.1, learning_rate=4e-3, warmup=50, ema_decay=0.98, crop_seconds=150.0,
                        batch=4, steps=100, minutes=12.0)

LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Boundary F-measure", "Boundary F-measure 3 s"),
    recipes={"small": SMALL,
             "beats": replace(SMALL, beatwise=True),
             "paper": StructureRecipe(network="published", context=31, optimiser="sgd", learning_rate=0.05,
                                      momentum=0.95, weight_decay=0.0, schedule="step", lr_decay=0.85,
                                      lr_decay_steps=2000, warmup=0, crop_seconds=200.0, batch=8, steps=2000, epochs=20,
                                      gradient_clip=0.0, ema_decay=0.0)},
    augment=augment,
    tailored=tailored,
)
