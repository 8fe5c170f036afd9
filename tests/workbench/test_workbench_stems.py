"""Stems of the workbench: taken apart on demand, kept within limits, cancelled, and gone on with after a restart."""

import io
import json
import time

import numpy as np
import pytest
import soundfile
from browser import ADDRESS, InPlace, sent, settled, sound
from starlette.testclient import TestClient

from benchmarks.soak import unheard
from benchmarks.soak.unheard import analyse
from onpu.pipelines.separation import LEVEL, SEGMENT_SECONDS, read_stem
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

PARTS = ["vocals", "drums", "bass", "other"]


@pytest.fixture
def apart(tmp_path):
    """A browser, and the service behind it, whose songs are taken apart by the shipped network in this process."""
    service = WorkbenchService(tmp_path / "library", Limits(stem_seconds=40.0), analyse)
    service.analyses.worker = service.asked.jobs.worker = InPlace()
    with TestClient(application(service), ADDRESS) as client:
        yield client, service


def ready(client, song, seconds=60.0):
    """What is told of a song's stems once no job for them waits or runs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.get(f"/api/songs/{song}/stems").json()
        if told["job"] is None or told["job"]["state"] not in ("waiting", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def uploaded(client, seconds=8.0, name="Autumn.wav"):
    sent(client, (name, sound(seconds)))
    return next(each["id"] for each in settled(client) if each["name"] == name.removesuffix(".wav"))


def test_a_song_is_taken_apart_into_files_that_sum_to_it(apart):
    client, service = apart
    song = uploaded(client, SEGMENT_SECONDS + 3.0)
    assert client.get(f"/api/songs/{song}/stems").json() == {"stems": None, "job": None}
    assert client.post(f"/api/songs/{song}/stems").status_code == 202
    told = ready(client, song)
    stems = told["stems"]
    assert told["job"]["state"] == "done" and [each["name"] for each in stems["parts"]] == PARTS
    assert (stems["rate"], stems["channels"], stems["samples"]) == (8000, 1, round(8000 * (SEGMENT_SECONDS + 3)))
    total = np.zeros(stems["samples"])
    for each in stems["parts"]:
        pieces = []
        for number in range(2):
            answer = client.get(f"/api/songs/{song}/stems/{each['name']}/{number}")
            assert answer.headers["content-type"] == "audio/flac"
            pieces.append(soundfile.read(io.BytesIO(answer.content))[0])
        assert len(pieces[0]) == stems["segment"] == 8000 * SEGMENT_SECONDS
        whole = np.concatenate(pieces) / stems["level"]
        np.testing.assert_allclose(whole, read_stem(service.library.place(song) / "stems", each["name"]).samples[0],
                                   atol=1e-6)
        total += whole
    original = soundfile.read(io.BytesIO(sound(SEGMENT_SECONDS + 3.0)))[0]
    assert np.abs(total - original).max() < 4 / 2**15 / LEVEL, "but for the rounding of four parts to 16 bits"
    assert client.get(f"/api/songs/{song}/stems/vocals/2").status_code == 404


@pytest.mark.parametrize("path", ["..%2f..%2fsound/0", "%2e%2e/0", "VOCALS/0", "vocals/-1", "vocals/x", "stems.json/0"])
def test_names_of_stems_lead_to_no_other_files(apart, path):
    client, _ = apart
    song = uploaded(client)
    client.post(f"/api/songs/{song}/stems")
    ready(client, song)
    assert client.get(f"/api/songs/{song}/stems/{path}").status_code in (404, 422)


def test_what_is_too_long_is_told(apart):
    client, _ = apart
    song = uploaded(client, 41.0)
    client.post(f"/api/songs/{song}/stems")
    told = ready(client, song)
    assert told["job"]["state"] == "failed" and told["stems"] is None
    assert told["job"]["error"] == "Autumn: is 1 min long; 1 min are the most that is taken apart"


def slow(folder, sound, name, longest, progress):
    """A job that waits until it is ended."""
    for step in range(1000):
        progress(step / 1000)
        time.sleep(0.02)
    return {}


def test_jobs_are_cancelled_and_go_on_after_a_restart(tmp_path):
    service = WorkbenchService(tmp_path / "library", analyse=analyse, part=slow)
    with TestClient(application(service), ADDRESS) as client:
        first, second = uploaded(client, name="a.wav"), uploaded(client, name="b.wav")
        job = client.post(f"/api/songs/{first}/stems").json()["job"]
        assert client.post(f"/api/songs/{first}/stems").json()["job"] == job, "it is not done twice"
        while client.get(f"/api/jobs/{job}").json()["progress"] == 0:
            time.sleep(0.02)
        assert client.post(f"/api/jobs/{job}/cancel").status_code == 200
        assert client.post(f"/api/jobs/{job}/cancel").status_code == 409
        assert client.get(f"/api/jobs/{job}").json()["state"] == "cancelled"
        later = client.post(f"/api/songs/{second}/stems").json()["job"]
        while client.get(f"/api/jobs/{later}").json()["state"] != "running":
            time.sleep(0.02)
        assert [each["title"] for each in client.get("/api/jobs").json()["jobs"]] == ["b", "a"]
    service = WorkbenchService(tmp_path / "library", analyse=analyse, part=unheard.part)
    service.asked.jobs.worker = InPlace()
    with TestClient(application(service), ADDRESS) as client:
        assert ready(client, second)["job"]["state"] == "done"
        assert client.get(f"/api/jobs/{job}").json()["state"] == "cancelled"
        assert client.get("/api/jobs/0").status_code == 404


def test_the_stems_that_were_asked_for_longest_ago_make_room(apart):
    client, service = apart
    songs = [uploaded(client, name=name) for name in ("a.wav", "b.wav")]
    client.post(f"/api/songs/{songs[0]}/stems")
    size = json.dumps(ready(client, songs[0])["stems"]) and sum(
        path.stat().st_size for path in (service.library.place(songs[0]) / "stems").iterdir())
    service.asked.limits = Limits(stem_bytes=round(1.5 * size))
    client.post(f"/api/songs/{songs[1]}/stems")
    assert ready(client, songs[1])["stems"] is not None
    assert client.get(f"/api/songs/{songs[0]}/stems").json()["stems"] is None
