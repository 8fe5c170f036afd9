"""Sound: samples with a rate, whole or as a source that is read block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from onpu.errors import AudioError


class AudioSource(Protocol):
    """What a listener needs of a recording: `Audio` has it, and so has an opened file (`onpu.formats.audio`)."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def channels(self) -> int:
        """Number of channels."""

    @property
    def duration(self) -> float:
        """Length in seconds; of a compressed stream an estimate until it has been read."""

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """Consecutive float32 blocks (channels, samples), each of `seconds` but the last."""


@dataclass(frozen=True, eq=False)
class Audio:
    """Samples (channels, samples), float32, nominally within ±1, and their rate in Hz."""

    samples: np.ndarray
    rate: int

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.samples.shape[0]

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.samples.shape[1] / self.rate

    def mono(self) -> np.ndarray:
        """Mean over the channels, float32 (samples,)."""
        return self.samples.mean(axis=0, dtype=np.float32)

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """Consecutive views (channels, samples) of `seconds` each but the last."""
        step = max(1, round(seconds * self.rate))
        for start in range(0, self.samples.shape[1], step):
            yield self.samples[:, start : start + step]

    def validate(self) -> "Audio":
        """Return self, or raise `AudioError` when the shape, rate or a sample is not usable."""
        if self.samples.ndim != 2 or self.samples.shape[0] < 1:
            raise AudioError(f"audio must be (channels, samples), not {self.samples.shape}; put mono into x[None, :]")
        if not 4_000 <= self.rate <= 384_000:
            raise AudioError(f"a sample rate of {self.rate} Hz is outside 4000 to 384000 Hz; resample the recording")
        if not np.isfinite(self.samples).all():
            bad = int(np.argmin(np.isfinite(self.samples).all(axis=0)))
            raise AudioError(f"a sample at {bad / self.rate:.3f} s is NaN or infinite; re-export the recording")
        return self
