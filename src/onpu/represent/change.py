"""Change over time: differences and regression slopes of features."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onpu.represent.chain import Transform


def stack_shape(channels: int, bins: int, parts: int, axis: str | None) -> tuple[int, int]:
    """Channels and bins of `parts` tensors put together along "bins" or "channels"; None: of the last one alone."""
    return (channels * parts if axis == "channels" else channels), (bins * parts if axis == "bins" else bins)


def stack(parts: list[Tensor], axis: str | None) -> Tensor:
    """Put (batch, channels, bins, frames) together along "bins" or "channels"; None: the last one alone."""
    return parts[-1] if axis is None else torch.cat(parts, dim={"channels": 1, "bins": 2}[axis])


def half_window_lag(n_fft: int, hop: int) -> int:
    """Frames between the maximum of a Hann window of n_fft samples and the point where it has fallen to a half.

    The distance over which spectral flux is taken (Böck et al. 2016: "difference ratio 0.5"), at least 1.
    """
    return max(1, math.floor(n_fft / 4 / hop + 0.5))


class PositiveDifference(Transform):
    """Half-wave rectified difference to the frame `lag` before, max(0, x(n) - x(n - lag)); 0 in the first `lag` frames.

    Args:
        lag: frames; see `half_window_lag`.
        stack: put the result behind the input along "bins" or "channels"; None: the result alone.
    """

    def __init__(self, lag: int, stack: str | None = "bins") -> None:
        super().__init__()
        if lag < 1:
            raise ValueError(f"lag must be at least one frame, not {lag}")
        self.lag, self.stack, self.context_frames = lag, stack, lag

    def shape(self, channels: int, bins: int) -> tuple[int, int]:
        """Channels and bins after the transform."""
        return stack_shape(channels, bins, 2, self.stack)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, bins, frames) -> the same, or with twice the bins or channels."""
        rise = F.pad((x[..., self.lag :] - x[..., : -self.lag]).relu(), (min(self.lag, x.shape[-1]), 0))
        return stack([x, rise], self.stack)


class Deltas(Transform):
    """Slopes over time by local polynomial regression (Savitzky & Golay 1964), as of MFCCs.

    The k-th derivative is that of a polynomial of degree k fitted to `width` frames; the first one is the usual
    regression formula of delta coefficients. Edge frames are repeated.

    Args:
        width: frames, odd, at least 3.
        order: highest derivative: 1 deltas, 2 also their deltas.
        stack: put input and derivatives together along "bins" or "channels".
    """

    kernels: Tensor

    def __init__(self, width: int = 9, order: int = 2, stack: str = "bins") -> None:
        super().__init__()
        if width % 2 == 0 or width <= order:
            raise ValueError(f"width must be odd and above the order, not {width} for order {order}")
        self.width, self.order, self.stack = width, order, stack
        self.context_frames = width // 2
        n = np.arange(width) - width // 2
        kernels = [np.linalg.pinv(np.vander(n, k + 1, increasing=True))[k] * math.factorial(k)
                   for k in range(1, order + 1)]
        self.register_buffer("kernels", torch.from_numpy(np.stack(kernels)).float(), persistent=False)

    def shape(self, channels: int, bins: int) -> tuple[int, int]:
        """Channels and bins after the transform."""
        return stack_shape(channels, bins, 1 + self.order, self.stack)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channels, bins, frames) -> 1 + order times the bins or channels."""
        batch, channels, bins, frames = x.shape
        reach = self.width // 2
        rows = F.pad(x.reshape(batch, channels * bins, frames), (reach, reach), mode="replicate")
        slopes = F.conv1d(rows.reshape(-1, 1, frames + 2 * reach), self.kernels[:, None])  # (rows, order, frames)
        slopes = slopes.reshape(batch, channels, bins, self.order, frames)
        return stack([x, *slopes.unbind(3)], self.stack)
