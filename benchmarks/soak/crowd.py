"""A hundred browsers at once that upload a thousand files to the workbench, a twentieth of them broken or malicious."""

import http.client
import io
import json
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.soak.outcome import Outcome
from onpu.errors import OnpuError

BOUNDARY = "onpu-soak"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
FILE_BYTES = 4 * 2**20
"""The most that the server under trial takes of a file."""
PAUSE = 1.0
"""Seconds between two requests of a client, as the page asks once a second."""
SLOWEST = 1.0
"""Seconds that an answer may take."""
MOST_SETTLING = 600.0
STARTED_SECONDS = 180
"""After which a server that was started has to answer, on a machine however busy."""
UNHEARD = (sys.executable, "-c", "from benchmarks.soak.serving import begin; begin()")
"""The command of a workbench in which nothing is heard."""
ALLOWED = {"library.sqlite", "library.sqlite-wal", "library.sqlite-shm", "lock", "songs", "incoming"}
"""What may lie in a library's folder."""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A workbench over a library, ready to answer: its port and process."""
    port = free_port()
    process = subprocess.Popen([*words, str(folder), "--port", str(port)],
                               stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + STARTED_SECONDS
        while True:
            try:
                ask(port, "GET", "/api/state")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise OnpuError(f"the workbench does not answer {STARTED_SECONDS} s after its start") from None
                time.sleep(0.05)
        yield port, process
    finally:
        process.kill()
        process.wait()


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
        ) -> tuple[int, bytes]:
    """Status and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def post(port: int, path: str, content: object) -> tuple[int, bytes]:
    """The answer to JSON."""
    return ask(port, "POST", path, json.dumps(content).encode(), {"Content-Type": "application/json"})


def recording(seed: int, seconds: float = 3.0, form: str = "WAV", title: str = "") -> bytes:
    """Some seconds of noise."""
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8000, 1, format=form) as file:
        if title:
            file.title = title
        file.write(0.1 * np.random.default_rng(seed).standard_normal(round(8000 * seconds)))
    return out.getvalue()


def form(name: str, data: bytes, end: bool = True) -> bytes:
    """The body of an upload of one file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + (f"\r\n--{BOUNDARY}--\r\n".encode() if end else b"")


def silence(hours: float) -> bytes:
    """A small FLAC file that stands for hours."""
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 4000, 1, format="FLAC") as file:
        for _ in range(round(hours * 60)):
            file.write(np.zeros(60 * 4000, np.int16))
    return out.getvalue()


def bomb() -> bytes:
    """A zip file of zeros that unpacks to a thousand times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../bomb.wav", bytes(50 * 2**20))
    return out.getvalue()


def cut_off(port: int) -> int:
    """An upload whose connection ends in its middle."""
    body = form("cut.wav", recording(0))
    head = f"POST /api/songs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    with socket.create_connection(("127.0.0.1", port), 60) as place:
        place.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
    return 400


def endless(port: int) -> int:
    """An upload that goes on until it is refused; its status."""
    head = f"POST /api/songs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    with socket.create_connection(("127.0.0.1", port), 60) as place:
        try:
            start = form("endless.wav", b"RIFF", end=False)
            place.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n{len(start):x}\r\n".encode() + start + b"\r\n")
            for _ in range(2000):
                place.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            return 0
        except OSError:
            return 413
        finally:
            place.settimeout(5)


def file(name: str, data: bytes) -> Callable[[int], int]:
    """An upload of one file; its status."""
    body = form(name, data)
    return lambda port: ask(port, "POST", "/api/songs", body, FORM)[0]


def attacks() -> dict[str, tuple[Callable[[int], int], tuple[int, ...]]]:
    """What is wrong -> how it is sent, and the statuses that are right for it. 201: it is taken, and does no harm."""
    riff = b"RIFF" + bytes([255]) * 4 + b"WAVEfmt "
    listed = b"#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n"
    return {
        "name that leads out of the folder": (file("../../../../tmp/onpu-escaped.wav", recording(1)), (201,)),
        "absolute name with a zero byte": (file("/etc/\0cron.d/onpu-escaped.wav", recording(2)), (201,)),
        "markup in the tags": (file("tags.wav", recording(3, title="<img src=x onerror=alert(1)>")), (201,)),
        "markup in the name": (file("<script>alert(1)</script>.wav", recording(4)), (201,)),
        "zip bomb": (file("bomb.wav", bomb()), (422,)),
        "five hours in a small FLAC": (file("hours.flac", silence(5.0)), (201,)),
        "WAV that promises 4 GB": (file("promise.wav", riff + bytes(40)), (201,)),
        "noise after a FLAC's first bytes": (
            file("noise.flac", b"fLaC" + np.random.default_rng(5).bytes(9000)), (201,)),
        "HTML": (file("page.mp3", b"<html><script>alert(1)</script></html>"), (422,)),
        "playlist of local files": (file("list.mp3", listed), (422,)),
        "playlist behind an ID3 tag": (file("tagged.mp3", b"ID3\4\0\0\0\0\0\n" + bytes(10) + listed), (422,)),
        "program": (file("run.wav", b"\x7fELF" + bytes(2000)), (422,)),
        "file that is too large": (file("large.wav", b"RIFF" + bytes(FILE_BYTES)), (422,)),
        "empty file": (file("empty.wav", b""), (422,)),
        "body that is no form": (lambda port: ask(port, "POST", "/api/songs", b"{}", FORM)[0], (400,)),
        "upload from another site": (
            lambda port: ask(port, "POST", "/api/songs", form("x.wav", recording(6)),
                             FORM | {"Origin": "http://evil.example"})[0], (403,)),
        "name that was made to point here": (
            lambda port: ask(port, "GET", "/api/songs", None, {"Host": "evil.example"})[0], (421,)),
        "connection that ends in the middle": (cut_off, (400,)),
        "body without end": (endless, (400, 413)),
    }


class Crowd:
    """Clients that upload, list and look at the same time. waits: seconds of each answer; added: ids of good songs."""

    def __init__(self, port: int, uploads: int, clients: int):
        self.port, self.uploads, self.clients = port, uploads, clients
        self.waits: list[float] = []
        self.added: list[str] = []
        self.wrong: list[str] = []
        self.attacked = 0
        self._lock = threading.Lock()

    def run(self) -> None:
        """All uploads, from all clients at once."""
        bad = list(attacks().items())
        threads = [threading.Thread(target=self._client, args=(number, bad)) for number in range(self.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _client(self, number: int, bad: list[tuple[str, tuple[Callable[[int], int], tuple[int, ...]]]]) -> None:
        for upload in range(number, self.uploads, self.clients):
            try:
                if upload % 20 == 7:
                    name, (attack, right) = bad[upload // 20 % len(bad)]
                    status = attack(self.port)
                    with self._lock:
                        self.attacked += 1
                    if status not in right:
                        self.wrong.append(f"{name}: status {status}")
                else:
                    sent = form(f"song {upload}.wav", recording(upload))
                    status, body = self._timed("POST", "/api/songs", sent, FORM)
                    if status == 201:
                        self.added += [each["id"] for each in json.loads(body)["songs"]]
                    else:
                        self.wrong.append(f"song {upload}: status {status}")
                for path in ("/api/songs?limit=100", "/api/state", "/"):
                    if self._timed("GET", path)[0] != 200:
                        self.wrong.append(f"{path}: no answer")
            except Exception as error:
                self.wrong.append(f"upload {upload}: {type(error).__name__} {error}")

    def _timed(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
               ) -> tuple[int, bytes]:
        time.sleep(PAUSE)
        begin = time.perf_counter()
        answer = ask(self.port, method, path, body, headers)
        self.waits.append(time.perf_counter() - begin)
        return answer


def crowd(folder: Path, uploads: int, clients: int, outcome: Outcome) -> list[float]:
    """Let them come; seconds of all answers."""
    library = folder / "home" / "library"
    library.parent.mkdir(parents=True)
    with serving(library, *UNHEARD) as (port, _):
        people = Crowd(port, uploads, clients)
        people.run()
        for said in people.wrong:
            outcome.check(False, said)
        deadline = time.monotonic() + MOST_SETTLING
        while json.loads(ask(port, "GET", "/api/state")[1])["jobs"] and time.monotonic() < deadline:
            time.sleep(0.2)
        songs = {song["id"]: song for offset in range(0, uploads, 500) for song in json.loads(
            ask(port, "GET", f"/api/songs?limit=500&offset={offset}")[1])["songs"]}
        for song in people.added:
            outcome.check(songs.get(song, {}).get("state") == "ready", f"{song}: {songs.get(song)}")
        others = [song for key, song in songs.items() if key not in set(people.added)]
        outcome.check(all(song["state"] in ("ready", "failed") for song in others), "something waits for ever")
        outcome.done += people.attacked
        outcome.check(not list((library / "incoming").iterdir()), "uploads were left behind")
        outcome.check({path.name for path in library.iterdir()} <= ALLOWED, "other files lie in the library")
        outcome.check({path.name for path in library.parent.iterdir()} == {"library"}, "files lie beside the library")
        outcome.check(not Path("/tmp/onpu-escaped.wav").exists(), "a name became a path")
        outcome.check(max(people.waits) < SLOWEST, f"an answer took {max(people.waits):.2f} s")
    return people.waits
