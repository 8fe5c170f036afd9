"""Which device is meant, on this machine and on one with two GPUs."""

import pytest
import torch

from onpu.apps.train import accelerator
from onpu.device import resolve_device
from onpu.errors import OnpuError


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


def test_the_fastest_kind_is_taken(two_gpus):
    assert resolve_device("auto") == "cuda"
    for device in ("cpu", "cuda", "cuda:1", torch.device("cuda", 1)):
        assert resolve_device(device) == str(device)
    assert accelerator("auto") == "gpu"


def test_without_a_gpu_it_is_the_processor(no_gpu):
    assert resolve_device("auto") == "cpu" == accelerator("auto")
    with pytest.raises(OnpuError, match="has no cuda; use device auto"):
        resolve_device("cuda:0")


@pytest.mark.parametrize(("device", "message"), [
    ("cuda:2", "has no cuda:2, but cuda:0 to cuda:1"), ("cuda:x", "cuda:x is not known"),
    ("gpu", "gpu is not known; choose from auto, cuda"), ("", "is not known"), ("mps", "has no mps")])
def test_what_is_not_there_is_told(two_gpus, device, message):
    with pytest.raises(OnpuError, match=message):
        resolve_device(device)


def test_training_takes_no_single_gpu(two_gpus):
    with pytest.raises(OnpuError, match="CUDA_VISIBLE_DEVICES"):
        accelerator("cuda:1")
