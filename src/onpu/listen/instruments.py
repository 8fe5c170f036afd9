"""Which instruments play, second by second.

Han, Kim & Lee, "Deep convolutional neural networks for predominant instrument recognition in polyphonic music"
(IEEE/ACM TASLP 25(1), 2017): mel bands, windows of a second, convolutions and a global maximum
(`onpu.models.instrument_cnn`), a sigmoid an instrument.

    sound -> 96 mel bands at 12 kHz -> windows of 1 s -> a probability for each family -> median over 3 s -> stretches

Deviations: 96 bands up to 6 kHz in place of 128 up to 11, which the tagger has as well, so that they are computed once;
log10(1 + 1000 x); families of instruments, drums and voice in place of eleven instruments; all that sound are found, at
any time, in place of the leading one of an excerpt; nothing is normalised by the loudest moment of a recording.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from onpu.decode.tasks.instruments import DECODER
from onpu.engine.augment.spectrum import augment_levels
from onpu.layers.losses import masked_mean
from onpu.listen.tags import SHIFT, mel_bands
from onpu.metrics import instruments as metric
from onpu.models.instrument_cnn import InstrumentCnn
from onpu.music import Clock, Instruments, Timeline
from onpu.music.activity import PLAYERS
from onpu.music.playing import playing
from onpu.recipe import setting
from onpu.represent import Representation
from onpu.task import Listener, ListenerRecipe, Network


@dataclass(frozen=True)
class InstrumentsRecipe(ListenerRecipe):
    """How the network is trained."""

    window_seconds: float = setting(1.024, "seconds that the network sees at a time", "(0, inf)")
    width: int = setting(16, "maps of the first block")
    units: int = setting(128, "units of the dense layer")
    dropout: float = setting(0.3, "dropout", "[0, 1)")


def network(recipe: InstrumentsRecipe, features: Representation) -> InstrumentCnn:
    """Untrained."""
    window = max(27, round(recipe.window_seconds * features.clock.fps))
    return InstrumentCnn(features.bins, len(PLAYERS), window, recipe.width, recipe.units, recipe.dropout)


def augment(features: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: InstrumentsRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same: another level, equalisation, bandwidth, noise."""
    return augment_levels(features, rng, SHIFT), labels


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """instruments (families, frames): 1 where one plays, as labelled, or else by the notes, hits and singing."""
    return {"instruments": playing(timeline).at(clock.seconds(np.arange(frames))).astype(np.float32)}


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy, the mean over instruments and frames."""
    each = binary_cross_entropy_with_logits(logits["instruments"], targets["instruments"], reduction="none")
    return masked_mean(each.mean(dim=1), mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """instruments (batch, families, frames), probabilities, the same throughout a window."""
    return {"instruments": logits["instruments"].sigmoid()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """F-measure, precision and recall of what plays in each second."""
    return metric.evaluate(playing(reference), estimate.require(Instruments), reference.duration)


LISTENER = Listener(
    **vars(DECODER),
    networks={"cnn": Network(mel_bands, network)},
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("F-measure",),
    recipes={"small": InstrumentsRecipe(crop_seconds=4.096, batch=24, steps=250, minutes=10.0, learning_rate=2e-3,
                                        precision="bf16-mixed"),
             "paper": InstrumentsRecipe(width=32, units=1024, dropout=0.5, crop_seconds=1.024, batch=128, steps=1000,
                                        optimiser="adam")},
    reads=("notes", "drums", "voice"),
    needs=("instruments", "notes"),
    augment=augment,
)
