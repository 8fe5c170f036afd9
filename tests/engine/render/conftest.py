"""What the tests of rendering share; being here, it also puts `handmade` within their reach."""

import handmade
import pytest


@pytest.fixture
def song():
    return handmade.by_hand()
