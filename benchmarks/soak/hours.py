"""Recordings of hours: how much memory they need, which must hardly grow with their length."""

from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.soak.outcome import Outcome, measured
from benchmarks.soak.outcome import onpu as command

RATE = 44_100
GROWTH = 3.0
"""How many times as much memory six times the length may take at most."""
MEGABYTES = 1000
"""Most memory of an hour of everything."""


def write_long(path: Path, song: Path, minutes: int) -> Path:
    """The song again and again, 16 bits, stereo."""
    samples, rate = soundfile.read(song, dtype="int16", always_2d=True)
    assert rate == RATE
    stereo = np.ascontiguousarray(np.broadcast_to(samples[:, :1], (len(samples), 2)))
    left = minutes * 60 * RATE
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        while left > 0:
            file.write(stereo[:left])
            left -= len(stereo)
    return path


def ended(words: tuple[object, ...], folder: Path, outcome: Outcome) -> None:
    """Run a command and note its memory."""
    code, output, outcome.peak = command(*words, folder=folder)
    outcome.check(code == 0, f"exit code {code}: {output[-300:]}")


def hours(folder: Path, song: Path) -> list[Outcome]:
    """Half an hour and three hours of beats, chords and key; twenty minutes taken apart."""
    folder.mkdir()
    harmony = ("--tasks", "beats,chords,key")
    peaks: dict[str, float] = {}
    outcomes = []
    for name, minutes, words in (
        ("beats, chords, key of 30 minutes", 30, ("analyze", *harmony, "-q", "--format", "jams,midi")),
        ("beats, chords, key of 3 hours", 180, ("analyze", *harmony, "-q", "--format", "jams,midi")),
        ("stems of 20 minutes", 20, ("separate",)),
    ):
        path = write_long(folder / f"{minutes}-minutes.wav", song, minutes)
        outcome = measured(name, partial(ended, (*words, path, "-o", folder / "out"), folder))
        peaks[name] = outcome.peak
        outcomes.append(outcome)
        path.unlink()
    short, long = (peaks[f"beats, chords, key of {name}"] for name in ("30 minutes", "3 hours"))
    outcomes[1].check(long < GROWTH * short, f"{long:.0f} MiB for 3 hours, {short:.0f} MiB for 30 minutes")
    return outcomes


def whole_hour(folder: Path, song: Path) -> Outcome:
    """An hour of everything that is listened for."""
    folder.mkdir()
    path = write_long(folder / "hour.wav", song, 60)
    words = ("analyze", "-q", "--format", "jams,midi", path, "-o", folder / "out")
    outcome = measured("everything of an hour", partial(ended, words, folder))
    most = outcome.peak * 2**20 / 1e6
    outcome.check(most <= MEGABYTES, f"{most:.0f} MB for everything of an hour")
    path.unlink()
    return outcome
