"""How far networks look along time."""

from typing import Protocol, runtime_checkable

from torch import nn


@runtime_checkable
class FrameNetwork(Protocol):
    """A network over frames. receptive: frames on either side that an output depends on, noticeably at least."""

    receptive: int


def receptive_frames(network: nn.Module) -> int:
    """Its `receptive`. Raises `TypeError` for a network that does not say it."""
    if not isinstance(network, FrameNetwork):
        raise TypeError(f"{type(network).__name__} has no attribute receptive: the frames on either side of one that "
                        "it looks at")
    return int(network.receptive)
