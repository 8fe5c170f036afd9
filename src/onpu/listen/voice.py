"""Where somebody sings.

`cnn` (default): Schlüter & Grill, "Exploring data augmentation for improved singing voice detection with neural
networks" (ISMIR 2015): 80 mel bands from 27.5 to 8000 Hz, 70 frames a second, convolutions over 1.6 s, level-invariant
as in Schlüter & Lehner (ISMIR 2018). `blstm`: Leglaive, Hennequin & Badeau, "Singing voice detection with deep
recurrent neural networks" (ICASSP 2015): 40 mel bands of each part of a two-stage harmonic-percussive separation, three
recurrent layers. Both: median over 0.8 s (Schlüter & Grill, section 3.4), then a threshold.

Deviations: magnitudes are raised by `FLOOR` before the logarithm in place of cut off there; features are changed in
training after the mel bands, in place of before; all frames of eight seconds are learned from, in place of the middle
of 1.6 (cnn); the threshold is not fitted to a data set; spectra are not shifted when listening. What the networks
change stands in `onpu.models`.
"""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from torch import Tensor

from onpu.decode.tasks.voice import DECODER
from onpu.layers.losses import binary_cross_entropy
from onpu.metrics import voice as metric
from onpu.models.voice_blstm import VoiceBlstm
from onpu.models.voice_cnn import VoiceCnn
from onpu.music import Clock, Timeline, Voice
from onpu.music.audio import rms
from onpu.recipe import choice, setting
from onpu.represent import Representation
from onpu.represent.chain import Features
from onpu.represent.filterbanks import Mel, hz_to_mel, mel_to_hz
from onpu.represent.hpss import TwoStageHpss
from onpu.represent.scale import Log
from onpu.task import Listener, ListenerRecipe, Network

FLOOR = {"cnn": 1e-4, "blstm": 1e-4}
"""Added to magnitudes: rounding noise of 16 bits (cnn; a full sinusoid has 256), 80 dB below full (blstm)."""
RANGE = {"cnn": (27.5, 8000.0), "blstm": (0.0, 8000.0)}
"""Hz between which the mel bands lie."""
LABEL_SMOOTHING = 0.02
"""What a target of 0 or 1 is kept away from it."""


def mel_bands() -> Features:
    """Logarithm of 80 mel bands, 70 frames a second."""
    low, high = RANGE["cnn"]
    return Features(Mel(22050, 1024, 315, 80, low, high, "htk", "sum", power=1.0), Log(add=FLOOR["cnn"], base=np.e))


def harmonic_and_percussive_bands() -> Features:
    """Logarithm of 40 harmonic and 40 percussive mel bands, 62.5 frames a second."""
    return Features(TwoStageHpss(), Log(add=FLOOR["blstm"], base=np.e))


def cnn(recipe: "VoiceRecipe", features: Representation) -> VoiceCnn:
    """The network of 2015 and 2018, untrained."""
    return VoiceCnn(features.bins, recipe.width, recipe.dropout)


def blstm(recipe: "VoiceRecipe", features: Representation) -> VoiceBlstm:
    """The recurrent network, untrained."""
    return VoiceBlstm(features.channels, features.bins, recipe.first_units, recipe.second_units,
                      recipe.third_units, recipe.dropout)


NETWORKS = {"cnn": Network(mel_bands, cnn), "blstm": Network(harmonic_and_percussive_bands, blstm)}


@dataclass(frozen=True)
class VoiceRecipe(ListenerRecipe):
    """How a voice network is trained."""

    RENAMED: ClassVar[dict[str, str]] = {
        "first": "first_units", "second": "second_units", "third": "third_units", "pitch": "pitch_shift",
        "equaliser": "equaliser_db"}

    network: str = choice("cnn", NETWORKS, "network")
    width: int = setting(32, "channels of the first convolution (cnn)")
    first_units: int = setting(30, "units per direction of the first layer (blstm)")
    second_units: int = setting(20, "units per direction of the second layer (blstm)")
    third_units: int = setting(40, "units per direction of the third layer (blstm)")
    dropout: float = setting(0.5, "dropout", "[0, 1)")
    pitch_shift: float = setting(0.3, "augmentation: largest pitch shift, as a share of the frequency", "[0, 1)")
    equaliser_db: float = setting(10.0, "augmentation: largest gain of a random frequency band, dB")


def augment(spectra: np.ndarray, labels: Timeline, rng: np.random.Generator,
         recipe: VoiceRecipe) -> tuple[np.ndarray, Timeline]:
    """Another singer, another recording: spectra (channels, bins, frames) at another pitch, level, equalisation
    (a Gaussian around 150 Hz to 8 kHz, 5 to 7 semitones wide), band width and noise."""
    floor, bins = FLOOR[recipe.network], spectra.shape[1]
    hertz = _centres(recipe.network, bins)
    factor = 1 + rng.uniform(-recipe.pitch_shift, recipe.pitch_shift)
    x = np.maximum(np.exp(_moved(spectra, hertz, factor)) - floor, 0)
    semitones = 12 * np.log2(hertz / np.exp(rng.uniform(np.log(150), np.log(8000))))
    gain = rng.uniform(-20, 6) + rng.uniform(-1, 1) * recipe.equaliser_db * np.exp(
        -0.5 * (semitones / rng.uniform(5, 7)) ** 2)
    gain += rng.uniform(-2, 2) * np.log2(hertz / 1000)  # a tilt, dB an octave
    if rng.random() < 0.2:  # as telephones, old records and low bit rates
        gain -= rng.uniform(12, 48) * np.clip(np.log2(hertz / rng.uniform(3000, 8000)), 0, 1)
    if rng.random() < 0.2:  # small loudspeakers
        gain -= rng.uniform(12, 24) * np.clip(np.log2(rng.uniform(80, 300) / hertz), 0, 2)
    x *= (10 ** (gain / 20)).astype(np.float32)[:, None]
    if rng.random() < 0.3:
        loud = np.float32(rms(x) * 10 ** (rng.uniform(-50, -20) / 20))
        x = np.hypot(x, loud * np.abs(rng.standard_normal(x.shape, dtype=np.float32)))
    return np.log(x + np.float32(floor)), labels


@cache
def _centres(kind: str, bins: int) -> np.ndarray:
    """Hz of the middle of each mel band, (bins,)."""
    low, high = hz_to_mel(np.array(RANGE[kind]), "htk")
    return mel_to_hz(np.linspace(low, high, bins + 2)[1:-1], "htk")


def _moved(spectra: np.ndarray, hertz: np.ndarray, factor: float) -> np.ndarray:
    """The spectrum with every frequency `factor` times as high, between the bands by a straight line; float32."""
    at = np.interp(hertz / factor, hertz, np.arange(len(hertz)))
    left = np.minimum(at.astype(int), len(hertz) - 2)
    weight = (at - left).astype(np.float32)[:, None]
    return spectra[:, left].astype(np.float32) * (1 - weight) + spectra[:, left + 1].astype(np.float32) * weight


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """voice: (frames,), 1 where somebody sings."""
    voice = timeline.require(Voice)
    times = clock.seconds(np.arange(frames))
    row = np.searchsorted(voice.starts, times, side="right") - 1
    return {"voice": ((row >= 0) & (times < np.append(voice.ends, -1.0)[row])).astype(np.float32)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy against .02 and .98 (Schlüter & Grill)."""
    wanted = targets["voice"] * (1 - 2 * LABEL_SMOOTHING) + LABEL_SMOOTHING
    return binary_cross_entropy(logits["voice"], wanted, mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """voice: (batch, frames), probabilities."""
    return {"voice": logits["voice"].sigmoid()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """Accuracy, precision, recall and F-measure over steps of 10 ms."""
    return metric.evaluate(reference.require(Voice), estimate.require(Voice), reference.duration)


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("Accuracy", "F-measure"),
    recipes={"small": VoiceRecipe(crop_seconds=8.0, batch=16, time_stretch=1.3, steps=150, minutes=20.0,
                                  learning_rate=2e-3, precision="bf16-mixed"),
             "blstm": VoiceRecipe(network="blstm", dropout=0.2, crop_seconds=8.0, batch=32, time_stretch=1.3, steps=150,
                                  minutes=20.0, learning_rate=4e-3),
             "paper": VoiceRecipe(width=64, optimiser="sgd", learning_rate=1e-2, momentum=0.95, nesterov=True,
                                  weight_decay=0.0, schedule="step", lr_decay=0.85, lr_decay_steps=2000, warmup=0,
                                  crop_seconds=8.0, batch=8, time_stretch=1.3, steps=2000, epochs=20, ema_decay=0.0)},
    needs=("voice",),
    augment=augment,
)
