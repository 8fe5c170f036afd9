"""What is sung, syllable by syllable, in the sounds of Japanese.

Graves, Fernández, Gomez & Schmidhuber, "Connectionist temporal classification: labelling unsegmented sequence data with
recurrent neural networks" (ICML 2006): a bidirectional LSTM over 64 logarithmic mel bands, 80 frames a second, whose
sequence of phonemes is learned without their times; the best path says what is sung.

Deviations: those of the network; where labels have times, a second output learns them, frame by frame, and Viterbi
places the phonemes of the best path by it; spectra are stretched in time and moved in pitch while training.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from onpu.decode.tasks.lyrics import DECODER
from onpu.layers.losses import connectionist, cross_entropy
from onpu.metrics import phonemes as metric
from onpu.models.phoneme_blstm import PhonemeBlstm
from onpu.music import Clock, Timeline, Voice
from onpu.music.audio import rms
from onpu.music.phonemes import PHONEMES, number_of, phonemes_in
from onpu.recipe import setting
from onpu.represent import Representation
from onpu.represent.chain import Features
from onpu.represent.filterbanks import Mel, hz_to_mel, mel_to_hz
from onpu.represent.scale import Log
from onpu.task import Listener, ListenerRecipe, Network

LOUDEST = 1e-4
"""Added to magnitudes: 80 dB below a full sinusoid."""
HIGHEST = 8000.0
"""Hz up to which is heard."""
BANDS = 64


@dataclass(frozen=True)
class LyricsRecipe(ListenerRecipe):
    """How phonemes are learned."""

    units: int = setting(128, "units per direction of each layer")
    layers: int = setting(2, "recurrent layers")
    dropout: float = setting(0.3, "dropout after each layer", "[0, 1)")
    pitch_shift: float = setting(0.15, "augmentation: largest shift of the spectrum, as a share of the frequency",
                                 "[0, 1)")
    equaliser_db: float = setting(8.0, "augmentation: largest gain of a random frequency band, dB")


def mel_bands() -> Features:
    """Logarithm of 64 mel bands up to 8 kHz, 80 frames a second."""
    return Features(Mel(16_000, 512, 200, BANDS, 60.0, HIGHEST, "htk", "sum", power=1.0), Log(add=LOUDEST, base=np.e))


def network(recipe: LyricsRecipe, features: Representation) -> PhonemeBlstm:
    """The network, untrained."""
    return PhonemeBlstm(len(PHONEMES), features.channels, features.bins, recipe.units, recipe.layers, recipe.dropout)


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: LyricsRecipe) -> tuple[np.ndarray, Timeline]:
    """Another throat, another room: spectra (channels, bins, frames) moved in pitch, level and colour, with noise."""
    low, high = hz_to_mel(np.array([60.0, HIGHEST]), "htk")
    hertz = mel_to_hz(np.linspace(low, high, spectra.shape[1] + 2)[1:-1], "htk")
    at = np.interp(hertz / (1 + rng.uniform(-1, 1) * recipe.pitch_shift), hertz, np.arange(len(hertz)))
    left = np.minimum(at.astype(int), len(hertz) - 2)
    weight = (at - left).astype(np.float32)[:, None]
    moved = spectra[:, left].astype(np.float32) * (1 - weight) + spectra[:, left + 1].astype(np.float32) * weight
    x = np.maximum(np.exp(moved) - LOUDEST, 0)
    semitones = 12 * np.log2(hertz / np.exp(rng.uniform(np.log(150), np.log(6000))))
    gain = rng.uniform(-15, 6) + rng.uniform(-1, 1) * recipe.equaliser_db * np.exp(
        -0.5 * (semitones / rng.uniform(5, 9)) ** 2) + rng.uniform(-2, 2) * np.log2(hertz / 1000)
    x *= (10 ** (gain / 20)).astype(np.float32)[:, None]
    if rng.random() < 0.4:
        loud = np.float32(rms(x) * 10 ** (rng.uniform(-45, -12) / 20))
        x = np.hypot(x, loud * np.abs(rng.standard_normal(x.shape, dtype=np.float32)))
    return np.log(x + np.float32(LOUDEST)), labels


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """phonemes: (phonemes + 1, frames), 1 for the one that sounds, silence last; a label of several is cut into equal
    parts. ctc: the same shape, 1 in a frame of each phoneme, elsewhere for the blank, which is last."""
    voice = timeline.require(Voice)
    sounding, spikes = (np.zeros((len(PHONEMES) + 1, frames), np.float32) for _ in range(2))
    for start, end, label in zip(voice.starts, voice.ends, voice.labels.tolist(), strict=True):
        names = phonemes_in(str(label))
        edges = np.clip(np.rint(clock.frames(np.linspace(start, end, len(names) + 1))).astype(int), 0, frames)
        for name, first, last in zip(names, edges[:-1], edges[1:], strict=True):
            free = np.flatnonzero(~spikes[:, first:].any(axis=0))
            if len(free):
                spikes[number_of(name), first + free[0]] = 1
                sounding[:, first : max(last, first + 1)] = 0
                sounding[number_of(name), first : max(last, first + 1)] = 1
    for heads in (sounding, spikes):
        heads[-1] = 1 - heads.sum(axis=0)
    return {"ctc": spikes, "phonemes": sounding}


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """Probabilities of both."""
    return {name: logits[name].softmax(dim=1) for name in ("ctc", "phonemes")}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Of the sequence, a phoneme, and of the frames, a frame."""
    return (connectionist(logits["ctc"], targets["ctc"], mask)
            + cross_entropy(logits["phonemes"], targets["phonemes"], mask))


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Phoneme error rate, and accuracy, which is what it leaves."""
    return metric.evaluate(reference, estimate)


LISTENER = Listener(
    **vars(DECODER),
    networks={"blstm": Network(mel_bands, network)},
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Phoneme accuracy",),
    recipes={"small": LyricsRecipe(crop_seconds=6.0, batch=16, time_stretch=1.25, steps=100, epochs=1000, minutes=20.0,
                                   learning_rate=2e-3, patience=1000, ema_decay=0.995),
             "paper": LyricsRecipe(units=100, layers=1, optimiser="sgd", learning_rate=1e-4, momentum=0.9,
                                   weight_decay=0.0, schedule="constant", warmup=0, crop_seconds=6.0, batch=1,
                                   steps=1000, epochs=200, ema_decay=0.0)},
    augment=augment,
)
