"""What tests of the workbench say to it: recordings, uploads, and waiting until all is analysed."""

import time
from io import BytesIO

import numpy as np
import soundfile

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


def sent(client, *files, **more):
    """Upload files, pairs of name and bytes."""
    return client.post("/api/songs", files=[("file", file) for file in files], **more)


def settled(client, seconds=240.0):
    """The songs once none of them waits or is analysed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        songs = client.get("/api/songs").json()["songs"]
        if all(song["state"] not in ("waiting", "analysing") for song in songs):
            return songs
        time.sleep(0.05)
    raise AssertionError(f"not ready after {seconds} s: {songs}")


class InPlace:
    """A worker whose jobs are done in this process."""

    def call(self, job, arguments, seconds, progress=None):
        return job(**arguments, progress=progress or (lambda share: None))

    def end(self, reason):
        pass
