"""How a trained listener is called.

A `Listener` and its weights are a `TrainedListener`, which takes any recording, whatever its rate, channels and length.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, Self, TypeAlias, overload

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import WeightsError
from onpu.files import Json
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, as_source, one_or_each
from onpu.inference.activations import predict_recording
from onpu.inference.layers import LayerMeans
from onpu.inference.precision import Precision
from onpu.inference.streaming import fingerprint
from onpu.layers.layout import channels_last
from onpu.music import Timeline
from onpu.music.silence import Attended, hushed
from onpu.represent import Representation
from onpu.restoring import load_network, network_entry, network_in_words, recipe_from_card, within
from onpu.task import Listener, O, R

Heads: TypeAlias = dict[str, np.ndarray]
"""Activations: name of a head -> (frames,), (classes, frames) or (classes,), in [0, 1], float32."""


@dataclass(frozen=True, eq=False)
class TrainedListener(Generic[R, O]):
    """A listener with its weights.

    `trained(audio)` returns the value that the task is named after, `trained.timeline(audio)` all that it decodes,
    `trained.activations(audio)` what the decoder sees. Memory is bounded whatever the length of the recording.

    card: what is known of the weights (see `onpu.weights`), empty for weights that were never saved.
    precision: in which the network answers (see `onpu.inference.precision`).
    """

    listener: Listener[R, O]
    recipe: R
    features: Representation
    network: nn.Module
    card: Mapping[str, Any] = field(default_factory=dict)
    precision: Precision = "auto"

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

    def __repr__(self) -> str:
        return f"TrainedListener({self.listener.name}: {network_in_words(self.network)})"

    def to(self, device: str | torch.device) -> Self:
        """Move features and network to a device; returns self."""
        for module in (self.features, self.network):
            module.to(device)
        return self

    def __call__(self, audio: AudioLike | ManyAudioLike[Any], rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Any:
        """Find the value that the task is named after, such as `Chords`.

        Parameters
        ----------
        audio
            A recording in any form that `onpu.analyze` takes, or several.
        rate
            Samples a second, in Hz; samples need it.
        options
            What is known of the music, in the class of `listener.options`; None: these.
        progress
            Called with the finished share of the recording, in [0, 1].

        Returns
        -------
        value or iterator of values
            The field `listener.label` of what `timeline` returns; of several recordings one after the other, as they
            are asked for.

        Raises
        ------
        AudioError
            When a recording cannot be used.

        Examples
        --------
        >>> import onpu
        >>> key = onpu.load("key", device="cpu")("song.wav")
        >>> key.labels[0]
        np.str_('F:minor')
        """
        return one_or_each(lambda one: getattr(self._decided(one, rate, options, progress), self.listener.label), audio)

    @overload
    def timeline(self, audio: AudioLike, rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Timeline:
        """Of one recording; see below."""

    @overload
    def timeline(self, audio: ManyAudioLike[Like], rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Iterator[Timeline]:
        """Of several, one after the other; see below."""

    def timeline(self, audio: AudioLike | ManyAudioLike[Any], rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Timeline | Iterator[Timeline]:
        """Find all that the listener decodes.

        Parameters
        ----------
        audio, rate, options, progress
            As for `__call__`, which raises the same.

        Returns
        -------
        Timeline or iterator of Timeline
            The fields `listener.fields`; of several recordings one after the other, as they are asked for.

        Examples
        --------
        >>> import onpu
        >>> found = onpu.load("beats", device="cpu").timeline("song.wav")
        >>> sorted(found.found()), round(found.duration)
        (['beats', 'metre', 'tempo'], 20)
        """
        return one_or_each(lambda one: self._decided(one, rate, options, progress), audio)

    @overload
    def activations(self, audio: AudioLike, rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads:
        """Of one recording; see below."""

    @overload
    def activations(self, audio: ManyAudioLike[Like], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Iterator[Heads]:
        """Of several, one after the other; see below."""

    def activations(self, audio: AudioLike | ManyAudioLike[Any], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Heads | Iterator[Heads]:
        """Compute what the decoder sees.

        Parameters
        ----------
        audio, rate, progress
            As for `__call__`, which raises the same.

        Returns
        -------
        dict or iterator of dict
            Head -> (frames,), (classes, frames) or (classes,), in [0, 1], float32; frame i is centred on second
            `features.clock.seconds(i)`. Of several recordings one after the other, as they are asked for.

        Examples
        --------
        >>> import onpu
        >>> system = onpu.load("beats", device="cpu")
        >>> heads = system.activations("song.wav")
        >>> sorted(heads), heads["beat"].shape, system.features.clock.fps
        (['beat', 'downbeat', 'flux', 'tempo'], (984,), 50.0)
        """
        return one_or_each(lambda one: self._heard(one, rate, progress)[0], audio)

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

    def _heard(self, audio: AudioLike, rate: int | None,
               progress: Callable[[float], None] | None) -> tuple[Heads, float, np.ndarray]:
        """Activations, the length in seconds that was really there, and its silences (n, 2)."""
        with as_source(audio, rate) as source:
            attended = Attended(source)
            (heard,), duration = predict_recording([self], attended, progress)
            return dict(heard), duration, attended.silences

    def _decided(self, audio: AudioLike, rate: int | None, options: O | None,
                 progress: Callable[[float], None] | None) -> Timeline:
        """What is decoded, without what lies in silence."""
        heard, duration, silences = self._heard(audio, rate, progress)
        return hushed(self.decode(heard, duration, options), silences)

    def decode(self, activations: Mapping[str, np.ndarray], duration: float, options: O | None = None) -> Timeline:
        """Decode activations.

        Parameters
        ----------
        activations
            As `activations` returns them.
        duration
            Length of the recording in seconds.
        options
            As for `__call__`.

        Returns
        -------
        Timeline
            The fields `listener.fields`.

        Examples
        --------
        >>> import onpu
        >>> system = onpu.load("beats", device="cpu")
        >>> round(system.decode(system.activations("song.wav"), duration=19.68).tempo.bpm[0])
        113
        """
        chosen = self.listener.options if options is None else options
        return Timeline(duration, **self.listener.decode(activations, self.features.clock, chosen))
