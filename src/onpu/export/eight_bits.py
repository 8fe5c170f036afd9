"""Kernels of an ONNX model as integers of eight bits, a quarter of their size; what is computed stays float32.

Kernels are rounded as those of shipped weights are (`onpu.rounding`); activations are left as they are, so nothing has
to be calibrated and nothing is computed in integers.

    kernel -> int8 -> DequantizeLinear along its channels -> what took the kernel
"""

from typing import TYPE_CHECKING

import numpy as np
import torch

from onpu.errors import OnpuError
from onpu.rounding import rounded

if TYPE_CHECKING:
    from onnx import TensorProto

LEAST_VALUES = 1024
"""Of a kernel that is rounded; smaller ones weigh nothing."""


def in_eight_bits(model: bytes) -> bytes:
    """The model with its kernels as int8.

    Parameters
    ----------
    model
        An ONNX model in float32.

    Returns
    -------
    bytes
        One of the same inputs and outputs, of operations that version 13 of ONNX has. onnxruntime makes float32 kernels
        of it when it is loaded (`onpu.inference.sessions`), so that it is as fast as the other.

    Raises
    ------
    OnpuError
        When the package onnx is not installed.
    """
    try:
        import onnx
    except ImportError as error:
        raise OnpuError(f"ONNX needs the package {error.name}; pip install onpu[onnx]") from error
    found = onnx.load_from_string(model)
    graph = found.graph
    first = []
    for tensor in [each for each in graph.initializer if _is_kernel(each)]:
        values, scale = (each.numpy() for each in rounded(torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy())))
        axis = int(np.argmax(scale.shape))
        parts = [f"{tensor.name}.{part}" for part in ("int8", "scale")]
        graph.initializer.extend(onnx.numpy_helper.from_array(array, name) for array, name in
                                 zip((values, scale.reshape(-1)), parts, strict=True))
        name = f"{tensor.name}.float32"
        first.append(onnx.helper.make_node("DequantizeLinear", parts, [tensor.name], name, axis=axis))
        graph.initializer.remove(tensor)
    nodes = [*first, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(found)
    data: bytes = found.SerializeToString()
    return data


def _is_kernel(tensor: "TensorProto") -> bool:
    from onnx import TensorProto

    large = len(tensor.dims) > 1 and int(np.prod(tensor.dims)) >= LEAST_VALUES
    return large and tensor.data_type == TensorProto.FLOAT
