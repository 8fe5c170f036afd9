"""In place of onnxruntime: the page's own onnxruntime-web computes, at once (`networks.js`)."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from onpu_host import open_network


@dataclass(frozen=True)
class NodeArg:
    """Name of an input or output."""

    name: str


@dataclass
class SessionOptions:
    """What a session may be told; the page has said how many threads there are."""

    intra_op_num_threads: int = 0
    log_severity_level: int = 3

    def add_session_config_entry(self, name: str, value: str) -> None:
        """What it says holds for the page's sessions all the same or has no meaning there."""


class InferenceSession:
    """A model of one input.

    Args:
        model: its file or its bytes.
        options, providers: as in onnxruntime; the page's hold.
    """

    def __init__(self, model: bytes | Path, options: SessionOptions, providers: Sequence[str]) -> None:
        self.network = open_network(model if isinstance(model, bytes) else Path(model).read_bytes())

    def get_inputs(self) -> list[NodeArg]:
        """The one input."""
        return [NodeArg(self.network.input)]

    def get_outputs(self) -> list[NodeArg]:
        """All outputs."""
        return [NodeArg(name) for name in self.network.outputs]

    def run(self, names: Sequence[str], given: dict[str, np.ndarray]) -> list[np.ndarray]:
        """What the model answers, all of it, in the order of `get_outputs`."""
        (values,) = given.values()
        answers = self.network.run(np.ascontiguousarray(values, np.float32), list(values.shape))
        return [np.frombuffer(each.data.to_bytes(), np.float32).reshape(each.shape.to_py()) for each in answers]


class InvalidProtobuf(RuntimeError):
    """What onnxruntime raises for a model that it cannot read."""


_errors = ModuleType("onnxruntime.capi.onnxruntime_pybind11_state")
vars(_errors).update(dict.fromkeys(("Fail", "InvalidProtobuf", "NoSuchFile"), InvalidProtobuf))
sys.modules |= {"onnxruntime.capi": ModuleType("onnxruntime.capi"), _errors.__name__: _errors}
