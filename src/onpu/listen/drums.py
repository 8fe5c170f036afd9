"""Drums: kick, snare, closed and open hi-hat, toms, ride, crash and other percussion, with velocities.

Vogl, Dorfer, Widmer & Knees, "Drum transcription via joint beat and drum modeling using convolutional recurrent neural
networks" (ISMIR 2017): a convolutional recurrent network over a log-frequency spectrogram that is trained to tell the
drums together with beats and downbeats; peaks of the activations. `small` listens to what the beat tracker's front end
answers, 50 frames a second; `paper` to 84 bands and their differences at 100.

Deviations: trained on rendered music alone, on crops, with AdamW; eight classes in place of three, rarer ones count
more in training; a target's neighbours rise towards it, which says where between the frames it lies; velocities;
thresholds for each class, tuned on rendered songs, in place of a moving mean; closed and open hi-hat are found as one,
and then told from each other. What the network itself changes stands in `onpu.models.drum_crnn`.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.targets import gaussian_targets
from onpu.decode.tasks.drums import DECODER
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import binary_cross_entropy, masked_mean
from onpu.metrics import drums as metric
from onpu.metrics.drums import classes
from onpu.models.drum_crnn import DrumCrnn
from onpu.music import Clock, Drums, Timeline
from onpu.music.drums import CLASSES
from onpu.recipe import choice, setting
from onpu.represent import Features, LogFilterbank, PositiveDifference, Representation
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1.0  # of the paper's logarithm, log10(1 + x)
TARGET_SPREAD_SECONDS = 0.017  # seconds, standard deviation of a target's peak
HIT_ACTIVATION = 0.4  # target from which on a frame belongs to a hit, and its velocity is learned
WEIGHTS = (1.0, 1.0, 1.0, 1.5, 2.0, 1.5, 2.0, 1.0)  # what each class counts in training
VELOCITY_WEIGHT = 0.3
BEAT_WEIGHT = 0.3


def wide_spectra() -> Features:
    """20 Hz to 20 kHz at 100 frames a second, and its positive differences."""
    return Features(LogFilterbank(44100, 2048, 441, 12, 20.0, 20000.0, mul=MUL, amplitude=False), PositiveDifference(1))


def crnn(recipe: "DrumRecipe", features: Representation) -> DrumCrnn:
    """The network for either front end, untrained."""
    return DrumCrnn(features.bins, len(CLASSES), recipe.width, recipe.mix_channels, recipe.units, recipe.layers,
                    recipe.dropout)


NETWORKS = {"crnn": Network(LogFilterbank, crnn), "wide": Network(wide_spectra, crnn)}
"""The beat tracker's front end, or the published one."""


@dataclass(frozen=True)
class DrumRecipe(ListenerRecipe):
    """How a drum network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {"mixed": "mix_channels"}

    network: str = choice("crnn", NETWORKS, "network")
    width: int = setting(32, "channels of the first convolutions, half of those of the others")
    mix_channels: int = setting(0, "channels of a 1 x 1 convolution before the GRU; 0: none")
    units: int = setting(60, "units per GRU layer and direction")
    layers: int = setting(3, "number of GRU layers")
    dropout: float = setting(0.3, "dropout of channels", "[0, 1)")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: DrumRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music, spectra (1, bins, frames)."""
    if recipe.network != "wide":
        return augment_spectrum(spectra, rng, LogFilterbank().mul, shift=1), labels
    coloured = augment_spectrum(spectra[:, : spectra.shape[1] // 2], rng, MUL, shift=0)
    rise = np.maximum(np.diff(coloured, axis=-1, prepend=coloured[..., :1]), 0)
    return np.concatenate([coloured, rise], axis=1), labels


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """hits (8, frames), peaks of height 1; velocity (8, frames), velocity / 127 around them; beat, downbeat (frames,),
    peaks; counted (frames,), 1 where beats are labelled."""
    drums, beats = metric.distinct(timeline.require(Drums)), timeline.beats
    spread = TARGET_SPREAD_SECONDS * clock.fps
    numbers, centres = classes(drums.pitches), clock.frames(drums.times)
    hits = np.stack([gaussian_targets(centres[numbers == number], frames, spread) for number in range(len(CLASSES))])
    velocity = np.zeros_like(hits)
    for side in range(-round(2 * spread), round(2 * spread) + 1):
        at = np.round(centres).astype(int) + side
        inside = (at >= 0) & (at < frames)
        np.maximum.at(velocity, (numbers[inside], at[inside]), (drums.velocities[inside] / 127).astype(np.float32))
    nothing = np.zeros(frames, dtype=np.float32)
    return {"hits": hits, "velocity": velocity,
            "beat": nothing if beats is None else gaussian_targets(clock.frames(beats.times), frames, spread),
            "downbeat": nothing if beats is None else gaussian_targets(clock.frames(beats.downbeats), frames, spread),
            "counted": nothing if beats is None else np.ones_like(nothing)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of hits, of their velocities where they are, and of beats."""
    entropy = nn.functional.binary_cross_entropy_with_logits
    weights = torch.tensor(WEIGHTS, dtype=logits["hits"].dtype, device=logits["hits"].device)[:, None]
    hits = (weights * entropy(logits["hits"], targets["hits"], reduction="none")).sum(dim=1)
    total = masked_mean(hits, mask)
    struck = (targets["hits"] > HIT_ACTIVATION) * mask[:, None]
    total = total + VELOCITY_WEIGHT * masked_mean(
        entropy(logits["velocity"], targets["velocity"], reduction="none"), struck)
    counted = mask * targets["counted"]
    for head in ("beat", "downbeat"):
        total = total + BEAT_WEIGHT * binary_cross_entropy(logits[head], targets[head], counted)
    return total


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Activations hits and velocity (batch, 8, frames), beat and downbeat (batch, frames)."""
    return {name: torch.sigmoid(head) for name, head in logits.items()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Drum measures of two timelines."""
    return metric.evaluate(reference.require(Drums), estimate.require(Drums))


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Kick, snare, hi-hat F", "All hits F"),
    recipes={"small": DrumRecipe(width=16, mix_channels=96, units=48, layers=2, dropout=0.1, learning_rate=2e-3,
                                 crop_seconds=10.0, batch=16, steps=150, minutes=30.0, precision="bf16-mixed"),
             "paper": DrumRecipe(network="wide", crop_seconds=4.0, batch=8, epochs=200, ema_decay=0.0)},
    reads=("beats",),
    augment=augment,
)
