"""Which torch device is meant, and whether it is to be had."""

import torch

from onpu.errors import OnpuError


def resolve_device(device: str) -> str:
    """The torch device; for `auto` the fastest kind that is there. Raises `OnpuError` when it is not to be had."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, present in there.items() if present)
    if device not in there:
        raise OnpuError(f"device {device} is not known; choose from auto, {', '.join(there)}")
    if not there[device]:
        raise OnpuError(f"this machine or this build of torch has no {device}; use --device auto")
    return device
