"""The state of a run as one safetensors file: tensors, and everything else as JSON in its header. No pickle."""

import json
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins.io.checkpoint_io import CheckpointIO
from safetensors import SafetensorError
from safetensors.torch import load_file, safe_open, save_file
from torch import Tensor

from onpu.errors import DataError
from onpu.files import replacing

Where = str | PathLike[str]


class StateFiles(CheckpointIO):
    """Lightning's way to its checkpoints. A file appears as a whole or not at all."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Where, storage_options: object = None) -> None:
        """Write any tree of dicts, lists, tuples, tensors and JSON's own values."""
        tensors: dict[str, Tensor] = {}
        tree = json.dumps(_encode(checkpoint, tensors))
        with replacing(path) as temporary:
            save_file(tensors, temporary, {"tree": tree})

    def load_checkpoint(self, path: Where, map_location: object = None,
                        weights_only: bool | None = None) -> dict[str, Any]:
        """Inverse of `save_checkpoint`, on the CPU. Raises `DataError` when the file is damaged."""
        try:
            tensors = load_file(path)
            with safe_open(path, "pt") as stored:
                return dict(_decode(json.loads(stored.metadata()["tree"]), tensors))
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path}: the state of this run is damaged ({error}); delete the file to begin the run "
                            "anew, or name another folder") from error

    def remove_checkpoint(self, path: Where) -> None:
        """Delete the file."""
        Path(path).unlink(missing_ok=True)


def _encode(node: object, tensors: dict[str, Tensor]) -> Any:
    if isinstance(node, Tensor):
        name = str(len(tensors))
        tensors[name] = node.detach().cpu().clone(memory_format=torch.contiguous_format)
        return {"tensor": name}
    if isinstance(node, dict):
        return {"dict": [[key, _encode(value, tensors)] for key, value in node.items()]}
    if isinstance(node, list | tuple):
        return {type(node).__name__: [_encode(value, tensors) for value in node]}
    if node is None or isinstance(node, str | bool | int | float):
        return node
    raise TypeError(f"the state of a run cannot hold a {type(node).__name__}")


def _decode(node: object, tensors: dict[str, Tensor]) -> Any:
    if not isinstance(node, dict):
        return node
    ((kind, content),) = node.items()
    if kind == "tensor":
        return tensors[content]
    if kind == "dict":
        return {key: _decode(value, tensors) for key, value in content}
    values = [_decode(value, tensors) for value in content]
    return values if kind == "list" else tuple(values)
