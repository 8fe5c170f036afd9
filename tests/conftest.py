"""What tests of several folders share; being here, it also puts `tiny` within their reach."""

import pytest
import tiny
import torch

from onpu.data.corpus import Corpus

torch.set_num_threads(1)  # what tests compute is too small to be divided


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Eight recordings of clicks; not to be changed."""
    return tiny.click_corpus(tmp_path_factory.mktemp("clicks") / "corpus")
