"""How a trained listener is called.

A `Listener` and its weights are a `TrainedListener`, which takes any recording, whatever its rate, channels and length.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Generic, Self, overload

import numpy as np
import torch
from torch import Tensor, nn

from onpu.called import AnyHearing, Heads, HearingSystem
from onpu.errors import WeightsError
from onpu.files import Json
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, as_source, one_or_each
from onpu.inference.activations import predict_recording
from onpu.inference.collecting import Activations
from onpu.inference.layers import LayerMeans
from onpu.inference.precision import Precision
from onpu.inference.streaming import fingerprint
from onpu.layers.layout import channels_last
from onpu.music import AudioSource, Beats, Clock
from onpu.represent import Representation
from onpu.restoring import load_network, network_entry, network_in_words, recipe_from_card, within
from onpu.task import Listener, O, R


@dataclass(frozen=True, eq=False)
class TrainedListener(HearingSystem[O], Generic[R, O]):
    """A listener with its weights, which torch computes.

    card: what is known of the weights (see `onpu.weights`), empty for weights that were never saved.
    precision: in which the network answers (see `onpu.inference.precision`).
    beats: of the recording that is heard, which a network needs that hears beat by beat.
    """

    listener: Listener[R, O]
    recipe: R
    features: Representation
    network: nn.Module
    card: Mapping[str, Any] = field(default_factory=dict)
    precision: Precision = "auto"
    beats: Beats | None = None

    @classmethod
    def build(cls, listener: Listener[R, O], recipe: R) -> Self:
        """The system with initial weights (drawn from torch's generator)."""
        listener = listener.made_for(recipe)
        chosen = listener.network(recipe)
        features = chosen.features()
        network = channels_last(chosen.build(recipe, features))
        return cls(listener, recipe, features, network)

    @classmethod
    def restore(cls, listener: Listener[R, O], tensors: Mapping[str, Tensor], card: Mapping[str, Any]) -> Self:
        """The system that these tensors and their card were saved from (see `onpu.weights`).

        Raises `WeightsError` when network or features are not what they were then; an older recipe is completed.
        """
        recipe = recipe_from_card(listener.recipes, card)
        with torch.random.fork_rng(devices=[]), within(tensors, card):
            trained = cls.build(listener, recipe)
        load_network(trained.network, tensors, card)
        then = card["features"].get("fingerprint") or card["features"]["answer"]  # its name on older cards
        if not np.allclose(then, fingerprint(trained.features), rtol=0.01, atol=1e-4):
            raise WeightsError(f"the front end of {card['task']} answers differently than when these weights were made "
                               f"(onpu {card['onpu']}); use that version or train them again")
        return cls(trained.listener, recipe, trained.features, trained.network, card)

    def describe(self) -> Json:
        """The entries of a card that the system itself knows: task, network, features, recipe, paper."""
        features = self.features
        return {"task": self.listener.name,
                "network": network_entry(self.network),
                "features": {"class": type(features).__name__, "rate": features.rate, "hop": features.clock.hop,
                             "channels": features.channels, "bins": features.bins,
                             "fingerprint": fingerprint(features)},
                "recipe": asdict(self.recipe), "paper": self.listener.paper}

    @property
    def decoder(self) -> Listener[R, O]:
        """The listener, which is a decoder too."""
        return self.listener

    @property
    def clock(self) -> Clock:
        """That of the features."""
        return self.features.clock

    def tuned(self, cents: float) -> Self:
        """See `HearingSystem`."""
        adapt = self.listener.adapt
        if adapt is None:
            return self
        return replace(self, listener=replace(self.listener, adapt=partial(adapt, tuning=cents)))

    @property
    def beatwise(self) -> bool:
        """See `HearingSystem`."""
        return self.listener.beatwise

    def along(self, beats: Beats) -> Self:
        """See `HearingSystem`."""
        return replace(self, beats=beats) if self.beatwise else self

    def predictions(self, systems: Sequence[AnyHearing], source: AudioSource,
                    progress: Callable[[float], None] | None = None) -> tuple[list[Activations], float]:
        """See `onpu.inference.activations.predict_recording`."""
        own = [system for system in systems if isinstance(system, TrainedListener)]
        return predict_recording(own, source, progress)

    def __repr__(self) -> str:
        return f"TrainedListener({self.listener.name}: {network_in_words(self.network)})"

    def to(self, device: str | torch.device) -> Self:
        """Move features and network to a device; returns self."""
        for module in (self.features, self.network):
            module.to(device)
        return self

    @overload
    def layer_means(self, audio: AudioLike, rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads:
        """Of one recording; see below."""

    @overload
    def layer_means(self, audio: ManyAudioLike[Like], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Iterator[Heads]:
        """Of several, one after the other; see below."""

    def layer_means(self, audio: AudioLike | ManyAudioLike[Like], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads | Iterator[Heads]:
        """Compute what every layer of the network answers on the average, as features for other tasks.

        Parameters
        ----------
        audio, rate, progress
            As for `__call__`, which raises the same.

        Returns
        -------
        dict or iterator of dict
            Layer -> (channels,) float32, at least 0, in the order of the network (`onpu.inference.layers`). Memory is
            bounded whatever the length of the recording.

        Raises
        ------
        OnpuError
            When the listener was loaded with the backend onnx, which has no layers.

        Examples
        --------
        >>> import onpu
        >>> means = onpu.load("key", device="cpu").layer_means("song.wav")
        >>> list(means)[0], list(means.values())[0].shape
        ('stages.1', (10,))
        """
        return one_or_each(lambda one: self._means(one, rate, progress), audio)

    def _means(self, audio: AudioLike, rate: int | None, progress: Callable[[float], None] | None) -> Heads:
        with as_source(audio, rate) as source, LayerMeans(self.network) as layers:
            predict_recording([self], source, progress)
            return dict(layers.means)
