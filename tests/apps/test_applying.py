"""What the commands share that apply trained systems."""

import pytest

from onpu.analysis import selecting
from onpu.apps.applying import trained_listeners
from onpu.errors import OnpuError
from onpu.trained import TrainedListener


def test_networks_are_had_of_weights_by_path(untrained):
    first, second = trained_listeners([str(untrained), str(untrained)], "cpu")
    assert isinstance(first, TrainedListener) and first.listener.name == second.listener.name == "beats"
    assert next(first.network.parameters()).device.type == "cpu"
    with pytest.raises(OnpuError, match="beets"):
        trained_listeners(["beets"], "cpu")


def test_exported_models_are_refused_by_name_for_nobody_can_look_into_them(untrained, monkeypatch):
    trained = trained_listeners([str(untrained)], "cpu")
    monkeypatch.setattr(selecting, "listeners", lambda tasks, device, licence: [*trained, object()])
    with pytest.raises(OnpuError, match=r"^onnx/beats: exported models; name the task or the weights"):
        trained_listeners([str(untrained), "onnx/beats"], "auto")
