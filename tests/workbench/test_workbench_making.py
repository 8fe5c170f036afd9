"""Making in the workbench: forms out of the makers' options, pieces and changed passages that become songs."""

import time

import numpy as np
import pytest
from browser import ADDRESS, InPlace, sent, settled, sound
from starlette.testclient import TestClient

from benchmarks.soak import unheard
from onpu.errors import OnpuError
from onpu.make import makers
from onpu.music import Audio
from onpu.pipelines.generation import made, maker_table
from onpu.workbench.making import CHANGES
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService


@pytest.fixture
def studio(tmp_path):
    """A browser, and the service behind it, which does everything in this process."""
    service = WorkbenchService(tmp_path / "library", analyse=unheard.analyse, part=unheard.part)
    asked = service.asked
    service.analyses.worker = asked.jobs.worker = asked.sounding = asked.making.worker = InPlace()
    with TestClient(application(service), ADDRESS) as client:
        yield client, service


def done(client, job, seconds=120.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.get(f"/api/jobs/{job}").json()
        if told["state"] not in ("waiting", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_forms_have_every_option_of_every_maker():
    found = {each["name"]: each for each in maker_table()}
    assert {"chorale", "midinet", "musicvae", "performance", "pixelcnn", "seq2seq"} <= set(found)
    for name, form in found.items():
        declared = [each for each in vars(type(makers()[name].options))["__dataclass_fields__"].values()
                    if "help" in each.metadata]
        assert [each["name"] for each in form["options"]] == [each.name for each in declared]
    bars = next(each for each in found["midinet"]["options"] if each["name"] == "chords")
    assert (bars["kind"], bars["several"], bars["default"]) == ("words", True, ["C:maj", "G:maj", "A:min", "F:maj"])
    assert found["musicvae"]["inputs"][1]["files"] == 2 and found["musicvae"]["inputs"][0]["decides"] == ["begin"]


@pytest.mark.parametrize("name, values, said", [
    ("nothing", {}, "nothing is made by"), ("midinet", {"bars": "x"}, "bars is 'x'"), ("midinet", {"bas": 4}, "bars"),
    ("midinet", {"bars": 0}, "1"), ("midinet", {"chords": "C:maj"}, "chords")])
def test_what_cannot_be_made_is_told(name, values, said):
    with pytest.raises(OnpuError, match=said):
        made(name, values, {}, device="cpu")


def test_a_melody_is_made_and_becomes_a_song_with_its_notes(studio):
    client, service = studio
    assert client.get("/api/makers").json()["changes"] == CHANGES
    body = {"maker": "midinet", "options": {"bars": 2, "candidates": 1, "seed": 3}, "title": "A <b>melody</b>"}
    told = done(client, client.post("/api/make", json=body).json()["job"])
    assert told["state"] == "done", told
    song = settled(client)[0]
    assert song["id"] == told["result"]["song"] and song["title"] == "A <b>melody</b>" and song["state"] == "ready"
    assert (service.library.place(song["id"]) / "known.jams").is_file()
    assert not list(service.library.incoming.iterdir())


def test_a_passage_is_continued(studio):
    client, _ = studio
    sent(client, ("Autumn.wav", sound()))
    song = settled(client)[0]["id"]
    given = {"after": {"song": song, "start": 0.0, "end": 4.0}}
    told = done(client, client.post("/api/make", json={
        "maker": "midinet", "given": given, "options": {"bars": 1, "candidates": 1}}).json()["job"])
    assert told["state"] == "done", told
    late = {"after": {"song": song, "start": 100.0}}
    told = done(client, client.post("/api/make", json={"maker": "midinet", "given": late}).json()["job"])
    assert told["state"] == "failed" and "there is nothing from 100 s on" in told["error"]


def test_a_passage_becomes_other_instruments(studio, monkeypatch):
    client, _ = studio
    sent(client, ("Autumn.wav", sound()))
    song = settled(client)[0]["id"]
    heard = []

    def changed(weights, audio, progress):
        heard.append((weights, audio.duration))
        return Audio(np.float32(0.5) * audio.samples, audio.rate)

    monkeypatch.setattr("onpu.pipelines.generation.changed", changed)
    body = {"to": "convert-strings", "start": 2.0, "end": 5.0}
    told = done(client, client.post(f"/api/songs/{song}/change", json=body).json()["job"])
    assert told["state"] == "done" and heard == [("convert-strings", 3.0)]
    titles = {each["title"]: each["duration"] for each in settled(client)}
    assert titles == {"Autumn": 8.0, "Autumn – strings": 3.0}


@pytest.mark.parametrize("body, said", [
    ({"maker": "gong"}, "no maker gong"), ({"maker": ["midinet"]}, "no maker"),
    ({"maker": "midinet", "weights": "/etc/passwd"}, "no weights"),
    ({"maker": "midinet", "options": []}, "JSON objects"),
    ({"maker": "midinet", "given": {"after": {"song": "0"}}}, "no such song"),
    ({"maker": "midinet", "given": {"after": 1}}, "JSON object"), ({"maker": "midinet", "bpm": "x"}, "bpm"),
    ({"maker": "midinet", "options": {"chords": "x" * 3000}}, "JSON objects")])
def test_requests_that_are_none_are_told(studio, body, said):
    client, _ = studio
    answer = client.post("/api/make", json=body)
    assert 400 <= answer.status_code < 500 and said in answer.json()["error"]
