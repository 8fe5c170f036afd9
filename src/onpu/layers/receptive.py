"""How far networks look along time, and where what they say begins."""

from typing import Protocol, runtime_checkable

from torch import nn


@runtime_checkable
class FrameNetwork(Protocol):
    """A network over frames. receptive: frames on either side that an output depends on, noticeably at least. One that
    pools frames has a `stride` besides: its features must begin at a multiple of so many frames of the recording."""

    receptive: int


def receptive_frames(network: nn.Module) -> int:
    """Its `receptive`. Raises `TypeError` for a network that does not say it."""
    if not isinstance(network, FrameNetwork):
        raise TypeError(f"{type(network).__name__} has no attribute receptive: the frames on either side of one that "
                        "it looks at")
    return int(network.receptive)


def stride_frames(network: nn.Module) -> int:
    """Its `stride`; 1 for a network without."""
    return int(getattr(network, "stride", 1))
