"""What tests of several folders share; being here, it also puts `tiny` within their reach."""

import pytest
import tiny

from onpu.data.corpus import Corpus


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Eight recordings of clicks; not to be changed."""
    return tiny.click_corpus(tmp_path_factory.mktemp("clicks") / "corpus")
