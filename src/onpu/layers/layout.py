"""How tensors lie in memory."""

from typing import TypeVar

import torch
from torch import nn

Kind = TypeVar("Kind", bound=nn.Module)


def channels_last(network: Kind) -> Kind:
    """The network, whose kernels of two dimensions now have the channels last, as convolutions on CPUs want them."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network
