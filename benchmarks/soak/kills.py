"""Commands that are killed again and again: they go on, and end with the bytes of those that were left alone."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import onpu
from benchmarks.soak.outcome import Outcome, contents, start, temporary, told_by_shells
from benchmarks.soak.outcome import onpu as command
from onpu.errors import OnpuError
from onpu.weights import read_weights

KILLS = 4
"""How often at most a command is killed before it may end."""
PATIENCE = 900.0
MOST = 5.0
"""Seconds that Ctrl-C may take."""


def killed(words: Iterable[object], folder: Path, seconds: float, by: signal.Signals) -> int:
    """Begin a command, end it after so many seconds with all its processes, and return its exit code."""
    process = start(words, folder, subprocess.DEVNULL)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, by)
        return process.wait(PATIENCE)


def broken_off(words: Iterable[object], folder: Path, whole: float, seed: int, outcome: Outcome) -> int:
    """Kill a command that needs `whole` seconds several times, let it end, and return how often it was killed."""
    rng, kills = np.random.default_rng(seed), 0
    for _ in range(KILLS):
        kills += killed(words, folder, whole * rng.uniform(0.3, 0.8), signal.SIGKILL) < 0
    ended = command(*words, folder=folder)
    outcome.check(ended.code == 0, f"{next(iter(words))}: does not go on after {kills} kills: {ended.output[-200:]}")
    outcome.check(kills > 0, f"{next(iter(words))}: was over before it was killed")
    return kills


def timed(words: Iterable[object], folder: Path, outcome: Outcome) -> float:
    """Run a command that nobody disturbs; its seconds."""
    begin = time.perf_counter()
    ended = command(*words, folder=folder)
    outcome.check(ended.code == 0, f"{next(iter(words))}: {ended.output[-200:]}")
    return time.perf_counter() - begin


def corpora(folder: Path, outcome: Outcome) -> None:
    """A corpus that is composed by two processes."""
    folder.mkdir()
    words = ("compose", "-n", 8, "--seconds", 12, "--jobs", 2, "--seed", 3, "--corpus")
    seconds = timed((*words, "whole"), folder, outcome)
    broken_off((*words, "broken"), folder, seconds, 1, outcome)
    whole, broken = contents(folder / "whole"), contents(folder / "broken")
    outcome.check(whole.keys() == broken.keys(), f"corpus: files {sorted(whole.keys() ^ broken.keys())}")
    for name in whole:
        outcome.check(whole[name] == broken.get(name), f"corpus: {name} has other bytes")


def trainings(folder: Path, corpus: Path, outcome: Outcome) -> None:
    """A training; then its state is damaged."""
    folder.mkdir()
    words = ("train", "onsets", "--data", corpus, "--epochs", 3, "--steps", 30, "--batch", 4, "--minutes", 0, "-o")
    seconds = timed((*words, "whole"), folder, outcome)
    broken_off((*words, "broken"), folder, seconds, 2, outcome)
    hashes = [read_weights(folder / name / "best.safetensors")[1]["sha256"] for name in ("whole", "broken")]
    outcome.check(hashes[0] == hashes[1], "train: the weights of the run that was killed differ")
    state = folder / "broken" / "state.safetensors"
    state.write_bytes(state.read_bytes()[: state.stat().st_size // 2])
    ended = command(*words, "broken", folder=folder)
    outcome.check(ended.code == 2 and "Traceback" not in ended.output,
                  f"train: a state cut in half: {ended.output[-200:]}")


def analyses(folder: Path, recording: Path, outcome: Outcome) -> None:
    """A batch of recordings: what lies there after a kill is whole."""
    songs = folder / "songs"
    songs.mkdir(parents=True)
    for number in range(6):
        shutil.copy(recording, songs / f"song-{number}{recording.suffix}")
    words = ("analyze", "songs", "--jobs", 2, "--skip-existing", "-q", "-o")
    seconds = timed((*words, "whole"), folder, outcome)
    rng = np.random.default_rng(3)
    for _ in range(KILLS):
        killed((*words, "broken"), folder, seconds * rng.uniform(0.3, 0.8), signal.SIGKILL)
        for path in (folder / "broken").rglob("*.jams"):
            try:
                onpu.read(path).validate()
            except OnpuError as error:
                outcome.failures.append(f"analyze: half-written: {error}")
            outcome.done += 1
    timed((*words, "broken"), folder, outcome)
    whole, broken = contents(folder / "whole"), contents(folder / "broken")
    for name in sorted(whole.keys() | broken.keys()):
        outcome.check(whole.get(name) == broken.get(name), f"analyze: {name} differs")


def interrupts(folder: Path, recording: Path, outcome: Outcome) -> None:
    """Ctrl-C at several moments: the command ends, and no temporary file stays."""
    folder.mkdir()
    for name, words in {"analyze": ("analyze", recording, "-o"), "separate": ("separate", recording, "-o"),
                        "chorale": ("make", "chorale", "--bars", 8, "-o")}.items():
        for seconds in (0.5, 2.0, 4.0, 6.0):
            out = folder / f"{name}-{seconds:g}"
            begin = time.perf_counter()
            code = told_by_shells(killed((*words, out), folder, seconds, signal.SIGINT))
            outcome.check(code in (0, 130), f"{name} after {seconds:g} s: exit code {code}")
            spent = time.perf_counter() - begin - seconds
            outcome.check(spent < MOST, f"{name} after {seconds:g} s: ends {spent:.1f} s later")
            outcome.check(not temporary(out), f"{name} after {seconds:g} s: {temporary(out)} stay")
