"""Chords of a large vocabulary, with inversions, from the sound of a recording.

McFee & Bello, "Structured training for large-vocabulary chord recognition" (ISMIR 2017): constant-Q spectrum with 36
bins an octave over six octaves from C1, convolutions and bidirectional GRUs (`onpu.models.chord_crnn`), heads for pitch
classes, root and bass beside 12 roots * 14 qualities, none (N) and unnamed (X); ours has power chords as a fifteenth
quality. The inversion comes from the bass head, averaged over the segment, when it is a chord tone (as McFee's crema
has it).

    sound -> constant-Q spectrum -> tuning found and taken out -> chord, root, bass, pitches for each frame
          -> most probable sequence, where a change is likelier on a beat and likeliest on a downbeat -> segments

Deviations: log10(1 + 1000 x) of amplitudes in place of decibels below the recording's peak; the spectrum is moved by
semitones in place of the sound; a conditional random field (see the model) smooths over time, and knows the beats when
they are given (`ChordOptions.beats`). A segment's confidence is the mean probability of its class.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.targets import UNKNOWN, metrical_positions
from onpu.decode.tasks.chords import DECODER
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.chain import chain_loss
from onpu.layers.losses import cross_entropy, masked_mean
from onpu.metrics import chords as metric
from onpu.models.chord_chain import ROOTS
from onpu.models.chord_crnn import ChordCrnn
from onpu.music import Chords, Clock, Timeline, harte
from onpu.recipe import choice, setting
from onpu.represent import Representation
from onpu.represent.chain import Features
from onpu.represent.pitch import Cqt
from onpu.represent.scale import Log
from onpu.represent.tuned import Tuned
from onpu.represent.tuning import estimate_tuning, shift_bins
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1000.0
BINS_PER_OCTAVE = 36


def features() -> Representation:
    """216 bins from C1, 10.8 frames a second."""
    cqt = Cqt(22050, 2048, bins=6 * BINS_PER_OCTAVE, bins_per_octave=BINS_PER_OCTAVE, amplitude=True)
    return Features(cqt, Log(MUL))


def crnn(recipe: "ChordRecipe", features: Representation, deeper: bool = False) -> ChordCrnn:
    """The network as published, untrained."""
    return ChordCrnn(features.bins, recipe.qualities, recipe.channels, recipe.frame_features, recipe.units,
                     dropout=recipe.dropout, deeper=deeper)


def deep(recipe: "ChordRecipe", features: Representation) -> ChordCrnn:
    """The same with two convolutions more."""
    return crnn(recipe, features, deeper=True)


NETWORKS = {"deep": Network(features, deep), "crnn": Network(features, crnn)}


@dataclass(frozen=True)
class ChordRecipe(ListenerRecipe):
    """How a chord network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {"tones": "frame_features", "semitones": "pitch_shift_semitones"}

    network: str = choice("deep", NETWORKS, "network")
    qualities: int = setting(len(harte.VOCABULARY), f"qualities told apart, the first of the vocabulary: "
                                                    f"{harte.PUBLISHED_QUALITIES} as published, "
                                                    f"{len(harte.VOCABULARY)} with power chords",
                            f"[1, {len(harte.VOCABULARY)}]")
    channels: int = setting(16, "channels of the first convolution")
    frame_features: int = setting(64, "features per frame after the second convolution")
    units: int = setting(128, "units per GRU layer and direction")
    dropout: float = setting(0.3, "dropout before the GRUs and the heads", "[0, 1)")
    pitch_shift_semitones: int = setting(6, "augmentation: largest transposition in semitones", "[0, inf)")


def adapt(chunks: list[Tensor], tuning: float | None = None) -> tuple[list[Tensor], dict[str, np.ndarray]]:
    """The spectrum as it would be at A = 440 Hz; tuning (2,): cents and how strongly the spectrum agrees on it. tuning:
    the cents, where they are known."""
    cents, agreement = estimate_tuning(chunks, BINS_PER_OCTAVE, MUL) if tuning is None else (tuning, 1.0)
    tuned = [shift_bins(chunk, cents * BINS_PER_OCTAVE / 1200) for chunk in chunks]
    return tuned, {"tuning": np.array([cents, agreement])}


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: ChordRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, a little out of tune."""
    most = recipe.pitch_shift_semitones
    semitones = int(rng.integers(-most, most + 1)) if most else 0
    bins = -(semitones * BINS_PER_OCTAVE / 12 + rng.uniform(-0.4, 0.4))
    spectra = shift_bins(torch.from_numpy(np.ascontiguousarray(spectra)), bins).numpy()
    return augment_spectrum(spectra, rng, MUL, shift=0), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """chord (182, frames), root and bass (13, frames), pitches (12, frames), one where it sounds; place (frames,), see
    `onpu.decode.grid.metrical_positions`. Zeros where nothing is labelled."""
    chords = timeline.require(Chords)
    times = clock.seconds(np.arange(frames))
    row = np.searchsorted(chords.starts, times, side="right") - 1
    ends = np.append(chords.ends, -1.0)  # of the row before the first, too
    told = times < ends[row]
    out = {"chord": np.zeros((harte.CLASSES, frames), np.float32), "root": np.zeros((13, frames), np.float32),
           "bass": np.zeros((13, frames), np.float32), "pitches": np.zeros((12, frames), np.float32)}
    for number, label in enumerate(chords.labels):
        here = told & (row == number)
        chord = harte.parse(str(label))
        out["chord"][harte.to_class(str(label)), here] = 1
        out["root"][chord.root if chord.root >= 0 else 12, here] = 1
        out["bass"][(chord.root + chord.bass) % 12 if chord.root >= 0 else 12, here] = 1
        for pitch in chord.classes:
            out["pitches"][pitch, here] = 1
    return out | {"place": metrical_positions(timeline.beats, clock, frames)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Cross-entropies of chord, root, bass and pitches, and the conditional random field's, with beats and without."""
    chord = as_classes(targets["chord"], logits["chord"].shape[1])
    told = mask * (chord.sum(dim=1) > 0)
    total = cross_entropy(logits["chord"], chord, mask)
    total = total + cross_entropy(logits["root"], targets["root"], mask)
    total = total + cross_entropy(logits["bass"], targets["bass"], mask)
    pitches = nn.functional.binary_cross_entropy_with_logits(logits["pitches"], targets["pitches"], reduction="none")
    total = total + masked_mean(pitches.mean(dim=1), told)
    return total + chain_loss_of(logits, targets | {"chord": chord}, told)


def as_classes(chord: Tensor, classes: int) -> Tensor:
    """Targets (batch, 182, frames) as those of a network of so many classes, to which chords of the qualities that it
    does not tell apart are unnamed."""
    named, none, unnamed = chord.split((harte.NONE, 1, 1), dim=1)
    known, others = named.unflatten(1, (ROOTS, -1)).split(
        ((classes - 2) // ROOTS, (harte.CLASSES - classes) // ROOTS), dim=2)
    return torch.cat([known.flatten(1, 2), none, unnamed + others.sum(dim=(1, 2))[:, None]], dim=1)


def chain_loss_of(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """The conditional random field's loss over the head `chord`, which does not learn from it: once with the frames'
    places in the bar, once without."""
    emissions = logits["trust"][0].sigmoid() * torch.log_softmax(logits["chord"].detach().float(), dim=1)
    change, moves = logits["change"][0].sigmoid(), logits["moves"][0].softmax(dim=-1)
    place = targets["place"].long().clamp(0, UNKNOWN)
    states = targets["chord"].argmax(dim=1)
    return sum((chain_loss(emissions, states, change[where], moves, mask)
                for where in (place, torch.full_like(place, UNKNOWN))), torch.zeros(()))


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Probabilities of chord (batch, classes, frames), root and bass (batch, 13, frames), pitches (batch, 12, frames);
    of the chain: change (batch, 5), moves (batch, classes, classes), trust (batch, 1)."""
    soft = {name: torch.softmax(logits[name], dim=1) for name in ("chord", "root", "bass")}
    return soft | {"pitches": logits["pitches"].sigmoid()} | chain_of(logits)


def chain_of(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Activations of the chain: change and trust are chances, moves has a distribution a row."""
    return {"change": logits["change"].sigmoid(), "moves": logits["moves"].softmax(dim=-1),
            "trust": logits["trust"].sigmoid()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """mir_eval's chord measures."""
    return metric.evaluate(reference.require(Chords), estimate.require(Chords))


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("root", "majmin", "tetrads"),
    recipes={"small": ChordRecipe(crop_seconds=10.0, batch=16, steps=150, minutes=34.0, learning_rate=2e-3,
                                  patience=30),
             "paper": ChordRecipe(network="crnn", qualities=harte.PUBLISHED_QUALITIES, channels=1, frame_features=36,
                                  units=128, dropout=0.0, optimiser="adam", weight_decay=0.0, schedule="plateau",
                                  lr_decay=0.1, lr_patience=10, warmup=0, batch=32, crop_seconds=8.0, steps=512,
                                  epochs=100, patience=20, gradient_clip=0.0, ema_decay=0.0)},
    reads=("beats",),
    augment=augment,
    adapt=adapt, adaptation=partial(Tuned, BINS_PER_OCTAVE, MUL),
)
