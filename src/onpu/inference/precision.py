"""In which precision a network answers.

Half of the bytes and, where a device multiplies bfloat16 itself, half of the time; activations differ by at most .02
(docs/LOG.md). Features, activations and decoding stay in 32 bits. A recurrent network is a chain of products too small
to gain by it, and rounds its state at every step, so it is left as it is.
"""

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    import torch
    from torch import nn

Precision: TypeAlias = Literal["auto", "float32", "bfloat16"]
"""auto: bfloat16 where it is faster (`arithmetic`), else float32."""
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
AMPERE = (8, 0)
"""Compute capability from which on GPUs multiply bfloat16."""


def checked_precision(precision: str) -> Precision:
    """The precision of that name. Raises `OnpuError` when there is none."""
    for name in PRECISIONS:
        if precision == name:
            return name
    raise OnpuError(f"precision {precision}: {suggestion(precision, PRECISIONS)}")


def arithmetic(precision: Precision, network: "nn.Module", device: "torch.device") -> "torch.dtype":
    """The type of numbers in which a network multiplies; what is asked for by name is done on any device."""
    import torch

    if checked_precision(precision) != "auto":
        return torch.float32 if precision == "float32" else torch.bfloat16
    faster = multiplies_bfloat16(device) and not is_recurrent(network)
    return torch.bfloat16 if faster else torch.float32


def is_recurrent(network: "nn.Module") -> bool:
    """Whether a part of it is a recurrent layer or cell, torch's or onpu's."""
    from torch import nn

    from onpu.layers.cells import Cell

    return any(isinstance(module, nn.RNNBase | nn.RNNCellBase | Cell) for module in network.modules())


def multiplies_bfloat16(device: "torch.device") -> bool:
    """Whether a device has instructions that multiply bfloat16; not known of others than x86 and NVIDIA's."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= AMPERE
    # torch has no public name for this that is as old as 2.6
    return device.type == "cpu" and bool(getattr(torch.cpu, "_is_avx512_bf16_supported", bool)())
