"""The server of the workbench: what is uploaded is analysed, found, corrected, exported, and survives a restart."""

import io
import json
import shutil
import subprocess
import zipfile

import pytest
from browser import ADDRESS, sent, settled, sound
from starlette.testclient import TestClient

import onpu
from benchmarks.soak.unheard import analyse
from onpu.workbench.library import Library
from onpu.workbench.routes import application
from onpu.workbench.service import WorkbenchService

CHORD = {"kind": "chord", "start": 0.0, "end": 2.0, "label": "F:maj"}


@pytest.fixture
def song(client):
    """The id of a song that is ready."""
    sent(client, ("Autumn.wav", sound()))
    return settled(client)[0]["id"]


def test_recordings_are_analysed_and_told(client):
    answer = sent(client, ("dir/Autumn Leaves.wav", sound(title="Les feuilles", artist="Kosma")),
                  ("b.flac", sound(form="FLAC")), ("page.html", b"<script>alert(1)</script>"))
    assert answer.status_code == 201
    assert [sorted(set(each) - {"name"})[0] for each in answer.json()["songs"]] == ["id", "id", "error"]
    second, first = settled(client)
    assert (first["title"], first["artist"], first["name"]) == ("Les feuilles", "Kosma", "Autumn Leaves")
    assert (first["state"], first["key"], first["tempo"], first["metre"]) == ("ready", "C major", 120.0, "4/4")
    assert first["chords_summary"] == "Cmaj7 Dm7 G7" and second["title"] == "b"


QUERIES = [
    ("autumn", 1), ("key:C major", 1), ("key:Cm", 0), ("key:c", 1), ("tempo:110-130", 1), ("tempo:121", 1),
    ("tempo:90-110", 0), ("metre:4/4", 1), ("metre:3/4", 0), ("chords:ii-V-I", 1), ("chords:ii-v-i", 0),
    ("chords:V-I metre:4/4 AUTUMN", 1),
    ("is:ready", 1), ("winter", 0), ("tempo:x", 0), ("'; DROP TABLE songs; --", 0), ("%", 0)]


def test_songs_are_searched(client, song):
    for query, found in QUERIES:
        assert len(client.get("/api/songs", params={"q": query}).json()["songs"]) == found, query


def test_a_song_is_looked_at_and_played(client, song):
    told = client.get(f"/api/songs/{song}").json()
    assert told["contents"]["chords"]["labels"][:2] == ["D:min7", "G:7"] and told["contents"]["sound"] is None
    assert [each["who"] for each in told["versions"]] == ["onpu"] and told["corrections"] == []
    part = client.get(f"/api/songs/{song}/audio", headers={"Range": "bytes=0-3"})
    assert part.status_code == 206 and part.content == b"RIFF" and part.headers["content-type"] == "audio/wav"


def test_corrections_become_versions_that_can_be_had_back(client, song):
    decided = client.post(f"/api/songs/{song}/decide", json={"corrections": [CHORD]}).json()["contents"]
    assert decided["chords"]["labels"][:2] == ["F:maj", "G:7"]
    assert client.get(f"/api/songs/{song}").json()["version"] == 1, "deciding stores nothing"
    saved = client.post(f"/api/songs/{song}/versions", json={"corrections": [CHORD], "who": "Ann", "base": 1})
    assert saved.status_code == 201 and saved.json() == {"version": 2}
    told = client.get(f"/api/songs/{song}").json()
    assert told["corrections"] == [CHORD] and told["contents"]["chords"]["labels"][0] == "F:maj"
    assert (told["versions"][1]["who"], told["versions"][1]["corrections"]) == ("Ann", 1)
    assert client.get(f"/api/songs/{song}", params={"version": 1}).json()["contents"]["chords"]["labels"][0] == "D:min7"
    late = client.post(f"/api/songs/{song}/versions", json={"corrections": [], "base": 1})
    assert late.status_code == 409 and "version 2 was saved meanwhile" in late.json()["error"]
    assert client.post(f"/api/songs/{song}/versions/1/restore").json() == {"version": 3}
    told = client.get(f"/api/songs/{song}").json()
    assert told["corrections"] == [] and told["contents"]["chords"]["labels"][0] == "D:min7"
    assert [each["number"] for each in told["versions"]] == [1, 2, 3]


def test_every_export_follows_the_version(client, song, tmp_path):
    client.post(f"/api/songs/{song}/versions", json={"corrections": [CHORD], "base": 1})
    for version, first in ((None, "F:maj"), (1, "D:min7")):
        file = client.get(f"/api/songs/{song}/export/jams", params={} if version is None else {"version": version})
        assert file.headers["content-disposition"].startswith('attachment; filename="Autumn.jams"')
        (tmp_path / "song.jams").write_bytes(file.content)
        assert onpu.read(tmp_path / "song.jams").chords.labels[0] == first
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"/api/songs/{song}/export/lab").content))
    assert packed.namelist() == ["Autumn.chords.lab", "Autumn.keys.lab", "Autumn.sections.lab"]
    for sheet, name in (("lead", "Autumn.musicxml"), ("score", "Autumn.score.musicxml")):
        file = client.get(f"/api/songs/{song}/export/musicxml", params={"sheet": sheet})
        assert f'filename="{name}"' in file.headers["content-disposition"] and b"<score-partwise" in file.content
    assert client.get(f"/api/songs/{song}/export/musicxml", params={"sheet": "both"}).status_code == 422
    nothing = client.get(f"/api/songs/{song}/export/lrc", params={"sheet": "score"})
    assert nothing.status_code == 422 and "needs notes" in nothing.json()["error"]
    assert "did you mean jams" in client.get(f"/api/songs/{song}/export/jam").json()["error"]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg writes the tags")
@pytest.mark.parametrize("form, suffix, names", [
    ("FLAC", "flac", ("BPM", "INITIALKEY")), ("MP3", "mp3", ("TBPM", "TKEY")), ("OGG", "ogg", ("BPM", "INITIALKEY"))])
def test_tempo_and_key_are_written_into_a_copy(client, tmp_path, form, suffix, names):
    given = sound(form=form)
    sent(client, (f"Autumn.{suffix}", given))
    song = settled(client)[0]["id"]
    copy = client.get(f"/api/songs/{song}/export/tagged")
    assert copy.headers["content-disposition"].startswith(f'attachment; filename="Autumn.{suffix}"')
    (tmp_path / "a").write_bytes(copy.content)
    command = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", tmp_path / "a"]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = said["format"].get("tags") or said["streams"][0]["tags"]
    tags = {name.upper(): text for name, text in tags.items()}
    assert (tags[names[0]], tags[names[1]], tags["TITLE"]) == ("120", "C", "Autumn")
    assert client.get(f"/api/songs/{song}/audio").content == given, "the recording itself stays as it was"


def test_songs_are_deleted(client, service, song):
    assert client.delete(f"/api/songs/{song}").status_code == 200
    assert client.get(f"/api/songs/{song}").status_code == 404 and not service.library.place(song).exists()


def test_an_analysis_is_cancelled_and_tried_again(client):
    song = sent(client, ("slow.wav", sound())).json()["songs"][0]["id"]
    after = sent(client, ("next.wav", sound())).json()["songs"][0]["id"]
    assert client.post(f"/api/songs/{after}/cancel").status_code == 200
    while client.get("/api/songs", params={"q": "slow"}).json()["songs"][0]["progress"] == 0:
        continue
    told = client.get("/api/songs").json()["songs"]
    assert told[1]["state"] == "analysing" and told[0]["state"] == "cancelled"
    assert client.post(f"/api/songs/{song}/cancel").status_code == 200
    assert {each["state"] for each in settled(client)} == {"cancelled"}
    assert client.post(f"/api/songs/{song}/cancel").status_code == 409
    client.post(f"/api/songs/{after}/retry")
    assert {each["title"]: each["state"] for each in settled(client)} == {"slow": "cancelled", "next": "ready"}


@pytest.mark.parametrize("name, said", [("deadly", "its process ended"), ("greedy", "memory")])
def test_an_analysis_that_ends_its_process_fails_alone(client, name, said):
    sent(client, (f"{name}.wav", sound()), ("good.wav", sound()))
    states = {each["name"]: each for each in settled(client)}
    assert states[name]["state"] == "failed" and said in states[name]["error"] and states["good"]["state"] == "ready"


def test_what_was_being_analysed_waits_after_a_restart(service, tmp_path):
    with TestClient(application(service), ADDRESS) as client:
        ready = sent(client, ("a.wav", sound())).json()["songs"][0]["id"]
        settled(client)
        client.post(f"/api/songs/{ready}/versions", json={"corrections": [CHORD], "base": 1})
        song = sent(client, ("slow.wav", sound())).json()["songs"][0]["id"]
        while client.get(f"/api/songs/{song}").json()["song"]["state"] != "analysing":
            continue
    place = tmp_path / "library"
    (place / "incoming" / "half").write_bytes(b"RI")
    (place / "songs" / "orphan").mkdir()
    (place / "songs" / ready / "v0123.jams").write_text("never told of")
    library = Library(place)
    assert [row["state"] for row in library.search(sort="title")] == ["ready", "waiting"]
    assert library.version(ready)["number"] == 2 and json.loads(library.version(ready)["corrections"]) == [CHORD]
    assert not list((place / "incoming").iterdir()) and not (place / "songs" / "orphan").exists()
    assert len(list((place / "songs" / ready).glob("v*.jams"))) == 2
    library.close()


def test_a_library_is_open_once(service, tmp_path):
    with pytest.raises(onpu.OnpuError, match="another onpu serve has this library open"):
        WorkbenchService(tmp_path / "library", analyse=analyse)
