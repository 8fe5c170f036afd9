"""What tests of the workbench share: a server without a network in between, whose analyses hear nothing."""

from dataclasses import dataclass, replace

import pytest
from browser import ADDRESS, InPlace

from benchmarks.soak.unheard import analyse, timeline

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from onpu.workbench import jobs
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService


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
def service(tmp_path, monkeypatch):
    """An open library whose deciding and exporting happens in this process."""
    monkeypatch.setattr(jobs, "_first", lambda folder, heard: (StubHeard(), timeline(8.0)))
    limits = Limits(file_bytes=400_000, silent_seconds=1.0, json_bytes=10_000)
    service = WorkbenchService(tmp_path / "library", limits, analyse)
    service._deciding = service._exporting = InPlace()
    yield service
    service.close()


@pytest.fixture
def client(service):
    """A browser on this machine."""
    with TestClient(application(service), ADDRESS) as client:
        yield client


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """A browser on this machine, of a library to which nothing is added."""
    with TestClient(application(WorkbenchService(tmp_path_factory.mktemp("idle"), analyse=analyse)), ADDRESS) as client:
        yield client
