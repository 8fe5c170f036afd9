"""What tests of the workbench share: a server without a network in between, whose analyses hear nothing."""

import time
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pytest
import soundfile

from benchmarks.soak.unheard import analyse, timeline

pytest.importorskip("fastapi")
from starlette.testclient import TestClient

from onpu.workbench import duties
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.shop import Shop

ADDRESS = "http://127.0.0.1:8765"


def sound(seconds: float = 8.0, form: str = "WAV", **tags: str) -> bytes:
    """A recording of noise."""
    out = BytesIO()
    samples = 0.1 * np.random.default_rng(1).standard_normal(round(8000 * seconds))
    with soundfile.SoundFile(out, "w", 8000, 1, format=form) as file:
        for name, text in tags.items():
            setattr(file, name, text)
        file.write(samples)
    return out.getvalue()


class InPlace:
    """A helper whose duties are done in this process."""

    def call(self, duty, arguments, seconds, progress=None):
        return duty(**arguments, progress=lambda share: None)

    def end(self, reason):
        pass


@dataclass
class StubHeard:
    """What was heard of a song of eight seconds, in which chords can be corrected."""

    def decide(self, corrections=(), before=None):
        from dataclasses import replace

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


def sent(client, *files, **more):
    """Upload files, pairs of name and bytes."""
    return client.post("/api/songs", files=[("file", file) for file in files], **more)


def settled(client, seconds=20.0):
    """The songs once none of them waits or is analysed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        songs = client.get("/api/songs").json()["songs"]
        if all(song["state"] not in ("waiting", "analysing") for song in songs):
            return songs
        time.sleep(0.05)
    raise AssertionError(f"not ready after {seconds} s: {songs}")
