"""Features in windows of equal length, and what is said of each window spread over its frames."""

import torch
from torch import Tensor


def in_windows(x: Tensor, size: int) -> Tensor:
    """(batch, channels, bins, frames) -> (batch, count, channels, bins, size), one window after the other.

    What is left at the end fills the last window by being repeated, so that a recording shorter than a window, or cut
    at any multiple of it, is told as it sounds. One formula for every number of frames, so that an exported network
    takes any length.
    """
    frames = x.shape[-1]
    count = (frames + size - 1) // size  # of numbers below 0, ONNX has no floor
    last = (count - 1) * size  # where the last window begins
    at = torch.arange(count * size, device=x.device)
    left = torch.full((1,), frames - last, device=x.device)
    at = torch.where(at < last, at, last + (at - last) % left)
    parts: Tensor = x[..., at].unflatten(-1, (count, size)).movedim(-2, 1)
    return parts


def over_frames(said: Tensor, size: int, frames: int) -> Tensor:
    """What is said of windows, (batch, count, classes), for each of their frames: (batch, classes, frames)."""
    each = said[:, :, None].expand(-1, -1, size, -1)  # (batch, count, size, classes)
    return each.flatten(1, 2)[:, :frames].transpose(1, 2)
