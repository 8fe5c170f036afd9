"""Cutting audio into centred frames, and the discrete Fourier transform in real arithmetic, for export."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onpu.errors import AudioError

CPU_BLOCK = 2**18
"""Samples of frames that are transformed at once on a CPU: what fits its cache is twice as fast as a whole song."""


def exporting() -> bool:
    """True while torch traces a module for ONNX or `torch.export`: complex numbers and views are out of bounds."""
    return torch.onnx.is_in_onnx_export() or torch.compiler.is_exporting()


def check_audio(audio: Tensor) -> None:
    """Raise `AudioError` unless audio is a float tensor (batch, samples)."""
    if audio.ndim != 2 or not audio.is_floating_point():
        raise AudioError(f"audio must be a float tensor (batch, samples), not {audio.dtype} {tuple(audio.shape)}; "
                         "put mono into audio[None]")


def cut(padded: Tensor, size: int, hop: int, count: int) -> Tensor:
    """Frames (batch, count, size) of a signal (batch, samples): frame i starts at sample i * hop.

    A view without copying, but a gather while exporting, as ONNX has no strided view.
    """
    if exporting():
        starts = torch.arange(count, device=padded.device) * hop
        return padded[:, starts[:, None] + torch.arange(size, device=padded.device)]
    return padded.unfold(-1, size, hop)[:, :count]


def centred(audio: Tensor, size: int, hop: int) -> Tensor:
    """Frames (batch, samples // hop + 1, size); frame i is centred on sample i * hop; zeros beyond both ends."""
    return cut(F.pad(audio, (size // 2, size - size // 2)), size, hop, audio.shape[-1] // hop + 1)


def blockwise(frames: Tensor, transform: Callable[[Tensor], Tensor], axis: int = -1) -> Tensor:
    """Apply `transform` to frames (batch, frames, size) in blocks that fit a CPU's cache; join what it returns.

    Args:
        frames: view or tensor.
        transform: of some frames, to a tensor that has them along `axis`.
        axis: along which the results are joined.
    """
    batch, _, size = frames.shape
    if exporting() or frames.device.type != "cpu":
        return transform(frames)
    block = max(1, CPU_BLOCK // (max(batch, 1) * size))
    return torch.cat([transform(part) for part in frames.split(block, dim=1)], dim=axis)


def magnitude(real: Tensor, imaginary: Tensor) -> Tensor:
    """Absolute value of a complex number given by its parts; 0 at 0, with a gradient that is finite there too.

    1e-30 below the root is beneath the rounding error of every value above 1e-11.
    """
    return (real * real + imaginary * imaginary + 1e-30).sqrt() - 1e-15


class RealDft(nn.Module):
    """The first size / 2 + 1 bins of the DFT of real frames, by real matrix products alone.

    Four-step algorithm (Bailey 1990): with size = rows * columns, transform the columns, multiply by twiddle factors,
    transform the rows. Its constants are a few kB, where the full matrix has size**2 entries.

    Args:
        size: frame length, even.
    """

    columns_dft_cos: Tensor
    columns_dft_sin: Tensor
    twiddle_cos: Tensor
    twiddle_sin: Tensor
    rows_dft_cos: Tensor
    rows_dft_sin: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        rows = next(r for r in range(int(size**0.5), 0, -1) if size % r == 0)
        columns = size // rows
        self.rows, self.columns = rows, columns
        a, b, kept = torch.arange(rows), torch.arange(columns), torch.arange(columns // 2 + 1)
        self._store("columns_dft", torch.outer(a, a) / rows)  # [k1, a]
        self._store("twiddle", torch.outer(a, b) / size)  # [k1, b]
        self._store("rows_dft", torch.outer(b, kept) / columns)  # [b, k2]

    def _store(self, name: str, turns: Tensor) -> None:
        angle = -2 * torch.pi * turns.double().frac()
        self.register_buffer(f"{name}_cos", angle.cos().float(), persistent=False)
        self.register_buffer(f"{name}_sin", angle.sin().float(), persistent=False)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Frames (batch, count, size) -> real and imaginary part, each (batch, count, size / 2 + 1)."""
        batch, count, _ = frames.shape
        x = frames.reshape(batch, count, self.rows, self.columns)
        re, im = self.columns_dft_cos @ x, self.columns_dft_sin @ x  # (batch, count, k1, b)
        re, im = (re * self.twiddle_cos - im * self.twiddle_sin, re * self.twiddle_sin + im * self.twiddle_cos)
        re, im = (re @ self.rows_dft_cos - im @ self.rows_dft_sin, re @ self.rows_dft_sin + im @ self.rows_dft_cos)
        # (batch, count, k1, k2), bin k1 + rows * k2
        keep = self.size // 2 + 1
        return (re.transpose(-1, -2).reshape(batch, count, -1)[..., :keep],
                im.transpose(-1, -2).reshape(batch, count, -1)[..., :keep])
