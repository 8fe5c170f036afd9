"""Activations of a network of torch, whose features come chunk by chunk."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError
from onpu.inference.collecting import Activations, Collector, OverlappingWindows
from onpu.inference.memory import give_back
from onpu.inference.precision import Precision, arithmetic
from onpu.inference.streaming import extract
from onpu.layers.receptive import receptive_frames, stride_frames
from onpu.music import AudioSource, Beats
from onpu.represent import Representation
from onpu.represent.beatwise import BeatwiseFrames


class Heads(Protocol):
    """What a listener says of its network's outputs; see `onpu.task.Listener`."""

    @property
    def activate(self) -> Callable[[dict[str, Tensor]], dict[str, Tensor]]:
        """Logits -> activations in [0, 1]."""

    @property
    def adapt(self) -> Callable[[list[Tensor]], tuple[list[Tensor], dict[str, np.ndarray]]] | None:
        """Features of a whole recording -> the same, adapted to it."""

    @property
    def pooled(self) -> tuple[str, ...]:
        """Names of the heads that have one value a recording."""

    @property
    def beatwise(self) -> bool:
        """Whether the network takes features beat by beat."""


class System(Protocol):
    """A network with its features; see `onpu.trained.TrainedListener`."""

    @property
    def listener(self) -> Heads:
        """The task."""

    @property
    def features(self) -> Representation:
        """What the network takes."""

    @property
    def network(self) -> nn.Module:
        """Features -> head -> logits."""

    @property
    def precision(self) -> Precision:
        """In which the network answers."""

    @property
    def beats(self) -> Beats | None:
        """Those of the recording, where the network needs them."""


class Predictor(Collector[Tensor]):
    """Collects the activations of a trained system: push all chunks of features, then finish."""

    def __init__(self, trained: System):
        self.trained, self.features, listener = trained, trained.features, trained.listener
        self.device = next(trained.network.parameters()).device
        trained.network.eval()
        self.dtype = arithmetic(trained.precision, trained.network, self.device)
        fps = trained.features.clock.fps
        windows = OverlappingWindows[Tensor](receptive_frames(trained.network), fps, stride_frames(trained.network))
        super().__init__(windows, fps, self._activations, listener.pooled, listener.adapt)

    def _activations(self, window: Tensor) -> dict[str, np.ndarray]:
        heads = self.trained.listener.activate(logits_in(self.trained.network, window, self.dtype))
        return {name: head[0].float().cpu().numpy() for name, head in heads.items()}


class BeatwisePredictor(Predictor):
    """The same, of a network that takes features beat by beat, which must know the beats: the activations are on the
    frames of the recording."""

    def __init__(self, trained: System):
        super().__init__(trained)
        if trained.beats is None:
            raise OnpuError("these weights hear beat by beat: have the beats found as well, in `onpu.analyze` by the "
                            "task beats, or tell them by `.along(beats)`")
        self.beats, self.adapt = trained.beats, self._by_beats

    def _by_beats(self, chunks: list[Tensor]) -> tuple[list[Tensor], dict[str, np.ndarray]]:
        whole, clock = torch.cat(chunks, dim=-1), self.features.clock
        self.frames = whole.shape[-1]
        self.grid = BeatwiseFrames.of(self.beats, float(clock.seconds(self.frames)), clock)
        return [torch.from_numpy(self.grid.pooled(whole.cpu().numpy())).to(whole.device)], {}

    def finish(self) -> Activations:
        """See `Collector`."""
        found = super().finish()
        return Activations({name: values if name in self.names else self.grid.spread(values, self.frames)
                            for name, values in found.items()}, {})


def logits_in(network: nn.Module, window: Tensor, dtype: torch.dtype) -> dict[str, Tensor]:
    """What a network that multiplies in this type says of a window, in 32 bits."""
    if dtype == torch.float32:
        heads: dict[str, Tensor] = network(window)
        return heads
    with torch.autocast(window.device.type, dtype):
        heads = network(window)
    return {name: head.float() for name, head in heads.items()}


@torch.inference_mode()
def predict(trained: System, chunks: Iterable[Tensor]) -> dict[str, np.ndarray]:
    """Activations, as in `TrainedListener.activations`, of consecutive features (1, channels, bins, frames)."""
    predictor = Predictor(trained)
    for chunk in chunks:
        predictor.push(chunk)
    return dict(predictor.finish())


@torch.inference_mode()
def predict_recording(systems: Sequence[System], source: AudioSource,
                      progress: Callable[[float], None] | None = None) -> tuple[list[Activations], float]:
    """Activations of several trained systems from one pass over a recording, and its length in seconds. Raises
    `AudioError`."""
    predictors = [(BeatwisePredictor if trained.listener.beatwise else Predictor)(trained) for trained in systems]
    duration = extract(source, predictors, progress)
    activations = [predictor.finish() for predictor in predictors]
    give_back()
    return activations, duration
