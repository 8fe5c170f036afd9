"""Onsets: when something begins to sound, whatever it is.

Schlüter & Böck, "Improved musical onset detection with convolutional neural networks" (ICASSP 2014): three mel
spectrograms of 23, 46 and 93 ms windows, 100 frames a second, a convolutional network that judges each frame from 15,
peaks of its activation.

Deviations: trained on rendered music alone, on crops, in the recipe "small" with AdamW; the logarithm is log10(1 + 1000
x) of the amplitude x; a target's neighbours rise towards it as a Gaussian does, which says where between the frames it
lies, where the paper adds the two next frames at a quarter of the weight; so the activation needs no smoothing, which
would run onsets 30 ms apart together; peaks are refined between frames. Slow attacks count less in training: a listener
hears where a struck string begins to within hundredths of a second, but not so for strings, choirs and pads, whose
notes swell, nor for notes so soft that the others hide them. What the network itself changes stands in
`onpu.models.onset_cnn`.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.targets import gaussian_targets
from onpu.decode.tasks.onsets import DECODER
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import masked_mean
from onpu.metrics import onsets as metric
from onpu.models.onset_cnn import OnsetCnn
from onpu.music import Clock, Drums, Notes, Onsets, Timeline
from onpu.music.onsets import MERGED_ONSET_SECONDS
from onpu.recipe import setting
from onpu.represent import Concatenate, Features, Filterbank, Log, Representation, Stft
from onpu.represent.filterbanks import mel_triangles
from onpu.task import Listener, ListenerRecipe, Network

RATE, HOP = 44100, 441
SIZES = (2048, 1024, 4096)  # of the windows, samples
BANDS = 80
MUL = 1000.0
TARGET_SPREAD_FRAMES = 1.0  # standard deviation of a target's peak, frames
SLOW_ATTACK_PROGRAMS = (*range(48, 55), 85, *range(88, 104))  # General MIDI: strings, choirs, pads, whose notes swell
SOFT_VELOCITY = 20  # velocity below which a note may be hidden
LABEL_SMOOTHING = 0.2  # what such an onset counts beside the others
SAME_ONSET_SECONDS = 0.05  # seconds around it that count so


@dataclass(frozen=True)
class OnsetRecipe(ListenerRecipe):
    """How an onset network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {"deeper": "second_width"}

    width: int = setting(10, "channels of the first convolution")
    second_width: int = setting(20, "channels of the second convolution")
    units: int = setting(256, "units of the dense layer")
    dropout: float = setting(0.5, "dropout before the dense layers", "[0, 1)")


def features() -> Representation:
    """Three channels of 80 mel bands from 27.5 Hz to 16 kHz."""
    return Concatenate([
        Features(Filterbank(Stft(RATE, size, HOP, amplitude=True),
                            mel_triangles(RATE, size, BANDS, 27.5, 16000.0, "slaney", "sum")), Log(MUL))
        for size in SIZES], "channels")


def network(recipe: OnsetRecipe, features: Representation) -> nn.Module:
    """Untrained."""
    return OnsetCnn(features.channels, features.bins, recipe.width, recipe.second_width, recipe.units, recipe.dropout)


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: OnsetRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music, spectra (channels, bins, frames)."""
    return augment_spectrum(spectra, rng, MUL, shift=1), labels


def onsets_of(timeline: Timeline) -> Onsets:
    """The labelled onsets, or those of all notes and drum hits, as one where they are heard as one.

    Raises `LabelError` where there are neither."""
    if timeline.onsets is not None:
        return timeline.onsets
    return Onsets(times := metric.merged(_played(timeline)[0]), np.ones(len(times)))


def _played(timeline: Timeline) -> tuple[np.ndarray, np.ndarray]:
    """Times of all notes and hits, and whether each is clearly heard."""
    if timeline.notes is None and timeline.drums is None:
        timeline.require(Onsets)
    notes = Notes.empty() if timeline.notes is None else timeline.notes
    drums = Drums.empty() if timeline.drums is None else timeline.drums
    swelling = np.isin(notes.programs, SLOW_ATTACK_PROGRAMS)
    clear = [(notes.velocities >= SOFT_VELOCITY) & ~swelling, drums.velocities >= SOFT_VELOCITY]
    return np.concatenate([notes.onsets, drums.times]), np.concatenate(clear)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """onset (frames,), peaks of height 1; weight (frames,), what a frame counts: less around an onset of doubt."""
    centres = clock.frames(onsets_of(timeline).times)
    weight = np.ones(frames, dtype=np.float32)
    if timeline.onsets is None:
        times, clear = _played(timeline)
        sure = np.sort(times[clear])
        seconds = clock.seconds(np.arange(frames))
        doubtful = _close(seconds, np.sort(times[~clear]), SAME_ONSET_SECONDS)
        weight[doubtful & ~_close(seconds, sure, MERGED_ONSET_SECONDS)] = LABEL_SMOOTHING
    return {"onset": gaussian_targets(centres, frames, TARGET_SPREAD_FRAMES), "weight": weight}


def _close(seconds: np.ndarray, times: np.ndarray, distance: float) -> np.ndarray:
    """Where ascending times have one within the distance."""
    return np.searchsorted(times, seconds - distance) < np.searchsorted(times, seconds + distance, side="right")


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy of the onsets."""
    frame = nn.functional.binary_cross_entropy_with_logits(logits["onset"], targets["onset"], reduction="none")
    return masked_mean(frame, mask * targets["weight"])


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Activation onset (batch, frames)."""
    return {"onset": torch.sigmoid(logits["onset"])}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Onset measures of two timelines."""
    return metric.evaluate(onsets_of(reference), estimate.require(Onsets))


LISTENER = Listener(
    **vars(DECODER),
    networks={"cnn": Network(features, network)},
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Onset F-measure",),
    recipes={"small": OnsetRecipe(width=16, second_width=32, units=128, dropout=0.25, learning_rate=2e-3,
                                  crop_seconds=8.0, batch=16, steps=150, minutes=25.0, precision="bf16-mixed"),
             "paper": OnsetRecipe(optimiser="sgd", learning_rate=0.05, momentum=0.9, momentum_start=0.45,
                                  momentum_ramp=(2000, 4000), weight_decay=0.0, schedule="step", lr_decay=0.995,
                                  lr_decay_steps=200, warmup=0, batch=256, crop_seconds=2.0, steps=200, epochs=300,
                                  patience=300, gradient_clip=0.0, ema_decay=0.0)},
    reads=("notes", "drums"),
    needs=("onsets", "notes", "drums"),
    augment=augment,
)
