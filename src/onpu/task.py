"""What a listening task declares.

A file in `listen/` binds a front end, a network, targets, a loss and a decoder, that of the file of the same name in
`decode/tasks/`, into one `Listener`; `onpu.trained` turns it and its weights into a `TrainedListener` that takes any
recording.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

import numpy as np
from torch import Tensor, nn

from onpu.decode.decoder import Decoder, O
from onpu.errors import OnpuError, suggestion
from onpu.music import Clock, Timeline
from onpu.recipe import Recipe, setting
from onpu.represent import Representation


@dataclass(frozen=True)
class ListenerRecipe(Recipe):
    """Every hyper-parameter of a listener's training."""

    RENAMED: ClassVar[dict[str, str]] = {"crop": "crop_seconds", "stretch": "time_stretch"}

    crop_seconds: float = setting(20.0, "length of an example in seconds", "(0, inf)")
    time_stretch: float = setting(1.0, "augmentation: largest factor of time stretching; 1: none", "[1, inf)")
    blend: float = setting(1.0, "share of what is learned in the weights that are judged and kept; the rest is "
                                "what they began with (Wortsman et al., CVPR 2022); 1: all is learned", "(0, 1]")
    keep_statistics: bool = setting(False, "batch normalisation stays as it was, for fine-tuning with little music")


R = TypeVar("R", bound=ListenerRecipe)


@dataclass(frozen=True)
class Network(Generic[R]):
    """One of a task's networks, and the only features that it is made for.

    features: the front end, which no recipe changes. build: (recipe, front end) -> the network, untrained. It maps
    features (batch, channels, bins, frames) to a dict of heads, which hold logits; its attribute `receptive` is the
    number of frames on either side that an output depends on, noticeably at least.
    """

    features: Callable[[], Representation]
    build: Callable[[R, Representation], nn.Module]


@dataclass(frozen=True, kw_only=True)
class Listener(Decoder[O], Generic[R, O]):
    """A listening task: its decoder, and everything else that `training/` and `TrainedListener` need to know.

    Sizes: features (batch, channels, bins, frames). A head is (batch, frames) or (batch, classes, frames), or, when it
    is named in `pooled`, (batch, classes) for the recording as a whole.

    networks: name -> network with its features. Where there are several, the recipe's field `network` names one.
    target: (timeline, clock, frames) -> head -> (frames,), (classes, frames) or (classes,) in [0, 1], float32.
    loss: (logits, targets, mask) -> scalar; mask (batch, frames) is 1 where a frame belongs to the recording.
    activate: logits -> activations in [0, 1].
    metric: (reference, estimate) -> measure -> value. criterion: the measures whose mean chooses the best weights.
    recipes: name -> complete recipe; "small" is for a laptop, "paper" has the published sizes.
    reads: fields of the labels that target and metric look at beyond `fields`.
    needs: fields of the labels, one of which a recording must have to be learned from or scored; empty: `label`.
    augment: (features (channels, bins, frames), labels, rng, recipe) -> both, changed as recordings differ.
    adapt: (consecutive features of a whole recording, each (1, channels, bins, frames)) -> the same, with what is known
        of the recording only as a whole (its tuning) taken out, and this as further pooled activations; `tuning=` are
        the cents above A = 440 Hz where they are known. Such a task holds a recording's features in memory.
    adaptation: () -> module that does the same to the features of a whole recording in operations that ONNX has:
        (1, channels, bins, frames) -> these adapted, and what was found, (2,); None where there is none.
    tailored: the task as a recipe makes it, where that decides what is told apart; equal recipes give the same object.
    completed: (recipe, labels of the data) -> the recipe, with what they decide that it leaves open.
    beatwise: the network takes features beat by beat (`onpu.represent.beatwise`), so that it learns from sections where
        the beats are known, and hears a recording only after its beats.
    """

    networks: Mapping[str, Network[R]]
    target: Callable[[Timeline, Clock, int], dict[str, np.ndarray]]
    loss: Callable[[dict[str, Tensor], dict[str, Tensor], Tensor], Tensor]
    activate: Callable[[dict[str, Tensor]], dict[str, Tensor]]
    metric: Callable[[Timeline, Timeline], dict[str, float]]
    criterion: tuple[str, ...]
    recipes: Mapping[str, R]
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    augment: Callable[[np.ndarray, Timeline, np.random.Generator, R], tuple[np.ndarray, Timeline]] | None = None
    adapt: Callable[..., tuple[list[Tensor], dict[str, np.ndarray]]] | None = None
    adaptation: Callable[[], nn.Module] | None = None
    tailored: "Callable[[R], Listener[R, O]] | None" = None
    completed: Callable[[R, Iterable[Timeline]], R] | None = None
    beatwise: bool = False

    def made_for(self, recipe: R) -> "Listener[R, O]":
        """The task as this recipe makes it."""
        return self if self.tailored is None else self.tailored(recipe)

    def network(self, recipe: R) -> Network[R]:
        """The network that a recipe names, or the only one. Raises `OnpuError` for the recipe of another task."""
        name = getattr(recipe, "network", next(iter(self.networks)))
        if name not in self.networks:
            raise OnpuError(f"{name}: no network of {self.name}; {suggestion(name, self.networks)}")
        return self.networks[name]
