"""The key of a recording, and where it changes.

Korzeniowski & Widmer, "Genre-agnostic key classification with convolutional neural networks" (ISMIR 2018): spectrum
with 24 bands an octave from 65 to 2100 Hz, five frames a second, all-convolutional network (`onpu.models.key_cnn`),
average over time.

    sound -> log spectrum, 105 bands -> log probabilities of 12 tonics * 6 modes and none, each frame
          + what the chords say, where they are known (`onpu.decode.degrees`)
          -> mean over the recording: key of the whole; Viterbi over windows: regions, which change on downbeats

Deviations: six modes are told apart in place of two, and their probabilities added up by the tonic's third for major
and minor (dorian and phrygian are minor, lydian and mixolydian major); a class for "no key"; frames are trained beside
their average, since the regions come from them; chords that were recognised have a say, above all on relative keys.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from onpu.decode.tasks.key import DECODER, MODES, NO_KEY, key_of
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import cross_entropy
from onpu.metrics import key as metric
from onpu.models.key_cnn import KeyCnn
from onpu.music import Clock, Key, Keys, Timeline
from onpu.music.spelling import parse_key
from onpu.recipe import setting
from onpu.represent import Representation
from onpu.represent.filterbanks import LogFilterbank
from onpu.represent.tuning import shift_bins
from onpu.task import Listener, ListenerRecipe, Network

CLASSES = NO_KEY + 1
BINS_PER_OCTAVE = 24
MUL = 1000.0


@dataclass(frozen=True)
class KeyRecipe(ListenerRecipe):
    """How a key network is trained."""

    width: int = setting(24, "channels of the first stage")
    dropout: float = setting(0.5, "dropout of channels after each stage", "[0, 1)")


def features() -> Representation:
    """105 bands, 5 frames a second, windows of 0.19 s."""
    return LogFilterbank(22050, 4096, 4410, BINS_PER_OCTAVE, 65.0, 2100.0, mul=MUL)


def network(recipe: KeyRecipe, features: Representation) -> nn.Module:
    """Untrained."""
    return KeyCnn(features.bins, CLASSES, recipe.width, recipe.dropout)


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: ListenerRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, up to 40 cents out of tune; of bands and scale as here."""
    semitones = int(rng.integers(-5, 7))
    bins = -(semitones + rng.uniform(-0.4, 0.4)) * BINS_PER_OCTAVE / 12
    spectra = shift_bins(torch.from_numpy(np.ascontiguousarray(spectra)), bins).numpy()
    return augment_spectrum(spectra, rng, MUL, shift=0), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """keys (73, frames): tonic * 6 + mode, or none, is 1; all 0 where chords are in no key."""
    keys, chords = _labelled(timeline), timeline.chords
    times = clock.seconds(np.arange(frames))
    out = np.zeros((CLASSES, frames), dtype=np.float32)
    for start, end, label in zip(keys.starts, keys.ends, keys.labels, strict=True):
        tonic, mode = parse_key(str(label))
        mode = mode if mode in MODES else "minor"  # locrian
        out[tonic * len(MODES) + MODES.index(mode), (times >= start) & (times < end)] = 1
    if len(keys.starts) or chords is None or all(label == "N" for label in chords.labels):
        out[NO_KEY, out.sum(axis=0) == 0] = 1
    return {"keys": out}


def _labelled(timeline: Timeline) -> Keys:
    """The regions; where only the key of the whole is labelled, it holds throughout."""
    if timeline.keys is not None or timeline.key is None:
        return timeline.require(Keys)
    label = timeline.key.labels[:1]
    return Keys(np.zeros(len(label)), np.full(len(label), np.inf), label, np.ones(len(label)))


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Cross-entropy of the average over time, and of the frames."""
    weight = mask / mask.sum(dim=1, keepdim=True).clamp(min=1)
    whole = (logits["keys"] * weight[:, None]).sum(dim=2)
    wanted = (targets["keys"] * weight[:, None]).sum(dim=2)
    told = (wanted.sum(dim=1) > 0.5).to(mask.dtype)
    return cross_entropy(whole[..., None], wanted[..., None], told[:, None]) + cross_entropy(
        logits["keys"], targets["keys"], mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """keys (batch, 73, frames), probabilities."""
    return {"keys": torch.softmax(logits["keys"], dim=1)}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Scores of the key of the whole; the reference's is the one that holds longest where it is not given."""
    truth = key_of(reference.require(Keys)) if reference.key is None else reference.key
    return metric.evaluate(truth, estimate.require(Key))


LISTENER = Listener(
    **vars(DECODER),
    networks={"allconv": Network(features, network)},
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("MIREX score",),
    recipes={"small": KeyRecipe(width=10, dropout=0.1, crop_seconds=40.0, batch=16, steps=80, minutes=15.0,
                                learning_rate=2e-3),
             "paper": KeyRecipe(crop_seconds=20.0, batch=32, epochs=100, ema_decay=0.0)},
    reads=("chords",),
    needs=("keys", "key"),
    augment=augment,
)
