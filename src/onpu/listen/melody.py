"""The melody: fundamental frequency of the leading voice or instrument, and where there is none.

Bittner, McFee, Salamon, Li & Bello, "Deep salience representations for f0 estimation in polyphonic music" (ISMIR 2017):
harmonic spectra, a convolutional network, a salience for every pitch.

    sound -> spectrum -> salience of the melody, of all pitches (see `onpu.listen.multif0`), chance of a melody
          -> the most probable line (`onpu.decode.contour`) -> frequency between bins

Networks: `pitchwise` (default, `onpu.models.pitchwise_salience`): on the variable-Q spectrum that all tasks of pitch
share, a salience for each semitone; `hcqt` (`onpu.models.deep_salience`): on a harmonic constant-Q transform of five
bins a semitone, as published.

Deviations: trained on composed music alone; log10(1 + 1000 x) of amplitudes in place of decibels below the recording's
peak; a Viterbi search in place of each frame's highest salience over a threshold; those of the network stand with it.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from onpu.decode.tasks.melody import C1, DECODER, OCTAVES, bins_per_octave
from onpu.engine.augment.labels import transposed
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import binary_cross_entropy, masked_mean
from onpu.listen.notes import pitch_spectrum
from onpu.metrics import melody as metric
from onpu.models.deep_salience import DeepSalience
from onpu.models.pitchwise_salience import PitchwiseSalience
from onpu.music import Clock, Melody, Notes, Timeline
from onpu.recipe import choice, setting
from onpu.represent import Features, Hcqt, Log, Representation
from onpu.represent.tuning import shift_bins
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1000.0
HARMONICS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
TARGET_SPREAD = 20.0, 0.6
"""Standard deviation of a pitch's peak in the target: so many cents, but so many bins at least."""
SAME_PITCH_SEMITONES = 1.0
"""Semitones within which melody and a note are the same."""


def harmonic_spectra() -> Features:
    """Six times 360 bins from C1, 60 an octave, 86 frames a second."""
    return Features(Hcqt(22050, 256, C1, OCTAVES * 60, 60, HARMONICS), Log(MUL))


def pitchwise(recipe: "MelodyRecipe", features: Representation) -> PitchwiseSalience:
    """A salience for each semitone; untrained."""
    return PitchwiseSalience(features.bins, kept=OCTAVES * 12, width=recipe.width, channels=recipe.channels,
                             units=recipe.units)


def hcqt(recipe: "MelodyRecipe", features: Representation) -> DeepSalience:
    """The network as published, untrained."""
    return DeepSalience(features.channels, width=recipe.width)


NETWORKS = {"pitchwise": Network(pitch_spectrum, pitchwise), "hcqt": Network(harmonic_spectra, hcqt)}


@dataclass(frozen=True)
class MelodyRecipe(ListenerRecipe):
    """How a salience network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {"semitones": "pitch_shift_semitones"}

    network: str = choice("pitchwise", NETWORKS, "network")
    width: int = setting(16, "channels of the first layers, to which those of the others are proportional in hcqt")
    channels: int = setting(28, "channels of the convolutions over pitches (pitchwise)")
    units: int = setting(32, "channels of the convolutions along time (pitchwise)")
    pitch_shift_semitones: int = setting(5, "augmentation: largest transposition in semitones", "[0, inf)")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: MelodyRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music in another key, out of tune by any part of a semitone."""
    semitones = recipe.pitch_shift_semitones * rng.uniform(-1, 1)
    step = 3 if recipe.network == "pitchwise" else 5
    spectra = shift_bins(torch.from_numpy(np.ascontiguousarray(spectra)), -step * semitones).numpy()
    return augment_spectrum(spectra, rng, MUL, shift=0), transposed(labels, semitones)


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """melody, pitches (bins, frames), peaks of height 1 at what sounds; voicing (frames,), the share of the frame in
    which there is a melody; written (frames,), 1 where all notes are labelled."""
    per_octave = bins_per_octave(clock)
    melody = timeline.require(Melody)
    lead = at_frames(melody, clock, frames)
    voiced = lead > 0
    out = {"melody": np.zeros((OCTAVES * per_octave, frames), np.float32), "voicing": _share(melody, clock, frames),
           "pitches": np.zeros((OCTAVES * per_octave, frames), np.float32),
           "written": np.full(frames, timeline.notes is not None, np.float32)}
    _paint(out["melody"], np.flatnonzero(voiced), lead[voiced], per_octave)
    if timeline.notes is not None:
        columns, frequencies = sounding(timeline, clock, frames)
        _paint(out["pitches"], columns, frequencies, per_octave)
    return out


def at_frames(melody: Melody, clock: Clock, frames: int) -> np.ndarray:
    """Frequency (frames,) in Hz of the nearest label of each frame, 0 where there is no melody."""
    if not len(melody.times):
        return np.zeros(frames)
    times = clock.seconds(np.arange(frames))
    after = np.clip(np.searchsorted(melody.times, times), 1, max(len(melody.times) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(melody.times) - 1)
    nearest = np.where(times - melody.times[before] < melody.times[after] - times, before, after)
    told = np.abs(melody.times[nearest] - times) <= 1.5 / clock.fps
    return np.where(told, melody.frequencies[nearest], 0.0)


def sounding(timeline: Timeline, clock: Clock, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames and frequencies in Hz (n,) of all that sounds: the melody as it is sung, other notes as written."""
    notes, lead = timeline.require(Notes), at_frames(timeline.require(Melody), clock, frames)
    heard = 69 + 12 * np.log2(np.maximum(lead, 1e-6) / 440)
    columns, pitches = [np.flatnonzero(lead > 0)], [heard[lead > 0]]
    firsts, lasts = (np.clip(np.rint(clock.frames(times)).astype(int), 0, frames)
                     for times in (notes.onsets, notes.offsets))
    for first, last, pitch in zip(firsts, lasts, notes.pitches, strict=True):
        own = np.arange(first, last)
        own = own[np.abs(heard[first:last] - pitch) > SAME_PITCH_SEMITONES]
        columns.append(own)
        pitches.append(np.full(len(own), pitch))
    return np.concatenate(columns), 440 * 2 ** ((np.concatenate(pitches) - 69) / 12)


def _share(melody: Melody, clock: Clock, frames: int) -> np.ndarray:
    """Of each frame, from half a hop before its centre to half a hop after, the share of labels with a pitch."""
    edges = clock.seconds(np.arange(frames + 1) - 0.5)
    voiced = np.concatenate([[0], np.cumsum(melody.frequencies > 0)])
    firsts, lasts = np.searchsorted(melody.times, edges[:-1]), np.searchsorted(melody.times, edges[1:])
    return ((voiced[lasts] - voiced[firsts]) / np.maximum(lasts - firsts, 1)).astype(np.float32)


def _paint(roll: np.ndarray, columns: np.ndarray, frequencies: np.ndarray, per_octave: int) -> None:
    """Gaussian peaks of height 1 at these frames and frequencies."""
    centres = np.log2(np.maximum(frequencies, 1e-6) / C1) * per_octave
    spread = max(TARGET_SPREAD[0] * per_octave / 1200, TARGET_SPREAD[1])
    nearest = np.rint(centres).astype(int)
    for side in (-2, -1, 0, 1, 2):
        rows = nearest + side
        inside = (rows >= 0) & (rows < len(roll))
        height = np.exp(-0.5 * ((rows - centres) / spread) ** 2)
        np.maximum.at(roll, (rows[inside], columns[inside]), height[inside].astype(np.float32))


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of melody, voicing and, where they are labelled, all pitches."""
    melody, pitches = (functional.binary_cross_entropy_with_logits(logits[head], targets[head], reduction="none"
                                                                   ).sum(dim=1) for head in ("melody", "pitches"))
    return (masked_mean(melody, mask) + masked_mean(pitches, mask * targets["written"])
            + binary_cross_entropy(logits["voicing"], targets["voicing"], mask))


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """The heads as in `target`."""
    return {head: values.sigmoid() for head, values in logits.items()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Melody measures of two timelines."""
    return metric.evaluate(reference.require(Melody), estimate.require(Melody))


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Overall accuracy",),
    recipes={"small": MelodyRecipe(learning_rate=4e-3, crop_seconds=4.0, batch=8, steps=300, minutes=30.0, warmup=100,
                                   precision="bf16-mixed"),
             "paper": MelodyRecipe(network="hcqt", width=128, optimiser="adam", weight_decay=0.0, schedule="plateau",
                                   lr_patience=5, warmup=0, crop_seconds=0.6, batch=16, steps=256, epochs=100,
                                   patience=25, gradient_clip=0.0, ema_decay=0.0)},
    reads=("notes",),
    augment=augment,
)
