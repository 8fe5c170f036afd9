"""What a task declares, and how a trained one is called.

A file in `listen/` binds a front end, a network, targets, a loss and a decoder into one `Listener`; this module turns
it and its weights into a `TrainedListener` system that takes any recording, whatever its rate, channels and length.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, overload

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError, WeightsError
from onpu.files import Json
from onpu.formats.audio_like import AudioLike, Like, ManyAudioLike, as_source, one_or_each
from onpu.inference.activations import predict_recording
from onpu.inference.precision import Precision
from onpu.inference.streaming import fingerprint
from onpu.layers.layout import channels_last
from onpu.music import Clock, Timeline
from onpu.music.silence import Attended, hushed
from onpu.recipe import NO_OPTIONS, Recipe, setting
from onpu.represent import Representation
from onpu.restoring import load_network, network_entry, network_in_words, recipe_from_card

Heads: TypeAlias = dict[str, np.ndarray]
"""Activations: name of a head -> (frames,), (classes, frames) or (classes,), in [0, 1], float32."""


@dataclass(frozen=True)
class ListenerRecipe(Recipe):
    """Every hyper-parameter of a listener's training."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_seconds", "stretch": "time_stretch"}

    crop_seconds: float = setting(20.0, "length of an example in seconds")
    time_stretch: float = setting(1.0, "augmentation: largest factor of time stretching; 1: none")
    blend: float = setting(1.0, "share of what is learned in the weights that are judged and kept; the rest is "
                                "what they began with (Wortsman et al., CVPR 2022); 1: all is learned")


R = TypeVar("R", bound=ListenerRecipe)
O = TypeVar("O")  # noqa: E741


@dataclass(frozen=True)
class Network(Generic[R]):
    """One of a task's networks, and the only features that it is made for.

    features: the front end, which no recipe changes. build: (recipe, front end) -> the network, untrained. It maps
    features (batch, channels, bins, frames) to a dict of heads, which hold logits; its attribute `receptive` is the
    number of frames on either side that an output depends on, noticeably at least.
    """

    features: Callable[[], Representation]
    build: Callable[[R, Representation], nn.Module]


@dataclass(frozen=True)
class Listener(Generic[R, O]):
    """A listening task: everything that `training/` and `TrainedListener` need to know, and nothing else.

    Sizes: features (batch, channels, bins, frames). A head is (batch, frames) or (batch, classes, frames), or, when it
    is named in `pooled`, (batch, classes) for the recording as a whole.

    name: of the task and of its module in `listen/`. title: one line for tables. paper: citation.
    label: the field of `Timeline` that a call returns. fields: all fields that decoding fills, `label` among them.
    networks: name -> network with its features. Where there are several, the recipe's field `network` names one.
    target: (timeline, clock, frames) -> head -> (frames,), (classes, frames) or (classes,) in [0, 1], float32.
    loss: (logits, targets, mask) -> scalar; mask (batch, frames) is 1 where a frame belongs to the recording.
    activate: logits -> activations in [0, 1].
    decode: (activations without the batch axis, clock, options) -> name -> value, for all of `fields`.
    options: the decoder's options with their defaults, a frozen dataclass; None where there are none.
    metric: (reference, estimate) -> measure -> value. criterion: the measures whose mean chooses the best weights.
    recipes: name -> complete recipe; "small" is for a laptop, "paper" has the published sizes.
    augment: (features (channels, bins, frames), labels, rng, recipe) -> both, changed as recordings differ.
    adapt: (consecutive features of a whole recording, each (1, channels, bins, frames)) -> the same, with what is known
        of the recording only as a whole (its tuning) taken out, and this as further pooled activations. Such a task
        holds a recording's features in memory.
    reads: fields of the labels that target and metric look at beyond `fields`.
    needs: fields of the labels, one of which a recording must have to be learned from or scored; empty: `label`.
    weights: name of the task whose weights this one uses; empty: its own.
    default: whether `analyze` runs it unasked; not where another task finds the same better.
    shipped: names of its weights that `analyze` uses when the task is named or none is; empty: those named after it.
    """

    name: str
    title: str
    paper: str
    label: str
    fields: tuple[str, ...]
    networks: Mapping[str, Network[R]]
    target: Callable[[Timeline, Clock, int], dict[str, np.ndarray]]
    loss: Callable[[dict[str, Tensor], dict[str, Tensor], Tensor], Tensor]
    activate: Callable[[dict[str, Tensor]], dict[str, Tensor]]
    decode: Callable[[dict[str, np.ndarray], Clock, O], Mapping[str, Any]]
    metric: Callable[[Timeline, Timeline], dict[str, float]]
    criterion: tuple[str, ...]
    recipes: Mapping[str, R]
    options: O = NO_OPTIONS
    pooled: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    weights: str = ""
    augment: Callable[[np.ndarray, Timeline, np.random.Generator, R], tuple[np.ndarray, Timeline]] | None = None
    adapt: Callable[[list[Tensor]], tuple[list[Tensor], dict[str, np.ndarray]]] | None = None
    default: bool = True
    shipped: tuple[str, ...] = ()

    def network(self, recipe: R) -> Network[R]:
        """The network that a recipe names, or the only one. Raises `OnpuError` for the recipe of another task."""
        name = getattr(recipe, "network", next(iter(self.networks)))
        if name not in self.networks:
            raise OnpuError(f"{name}: no network of {self.name}; choose from {', '.join(self.networks)}")
        return self.networks[name]


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
        with torch.random.fork_rng(devices=[]):
            trained = cls.build(listener, recipe)
        load_network(trained.network, tensors, card)
        then = card["features"].get("fingerprint") or card["features"]["answer"]  # its name on older cards
        if not np.allclose(then, fingerprint(trained.features), rtol=0.01, atol=1e-4):
            raise WeightsError(f"the front end of {card['task']} answers differently than when these weights were made "
                               f"(onpu {card['onpu']}); use that version or train them again")
        return cls(listener, recipe, trained.features, trained.network, card)

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
                 progress: Callable[[float], None] | None = None) -> Timeline: ...

    @overload
    def timeline(self, audio: ManyAudioLike[Like], rate: int | None = None, *, options: O | None = None,
                 progress: Callable[[float], None] | None = None) -> Iterator[Timeline]: ...

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
                    progress: Callable[[float], None] | None = None) -> Heads: ...

    @overload
    def activations(self, audio: ManyAudioLike[Like], rate: int | None = None, *,
                    progress: Callable[[float], None] | None = None) -> Iterator[Heads]: ...

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

    def decode(self, activations: Heads, duration: float, options: O | None = None) -> Timeline:
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
