"""Learning in the library: what is learned from, progress, cancelling, restarts, earlier weights; songs heard anew."""

import json
import time

import pytest
from browser import ADDRESS, InPlace, sent, settled, sound
from starlette.testclient import TestClient

from benchmarks.soak.unheard import analyse, hear_again, learn, timeline
from onpu.errors import OnpuError
from onpu.weight_store import LearnedWeights, learned_in
from onpu.workbench import jobs
from onpu.workbench.library import Library
from onpu.workbench.limits import Limits
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

CHORD = {"kind": "chord", "start": 0.0, "end": 2.0, "label": "F:maj"}


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Opens the library anew, as often as it is called."""
    monkeypatch.setattr(jobs, "_first", lambda folder, heard: (None, timeline(40.0)))
    monkeypatch.setattr(jobs, "_decided", lambda folder, heard, corrections: timeline(40.0))

    libraries = []

    def opened(apart=False):
        """apart: learning has a process of its own."""
        service = WorkbenchService(tmp_path / "library", Limits(), analyse, hear_again, learn)
        service._deciding = service._exporting = service.learning.answering = service.analyses.worker = InPlace()
        if not apart:
            service.learning.worker = InPlace()
        libraries.append(service.library)
        return TestClient(application(service), ADDRESS)

    opened.library = libraries
    return opened


def confirmed(client, name="Autumn", tasks=("beats",)):
    """A song of forty seconds with tasks of which everything is right."""
    sent(client, (f"{name}.wav", sound(40.0)))
    song = next(each["id"] for each in settled(client) if each["title"] == name)
    saved = client.post(f"/api/songs/{song}/versions", json={"corrections": [], "base": 1, "confirmed": list(tasks)})
    assert saved.status_code == 201, saved.text
    return song


def done(client, seconds=60.0):
    """What is told of learning once nothing is being learned."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.get("/api/learning").json()
        if told["running"] is None:
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_what_could_be_learned_from_is_told(opened):
    with opened() as client:
        assert client.get("/api/learning").json() == {
            "songs": [], "seconds": {}, "enough": [], "running": None, "error": "", "history": [], "in_use": {},
            "older": []}
        nothing = client.post("/api/learning", json={})
        assert nothing.status_code == 409 and "correct more" in nothing.json()["error"]
        song = confirmed(client)
        corrected = {"corrections": [CHORD], "base": 2, "confirmed": ["beats"]}
        assert client.post(f"/api/songs/{song}/versions", json=corrected).status_code == 201
        told = client.get("/api/learning").json()
    assert told["songs"] == [{"song": song, "title": "Autumn", "artist": "", "known": {
        "beats": [[0.0, 40.0]], "chords": [[0.0, 6.0]]}}]
    assert told["seconds"] == {"beats": 40.0, "chords": 6.0} and told["enough"] == ["beats"]


def test_what_was_learned_is_used_until_it_is_given_up(opened):
    with opened() as client:
        confirmed(client)
        assert client.post("/api/learning", json={"minutes": 0.5}).status_code == 202
        assert client.post("/api/learning", json={}).status_code == 409, "one at a time"
        first = done(client)
        client.post("/api/learning", json={"tasks": ["beats"], "minutes": 0.1})
        second = done(client)
        assert client.post("/api/learning/weights", json={"name": "beats", "number": 2}).status_code == 422
        assert client.post("/api/learning/weights", json={"name": "beats", "number": 0}).status_code == 200
        back = client.get("/api/learning").json()
    assert first["in_use"] == {"beats": 1} and first["history"][0]["recordings"] == ["Autumn"]
    assert (first["history"][0]["file"], second["history"][1]["file"]) == ("beats-1.safetensors", "")
    assert second["in_use"] == {"beats": 1}, "weights that are no better are not used"
    assert back["in_use"] == {} and len(back["history"]) == 2


def test_progress_and_time_are_told_and_learning_is_cancelled(opened):
    with opened(apart=True) as client:
        confirmed(client)
        client.post("/api/learning", json={"minutes": 60})
        while not ((running := client.get("/api/learning").json()["running"]) and running["progress"] > 0.02):
            time.sleep(0.05)
        assert running["task"] == "beats" and running["left"] > 5
        assert client.post("/api/learning/cancel").status_code == 200
        told = client.get("/api/learning").json()
        assert told["running"] is None and told["error"] == "" and told["history"] == []
        assert client.post("/api/learning/cancel").status_code == 409


def test_learning_goes_on_after_a_restart(opened):
    with opened(apart=True) as client:
        confirmed(client, tasks=("beats", "chords"))
        client.post("/api/learning", json={"minutes": 5})
        while client.get("/api/learning").json()["running"]["progress"] == 0:
            time.sleep(0.02)
    with opened() as client:
        running = client.get("/api/learning").json()["running"]
        assert running["tasks"] == ["beats", "chords"]
        told = done(client)
    assert told["in_use"] == {"beats": 1, "chords": 1}


def test_what_cannot_be_learned_is_told(opened):
    with opened() as client:
        confirmed(client, "broken")
        client.post("/api/learning", json={"minutes": 0.1})
        assert done(client)["error"] == "beats: this recording cannot be read"
        for wrong in ({"minutes": 0}, {"minutes": "long"}, {"tasks": "beats"}, {"tasks": ["colours"]}):
            assert client.post("/api/learning", json=wrong).status_code in (409, 422), wrong
        assert client.post("/api/learning/weights", json={"name": "../beats", "number": 1}).status_code == 422
        assert client.post("/api/learning/weights", json={"name": "colours", "number": 0}).status_code == 422


def test_a_song_is_heard_anew_and_keeps_what_was_set_right(opened):
    with opened() as client:
        song = confirmed(client)
        client.post(f"/api/songs/{song}/versions", json={"corrections": [CHORD], "base": 2, "confirmed": ["beats"]})
        assert client.post(f"/api/songs/{song}/again").status_code == 200
        while client.get(f"/api/songs/{song}").json()["song"]["again"]:
            time.sleep(0.02)
        told = client.get(f"/api/songs/{song}").json()
        assert told["version"] == 4 and told["versions"][3]["note"] == "heard anew" and told["corrections"] == [CHORD]
        assert client.get("/api/learning").json()["songs"][0]["known"] == {"beats": [[0.0, 40.0]]}
        assert client.post("/api/songs/0/again").status_code == 404


def test_songs_of_other_weights_are_marked(opened):
    with opened() as client:
        song = confirmed(client)
        opened.library[0].set_heard_by(song, {"beats": "0" * 64})
        assert client.get("/api/songs").json()["songs"][0]["older"]
        assert client.get("/api/learning").json()["older"] == [song]
        assert client.post("/api/learning/again").json() == {"songs": [song]}
        while client.get(f"/api/songs/{song}").json()["song"]["again"]:
            time.sleep(0.02)
        assert not client.get("/api/songs").json()["songs"][0]["older"]


def test_a_library_of_before_is_opened(tmp_path):
    """Its tables get the columns that they lack, and what was known is kept."""
    import sqlite3

    library = Library(tmp_path)
    library.close()
    database = sqlite3.connect(tmp_path / "library.sqlite")
    for table, column in (("songs", "again"), ("songs", "heard_by"), ("versions", "confirmed"), ("versions", "known"),
                          ("versions", "heard")):
        database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    database.execute("PRAGMA user_version = 1")
    database.execute("INSERT INTO songs (id, name, suffix, size, added, state, version) VALUES ('a','a','.wav',1,1,"
                     "'ready',1)")
    database.execute("INSERT INTO versions VALUES ('a',1,'v1',1,'','',?,'{}')", (json.dumps([CHORD]),))
    database.commit()
    database.close()
    (tmp_path / "songs" / "a").mkdir()
    library = Library(tmp_path)
    (row,) = library.corrected()
    assert (row["heard"], row["known"], row["confirmed"]) == ("heard.npz", "", "[]")
    library.close()


def test_the_index_of_weights_is_whole_or_says_so(tmp_path):
    weights = LearnedWeights(tmp_path)
    assert weights.history() == [] and learned_in(tmp_path) is None
    weights.path("beats", 1).write_bytes(b"x")
    weights.add("beats", 1, {"after": 0.9})
    assert learned_in(tmp_path).in_use() == {"beats": tmp_path / "beats-1.safetensors"}
    weights.path("beats", 1).unlink()
    with pytest.raises(OnpuError, match="are in use and are not there"):
        weights.in_use()
    (tmp_path / "weights.json").write_text("{")
    with pytest.raises(OnpuError, match="cannot be read"):
        weights.history()
