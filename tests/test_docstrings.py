"""What a user imports tells what it takes and gives, in numpydoc, with an example that runs as it stands there."""

import doctest
import inspect
import re
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest
import soundfile

import onpu.metrics

METRICS = [f"onpu.metrics.{found.name}:evaluate" for found in iter_modules(onpu.metrics.__path__)
           if hasattr(import_module(f"onpu.metrics.{found.name}"), "evaluate")]
PUBLIC = [*METRICS]
"""Module:name of everything that must have a whole docstring."""
SECTION = re.compile(r"^(\w[\w ]+)\n-+$", re.MULTILINE)


def named(name: str) -> object:
    """The function, class or method."""
    module, _, path = name.partition(":")
    found = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


@pytest.fixture
def beside_a_song(tmp_path, monkeypatch):
    """A folder with the recording of which the examples speak: eight seconds of clicks, 120 a minute."""
    rate = 22_050
    sound = 0.01 * np.random.default_rng(0).normal(size=8 * rate)
    for start in range(0, len(sound), rate // 2):
        sound[start : start + 400] += np.hanning(400) * np.sin(np.arange(400))
    soundfile.write(tmp_path / "song.wav", sound, rate)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_is_told(name):
    found = named(name)
    text = inspect.getdoc(found) or ""
    sections = SECTION.findall(text)
    assert "Examples" in sections, f"{name} has no example"
    assert SECTION.split(text)[0].strip().endswith("."), "the summary is a sentence"
    told = text.partition("Parameters\n---")[2].partition("Returns\n---")[0]
    headings = {word for line in told.splitlines() if not line.startswith(" ") for word in line.split(", ")}
    missing = set(inspect.signature(found).parameters) - headings - {"self"}
    assert not missing, f"{name} does not tell of {missing}"
    if not inspect.isclass(found) and "-> None" not in str(inspect.signature(found)):
        assert "Returns" in sections, f"{name} does not tell what it returns"


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_run_as_they_stand(name, beside_a_song):
    """In an empty session, beside a file song.wav; numbers may be cut by `...`."""
    found = doctest.DocTestParser().get_doctest(inspect.getdoc(named(name)), {}, name, None, 0)
    assert len(found.examples) > 1
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(found, out=failures.append)
    assert not failures, "".join(failures)


def test_metrics_were_found():
    assert len(METRICS) >= 17
