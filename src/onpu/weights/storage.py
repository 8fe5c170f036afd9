"""How kernels are held in a file: as float32, as float16, or as int8 with a scale for each channel.

A kernel is a float32 tensor of two or more dimensions; everything else (gains, biases, statistics, counts), which is
small, is held as it is. As int8 a kernel w becomes

    w ≈ s q,    q in -127 … 127, one s for each channel

(`onpu.rounding`). The file holds q under the kernel's name, int8, and s under NAME.scale, float32, with as many
dimensions as the kernel and the length 1 along all but that of the channels, so that s q is a plain product. Networks
compute in float32 whatever a file holds.
"""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from onpu.errors import WeightsError
from onpu.rounding import rounded

KERNELS = ("float32", "float16", "int8")
"""What kernels may be held as."""
SCALE = ".scale"
"""What the name of a kernel's scales adds to its own."""


def packed(tensors: Mapping[str, Tensor], kernels: str) -> dict[str, Tensor]:
    """What a file holds of tensors, with kernels as one of `KERNELS`. Raises `WeightsError` when `kernels` is none of
    them or cannot hold the values."""
    if kernels not in KERNELS:
        raise WeightsError(f"kernels cannot be stored as {kernels}; choose from {', '.join(KERNELS)}")
    stored: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        stored[name] = tensor
        if tensor.ndim < 2 or tensor.dtype != torch.float32 or kernels == "float32":
            continue
        if kernels == "float16":
            stored[name] = tensor.half()
        else:
            stored[name], stored[name + SCALE] = rounded(tensor)
        if not torch.isfinite(stored[name + SCALE] if kernels == "int8" else stored[name]).all():
            raise WeightsError(f"{name} has values that {kernels} cannot hold; store its kernels as float32")
    return stored


def unpacked(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors that `packed` was given, their kernels as float32. Raises `KeyError` when scales are missing."""
    tensors: dict[str, Tensor] = {}
    scales = {name + SCALE for name, tensor in stored.items() if tensor.dtype == torch.int8}
    for name, tensor in stored.items():
        if tensor.dtype == torch.int8:
            scale = stored[name + SCALE]
            if scale.ndim != tensor.ndim or any(of not in (1, size) for of, size in
                                                zip(scale.shape, tensor.shape, strict=True)):
                raise WeightsError(f"{name}: scales of {tuple(scale.shape)} do not belong to values of "
                                   f"{tuple(tensor.shape)}; fetch the weights again")
            tensors[name] = tensor * scale
        elif name not in scales:
            tensors[name] = tensor.float() if tensor.dtype == torch.float16 else tensor
    return tensors


def kernels_of(dtypes: Iterable[str]) -> str:
    """Which of `KERNELS` a file has, of the types of its tensors as safetensors writes them."""
    present = set(dtypes)
    return "int8" if "I8" in present else "float16" if "F16" in present else "float32"
