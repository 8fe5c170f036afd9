"""Activations of a network whose features come chunk by chunk."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
import torch
from torch import Tensor, nn

from onpu.inference.memory import give_back
from onpu.inference.precision import Precision, arithmetic
from onpu.inference.streaming import OverlappingWindows, extract
from onpu.layers.receptive import receptive_frames, stride_frames
from onpu.music import AudioSource
from onpu.represent import Representation

COMPACT_VALUES_PER_SECOND = 3000
"""Values a second of a head from which on it is held as integers, in steps of 1 / `COMPACT_STEPS`."""
COMPACT_STEPS = 65535


@dataclass(frozen=True)
class CompactPiece:
    """Values in [0, 1] in steps of 1 / `COMPACT_STEPS`. shape: theirs. data: their upper bytes, which are mostly equal,
    then their lower bytes, compressed."""

    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: Tensor) -> Self:
        """The piece of these values."""
        steps = (values * COMPACT_STEPS).round().cpu().numpy().astype(">u2")
        halves = np.ascontiguousarray(np.moveaxis(steps[..., None].view(np.uint8), -1, 0))
        return cls(steps.shape, zlib.compress(halves.tobytes(), level=1))

    def values(self) -> np.ndarray:
        """The values, float32."""
        upper, lower = np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(2, *self.shape).astype(np.float32)
        return np.asarray((256 * upper + lower) / COMPACT_STEPS)


class Activations(Mapping[str, np.ndarray]):
    """Activations of a recording: head -> array, as in `TrainedListener.activations`.

    A head is concatenated when it is read. Heads of more than `COMPACT_VALUES_PER_SECOND` values a second are held in
    sixteen bits, compressed, and as floats only as long as the reader keeps them: so hours of them fit into memory.
    """

    def __init__(self, known: dict[str, np.ndarray], pieces: "dict[str, list[Piece]]"):
        self.known, self.pieces = known, pieces
        self.lent: WeakValueDictionary[str, np.ndarray] = WeakValueDictionary()

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self.known:
            return self.known[name]
        whole = self.lent.get(name)
        if whole is None:
            parts = self.pieces[name]
            whole = np.empty((*parts[0].shape[:-1], sum(part.shape[-1] for part in parts)), np.float32)
            begin = 0
            for part in parts:
                end = begin + part.shape[-1]
                whole[..., begin:end] = part.values() if isinstance(part, CompactPiece) else part
                begin = end
            if isinstance(parts[0], CompactPiece):
                self.lent[name] = whole
            else:
                self.known[name] = whole
                del self.pieces[name]
        return whole

    def __iter__(self) -> Iterator[str]:
        return iter([*self.known, *self.pieces])

    def __len__(self) -> int:
        return len(self.known) + len(self.pieces)


Piece: TypeAlias = np.ndarray | CompactPiece
"""What a window adds to a head."""


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


class Predictor:
    """Collects the activations of a trained system: push all chunks of features, then finish."""

    def __init__(self, trained: System):
        self.trained, self.features = trained, trained.features
        self.device = next(trained.network.parameters()).device
        self.whole: list[Tensor] = []  # only where the listener adapts to the recording
        self.pieces: dict[str, list[Piece]] = {}
        self.pooled: dict[str, list[np.ndarray]] = {}
        self.lengths: list[int] = []
        trained.network.eval()
        self.dtype = arithmetic(trained.precision, trained.network, self.device)
        self.windows = OverlappingWindows(receptive_frames(trained.network), trained.features.clock.fps,
                                          stride_frames(trained.network))

    def push(self, chunk: Tensor) -> None:
        """Take the next features, (1, channels, bins, frames)."""
        if self.trained.listener.adapt is not None:
            self.whole.append(chunk)
        else:
            self._take(self.windows.push(chunk))

    def finish(self) -> Activations:
        """Activations of all that was pushed, as in `TrainedListener.activations`."""
        known: dict[str, np.ndarray] = {}
        if self.trained.listener.adapt is not None:
            chunks, known = self.trained.listener.adapt(self.whole)
            self.whole = []
            for chunk in chunks:
                self._take(self.windows.push(chunk))
        self._take(self.windows.finish())
        means = {name: np.average(parts, axis=0, weights=self.lengths).astype(np.float32)
                 for name, parts in self.pooled.items()}
        return Activations(known | means, self.pieces)

    def _take(self, windows: Iterable[tuple[Tensor, int, int]]) -> None:
        listener, fps = self.trained.listener, self.features.clock.fps
        for window, first, last in windows:
            self.lengths.append(last - first)
            for name, head in listener.activate(logits_in(self.trained.network, window, self.dtype)).items():
                if name in listener.pooled:
                    self.pooled.setdefault(name, []).append(head[0].float().cpu().numpy())
                    continue
                own = head[0, ..., first:last].float()
                wide = own.ndim == 2 and len(own) * fps > COMPACT_VALUES_PER_SECOND
                self.pieces.setdefault(name, []).append(CompactPiece.of(own) if wide else own.cpu().numpy())


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
    predictors = [Predictor(trained) for trained in systems]
    duration = extract(source, predictors, progress)
    activations = [predictor.finish() for predictor in predictors]
    give_back()
    return activations, duration
