"""`onpu serve` that is killed at random moments of analysing and saving: what it confirmed is there afterwards."""

import json
import os
import signal
import subprocess
import threading
import time
from http.client import HTTPException
from pathlib import Path

import numpy as np
import soundfile

import onpu
from benchmarks.soak.crowd import FORM, ask, form, post, serving
from benchmarks.soak.outcome import ONPU, Outcome
from onpu.engine.compose import compose
from onpu.engine.render import perform, produce

SONGS, SECONDS, RATE = 4, 12.0, 22_050
LONGEST_LIFE = 20.0
"""Seconds after which a server is killed at the latest."""
PATIENCE = 300.0
RESTORED = 0.5
"""Share of the versions that are an earlier one had back, for which no network has to be at hand."""


def songs(folder: Path) -> list[bytes]:
    """Composed songs as FLAC."""
    folder.mkdir(parents=True)
    out = []
    for seed in range(SONGS):
        stems, labels = perform(compose(seed=seed, style="rock", seconds=SECONDS), seed, RATE, [])
        sound = produce(stems, seed, labels)
        soundfile.write(folder / "song.flac", sound.samples.T, sound.rate)
        out.append((folder / "song.flac").read_bytes())
    return out


class Client:
    """Uploads and corrects as fast as it can, and remembers what was confirmed."""

    def __init__(self, recordings: list[bytes]):
        self.recordings = recordings
        self.songs: list[str] = []
        self.versions: dict[tuple[str, int], list[object]] = {}

    def work(self, port: int, rng: np.random.Generator) -> None:
        """Go on until the server is gone."""
        try:
            while True:
                self._step(port, rng)
        except (OSError, HTTPException, ValueError, KeyError):
            pass

    def _step(self, port: int, rng: np.random.Generator) -> None:
        if len(self.songs) < len(self.recordings):
            status, body = ask(port, "POST", "/api/songs", form("song.flac", self.recordings[len(self.songs)]), FORM)
            if status == 201:
                self.songs.append(json.loads(body)["songs"][0]["id"])
        for song in self.songs:
            told = json.loads(ask(port, "GET", f"/api/songs/{song}")[1])
            if not told["version"]:
                continue
            if rng.random() < RESTORED:
                status, body = post(port, f"/api/songs/{song}/versions/1/restore", {})
                if status == 201:
                    self.versions[song, json.loads(body)["version"]] = []
                continue
            start = float(rng.uniform(0, SECONDS - 3))
            label = str(rng.choice(["C:maj", "A:min7", "F#:dim"]))
            made = [*told["corrections"][-5:], {"kind": "chord", "start": start, "end": start + 2, "label": label}]
            status, body = post(port, f"/api/songs/{song}/versions", {"corrections": made, "base": told["version"]})
            if status == 201:
                self.versions[song, json.loads(body)["version"]] = made
        time.sleep(0.05)


def struck(folder: Path, kills: int, seed: int, outcome: Outcome) -> None:
    """Kill it so many times; then let it end its work."""
    client, rng, library = Client(songs(folder)), np.random.default_rng(seed), folder / "library"
    with serving(library, *ONPU, "serve") as (port, _):
        ask(port, "POST", "/api/songs", form("first.flac", client.recordings[0]), FORM)
        _settled(port)
        client.songs.append(json.loads(ask(port, "GET", "/api/songs")[1])["songs"][0]["id"])
    for number in range(kills):
        with serving(library, *ONPU, "serve") as (port, process):
            _confirmed(port, client, library, outcome, f"kill {number}")
            worker = threading.Thread(target=client.work, args=(port, rng))
            worker.start()
            time.sleep(rng.uniform(0.2, LONGEST_LIFE))
            os.killpg(process.pid, signal.SIGKILL) if number % 2 else process.kill()
            process.wait()
            worker.join()
    outcome.check(len(client.versions) > 0, "no version was saved between the kills")
    with serving(library, *ONPU, "serve") as (port, process):
        _settled(port)
        states = [song["state"] for song in json.loads(ask(port, "GET", "/api/songs")[1])["songs"]]
        outcome.check(set(states) == {"ready"}, f"songs are {states} in the end")
        _confirmed(port, client, library, outcome, "the end")
        process.send_signal(signal.SIGTERM)
        try:
            outcome.check(process.wait(10) is not None, "")
        except subprocess.TimeoutExpired:
            outcome.check(False, "it does not end when it is asked to")


def _settled(port: int) -> None:
    """Wait until nothing is left to analyse."""
    deadline = time.monotonic() + PATIENCE
    while json.loads(ask(port, "GET", "/api/state")[1])["jobs"] and time.monotonic() < deadline:
        time.sleep(0.5)


def _confirmed(port: int, client: Client, library: Path, outcome: Outcome, when: str) -> None:
    """Check that all that was confirmed is there, and whole."""
    outcome.check(not list((library / "incoming").iterdir()), f"{when}: uploads were left behind")
    known = {song["id"] for song in json.loads(ask(port, "GET", "/api/songs")[1])["songs"]}
    for song in client.songs:
        outcome.check(song in known, f"{when}: {song} is lost")
    for (song, version), made in client.versions.items():
        status, body = ask(port, "GET", f"/api/songs/{song}?version={version}")
        told = json.loads(body)
        outcome.check(status == 200 and told["corrections"] == made and told["contents"] is not None,
                      f"{when}: version {version} of {song} is lost")
    for path in library.glob("songs/*/v*.jams"):
        onpu.read(path).validate()
        outcome.done += 1
