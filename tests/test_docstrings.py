"""What a user imports tells what it takes and gives, in numpydoc, with an example that runs as it stands there."""

import doctest
import inspect
import re
import shutil
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import onpu.metrics
from onpu.engine.compose import compose
from onpu.engine.render import render
from onpu.formats.audio import write_audio
from onpu.music import Audio

METRICS = [f"onpu.metrics.{found.name}:evaluate" for found in iter_modules(onpu.metrics.__path__)
           if hasattr(import_module(f"onpu.metrics.{found.name}"), "evaluate")]
PUBLIC = [*METRICS, "onpu:analyze", "onpu:load", "onpu:read", "onpu:Timeline", "onpu:Timeline.save",
          "onpu:Timeline.to_dict", "onpu:Audio.of", "onpu:Stream", "onpu.loading:models",
          "onpu.trained:TrainedListener.__call__", "onpu.trained:TrainedListener.timeline",
          "onpu.trained:TrainedListener.activations", "onpu.trained:TrainedListener.decode",
          "onpu.maker:TrainedMaker.__call__", "onpu.represent.pitch:Cqt",
          "onpu.represent.phase:invert", "onpu.engine.compose:compose", "onpu.engine.render:render",
          "onpu.engine.render:produce", "onpu.engine.augment.audio:augment"]
"""Module:name of everything that must have a whole docstring."""
SECTION = re.compile(r"^(\w[\w ]+)\n-+$", re.MULTILINE)


def named(name: str) -> object:
    """The function, class or method."""
    module, _, path = name.partition(":")
    found = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


@pytest.fixture(scope="session")
def song(tmp_path_factory) -> Path:
    """The recording of which the examples speak: twenty seconds of pop that the engine composed and played."""
    stems = render(compose(3, "pop", seconds=12), seed=1, rate=22_050, fonts=[])
    path = tmp_path_factory.mktemp("songs") / "song.wav"
    write_audio(path, Audio(stems.mixture().mono()[None], stems.rate))
    return path


@pytest.fixture
def beside_the_song(song, tmp_path, monkeypatch):
    shutil.copy(song, tmp_path / "song.wav")
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
def test_examples_run_as_they_stand(name, beside_the_song):
    """In an empty session, beside a file song.wav; numbers may be cut by `...`."""
    found = doctest.DocTestParser().get_doctest(inspect.getdoc(named(name)), {}, name, None, 0)
    assert len(found.examples) > 1
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(found, out=failures.append)
    assert not failures, "".join(failures)


def test_metrics_were_found():
    assert len(METRICS) >= 17
