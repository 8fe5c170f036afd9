"""Bands of a linear spectrum: single bins at low, equal shares of an octave at high frequencies."""

import numpy as np
import torch
from torch import Tensor


class Bands:
    """Which bins of a transform lie in which band.

    A band is one bin wide up to bin `resolution` and a share 1 / `resolution` of its frequency from there on.

    Args:
        rate: samples a second.
        n_fft: transform length in samples.
        resolution: see above.

    `edges` (bands + 1,) are bins; `widths` (bands,) bins a band; `hertz` (bands,) middles.
    """

    def __init__(self, rate: int, n_fft: int, resolution: int) -> None:
        edges = [0]
        while edges[-1] < n_fft // 2 + 1:
            edges.append(edges[-1] + max(1, round(edges[-1] / resolution)))
        self.edges = np.minimum(edges, n_fft // 2 + 1)
        self.widths = np.diff(self.edges)
        self.hertz = (self.edges[:-1] + (self.widths - 1) / 2) * rate / n_fft

    def __len__(self) -> int:
        return len(self.widths)

    def mean(self, spectrum: Tensor) -> Tensor:
        """(…, bins, frames) -> means over the bins of each band (…, bands, frames)."""
        sums = torch.zeros((*spectrum.shape[:-2], len(self), spectrum.shape[-1]), dtype=spectrum.dtype)
        rows = torch.from_numpy(np.repeat(np.arange(len(self)), self.widths))
        sums.index_add_(-2, rows, spectrum)
        return sums / torch.from_numpy(self.widths).to(spectrum.dtype)[:, None]

    def spread(self, hertz: np.ndarray) -> Tensor:
        """Matrix (len(hertz), bands) that takes values of bands to these frequencies, by straight lines between the
        middles of bands and as the outermost band beyond them."""
        at = np.interp(hertz, self.hertz, np.arange(len(self)))
        left = np.minimum(at.astype(int), len(self) - 2)
        matrix = np.zeros((len(hertz), len(self)), dtype=np.float32)
        rows = np.arange(len(hertz))
        matrix[rows, left] = 1 - (at - left)
        matrix[rows, left + 1] = at - left
        return torch.from_numpy(matrix)
