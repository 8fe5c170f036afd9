"""ONNX models of one input, computed by onnxruntime on the CPU; without torch."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CACHED_SESSIONS = 64
_limit = [0]


@lru_cache(maxsize=CACHED_SESSIONS)
def session(model: bytes | Path, threads: int = 0) -> "InferenceSession":
    """What computes a model, its bytes or its file; threads: 0 for as many as the machine has cores. Raises `OnpuError`
    when onnxruntime is not installed or cannot read the model."""
    try:
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidProtobuf, NoSuchFile
    except ImportError as error:
        raise OnpuError("the backend onnx needs the package onnxruntime; pip install onpu[onnx]") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # threads that turn in circles between the small steps of these networks take half of all processor time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # kernels in eight bits (`onpu.export.eight_bits`) are made float32 once, and not at every call
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidProtobuf, NoSuchFile) as error:
        what = model if isinstance(model, Path) else "the model"
        raise OnpuError(f"{what}: cannot be read as ONNX; export it again") from error


def limit_threads(count: int) -> None:
    """Let models that are not told otherwise run on so many threads; 0: on as many as the machine has cores."""
    _limit[0] = count


def run(model: bytes | Path, values: np.ndarray, threads: int | None = None) -> dict[str, np.ndarray]:
    """What a model of one input answers: name of an output -> array. threads: None for those of `limit_threads`. Raises
    as `session`."""
    computing = session(model, _limit[0] if threads is None else threads)
    names = [each.name for each in computing.get_outputs()]
    return dict(zip(names, computing.run(names, {computing.get_inputs()[0].name: values}), strict=True))
