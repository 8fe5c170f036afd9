"""What is said of the package elsewhere than in its code: extras and version; and that a run in CI tests all of it."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from onpu.engine.render.voice.bank import world

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {"python-rtmidi": "rtmidi", "pyworld-prebuilt": "pyworld", "fonttools": "fontTools", "faiss-cpu": "faiss",
           "python-multipart": "python_multipart"}


@pytest.mark.parametrize("extra", sorted(set(PROJECT["optional-dependencies"]) - {"dev", "docs"}))
def test_every_package_of_an_extra_is_imported(extra):
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for requirement in PROJECT["optional-dependencies"][extra]:
        package = re.match(r"[\w-]+", requirement).group()
        module = MODULES.get(package, package)
        if package != "tensorboard":  # lightning's logger imports it
            imported = rf'^\s*(import|from) {module}\b|import_module\("{module}"\)'
            assert re.search(imported, source, re.MULTILINE), package


def test_the_citation_is_of_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.*)$", citation, re.MULTILINE).group(1) == PROJECT["version"]


@pytest.mark.skipif(not os.environ.get("CI"), reason="a developer may be without")
def test_ci_leaves_no_singing_out():
    assert world() is not None
