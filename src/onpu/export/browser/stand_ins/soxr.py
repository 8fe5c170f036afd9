"""In place of soxr: the page's own resampler (`resampling.js`)."""

import numpy as np
from onpu_host import new_resampler


class ResampleStream:
    """Blocks (samples,) of one rate -> of another, float32.

    Args:
        before, after: rates in Hz.
        channels: 1.
        dtype: float32.
    """

    def __init__(self, before: int, after: int, channels: int, dtype: str) -> None:
        self.resampler = None if before == after else new_resampler(before, after)

    def resample_chunk(self, samples: np.ndarray, last: bool = False) -> np.ndarray:
        """The next samples, as far as they are determined; after the last block all."""
        samples = np.ascontiguousarray(samples, np.float32)
        if self.resampler is None:
            return samples
        return np.frombuffer(self.resampler.push(samples, last).to_bytes(), np.float32)
