"""Binary codes: a layer whose outputs noise drives to 0 and 1, packing them, and distances between them.

Salakhutdinov & Hinton, "Semantic hashing" (International Journal of Approximate Reasoning 2009, section 2.3):
Gaussian noise is added to what a logistic unit is given while it learns; to say something in spite of it, the unit
has to be given large values, so that it is nearly binary without the noise. Schlüter, "Learning binary codes for
efficient large-scale music similarity search" (ISMIR 2013) uses such codes to find candidates, which an exact measure
then compares.
"""

import numpy as np
import torch
from torch import Tensor, nn


class BinaryCode(nn.Linear):
    """(batch, inputs) -> (batch, bits) in [0, 1]; above .5 is a 1.

    Args:
        inputs, bits: sizes.
        noise: standard deviation of what is added before the logistic function while training.
    """

    def __init__(self, inputs: int, bits: int, noise: float) -> None:
        super().__init__(inputs, bits)
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        """Noisy while training."""
        told = super().forward(x)
        return torch.sigmoid(told + self.noise * torch.randn_like(told) if self.training else told)


def packed(codes: np.ndarray) -> np.ndarray:
    """Codes (rows, bits) in [0, 1] -> (rows, bits / 8) uint8. Bits must be a multiple of 64."""
    if codes.shape[1] % 64:
        raise ValueError(f"codes have {codes.shape[1]} bits; give a multiple of 64")
    return np.packbits(codes > 0.5, axis=1)


def hamming(code: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Number of bits in which a packed code (bytes,) differs from each of others (rows, bytes); (rows,) int64."""
    words = np.ascontiguousarray(codes).view(np.uint64)
    different = np.bitwise_xor(words, np.ascontiguousarray(code).view(np.uint64))
    if hasattr(np, "bitwise_count"):
        return np.asarray(np.bitwise_count(different).sum(axis=1, dtype=np.int64))
    return np.asarray(_ONES[different.view(np.uint8)].sum(axis=1, dtype=np.int64))  # NumPy 1


_ONES = np.array([bin(byte).count("1") for byte in range(256)], np.uint8)
