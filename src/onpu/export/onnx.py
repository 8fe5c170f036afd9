"""Modules of torch as ONNX models that take any length, and such models in the place of a front end and a network."""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError
from onpu.inference import sessions
from onpu.layers.receptive import receptive_frames, stride_frames
from onpu.represent import Representation

if TYPE_CHECKING:
    from onnx import GraphProto, ValueInfoProto

LENGTH = "length"
"""Name of the axis whose length is free: samples or frames."""


def to_onnx(module: nn.Module, example: Tensor, axis: int, inputs: str, outputs: Sequence[tuple[str, int | None]]
            ) -> bytes:
    """A module of one input as an ONNX model, by torch's exporter that goes through `torch.export`.

    Parameters
    ----------
    module
        In evaluation mode; it returns a tensor or a tuple of tensors.
    example
        An input of some ordinary length.
    axis
        Of the input, whose length is free.
    inputs
        Name of the input.
    outputs
        Name of each output, and its axis whose length is free; None: none.

    Returns
    -------
    bytes
        The model. Inputs of other lengths give what the module gives.

    Raises
    ------
    OnpuError
        When the packages that export needs are not installed, or ONNX has no operations for the module.
    """
    try:
        import onnx
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise OnpuError(f"ONNX needs the package {error.name}; pip install onpu[onnx]") from error
    try:
        with _quiet(), torch.no_grad():
            program = torch.onnx.export(
                module, (example.clone(),), dynamo=True, verbose=False, input_names=[inputs],
                output_names=[name for name, _ in outputs], dynamic_shapes=({axis: torch.export.Dim.DYNAMIC},))
    except torch.onnx.OnnxExporterError as error:
        what = type(module).__name__
        raise OnpuError(f"ONNX has no counterpart for what {what} computes; take other weights") from error
    assert program is not None
    model = program.model_proto
    # behind recurrent layers the exporter takes the example's length for every length
    del model.graph.value_info[:]
    _free_reshapes(model.graph, example.shape[axis])
    _name_length(model.graph.input[0], axis)
    for value, (_, free) in zip(model.graph.output, outputs, strict=True):
        if free is not None:
            _name_length(value, free)
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def _free_reshapes(graph: "GraphProto", length: int) -> None:
    """Leave open, in every reshape to a constant shape, the axis that is as long as the example was."""
    from onnx import numpy_helper

    shapes = {node.input[1] for node in graph.node if node.op_type == "Reshape"}
    for constant in graph.initializer:
        if constant.name in shapes:
            shape = numpy_helper.to_array(constant).copy()
            if length in shape and -1 not in shape:
                shape[shape.tolist().index(length)] = -1
                constant.CopyFrom(numpy_helper.from_array(shape, constant.name))


def _name_length(value: "ValueInfoProto", axis: int) -> None:
    """Say of an input or output that its length along an axis is free."""
    dimension = value.type.tensor_type.shape.dim[axis]
    dimension.Clear()
    dimension.dim_param = LENGTH


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the exporter tells of its own versions."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def run(model: bytes, values: np.ndarray) -> dict[str, np.ndarray]:
    """What a model of one input answers: name of an output -> array. It runs on the CPU, on as many threads as torch.

    Raises `OnpuError` when onnxruntime is not installed."""
    return sessions.run(model, values, torch.get_num_threads())


class OnnxFeatures(Representation):
    """A representation that onnxruntime computes.

    Args:
        like: whose clock, sizes and context it has.
        model: audio (1, samples) -> features.
    """

    def __init__(self, like: Representation, model: bytes) -> None:
        super().__init__()
        self.clock, self.channels, self.bins = like.clock, like.channels, like.bins
        self.context, self.grid, self.model = like.context, like.grid, model

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (1, samples) -> features (1, channels, bins, frames)."""
        return torch.from_numpy(run(self.model, audio.cpu().numpy())["features"])


class OnnxNetwork(nn.Module):
    """A network with its activation functions that onnxruntime computes.

    Args:
        like: whose margins it has.
        model: features -> activations.
    """

    def __init__(self, like: nn.Module, model: bytes) -> None:
        super().__init__()
        self.receptive, self.stride, self.model = receptive_frames(like), stride_frames(like), model
        self.place = nn.Parameter(torch.zeros(0), requires_grad=False)  # which says on which device it is

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features (1, channels, bins, frames) -> activations."""
        return {name: torch.from_numpy(head) for name, head in run(self.model, x.cpu().numpy()).items()}
