"""A complete task of a few hundred parameters, and recordings of clicks to train it on."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from onpu.data.corpus import Corpus, import_corpus
from onpu.music import Audio, Beats, Timeline
from onpu.recipe import setting
from onpu.represent import LogFilterbank
from onpu.task import Listener, ListenerRecipe, Network

RATE = 8000


@dataclass(frozen=True)
class TinyRecipe(ListenerRecipe):
    width: int = setting(6, "channels")
    dropout: float = setting(0.2, "after the first layer")


class Tiny(nn.Module):
    def __init__(self, bins: int, width: int, dropout: float):
        super().__init__()
        self.bins, self.width, self.dropout = bins, width, dropout
        self.first = nn.Conv1d(bins, width, 5, padding=2)
        self.norm = nn.BatchNorm1d(width) if dropout else nn.Identity()
        self.drop = nn.Dropout(dropout)
        self.last = nn.Conv1d(width, 1, 5, padding=2)
        self.receptive = 4

    def forward(self, x):
        return {"beat": self.last(self.drop(torch.relu(self.norm(self.first(x.squeeze(1)))))).squeeze(1)}


def features():
    return LogFilterbank(RATE, 512, 160, 4, 100.0, 3500.0)


def network(recipe, features):
    return Tiny(features.bins, recipe.width, recipe.dropout)


def target(timeline, clock, frames):
    out = np.zeros(frames, dtype=np.float32)
    at = np.round(clock.frames(timeline.beats.times)).astype(int)
    out[at[at < frames]] = 1
    return {"beat": out}


def loss(logits, targets, mask):
    each = nn.functional.binary_cross_entropy_with_logits(logits["beat"], targets["beat"], reduction="none")
    return (each * mask).sum() / mask.sum()


def activate(logits):
    return {"beat": logits["beat"].sigmoid()}


def decode(activations, clock, options):
    times = clock.seconds(np.flatnonzero(activations["beat"] > 0.5))
    return {"beats": Beats.of(times, np.zeros(len(times)))}


def metric(reference, estimate):
    near = np.abs(np.subtract.outer(reference.beats.times, estimate.beats.times)) < 0.05
    return {"Recall": float(near.any(axis=1).mean()) if near.size else 0.0, "Found": float(len(estimate.beats.times))}


def augment(values, labels, generator, recipe):
    return values * np.float32(generator.uniform(0.8, 1.2)), labels


LISTENER = Listener(
    name="tiny", title="clicks", paper="none", label="beats", fields=("beats",),
    networks={"tiny": Network(features, network)}, target=target, loss=loss, activate=activate,
    decode=decode, metric=metric, criterion=("Recall",),
    recipes={"small": TinyRecipe(batch=4, crop_seconds=2.0, steps=12, epochs=3, warmup=5, ema_decay=0.9, workers=0)},
    augment=augment)

RECIPE = LISTENER.recipes["small"]
PLAIN = replace(RECIPE, dropout=0.0, ema_decay=0.0)


def clicks(seed: int, seconds: float = 6.0, rate: int = RATE) -> tuple[Audio, Timeline]:
    rng = np.random.default_rng(seed)
    times = np.arange(rng.uniform(0.1, 0.5), seconds - 0.1, 60 / rng.uniform(70, 160))
    samples = (0.003 * rng.standard_normal(round(seconds * rate))).astype(np.float32)
    for at in np.round(times * rate).astype(int):
        samples[at : at + 200] += (np.exp(-np.arange(200) / 40) * np.sin(np.arange(200)))[: len(samples) - at]
    return Audio(samples[None], rate), Timeline(seconds, beats=Beats.of(times, np.zeros(len(times))))


def click_corpus(folder: Path, count: int = 8) -> Corpus:
    items = [clicks(seed) for seed in range(count)]
    return import_corpus(folder, ((f"clicks{i}", lambda audio=audio: audio, labels)
                                  for i, (audio, labels) in enumerate(items)), "CC0-1.0", True, "clicks")
