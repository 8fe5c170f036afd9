"""What tests of the workbench share: a server without a network in between, whose analyses hear nothing."""

from dataclasses import dataclass, replace

import pytest
from browser import ADDRESS, InPlace

from benchmarks.soak.unheard import analyse, timeline

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from onpu.workbench import duties
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.shop import Shop


@dataclass
class StubHeard:
    """What was heard of a song of eight seconds, in which chords can be corrected."""

    def decide(self, corrections=(), before=None):
        found = before or timeline(8.0)
        for each in corrections:
            labels = found.chords.labels.copy()
            labels[(found.chords.starts < each["end"]) & (found.chords.ends > each["start"])] = each["label"]
            found = replace(found, chords=replace(found.chords, labels=labels))
        return found


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """An open library whose deciding and exporting happens in this process."""
    monkeypatch.setattr(duties, "_first", lambda folder: (StubHeard(), timeline(8.0)))
    shop = Shop(tmp_path / "library", Limits(file_bytes=400_000, silent_seconds=1.0, json_bytes=10_000), analyse)
    shop._deciding = shop._exporting = InPlace()
    yield shop
    shop.close()


@pytest.fixture
def client(shop):
    """A browser on this machine."""
    with TestClient(application(shop), ADDRESS) as client:
        yield client


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """A browser on this machine, of a library to which nothing is added."""
    with TestClient(application(Shop(tmp_path_factory.mktemp("idle"), analyse=analyse)), ADDRESS) as client:
        yield client
