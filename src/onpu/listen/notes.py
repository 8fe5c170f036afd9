"""Notes of pitched instruments: onset, end, pitch, velocity, instrument; and the sustain pedal of a piano.

Hawthorne et al., "Onsets and frames: dual-objective piano transcription" (ISMIR 2018), with the offsets of MAESTRO
(ICLR 2019). Networks: `pitchwise` (default, `onpu.models.pitchwise_notes`: variable-Q spectrum, weights shared by all
pitches), `onsets-frames` (as published, `onpu.models.onsets_frames`), and the baselines of a course, `cnn`, `rnn` and
`crnn` (`onpu.models.note_baselines`), on mel spectra.

    sound -> spectrum -> onset, offset, frame, velocity for each of 88 keys and frame, pedal for each frame
          -> notes that begin where an onset peaks and last as long as the frames (`onpu.decode.notes`)

Two trainings are shipped: `piano`, and `band` for everything else that has a pitch, which also tells the families of
instruments apart (`recipe.instruments`).

Deviations: trained on composed music alone; onsets and offsets are peaks over three frames, so that they can be found
between frames; the frame loss has no weights; a unison of two instruments is one note.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from onpu.decode.tasks.notes import DECODER, HOP, LOWEST, RATE
from onpu.engine.augment.labels import doubled, transposed
from onpu.engine.augment.spectrum import add_reverb, add_shifted, augment_spectrum
from onpu.layers.losses import masked_mean
from onpu.metrics import notes as metric
from onpu.models.note_baselines import KINDS, NoteBaseline
from onpu.models.onsets_frames import OnsetsFrames
from onpu.models.pitchwise_notes import PITCHES, PitchwiseNotes
from onpu.music import Clock, Notes, Timeline
from onpu.music.instruments import FAMILIES, family_of
from onpu.recipe import choice, setting
from onpu.represent import Cqt, Features, Log, Mel, Representation
from onpu.represent.tuning import shift_bins
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1000.0
REVERB_CHANCE = 0.5
"""Share of the examples that are heard in another room."""
DOUBLING_CHANCE, DOUBLINGS = 0.3, (-24, -12, -12, -12, -7, -5, 4, 5, 7, 12, 12, 12, 19, 24)
"""Share of the examples whose notes are all struck a second time at an interval, and the intervals, semitones: big
chords and octaves, of which composed music has few and a network finds fewer."""
DOUBLING_DB = (-12, 3)
"""Level of what is added, beside what is there."""
TARGET_SPREAD_FRAMES = 0.6
"""Standard deviation in frames of an onset's and an offset's peak."""
UNISON_SECONDS = 0.05
"""Seconds within which two notes of a pitch begin together."""


def pitch_spectrum() -> Features:
    """Variable-Q spectrum that all tasks of pitch share, log10(1 + 1000 x), 43 frames a second: 300 bins, three a
    semitone, the second on A0."""
    front = Cqt(RATE, HOP, fmin=27.5 * 2 ** (-1 / 36), bins=300, bins_per_octave=36, amplitude=True, gamma=4.0)
    return Features(front, Log(MUL))


def mel_spectrum() -> Features:
    """229 mel bands, 31 frames a second."""
    return Features(Mel(16000, 2048, 512, 229, 30.0, 8000.0, power=1.0), Log(MUL))


def pitchwise(recipe: "NoteRecipe", features: Representation) -> PitchwiseNotes:
    """One network for all pitches, untrained."""
    families = len(FAMILIES) if recipe.instruments else 0
    return PitchwiseNotes(features.bins, recipe.width, recipe.channels, recipe.units, families, blocks=recipe.blocks)


def onsets_frames(recipe: "NoteRecipe", features: Representation) -> OnsetsFrames:
    """The network as published, untrained."""
    return OnsetsFrames(features.bins, recipe.dense_units, recipe.units)


def baseline(recipe: "NoteRecipe", features: Representation) -> NoteBaseline:
    """One of the course's networks, untrained."""
    return NoteBaseline(recipe.network, features.bins, recipe.dense_units, recipe.units)


NETWORKS = {"pitchwise": Network(pitch_spectrum, pitchwise), "onsets-frames": Network(mel_spectrum, onsets_frames),
            **{kind: Network(mel_spectrum, baseline) for kind in KINDS}}


@dataclass(frozen=True)
class NoteRecipe(ListenerRecipe):
    """How a note network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {"dense": "dense_units", "semitones": "pitch_shift_semitones"}

    network: str = choice("pitchwise", NETWORKS, "network")
    instruments: bool = setting(False, "whether instrument families are recognised (pitchwise)")
    width: int = setting(16, "channels of the first convolutions (pitchwise)")
    channels: int = setting(28, "channels of the convolutions over pitches (pitchwise)")
    blocks: int = setting(2, "blocks of octaves before the heads of onset and velocity (pitchwise)")
    dense_units: int = setting(256, "units of the dense layer of a convolution stack (all others)")
    units: int = setting(24, "units per recurrent layer and direction, or channels of the convolutions along time")
    pitch_shift_semitones: int = setting(5, "augmentation: largest transposition in semitones (pitchwise)", "[0, inf)")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: NoteRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same music; pitchwise: in another key, a little out of tune, some in another room."""
    if recipe.network == "pitchwise":
        semitones = int(rng.integers(-recipe.pitch_shift_semitones, recipe.pitch_shift_semitones + 1))
        bins = -3 * (semitones + rng.uniform(-0.25, 0.25))
        spectra = shift_bins(torch.from_numpy(np.ascontiguousarray(spectra)), bins).numpy()
        labels = transposed(labels, semitones)
        if rng.random() < DOUBLING_CHANCE:
            interval = int(rng.choice(DOUBLINGS))
            spectra = add_shifted(spectra, MUL, 3 * interval, rng.uniform(*DOUBLING_DB))
            labels = doubled(labels, interval)
        if rng.random() < REVERB_CHANCE:
            spectra = add_reverb(spectra, rng, MUL, RATE / HOP)
    return augment_spectrum(spectra, rng, MUL, shift=0), labels


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """(88, frames): onset and offset, peaks of height 1; frame, 1 while a note sounds; velocity of 1 at onsets, 0
    elsewhere; family, (number + 1) / families of what sounds, else 0. pedal (frames,), 1 while it is down."""
    notes = timeline.require(Notes)
    rows = np.rint(notes.pitches).astype(int) - LOWEST
    on_keys = (rows >= 0) & (rows < PITCHES)
    rows, starts, ends = rows[on_keys], clock.frames(notes.onsets[on_keys]), clock.frames(notes.offsets[on_keys])
    frame, velocity, family = (np.zeros((PITCHES, frames), np.float32) for _ in range(3))
    firsts = np.rint(starts).astype(int)
    lasts = np.maximum(np.ceil(ends).astype(int), firsts + 1)
    numbers = (family_of(notes.programs[on_keys]) + 1) / len(FAMILIES)
    strokes = np.maximum(notes.velocities[on_keys] / 127, 1 / 127)
    for row, first, last, number, stroke in zip(rows, firsts, lasts, numbers, strokes, strict=True):
        frame[row, first:last] = 1
        family[row, first:last] = number
        velocity[row, max(first - 1, 0) : first + 2] = stroke
    pedal = np.zeros(frames, np.float32)
    if timeline.pedal is not None:
        moves = (timeline.pedal.starts, timeline.pedal.ends)
        for down, up in zip(*(np.rint(clock.frames(times)).astype(int) for times in moves), strict=True):
            pedal[down:up] = 1
    after = np.minimum(lasts + 1, frames - 1)
    over = frame[rows, after] == 0 if frames else np.zeros(0, bool)  # nothing else of this pitch sounds on
    return {"onset": _peaks(rows, starts, frames), "offset": _peaks(rows[over], ends[over], frames), "frame": frame,
            "velocity": velocity, "family": family, "pedal": pedal}


def _peaks(rows: np.ndarray, centres: np.ndarray, frames: int) -> np.ndarray:
    """(88, frames), 1 at the centres, which lie between frames, falling off to either side."""
    out = np.zeros((PITCHES, frames), dtype=np.float32)
    nearest = np.rint(centres).astype(int)
    for side in (-1, 0, 1):
        at = nearest + side
        inside = (at >= 0) & (at < frames)
        height = np.exp(-0.5 * ((at - centres) / TARGET_SPREAD_FRAMES) ** 2)
        np.maximum.at(out, (rows[inside], at[inside]), height[inside].astype(np.float32))
    return out


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropies of onset, offset, frame and pedal; squared error of the velocity where notes begin;
    cross-entropy of the family where they sound."""
    total = sum((weight * masked_mean(_cross_entropy(logits[head], targets[head]).sum(dim=1), mask)
                 for head, weight in (("onset", 1.0), ("frame", 0.5), ("offset", 0.3))), torch.zeros(()))
    struck = (targets["velocity"] > 0) * mask[:, None]
    error = (logits["velocity"].sigmoid() - targets["velocity"]) ** 2
    total = total + 2 * (error * struck).sum() / struck.sum().clamp(min=1)
    total = total + 0.3 * masked_mean(_cross_entropy(logits["pedal"], targets["pedal"]), mask)
    if "family" in logits:
        sounding = (targets["frame"] > 0) * mask[:, None]
        number = (targets["family"] * len(FAMILIES)).round().long() - 1
        wrong = functional.cross_entropy(logits["family"], number.clamp(min=0), reduction="none")
        total = total + 0.3 * (wrong * sounding).sum() / sounding.sum().clamp(min=1)
    return total


def _cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """The heads as in `target`; without a family head family is 0."""
    heads = {head: logits[head].sigmoid() for head in ("onset", "offset", "frame", "velocity", "pedal")}
    if "family" in logits:
        heads["family"] = (logits["family"].argmax(dim=1) + 1) / len(FAMILIES)
    return heads


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Note and frame measures, unisons of the reference taken as one note."""
    return metric.evaluate(without_unisons(reference.require(Notes)), estimate.require(Notes))


def without_unisons(notes: Notes) -> Notes:
    """Of notes of one pitch that begin together the longest alone."""
    order = np.lexsort((-notes.offsets, notes.onsets, np.rint(notes.pitches)))
    kept: list[int] = []
    for index in order:
        last = kept[-1] if kept else None
        if last is not None and round(notes.pitches[last]) == round(notes.pitches[index]) and (
                notes.onsets[index] - notes.onsets[last] < UNISON_SECONDS):
            kept[-1] = index if notes.offsets[index] > notes.offsets[last] else last
        else:
            kept.append(int(index))
    rows = np.array(sorted(kept, key=lambda index: notes.onsets[index]), dtype=int)
    return notes.select(rows)


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Note F-measure", "Frame F-measure"),
    recipes={"small": NoteRecipe(learning_rate=4e-3, crop_seconds=4.0, batch=8, steps=300, minutes=30.0, warmup=100,
                                 precision="bf16-mixed"),
             "band": NoteRecipe(learning_rate=4e-3, crop_seconds=4.0, batch=8, steps=300, minutes=40.0, warmup=100,
                                instruments=True, precision="bf16-mixed"),
             "wide": NoteRecipe(learning_rate=2e-3, crop_seconds=4.0, batch=8, steps=300, minutes=60.0, warmup=100,
                                width=32, channels=64, units=48, blocks=3, precision="bf16-mixed"),
             "wide-band": NoteRecipe(learning_rate=2e-3, crop_seconds=4.0, batch=8, steps=300, minutes=60.0, warmup=100,
                                     width=32, channels=64, units=48, blocks=3, instruments=True,
                                     precision="bf16-mixed"),
             "cnn": NoteRecipe(network="cnn", units=88, crop_seconds=6.4, steps=100, minutes=20.0,
                               precision="bf16-mixed"),
             "rnn": NoteRecipe(network="rnn", units=88, crop_seconds=6.4, steps=100, minutes=10.0),
             "crnn": NoteRecipe(network="crnn", units=88, crop_seconds=6.4, steps=100, minutes=20.0),
             "paper": NoteRecipe(network="onsets-frames", dense_units=768, units=256, optimiser="adam",
                                 learning_rate=6e-4, weight_decay=0.0, schedule="step", lr_decay=0.98,
                                 lr_decay_steps=10000, warmup=0, crop_seconds=20.0, steps=1000, epochs=50,
                                 gradient_clip=3.0, ema_decay=0.0)},
    needs=("notes",),
    augment=augment,
)
