"""Which torch device is meant, and whether it is to be had."""

from typing import TYPE_CHECKING, TypeAlias

from onpu.errors import OnpuError

if TYPE_CHECKING:
    import torch

Device: TypeAlias = "str | torch.device"
"""A device by its name or as torch's own."""


def resolve_device(device: Device) -> str:
    """The torch device; for `auto` the fastest kind that is there.

    device: auto, cpu, cuda, mps, or one of several GPUs, such as cuda:1. Raises `OnpuError` when it is not to be had.
    """
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, present in there.items() if present)
    kind, _, number = str(device).partition(":")
    if kind not in there or (number and not number.isdecimal()):
        raise OnpuError(f"device {device} is not known; choose from auto, {', '.join(there)}")
    if not there[kind]:
        raise OnpuError(f"this machine or this build of torch has no {kind}; use device auto")
    count = torch.cuda.device_count() if kind == "cuda" else 1
    if number and int(number) >= count:
        raise OnpuError(f"this machine has no {device}, but {kind}:0 to {kind}:{count - 1}; use one of these")
    return str(device)
