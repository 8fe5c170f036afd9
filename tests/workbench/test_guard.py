"""What the workbench refuses: other sites, other names, wrong tokens, and uploads that are not what they say."""

import json

import pytest
from browser import ADDRESS, sent, settled, sound
from starlette.testclient import TestClient

from onpu.workbench.guard import is_loopback, policy
from onpu.workbench.routes import application
from onpu.workbench.uploads import kind_of, shown_name

HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n'
TAGGED = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
FRAME = b"\xff\xfb\x90\x64"


@pytest.mark.parametrize("headers, status", [
    ({}, 200), ({"Host": "localhost:8765"}, 200), ({"Host": "evil.example"}, 421),
    ({"Host": "127.0.0.1.evil.example"}, 421), ({"Host": "192.168.0.7"}, 421), ({"Origin": ADDRESS}, 200),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403), ({"Origin": "http://127.0.0.1:9999"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403), ({"Sec-Fetch-Site": "same-origin"}, 200)])
def test_other_sites_and_names_are_refused(idle, headers, status):
    answer = idle.get("/api/songs", headers=headers)
    assert answer.status_code == status and answer.headers["x-content-type-options"] == "nosniff"


def test_other_sites_change_nothing(client):
    headers = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
    assert sent(client, ("a.wav", sound()), headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/songs/0/decide", content="{}", headers=headers).status_code == 403
    assert client.post("/api/songs/0/decide", content="{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.get("/api/songs").json() == {"songs": []}


def test_a_token_is_asked_for(service):
    with TestClient(application(service, ("box",), "secret"), "http://box:8765", follow_redirects=False) as client:
        assert client.get("/").status_code == client.get("/api/songs").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        for host in ("box:8765", "192.168.0.7:8765"):
            headers = {"Host": host, "Authorization": "Bearer secret"}
            assert client.get("/api/songs", headers=headers).status_code == 200
        answer = client.get("/?token=secret")
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert client.get("/api/songs").status_code == 200, "the cookie is kept"


def test_scripts_of_the_page_alone_may_run(idle):
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in policy(["<script>let a</script>"])
    said = idle.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in said and "unsafe-inline" not in said.partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize("host, alone", [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False),
                                         ("192.168.0.7", False), ("evil.example", False)])
def test_loopback(host, alone):
    assert is_loopback(host) is alone


@pytest.mark.parametrize("name, shown", [
    ("../../etc/passwd", "passwd"), ("..\\..\\x.wav", "x"), ("a\0b\n.wav", "a b"), ("", "recording"),
    ("x" * 500 + ".mp3", "x" * 120), ("..", "."), ("Füße – 音符.flac", "Füße – 音符"),
    ("<img src=x onerror=alert(1)>.wav", "<img src=x onerror=alert(1)>")])
def test_names_from_outside_are_shown_and_no_paths(name, shown):
    assert shown_name(name) == shown


@pytest.mark.parametrize("head, kind", [
    (b"RIFF0000WAVE", ".wav"), (b"fLaC", ".flac"), (b"OggS" + bytes(24) + b"OpusHead", ".opus"), (FRAME, ".mp3"),
    (TAGGED + FRAME, ".mp3"), (TAGGED + bytes(300) + FRAME, ".mp3"), (b"\0\0\0\x20ftypM4A ", ".m4a"),
    (b"#EXTM3U\n", ""), (TAGGED + b"#EXTM3U\nfile:///etc/passwd\n" + FRAME, ""), (b"PK\x03\x04", ""),
    (b"<html>", ""), (b"ffconcat version 1.0", ""), (b"", ""), (b"\x7fELF", ""), (b"\x1f\x8b", "")])
def test_recordings_are_known_by_their_first_bytes(tmp_path, head, kind):
    (tmp_path / "x").write_bytes(head + bytes(16) if head else b"")
    assert kind_of(tmp_path / "x") == kind


def test_what_is_too_large_is_refused_and_the_others_kept(client, service):
    answer = sent(client, ("large.wav", b"RIFF" + bytes(500_000)), ("good.wav", sound()))
    large, good = answer.json()["songs"]
    assert "large: is larger than 0 MB" in large["error"] and "id" in good
    settled(client)
    assert not list(service.library.incoming.iterdir())


def test_bodies_that_are_too_large_are_broken_off_and_leave_nothing(client, service):
    body = HEAD % b"a.wav" + bytes(2_000_000)
    answer = client.post("/api/songs", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413 and not list(service.library.incoming.iterdir())


@pytest.mark.parametrize("body, status", [
    (HEAD % b"a.wav" + b"RIFF and no end", 400), (b"no boundary at all", 400),
    (HEAD.replace(b'"file"', b'"other"') % b"a" + b"1\r\n--x--\r\n", 400),
    (HEAD % (b"a" * 20_000) + b"1\r\n--x--\r\n", 400), (201 * (HEAD % b"a" + b"1\r\n") + b"--x--\r\n", 413)])
def test_broken_bodies_leave_nothing(client, service, body, status):
    answer = client.post("/api/songs", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == status and set(answer.json()) == {"error"}
    assert not list(service.library.incoming.iterdir()) and not list(service.library.songs.iterdir())


def test_a_full_disk_is_told(client, service, monkeypatch):
    monkeypatch.setattr("onpu.workbench.uploads.shutil.disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    answer = sent(client, ("a.wav", sound()))
    assert answer.status_code == 507 and "disk is full" in answer.json()["error"]


def test_markup_in_tags_stays_text(client):
    sent(client, ("a.wav", sound(title="<script>alert(1)</script>")))
    song = settled(client)[0]
    answer = client.get(f"/api/songs/{song['id']}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["song"]["title"] == "<script>alert(1)</script>"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("body, said", [
    ("[]", "JSON object"), ("{", "no JSON"), ("[" * 5000, "no JSON"), ('{"corrections": 1}', "list"),
    ('{"corrections": [1]}', "list"), (json.dumps({"corrections": [], "base": "1"}), "base is the number"),
    ("{" + " " * 20_000 + "}", "more than")])
def test_requests_that_are_none_are_told_in_one_line(client, body, said):
    sent(client, ("a.wav", sound()))
    song = settled(client)[0]["id"]
    answer = client.post(f"/api/songs/{song}/versions", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500 and said in answer.json()["error"]


@pytest.mark.parametrize("path", ["/api/songs/../../etc/passwd", "/api/songs/%2e%2e%2f%2e%2e/audio",
                                  "/api/songs/..%2f..%2flibrary.sqlite/audio", "/library.sqlite",
                                  "/api/songs/x' OR 1=1 --", "/docs", "/openapi.json"])
def test_addresses_lead_to_no_files(idle, path):
    answer = idle.get(path)
    assert answer.status_code == 404 and set(answer.json()) == {"error"}
