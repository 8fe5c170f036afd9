"""Learned chroma: the pitch classes of the harmony, and major and minor chords from it.

Korzeniowski & Widmer, "Feature learning for chord recognition: the deep chroma extractor" (ISMIR 2016): spectrum with
24 bands an octave from 65 to 2100 Hz, ten frames a second, 15 frames of context, dense layers, twelve sigmoids; linear
classifier of 12 major and 12 minor chords and none.

    onpu.load("chroma").activations(sound)["chroma"]     (12, frames) in [0, 1], C first: the chroma
    onpu.load("chroma")(sound)                           Chords: what the linear classifier makes of it

Deviations: see `onpu.models.deep_chroma`; audio at 22050 Hz, windows as long as the paper's. Tuning is not estimated:
the network sees spectra that are up to 40 cents off.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from onpu.decode.targets import metrical_positions
from onpu.decode.tasks.chroma import DECODER, NONE, QUALITIES
from onpu.layers.losses import cross_entropy, masked_mean
from onpu.listen.chords import chain_loss_of, chain_of, evaluate
from onpu.listen.key import BINS_PER_OCTAVE, MUL, augment
from onpu.models.deep_chroma import DeepChroma
from onpu.music import Chords, Clock, Timeline, harte
from onpu.recipe import setting
from onpu.represent import Representation
from onpu.represent.filterbanks import LogFilterbank
from onpu.task import Listener, ListenerRecipe, Network


@dataclass(frozen=True)
class ChromaRecipe(ListenerRecipe):
    """How a chroma network is trained."""

    units: int = setting(512, "units per layer")
    dropout: float = setting(0.5, "dropout", "[0, 1)")


def features() -> Representation:
    """105 bands, 10 frames a second, windows of 0.19 s."""
    return LogFilterbank(22050, 4096, 2205, BINS_PER_OCTAVE, 65.0, 2100.0, mul=MUL)


def network(recipe: ChromaRecipe, features: Representation) -> nn.Module:
    """Untrained."""
    return DeepChroma(features.bins, len(QUALITIES), recipe.units, dropout=recipe.dropout)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """chroma (12, frames), 1 for the chord's tones; chord (26, frames), 1 for its class; place (frames,), see
    `onpu.decode.grid.metrical_positions`."""
    chords = timeline.require(Chords)
    times = clock.seconds(np.arange(frames))
    chroma, chord = np.zeros((12, frames), np.float32), np.zeros((NONE + 2, frames), np.float32)
    for start, end, label in zip(chords.starts, chords.ends, chords.labels, strict=True):
        here = (times >= start) & (times < end)
        chord[majmin(str(label)), here] = 1
        for pitch in harte.parse(str(label)).classes:
            chroma[pitch, here] = 1
    return {"chroma": chroma, "chord": chord, "place": metrical_positions(timeline.beats, clock, frames)}


def majmin(label: str) -> int:
    """Class of a chord: root * 2, one more for minor, by its triad; N; X."""
    known = harte.to_class(label)
    if known >= harte.NONE:
        return NONE if known == harte.NONE else NONE + 1
    root, quality = divmod(known, len(harte.VOCABULARY))
    triad = harte.QUALITIES[harte.VOCABULARY[quality]][:3]
    same = [number for number, plain in enumerate(QUALITIES) if harte.QUALITIES[plain] == triad]
    return root * len(QUALITIES) + same[0] if same else NONE + 1


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy of the chroma, cross-entropy of the classifier, and the conditional random field's loss."""
    told = mask * (targets["chord"].sum(dim=1) > 0)
    chroma = nn.functional.binary_cross_entropy_with_logits(logits["chroma"], targets["chroma"], reduction="none")
    total = 12 * masked_mean(chroma.mean(dim=1), told) + cross_entropy(logits["chord"], targets["chord"], mask)
    return total + chain_loss_of(logits, targets, told)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """chroma (batch, 12, frames) and probabilities of chord (batch, 26, frames); of the chain: change (batch, 5), moves
    (batch, 26, 26), trust (batch, 1)."""
    return {"chroma": logits["chroma"].sigmoid(), "chord": logits["chord"].softmax(dim=1)} | chain_of(logits)


LISTENER = Listener(
    **vars(DECODER),
    networks={"dense": Network(features, network)},
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("majmin",),
    recipes={"small": ChromaRecipe(dropout=0.2, crop_seconds=12.0, batch=16, steps=400, minutes=12.0,
                                   learning_rate=2e-3),
             "paper": ChromaRecipe(optimiser="adam", learning_rate=1e-4, weight_decay=1e-4, schedule="constant",
                                   warmup=0, batch=64, crop_seconds=8.0, epochs=500, patience=20, ema_decay=0.0)},
    reads=("beats",),
    augment=augment,
)
