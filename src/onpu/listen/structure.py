"""The form of a recording: where sections begin, which are alike, and what they are called where that is evident.

Ullrich, Schlüter & Grill, "Boundary detection in music structure analysis using convolutional neural networks" (ISMIR
2014), and Grill & Schlüter, "Music boundary detection using neural networks on combined features and two-level
annotations" (ISMIR 2015): mel spectrogram of 80 bands, pooled over time to spans of 8, 16 and 32 s, beside the
similarity of each moment to those around it (`onpu.models.boundary_cnn`); targets are smeared over 1.5 s; peaks of the
activation, less the mean around them. A network on curves of novelty (`onpu.models.novelty_net`), which learns in
minutes, is the one that is shipped.

    sound -> mel, chroma, 7.2 frames a second -> chance of a boundary, of music, of six names; an embedding, each frame
          -> boundaries, on bars where beats are known -> groups of sections that are alike: A, B … -> names

Deviations: composed music and arranged songs; AdamW on crops in the recipe "small"; peaks are the largest within 4 s
where the paper has 6; where beats are known, boundaries are whole bars apart and a section's length has a chance of its
own (`onpu.decode.sections`); labels. What the networks change stands with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count as count_from
from itertools import pairwise
from string import ascii_uppercase

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.sections import LONGEST_BARS, groups, kept_together, likeness, on_bars, peaks, smoothed
from onpu.decode.targets import gaussian_targets
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import cross_entropy, masked_mean
from onpu.metrics import structure as metric
from onpu.metrics.structure import LEAST_SECONDS, without_short
from onpu.models.boundary_cnn import EMBEDDING, NAMES, BoundaryCnn
from onpu.models.novelty_net import NoveltyNet
from onpu.music import Beats, Clock, Sections, Timeline
from onpu.recipe import Options, choice, setting
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
PAIRS = 48
"""Frames of an example that are compared with each other in training."""
APART_SECONDS = 4.0
MARGIN = 0.3
"""Of activations over the mean around them, from which on there is a boundary, where beats are not known."""
LENGTH_WEIGHT, FAVOUR = 0.2, 0.4
"""What a section's length counts beside its boundaries, and what is added to the log odds of these."""
ALIKE_WEIGHTS = (0.5, 0.5, 0.0)
"""Of harmony, timbre and the embedding in what is alike."""
ALIKE = 0.45
EVIDENT = 0.6
"""Mean probability of a name from which on a section has it."""


@dataclass(frozen=True)
class StructureOptions(Options):
    """What is known of a recording: its beats, for sections begin with bars."""

    beats: Beats | None = None


def features() -> Representation:
    """80 mel bands from 50 Hz to 10 kHz and 12 of chroma, 7.2 frames a second."""
    mel = Features(Filterbank(Stft(RATE, 2048, HOP, amplitude=True),
                              mel_triangles(RATE, 2048, MEL, 50.0, 10000.0, "slaney", "sum")), Log(MUL))
    chroma = Features(Filterbank(Stft(RATE, 4096, HOP, amplitude=True), _pitch_classes(4096)), Log(MUL))
    return Concatenate([Pooled(mel, POOLED), Pooled(chroma, POOLED, mean=True)], "bins")


def _pitch_classes(n_fft: int) -> np.ndarray:
    """Weights (12, n_fft / 2 + 1): triangles of a semitone from 130 Hz to 2.1 kHz, C first."""
    bands = log_triangles(RATE, n_fft, 12, 123.0, 2100.0, unique=False, norm=True)
    out = np.zeros((CHROMA, bands.shape[1]))
    first = round(12 * np.log2(np.argmax(bands[0]) * RATE / n_fft / 440)) + 69
    for number, band in enumerate(bands):
        out[(first + number) % 12] += band
    return out


def cnn(recipe: "StructureRecipe", features: Representation) -> BoundaryCnn:
    """The network as published, untrained."""
    return BoundaryCnn(features.bins - CHROMA, recipe.width, recipe.second_width, recipe.units, recipe.context,
                       dropout=recipe.dropout)


def novelty(recipe: "StructureRecipe", features: Representation) -> NoveltyNet:
    """A few convolutions on curves of novelty, untrained."""
    return NoveltyNet(features.bins - CHROMA, recipe.units, recipe.dropout)


NETWORKS = {"novelty": Network(features, novelty), "cnn": Network(features, cnn)}


@dataclass(frozen=True)
class StructureRecipe(ListenerRecipe):
    """How a network is trained."""

    network: str = choice("novelty", NETWORKS, "network")
    width: int = setting(16, "channels of the first convolution")
    second_width: int = setting(32, "channels of the second convolution")
    units: int = setting(128, "units of each branch's dense layer")
    context: int = setting(15, "steps of 0.4 s, 0.8 s and 1.7 s that a branch spans")
    dropout: float = setting(0.5, "dropout before the dense layers", "[0, 1)")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: ListenerRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, spectra (1, bins, frames)."""
    mel = augment_spectrum(spectra[:, :MEL], rng, MUL, shift=1)
    semitones = int(rng.integers(12))
    chroma = np.roll(spectra[:, MEL:], semitones, axis=1)
    return np.concatenate([mel, chroma], axis=1).astype(np.float32), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """boundary (frames,), peaks of height 1; music (frames,), 1 within a section; name (6, frames), zeros where the
    label is none of them; alike (16, frames), 1 for the label's number among those of the recording."""
    sections = without_short(timeline.require(Sections), LEAST_SECONDS)
    times = clock.seconds(np.arange(frames))
    out = {"music": np.zeros(frames, np.float32), "name": np.zeros((len(NAMES), frames), np.float32),
           "alike": np.zeros((EMBEDDING, frames), np.float32)}
    numbers = {label: number for number, label in enumerate(dict.fromkeys(sections.labels.tolist()))}
    for start, end, label in zip(sections.starts, sections.ends, sections.labels, strict=True):
        here = (times >= start) & (times < end)
        out["music"][here] = 1
        out["alike"][numbers[str(label)] % EMBEDDING, here] = 1
        name = CALLED.get(str(label).split("/")[0])
        if name is not None:
            out["name"][NAMES.index(name), here] = 1
    inner = clock.frames(sections.starts[1:])
    return out | {"boundary": gaussian_targets(inner, frames, SPREAD_SECONDS * clock.fps)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of boundaries, smeared, and of music; cross-entropy of names; that of pairs of frames,
    which are of alike sections or not."""
    height = targets["boundary"]
    near = (height > float(np.exp(-0.5 * (SMEARED_SECONDS / SPREAD_SECONDS) ** 2))).to(height.dtype)
    frame = nn.functional.binary_cross_entropy_with_logits(logits["boundary"], height, reduction="none")
    boundary = masked_mean(frame, mask * (1 + (POSITIVE - 1) * near))
    music = nn.functional.binary_cross_entropy_with_logits(logits["music"], targets["music"], reduction="none")
    return (boundary + 0.2 * masked_mean(music, mask) + 0.2 * cross_entropy(logits["name"], targets["name"], mask)
            + 0.5 * _apart(logits["alike"], targets["alike"], mask))


def _apart(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Binary cross-entropy of the cosines of pairs of frames, evenly spaced over the recording."""
    inside = int(mask.sum(dim=1).max())
    chosen = torch.linspace(0, max(0, inside - 1), min(PAIRS, max(1, inside)), device=mask.device).long()
    unit = nn.functional.normalize(logits[..., chosen].sigmoid(), dim=1)
    same = targets[..., chosen].transpose(1, 2) @ targets[..., chosen]
    told = (targets[..., chosen].sum(dim=1) > 0).to(mask.dtype) * mask[:, chosen]
    cosine = (unit.transpose(1, 2) @ unit).clamp(1e-4, 1 - 1e-4)
    pairs = -(same * cosine.log() + (1 - same) * (1 - cosine).log())
    weight = told[:, :, None] * told[:, None]
    return (pairs * weight).sum() / weight.sum().clamp(min=1)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Probabilities of boundary and music (batch, frames) and name (batch, 6, frames); alike (batch, 16, frames),
    chroma (batch, 12, frames) and timbre (batch, 20, frames) in [0, 1]."""
    return {"boundary": logits["boundary"].sigmoid(), "music": logits["music"].sigmoid(),
            "name": logits["name"].softmax(dim=1), "alike": logits["alike"].sigmoid(),
            "chroma": (logits["chroma"] / 2).clamp(0, 1), "timbre": (logits["timbre"] / 4).sigmoid()}


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: StructureOptions) -> dict[str, object]:
    """sections: Sections without gaps from the first sound of music to the last; none where there is no music."""
    boundary, music = (np.asarray(activations[name], np.float64) for name in ("boundary", "music"))
    playing = np.flatnonzero(smoothed(music, round(2 * clock.fps)) > 0.5) if len(music) else np.zeros(0, int)
    if len(playing) < 2:
        return {"sections": Sections.empty()}
    first, last = float(clock.seconds(playing[0])), float(clock.seconds(min(playing[-1] + 1, len(music) - 1)))
    inner, heights = _boundaries(boundary, clock, options.beats, first, last)
    edges = np.array([first, *inner, last])
    frames = np.clip(np.round(clock.frames(edges)).astype(int), 0, len(music) - 1)
    embedding = np.asarray(activations["alike"], np.float64)
    if "chroma" in activations:
        chroma, timbre = (np.asarray(activations[name], np.float64) for name in ("chroma", "timbre"))
        alike = likeness(frames, chroma, timbre, embedding, ALIKE_WEIGHTS)
    else:  # targets tell by the embedding what is alike
        alike = likeness(frames, embedding, embedding, embedding, (0.0, 0.0, 1.0))
    found = groups(alike, ALIKE)
    name = np.asarray(activations["name"], np.float64)
    sure = np.sqrt(np.array([1.0, *heights]) * kept_together(alike, found))
    return {"sections": Sections(edges[:-1], edges[1:], _named(found, frames, name), np.clip(sure, 0, 1))}


def _boundaries(activation: np.ndarray, clock: Clock, beats: Beats | None, first: float,
                last: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds (n,) between sections, and how sure each is."""
    downbeats = np.zeros(0) if beats is None else beats.downbeats
    downbeats = downbeats[(downbeats > first + LEAST_SECONDS / 2) & (downbeats < last - LEAST_SECONDS / 2)]
    if len(downbeats) < 2:
        at = peaks(activation, clock.fps, MARGIN, APART_SECONDS)
        times = clock.seconds(at)
        kept = (times > first + LEAST_SECONDS / 2) & (times < last - LEAST_SECONDS / 2)
        return times[kept], np.clip(activation[at[kept]], 0, 1)
    bars = np.array([first, *downbeats, last])
    edges = np.clip(np.round(clock.frames((bars[:-1] + bars[1:]) / 2)).astype(int), 0, len(activation) - 1)
    chance = np.array([activation[a : max(a + 1, b)].max() for a, b in pairwise(edges.tolist())])
    chance = np.array([0.5, *chance])
    begun = on_bars(chance, LENGTHS, LENGTH_WEIGHT, FAVOUR)[1:]
    return bars[begun], np.clip(chance[begun], 0, 1)


def _lengths() -> np.ndarray:
    """Chance of a section of so many bars."""
    out = np.full(LONGEST_BARS + 1, 0.002)
    out[:2] = 0.001
    out[2:20:2] = 0.01
    for bars, chance in {4: 0.2, 8: 0.4, 12: 0.06, 16: 0.2, 6: 0.02, 7: 0.02, 9: 0.02, 5: 0.02, 32: 0.01}.items():
        out[bars] = chance
    return out


LENGTHS = _lengths()


def _named(found: np.ndarray, frames: np.ndarray, name: np.ndarray) -> np.ndarray:
    """Labels: names where they are evident, letters in the order of appearance for the other groups.

    The chorus is the group that comes most often, of those that come equally often the likeliest by the network. First
    and last sections may be intro and outro.
    """
    count = int(found.max()) + 1
    shares = np.zeros((count, len(NAMES)))
    for group in range(count):
        inside = np.concatenate([np.arange(frames[i], max(frames[i] + 1, frames[i + 1]))
                                 for i in np.flatnonzero(found == group)])
        shares[group] = name[:, inside].mean(axis=1)
    times = np.bincount(found, minlength=count)
    names: dict[int, str] = {}
    if count > 1 and times.max() > 1:
        rank = times + shares[:, NAMES.index("chorus")]
        names[int(rank.argmax())] = "chorus"
    for group, called in ((int(found[0]), "intro"), (int(found[-1]), "outro")):
        if times[group] == 1 and count > 1 and shares[group, NAMES.index(called)] > EVIDENT:
            names.setdefault(group, called)
    for called in ("verse", "bridge", "solo"):
        group = int(shares[:, NAMES.index(called)].argmax())
        if count > 1 and shares[group, NAMES.index(called)] > EVIDENT:
            names.setdefault(group, called)
    letters = iter(_letters())
    texts = [names[group] if group in names else next(letters) for group in range(count)]
    return np.array([texts[group] for group in found], dtype=np.str_)


def _letters() -> Iterator[str]:
    """A to Z, then A2 to Z2 and so on."""
    for row in count_from(1):
        yield from (f"{letter}{row if row > 1 else ''}" for letter in ascii_uppercase)


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Measures of two timelines."""
    return metric.evaluate(reference.require(Sections), estimate.require(Sections))


LISTENER = Listener(
    name="structure",
    title="sections, and which are alike",
    paper="Ullrich, Schlüter & Grill, Boundary detection in music structure analysis using CNNs, ISMIR 2014",
    label="sections",
    fields=("sections",),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    decode=decode,
    metric=evaluate,
    criterion=("Boundary F-measure", "Boundary F-measure 3 s"),
    recipes={"small": StructureRecipe(units=32, dropout=0.1, learning_rate=4e-3, warmup=50, ema_decay=0.98,
                                      crop_seconds=150.0, batch=4, steps=100, minutes=12.0),
             "paper": StructureRecipe(network="cnn", optimiser="sgd", learning_rate=0.05, momentum=0.95,
                                      weight_decay=0.0, schedule="step", lr_decay=0.85, lr_decay_steps=200, warmup=0,
                                      crop_seconds=200.0, batch=8, epochs=20, gradient_clip=0.0, ema_decay=0.0)},
    options=StructureOptions(),
    augment=augment,
)
