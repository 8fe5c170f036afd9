"""docs/models.md: every network runs as it is shown there, and what comes out has the shapes that the comments tell."""

import re
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import torch

from onpu import models

PAGE = (Path(__file__).parents[2] / "docs/models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SHOWN = {module: block for block in BLOCKS for module in re.findall(r"from onpu\.models\.(\w+) import", block)}


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """What the blocks before have defined: they follow each other as on the page."""
    return {}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.findall(r"onpu\.models\.(\w+)", block)[-1])
def test_shapes_are_as_the_comments_tell(block, known):
    torch.manual_seed(0)
    with torch.no_grad():
        exec(compile(block, "docs/models.md", "exec"), known)
    told = re.findall(r"(\w+) \(([\d, ]+)\)", " ".join(re.findall(r"#(.*)", block)))
    heads = known["heads"] if "heads = " in block else {}
    assert told
    for name, shape in told:
        value = heads[name] if heads else known[name]
        assert tuple(value.shape) == tuple(int(size) for size in shape.split(",")), name
        assert value.isfinite().all()


def test_every_network_is_shown():
    assert SHOWN.keys() == {found.name for found in iter_modules(models.__path__)}
