"""Sound events: what is heard that is no music, and when.

Çakır et al., "Convolutional recurrent neural networks for polyphonic sound event detection" (IEEE/ACM TASLP 25(6),
2017): 40 mel bands, a convolutional recurrent network, a sigmoid for each event; in place of its convolutions LSTMs
over the bands (`network`: f-lstm, tf-lstm), or none (lstm).

    sound -> 40 log mel bands, 20 frames a second -> a probability for each sound -> median over .5 s -> stretches

Deviations: trained on scenes that the engine composes (`onpu.engine.render.scenes`), with another level, equalisation
and noise each time; a median filter in place of a minimum length; what `onpu.models.event_networks` says.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from onpu.decode.tasks.events import DECODER
from onpu.engine.augment.spectrum import augment_spectrum
from onpu.layers.losses import masked_mean
from onpu.metrics import events as metric
from onpu.models.event_networks import FRONTS, EventNetwork
from onpu.music import Clock, Timeline
from onpu.music.events import SOUNDS, Events
from onpu.recipe import choice, setting
from onpu.represent import Features, Log, Mel, Representation
from onpu.task import Listener, ListenerRecipe, Network

MUL = 1000.0


def mel_bands() -> Features:
    """40 mel bands up to 8 kHz, log10(1 + 1000 x), 20 frames a second."""
    return Features(Mel(16000, 1024, 800, 40, 50.0, 8000.0, power=1.0, norm="sum"), Log(MUL))


def network(front: str) -> Callable[["EventRecipe", Representation], EventNetwork]:
    """Builds the network with this front end, untrained."""
    return lambda recipe, features: EventNetwork(features.bins, len(SOUNDS), front, recipe.width, recipe.units,
                                                 recipe.dropout)


NETWORKS = {front: Network(mel_bands, network(front)) for front in FRONTS}


@dataclass(frozen=True)
class EventRecipe(ListenerRecipe):
    """How the network is trained."""

    network: str = choice("crnn", NETWORKS, "network")
    width: int = setting(32, "kernels of a convolution, or units of the LSTM over the bands")
    units: int = setting(32, "units of the LSTM over time, per direction")
    dropout: float = setting(0.2, "dropout around the LSTM over time", "[0, 1)")


def augment(features: np.ndarray, labels: Timeline, rng: np.random.Generator,
            recipe: EventRecipe) -> tuple[np.ndarray, Timeline]:
    """Another recording of the same: another level, equalisation, noise."""
    return augment_spectrum(features, rng, MUL, shift=0), labels


def target(timeline: Timeline, clock: Clock, frames: int) -> dict[str, np.ndarray]:
    """events (sounds, frames): 1 in frames that an event touches; music has none."""
    edges = clock.seconds(np.arange(frames + 1) - 0.5)
    return {"events": heard(timeline).overlapping(edges).astype(np.float32)}


def heard(timeline: Timeline) -> Events:
    """The events of a timeline, none where it does not tell."""
    return Events.empty() if timeline.events is None else timeline.events


def loss(logits: dict[str, Tensor], targets: dict[str, Tensor], mask: Tensor) -> Tensor:
    """Binary cross-entropy, the mean over sounds and frames."""
    each = binary_cross_entropy_with_logits(logits["events"], targets["events"], reduction="none")
    return masked_mean(each.mean(dim=1), mask)


def activate(logits: dict[str, Tensor]) -> dict[str, Tensor]:
    """events (batch, sounds, frames), probabilities."""
    return {"events": logits["events"].sigmoid()}


def evaluate(reference: Timeline, estimate: Timeline) -> dict[str, float]:
    """F-measure, precision, recall and error rate in segments of a second."""
    return metric.evaluate(heard(reference), estimate.require(Events), reference.duration)


LISTENER = Listener(
    **vars(DECODER),
    networks=NETWORKS,
    target=target,
    loss=loss,
    activate=activate,
    metric=evaluate,
    criterion=("F-measure",),
    recipes={"small": EventRecipe(crop_seconds=8.0, batch=16, steps=100, minutes=6.0, learning_rate=3e-3),
             "lstm": EventRecipe(network="lstm", units=58, crop_seconds=8.0, batch=16, steps=100, minutes=6.0,
                                 learning_rate=3e-3),
             "f-lstm": EventRecipe(network="f-lstm", width=16, crop_seconds=8.0, batch=16, steps=100, minutes=6.0,
                                   learning_rate=3e-3),
             "tf-lstm": EventRecipe(network="tf-lstm", width=16, crop_seconds=8.0, batch=16, steps=100, minutes=6.0,
                                    learning_rate=3e-3),
             "paper": EventRecipe(width=96, units=96, dropout=0.25, crop_seconds=10.0, batch=32, steps=500)},
    augment=augment,
)
