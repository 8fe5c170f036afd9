"""A recording taken apart: one sound an instrument or group, which sum to the mixture."""

from dataclasses import dataclass

import numpy as np

from onpu.errors import AudioError
from onpu.music.audio import Audio, in_channels


@dataclass(frozen=True, eq=False, repr=False)
class Stems:
    """names (n,) and sounds, float32 (n, channels, samples), at `rate` Hz."""

    names: tuple[str, ...]
    samples: np.ndarray
    rate: int

    def __repr__(self) -> str:
        seconds, channels = self.samples.shape[2] / self.rate, in_channels(self.samples.shape[1])
        return f"Stems({', '.join(self.names)}; {seconds:.2f} s, {channels}, {self.rate} Hz)"

    def mixture(self) -> Audio:
        """The sum of all stems."""
        return Audio(self.samples.sum(axis=0, dtype=np.float32), self.rate)

    def __getitem__(self, name: str) -> Audio:
        return Audio(self.samples[self.names.index(name)], self.rate)

    def validate(self) -> "Stems":
        """Return self or raise `AudioError`."""
        if self.samples.ndim != 3 or len(self.names) != self.samples.shape[0]:
            raise AudioError(f"{len(self.names)} stem names do not fit samples of shape {self.samples.shape}")
        self.mixture().validate()
        return self
