"""The peers' beat trackers behind one call: librosa in this environment, madmom in one of its own (see README.md).

Run as a script by madmom's interpreter (ONPU_MADMOM_PYTHON), this file answers on standard output, one JSON line for
each path that it reads from standard input.
"""

import collections
import collections.abc
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Found:
    """What a tracker says of a recording.

    beats, downbeats: seconds (downbeats None: it knows none). tempo: beats a minute. seconds: that beats and downbeats
    took, from the file on disk, with the tracker loaded.
    """

    beats: np.ndarray
    downbeats: np.ndarray | None
    tempo: float
    seconds: float


class Peer(Protocol):
    """A tracker: its name and version, a call on a recording, and an end."""

    name: str

    def __call__(self, path: Path) -> Found:
        """Track the beats of a sound file."""

    def close(self) -> None:
        """End what it keeps running."""


class Librosa:
    """librosa.beat.beat_track with its defaults: onset strength, one tempo, dynamic programming (Ellis 2007)."""

    def __init__(self) -> None:
        import librosa

        self.librosa = librosa
        self.name = f"librosa {librosa.__version__}"
        librosa.beat.beat_track(y=np.random.default_rng(0).normal(size=44_100), sr=22_050)  # compiles what it needs

    def __call__(self, path: Path) -> Found:
        start = time.perf_counter()
        audio, rate = self.librosa.load(path)
        tempo, beats = self.librosa.beat.beat_track(y=audio, sr=rate, units="time")
        return Found(beats, None, float(np.ravel(tempo)[0]), time.perf_counter() - start)

    def close(self) -> None:
        """Nothing is left running."""


class Worker:
    """A script run by another interpreter, which says hello and then answers each path, in JSON lines."""

    def __init__(self, python: str, module: str, *arguments: str) -> None:
        self.process = subprocess.Popen([python, "-W", "ignore", "-m", module, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.hello = self._answer()

    def ask(self, path: Path) -> dict:
        """The answer on a sound file."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(str(path)) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.process.args} ended; its message is above")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self.process.communicate(timeout=30)


class Madmom:
    """madmom's RNN + DBN down-beat tracker (Böck, Krebs & Widmer 2016) in bars of 3 or 4, and its comb filter tempo."""

    def __init__(self, python: str) -> None:
        self.worker = Worker(python, __spec__.name)
        self.name = f"madmom {self.worker.hello['version']}"

    def __call__(self, path: Path) -> Found:
        said = self.worker.ask(path)
        return Found(np.array(said["beats"]), np.array(said["downbeats"]), said["tempo"], said["seconds"])

    def close(self) -> None:
        """End the process."""
        self.worker.close()


def peers() -> tuple[list[Peer], list[str]]:
    """The peers that can be had here, and a line on each that cannot."""
    python = os.environ.get("ONPU_MADMOM_PYTHON")
    if python is None:
        return [Librosa()], ["madmom left out: ONPU_MADMOM_PYTHON does not name its interpreter (benchmarks/README.md)"]
    return [Librosa(), Madmom(python)], []


def serve_madmom() -> None:
    """Inside madmom's environment: one answer for each line of standard input."""
    collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]  # gone in Python 3.10
    import madmom
    from madmom.features.beats import RNNBeatProcessor
    from madmom.features.downbeats import DBNDownBeatTrackingProcessor, RNNDownBeatProcessor
    from madmom.features.tempo import TempoEstimationProcessor

    activate, track = RNNDownBeatProcessor(), DBNDownBeatTrackingProcessor(beats_per_bar=[3, 4], fps=100)
    activate_beat, estimate = RNNBeatProcessor(), TempoEstimationProcessor(fps=100)
    print(json.dumps({"version": madmom.__version__}), flush=True)
    for line in sys.stdin:
        path = json.loads(line)
        start = time.perf_counter()
        beats = track(activate(path)).reshape(-1, 2)
        seconds = time.perf_counter() - start
        tempo = estimate(activate_beat(path))
        print(json.dumps({"beats": beats[:, 0].tolist(), "downbeats": beats[beats[:, 1] == 1, 0].tolist(),
                          "tempo": float(tempo[0, 0]) if len(tempo) else 0.0, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    serve_madmom()
