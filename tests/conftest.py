"""What tests of several folders share; being here, it also puts `tiny` within their reach."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
import torch
from filelock import FileLock
from hypothesis import HealthCheck, settings

from onpu.data.corpus import Corpus

torch.set_num_threads(1)  # what tests compute is too small to be divided
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine is no failure


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Eight recordings of clicks; not to be changed."""
    return tiny.click_corpus(tmp_path_factory.mktemp("clicks") / "corpus")


@pytest.fixture(scope="session")
def exported_listener(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Name of a listener -> its folder as `onpu export` writes it; not to be changed. Each is exported once, by
    whichever of several processes needs it first, and compared with torch on a second of noise: five lengths are
    compared where that is the test."""
    from onpu.apps import export

    base = tmp_path_factory.getbasetemp()
    root = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "exported"
    root.mkdir(exist_ok=True)

    def folder(name: str) -> Path:
        with FileLock(root / f"{name}.lock"), pytest.MonkeyPatch.context() as patch:
            patch.setattr(export, "CHECKED_SECONDS", (1.0,))
            if not (root / name / "card.json").exists():
                export.export([name], root, force=True)
        return root / name

    return folder
