"""Songs of the library that are like one of them."""

from pathlib import Path

import numpy as np
import pytest
from browser import InPlace, sent, settled, sound

from onpu.errors import AudioError
from onpu.similar.describing import STEPS, Descriptors
from onpu.workbench import likeness_jobs
from onpu.workbench.likeness import in_common, split_query

SONG = {"key": "F minor", "bpm": 100.0, "metre": "4/4",
        "degrees": "-i-bVI-bIII-bVII-i-", "tags": "genre:rock\nmood:sad"}
HASHES = {"timbre": "1"}


class Sizes:
    size, bits = 4, 256


class Systems:
    """Stands for the networks that are not loaded."""

    hashes = HASHES
    timbre = cover = type("Trained", (), {"recipe": Sizes})


def described(path, progress=None):
    """The length of a recording is what it sounds like."""
    size = Path(path).stat().st_size
    angle = size / 400_000
    vector = np.array([np.cos(angle), np.sin(angle), 0, 0], np.float32)
    if size > 300_000:
        raise AudioError("cannot be read")
    return Descriptors(8.0, vector, vector, np.zeros(32, np.uint8), np.full((36, 16), STEPS, np.uint8))


@pytest.fixture
def listening(service, monkeypatch):
    monkeypatch.setattr(likeness_jobs, "systems", Systems)
    monkeypatch.setattr(likeness_jobs, "describe", described)
    asked = service.asked
    asked.likeness.answering = asked.jobs.worker = service.analyses.worker = InPlace()
    return service


def alike(client, query):
    """The answer once all songs have been listened to."""
    while (told := client.get("/api/songs", params={"q": query}).json())["like"]["job"]:
        continue
    return told


def test_the_most_alike_come_first_and_say_what_they_share(listening, client):
    sent(client, *((f"{name}.wav", sound(seconds)) for name, seconds in (("a", 7.0), ("b", 14.0), ("c", 8.0))))
    songs = {each["name"]: each["id"] for each in settled(client)}
    told = alike(client, f"like:{songs['a']}")
    assert [each["name"] for each in told["songs"]] == ["c", "b"] and told["like"]["title"] == "a"
    assert told["songs"][0]["similarity"] > told["songs"][1]["similarity"] > 0.5
    assert {each["what"]: each["text"] for each in told["songs"][0]["common"]} == {
        "key": "C major", "tempo": "120", "metre": "4/4", "chords": "ii-V-I"}
    assert [each["name"] for each in alike(client, f"like:{songs['a']} by:cover b")["songs"]] == ["b"]
    client.delete(f"/api/songs/{songs['c']}")
    assert [each["name"] for each in alike(client, f"like:{songs['a']}")["songs"]] == ["b"]
    assert client.get("/api/songs", params={"q": "like:0123456789abcdef"}).status_code == 404


def test_what_cannot_be_listened_to_is_tried_once(listening, client):
    sent(client, ("a.wav", sound(4.0)), ("long.wav", sound(20.0)))
    songs = {each["name"]: each["id"] for each in settled(client)}
    assert alike(client, f"like:{songs['a']}")["songs"] == []


def test_an_index_of_other_weights_is_made_anew(listening, client, monkeypatch):
    sent(client, ("a.wav", sound(4.0)), ("b.wav", sound(5.0)))
    song = settled(client)[0]["id"]
    alike(client, f"like:{song}")
    monkeypatch.setattr(Systems, "hashes", {"timbre": "2"})
    sent(client, ("c.wav", sound(6.0)))
    settled(client)
    assert sorted(each["name"] for each in alike(client, f"like:{song}")["songs"]) == ["a", "c"]


def test_what_two_songs_have_in_common():
    other = SONG | {"key": "A minor", "bpm": 103.0, "degrees": "-iv-i-bVI-bIII-V-", "tags": "mood:sad"}
    assert [(each["what"], each["text"]) for each in in_common(SONG, other)] == [
        ("tempo", "103"), ("metre", "4/4"), ("chords", "i-bVI-bIII"), ("tags", "sad")]
    nothing = {"key": "", "bpm": 0.0, "metre": "", "degrees": "", "tags": ""}
    assert in_common(SONG, nothing) == in_common(nothing, nothing) == []


def test_queries():
    assert split_query("like:0a1b by:cover key:F") == ("0a1b", "cover", " key:F")
    assert split_query("like:0a1b") == ("0a1b", "timbre", "") and split_query("i like: it") == ("", "", "i like: it")
