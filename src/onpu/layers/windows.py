"""Features in windows of equal length, and what is said of each window spread over its frames."""

import torch
from torch import Tensor


def in_windows(x: Tensor, size: int) -> Tensor:
    """(batch, channels, bins, frames) -> (batch, count, channels, bins, size), one window after the other.

    What is left at the end fills the last window by being repeated, so that a recording shorter than a window, or cut
    at any multiple of it, is told as it sounds.
    """
    frames = x.shape[-1]
    whole, left = divmod(frames, size)
    parts = [x[..., : whole * size].unflatten(-1, (whole, size)).movedim(-2, 1)] if whole else []
    if left:
        rest = x[..., whole * size :]
        parts.append(rest.repeat(1, 1, 1, -(-size // left))[:, None, ..., :size])
    return torch.cat(parts, dim=1)


def over_frames(said: Tensor, size: int, frames: int) -> Tensor:
    """What is said of windows, (batch, count, classes), for each of their frames: (batch, classes, frames)."""
    return said.repeat_interleave(size, dim=1)[:, :frames].transpose(1, 2)
