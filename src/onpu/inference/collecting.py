"""Activations of a whole recording, gathered window by window, whatever computes them."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeAlias, TypeVar
from weakref import WeakValueDictionary

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

COMPACT_VALUES_PER_SECOND = 3000
"""Values a second of a head from which on it is held as integers, in steps of 1 / `COMPACT_STEPS`."""
COMPACT_STEPS = 65535
WINDOW_SECONDS = 30.0, 60.0
"""Seconds that a network sees at a time, margins not counted: the first where its receptive field is small beside them,
the second otherwise. What it remembers of them is most of the memory that listening takes."""
SMALL = 0.1
"""Receptive frames over those of a window, up to which they are small."""
A = TypeVar("A", np.ndarray, "Tensor")


@dataclass(frozen=True)
class CompactPiece:
    """Values in [0, 1] in steps of 1 / `COMPACT_STEPS`. shape: theirs. data: their upper bytes, which are mostly equal,
    then their lower bytes, compressed."""

    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """The piece of these values."""
        steps = np.rint(values * np.float32(COMPACT_STEPS)).astype(">u2")
        halves = np.ascontiguousarray(np.moveaxis(steps[..., None].view(np.uint8), -1, 0))
        return cls(steps.shape, zlib.compress(halves.tobytes(), level=1))

    def values(self) -> np.ndarray:
        """The values, float32."""
        upper, lower = np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(2, *self.shape).astype(np.float32)
        return np.asarray((256 * upper + lower) / COMPACT_STEPS)


Piece: TypeAlias = np.ndarray | CompactPiece
"""What a window adds to a head."""


class Activations(Mapping[str, np.ndarray]):
    """Activations of a recording: head -> array, as in `TrainedListener.activations`.

    A head is concatenated when it is read. Heads of more than `COMPACT_VALUES_PER_SECOND` values a second are held in
    sixteen bits, compressed, and as floats only as long as the reader keeps them: so hours of them fit into memory.
    """

    def __init__(self, known: dict[str, np.ndarray], pieces: dict[str, list[Piece]]):
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


class OverlappingWindows(Generic[A]):
    """Consecutive features -> overlapping windows (1, channels, bins, frames), and for each window the frames
    [first, last) whose outputs are kept: those `receptive` frames away from its ends, unless the recording ends there.
    Windows begin at multiples of `stride` frames.
    """

    def __init__(self, receptive: int, fps: float, stride: int = 1):
        short, long = (round(seconds * fps) for seconds in WINDOW_SECONDS)
        piece = short if receptive <= SMALL * short else max(long, 2 * receptive)
        self.receptive, self.stride, self.piece = receptive, stride, -(-piece // stride) * stride
        self.held: list[A] = []
        self.before = self.length = 0  # frames held that belong to earlier windows; frames held

    def push(self, chunk: A) -> Iterator[tuple[A, int, int]]:
        """Take a chunk; yields the windows that it completes."""
        self.held.append(chunk)
        self.length += chunk.shape[-1]
        while self.length >= self.before + self.piece + self.receptive:
            window, last = joined(self.held), self.before + self.piece
            keep = max(0, last - self.receptive) // self.stride * self.stride
            first, self.before = self.before, last - keep
            self.held, self.length = [window[..., keep:]], self.length - keep
            yield window[..., : last + self.receptive], first, last

    def finish(self) -> Iterator[tuple[A, int, int]]:
        """The last window, if frames are left."""
        if self.before < self.length:
            yield joined(self.held), self.before, self.length


def joined(parts: Sequence[A]) -> A:
    """Tensors or arrays one after the other along the last axis."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts, axis=-1)
    from torch import cat

    return cat(list(parts), dim=-1)


class Collector(Generic[A]):
    """Gathers the activations of a network: push all chunks of features, then finish.

    Args:
        windows: what the network sees at a time.
        fps: frames a second.
        answer: features of a window -> head -> activations (…, frames) without the batch axis, float32.
        pooled: names of the heads that have one value a recording.
        adapt: features of a whole recording -> the same, adapted to it, and what was found; None: they are taken as
            they come.
    """

    def __init__(self, windows: OverlappingWindows[A], fps: float, answer: Callable[[A], Mapping[str, np.ndarray]],
                 pooled: tuple[str, ...],
                 adapt: Callable[[list[A]], tuple[list[A], dict[str, np.ndarray]]] | None = None) -> None:
        self.windows: OverlappingWindows[A] = windows
        self.answer: Callable[[A], Mapping[str, np.ndarray]] = answer
        self.adapt: Callable[[list[A]], tuple[list[A], dict[str, np.ndarray]]] | None = adapt
        self.fps, self.names = fps, pooled
        self.whole: list[A] = []  # only where features are adapted to the recording
        self.pieces: dict[str, list[Piece]] = {}
        self.pooled: dict[str, list[np.ndarray]] = {}
        self.lengths: list[int] = []

    def push(self, chunk: A) -> None:
        """Take the next features, (1, channels, bins, frames)."""
        if self.adapt is not None:
            self.whole.append(chunk)
        else:
            self._take(self.windows.push(chunk))

    def finish(self) -> Activations:
        """Activations of all that was pushed, as in `TrainedListener.activations`."""
        known: dict[str, np.ndarray] = {}
        if self.adapt is not None:
            chunks, known = self.adapt(self.whole)
            self.whole = []
            for chunk in chunks:
                self._take(self.windows.push(chunk))
        self._take(self.windows.finish())
        means = {name: np.average(parts, axis=0, weights=self.lengths).astype(np.float32)
                 for name, parts in self.pooled.items()}
        pieces, self.pieces = self.pieces, {}  # the activations alone hold them, and free them
        return Activations(known | means, pieces)

    def _take(self, windows: Iterable[tuple[A, int, int]]) -> None:
        for window, first, last in windows:
            self.lengths.append(last - first)
            for name, head in self.answer(window).items():
                if name in self.names:
                    self.pooled.setdefault(name, []).append(head)
                    continue
                own = head[..., first:last]
                wide = own.ndim == 2 and len(own) * self.fps > COMPACT_VALUES_PER_SECOND
                self.pieces.setdefault(name, []).append(CompactPiece.of(own) if wide else own)
