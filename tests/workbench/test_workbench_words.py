"""Words that come beside a recording, or onto a song, and go with it."""

import io
import json

import numpy as np
import pytest
from browser import InPlace, sent, settled, sound

from onpu.analysis.corrections import corrections_of
from onpu.music import Voice

LRC = (b"[ti:Autumn]\n[00:00.50]The falling leaves\n[00:02.00]<00:02.00>drift <00:02.50>by <00:03.00>\n"
       b"[00:07.00]my window\n")
ULTRASTAR = b"#TITLE:Autumn\n#BPM:150\n#GAP:1000\n: 0 4 0 The\n: 4 4 2  fall\n: 8 4 4 ing\n: 700 4 0  late\nE\n"


def words(client, song, content, name="words.lrc"):
    return client.post(f"/api/songs/{song}/words", files={"file": (name, io.BytesIO(content))})


@pytest.fixture
def song(client):
    sent(client, ("Autumn.wav", sound()))
    return settled(client)[0]["id"]


def test_words_of_a_file_become_corrections(client, song):
    found = words(client, song, LRC).json()["corrections"]
    assert found[0] == {"kind": "no_lyric", "start": 0.0, "end": 8.0}
    assert [(each["start"], each["end"], each["label"]) for each in found[1:]] == [
        (0.5, 2.0, "The falling leaves"), (2.0, 2.5, "drift"), (2.5, 3.0, "by"), (7.0, 8.0, "my window")]
    sung = words(client, song, ULTRASTAR, "song.txt").json()["corrections"]
    long = words(client, song, b"[00:01.00]" + b"la " * 1000).json()["corrections"]
    assert len(corrections_of(long, 8.0)[1].label) == 200
    assert [each["label"] for each in sung[1:]] == ["The", "fall-", "ing"], "what lies beyond the recording is left out"


def test_what_has_no_words_is_refused_and_nothing_is_left(client, service, song):
    for content in (b"no words at all", b"RIFF\0\0", b"[00:01.00]\n[00:02.00]  \n"):
        answer = words(client, song, content)
        assert answer.status_code == 422 and "words" in answer.json()["error"], content[:20]
    assert words(client, "0" * 16, LRC).status_code == 404
    assert not list(service.library.incoming.iterdir())


def test_words_come_with_their_recording(client, service):
    answer = sent(client, ("a/Autumn.wav", sound()), ("a/Autumn.lrc", LRC), ("Spring.lrc", LRC))
    assert answer.status_code == 201
    first, second = answer.json()["songs"]
    assert first["name"] == "Autumn" and second["error"].startswith("Spring: has words, and no recording")
    settled(client)
    known = json.loads((service.library.place(first["id"]) / "known.jams").read_text())
    assert [each["namespace"] for each in known["annotations"]].count("lyrics") == 1
    assert not list(service.library.incoming.iterdir())


def test_broken_words_do_not_keep_their_recording_out(client, service):
    told = sent(client, ("Autumn.wav", sound()), ("Autumn.txt", b"#BPM:-1\n: 0 4 0 la\nE\n")).json()["songs"]
    assert "id" in told[0] and told[1]["error"].startswith("Autumn: ")
    assert not list(service.library.incoming.iterdir())


def test_words_are_placed_by_ear(client, service, song, monkeypatch):
    from onpu.analysis import placing_words

    voice = Voice(np.array([1.0, 9.0]), np.array([2.0, 9.5]), np.array(["さくら", "はな"]), np.ones(2))
    monkeypatch.setattr(placing_words, "placed_words", lambda path, lines, progress: voice)
    service.asked.jobs.worker = InPlace()
    job = client.post(f"/api/songs/{song}/placed", json={"lines": ["さくら", "はな"]}).json()["job"]
    while (told := client.get(f"/api/jobs/{job}").json())["state"] in ("waiting", "running"):
        continue
    assert told["result"]["corrections"][1:] == [{"kind": "lyric", "start": 1.0, "end": 2.0, "label": "さくら"}]
    for lines in ([], "la", [1], ["la", None]):
        assert client.post(f"/api/songs/{song}/placed", json={"lines": lines}).status_code == 422
