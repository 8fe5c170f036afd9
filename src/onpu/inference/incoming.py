"""The sound as it comes: pieces of any size -> equal pieces of one channel, at the rates that are asked for.

Everything behind this hears the same pieces, however the sound was cut before. That is why what is found does not
depend on it.
"""

from collections.abc import Iterator
from math import gcd

import numpy as np
from scipy.signal import firwin, resample_poly

from onpu.errors import AudioError
from onpu.music.downmix import weights_of

PIECE_SECONDS = 0.01
"""Seconds of a piece."""
MEMORY_SECONDS = 2.0
"""Seconds over which it is judged whether channels cancel each other."""
REACH = 10
"""Samples of the slower rate on either side that a resampled one depends on (SciPy's filter)."""


class Pieces:
    """Blocks (samples,) or (channels, samples) of any size -> pieces (samples,) of `PIECE_SECONDS`, float32.

    Channels become their mean, those that cancel the others turned over (`onpu.music.downmix`), which is decided by the
    last seconds.
    """

    def __init__(self, rate: int) -> None:
        self.rate, self.size = rate, round(PIECE_SECONDS * rate)
        self.waiting: list[np.ndarray] = []
        self.count = self.taken = 0  # samples waiting, and taken at all
        self.channels = 0
        self.products: np.ndarray | None = None
        self.weights: np.ndarray | None = None

    def push(self, block: np.ndarray) -> Iterator[np.ndarray]:
        """Take a block; yields the pieces that are complete. Raises `AudioError` for what is no sound."""
        checked = self._checked(np.asarray(block))
        self.waiting.append(checked)
        self.count += checked.shape[1]
        if self.count >= self.size:
            whole, self.waiting = np.concatenate(self.waiting, axis=1), []
            for start in range(0, self.count - self.size + 1, self.size):
                yield self._mono(whole[:, start : start + self.size])
            self.waiting = [whole[:, self.count // self.size * self.size :]]
            self.count %= self.size

    def rest(self) -> np.ndarray:
        """What is left when the sound has ended, filled up with silence."""
        left = np.concatenate([*self.waiting, np.zeros((max(self.channels, 1), self.size - self.count), np.float32)],
                              axis=1)
        self.waiting, self.count = [], 0
        return self._mono(left)

    def _checked(self, block: np.ndarray) -> np.ndarray:
        """The block as float32 (channels, samples)."""
        if block.dtype.kind == "i":
            block = np.multiply(block, -1 / np.iinfo(block.dtype).min, dtype=np.float32)
        if block.dtype.kind != "f" or block.ndim not in (1, 2):
            raise AudioError(f"a block is (samples,) or (channels, samples) of floats or integers, not {block.dtype} "
                             f"{block.shape}")
        block = np.atleast_2d(block.astype(np.float32))
        if self.channels not in (0, len(block)):
            raise AudioError(f"a block of {len(block)} channels after blocks of {self.channels}; begin another stream")
        if not np.isfinite(block).all():
            at = (self.taken + int(np.argmin(np.isfinite(block).all(axis=0)))) / self.rate
            raise AudioError(f"a sample at {at:.3f} s is NaN or infinite; mend the source")
        self.channels = len(block)
        self.taken += block.shape[1]
        return block

    def _mono(self, piece: np.ndarray) -> np.ndarray:
        """The channels of a piece together."""
        if len(piece) == 1:
            return piece[0]
        kept = 1 - PIECE_SECONDS / MEMORY_SECONDS
        products = piece.astype(np.float64) @ piece.T
        self.products = products if self.products is None else kept * self.products + products
        before, self.weights = self.weights, weights_of(self.products, self.weights)
        mixed = self.weights @ piece
        if before is not None and (before != self.weights).any():
            rise = np.linspace(0, 1, self.size, dtype=np.float32)
            mixed = rise * mixed + (1 - rise) * (before @ piece)
        return mixed


class StreamResampler:
    """Consecutive samples of one rate -> the same sound at another, each sample as soon as its filter has heard all
    that it needs: a millisecond later, where `onpu.inference.streaming.Resampler` keeps back some tens of them."""

    def __init__(self, before: int, after: int) -> None:
        shared = gcd(before, after)
        self.up, self.down = after // shared, before // shared
        self.reach = -(-REACH * max(self.up, self.down) // self.up) + 1  # samples of the rate before
        most = max(self.up, self.down)
        self.filter = np.ones(1, np.float32) if most == 1 else firwin(
            2 * REACH * most + 1, 1 / most, window=("kaiser", 5.0)).astype(np.float32)
        self.held, self.start, self.done = np.zeros(0, np.float32), 0, 0  # samples from `start` on; samples given

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take samples; the resampled ones that are determined now."""
        if self.up == self.down:
            return samples
        self.held = np.concatenate([self.held, samples])
        heard = self.start + len(self.held)
        ready = max(self.done, (heard - self.reach) * self.up // self.down)
        if ready == self.done:
            return np.zeros(0, np.float32)
        first = self.start // self.down * self.up  # which of the new samples lies on the first that is held
        out = resample_poly(self.held, self.up, self.down, window=self.filter)[self.done - first : ready - first]
        self.done = ready
        behind = max(0, ready * self.down // self.up - self.reach) // self.down * self.down
        self.held, self.start = self.held[behind - self.start :], behind
        resampled: np.ndarray = out.astype(np.float32, copy=False)
        return resampled
