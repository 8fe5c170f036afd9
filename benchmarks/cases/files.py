"""Cases that are files, folders and commands: what goes wrong with them."""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from symusic import Score

import onpu
from benchmarks.soak.outcome import ONPU, Ended, start, temporary, told_by_shells
from benchmarks.soak.outcome import onpu as command
from onpu.errors import OnpuError
from onpu.formats.audio import read_audio

LISTEN = ("--tasks", "onsets", "-f", "jams", "-q")
"""The quickest analysis."""
PATIENCE = 5.0
"""Seconds after Ctrl-C."""
STARTED = 0.5
"""Seconds before which Ctrl-C may meet the interpreter before the first line of onpu; that ends with 1."""


def lengths(folder: Path, seconds: dict[str, float | None]) -> list[str]:
    """Files whose sound has another length; None: such that are to be refused."""
    wrong = []
    for name, wanted in seconds.items():
        try:
            found = read_audio(folder / name).duration
        except OnpuError:
            wrong += [f"{name} is refused"] if wanted is not None else []
            continue
        if wanted is None or abs(found - wanted) > 0.15:
            wrong.append(f"{name} has {found:.2f} s")
    return wrong


def told(ended: Ended, code: int, *words: str) -> list[str]:
    """What is missing from how a command ended."""
    wrong = [f"exit code {ended.code}"] if ended.code != code else []
    wrong += ["a traceback"] if "Traceback" in ended.output else []
    return wrong + [f"{word!r} is not said" for word in words if word not in ended.output]


def truncated(folder: Path, work: Path) -> list[str]:
    """Downloads that broke off: read with a warning, or refused."""
    wrong = lengths(folder, {"half.mp3": 6.45, "half.flac": 3.97, "half_faststart.m4a": 6.39, "half_nomoov.m4a": None})
    paths = [folder / name for name in ("half.mp3", "half.flac", "half_faststart.m4a", "half_nomoov.m4a")]
    return wrong + told(command("analyze", *paths, *LISTEN, "-o", work, folder=work), 1, "cut off", "half_nomoov.m4a")


def odd_samples(folder: Path, work: Path) -> list[str]:
    """NaN is refused with its time, everything else is analysed."""
    ended = command("analyze", *sorted(folder.glob("*.*a*")), *sorted(folder.glob("*.ogg")), *LISTEN, "-o", work,
                    folder=work)
    return told(ended, 1, "nan.wav", "is NaN") + [f"{name} is not analysed" for name in ("clipped", "dc", "float_x100")
                                                  if not list(work.glob(f"{name}*.jams"))]


def hidden(folder: Path, work: Path) -> list[str]:
    """A folder with a file that macOS left."""
    (work / "in").mkdir()
    shutil.copy(folder / "._a.mp3", work / "in")
    soundfile.write(work / "in/a.wav", np.zeros(8000), 8000)
    return told(command("analyze", "in", *LISTEN, "-o", "out", folder=work), 0)


def names(folder: Path, work: Path) -> list[str]:
    """Odd names are read; one that is too long for its results is told so."""
    odd = ["a [b].wav", "ü 音.wav", "line\nbreak.wav", "UPPER.WAV", "n" * 240 + ".wav"]
    (work / "in").mkdir()
    for name in odd:
        soundfile.write(work / "in" / name, np.zeros(8000), 8000)
    wrong = told(command("analyze", "in", *LISTEN, "-o", "out", folder=work), 0)
    wrong += [f"{len(list((work / 'out').glob('*.jams')))} of {len(odd)} results"] if len(
        list((work / "out").glob("*.jams"))) != len(odd) else []
    long = work / ("m" * 251 + ".wav")
    soundfile.write(long, np.zeros(8000), 8000)
    return wrong + told(command("analyze", long, *LISTEN, "-o", "out", folder=work), 2, "too long")


def disk_full(folder: Path, work: Path) -> list[str]:
    """A disk of 16 kB, where one may be mounted."""
    disk = work / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], capture_output=True,
                             check=False)
    if mounted.returncode:
        return ["not tried: no disk of 16 kB may be mounted here"]
    try:
        ended = command("separate", folder / "s.wav", "-o", disk, folder=work)
        left = temporary(disk)
    finally:
        subprocess.run(["umount", disk], check=True)
    return told(ended, 2, "No space left on device") + ([f"{left} stay"] if left else [])


def interrupted(folder: Path, work: Path) -> list[str]:
    """Ctrl-C at several moments, with one process and with two."""
    (work / "in").mkdir()
    rng = np.random.default_rng(0)
    for number in range(12):
        soundfile.write(work / f"in/{number}.wav", rng.uniform(-0.1, 0.1, 40 * 22_050), 22_050)
    wrong = []
    for jobs in (1, 2, 4):
        for seconds in (0.1, 1.0, 4.0, 8.0):
            out = work / f"out-{jobs}-{seconds:g}"
            process = start(("analyze", "in", "-q", "--jobs", jobs, "-o", out), work, subprocess.DEVNULL)
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
            begin = time.monotonic()
            code = told_by_shells(process.wait(120))
            spent = time.monotonic() - begin
            ends = (130, 1) if seconds < STARTED else (130,)
            wrong += [f"{jobs} jobs, after {seconds:g} s: ends with {code} after {spent:.1f} s"] if (
                code not in ends or spent > PATIENCE) else []
            wrong += [f"{jobs} jobs, after {seconds:g} s: {temporary(out)} stay"] if temporary(out) else []
    return wrong


def two_at_once(folder: Path, work: Path) -> list[str]:
    """Two analyses into one folder."""
    soundfile.write(work / "a.wav", np.random.default_rng(0).uniform(-0.1, 0.1, 80_000), 8000)
    both = [start(("analyze", "a.wav", *LISTEN, "-o", "out"), work, subprocess.DEVNULL) for _ in range(2)]
    wrong = [f"exit code {process.returncode}" for process in both if process.wait(300)]
    onpu.read(work / "out/a.jams").validate()
    return wrong + [f"{name} stays" for name in temporary(work)]


def pipe(folder: Path, work: Path) -> list[str]:
    """A recording on standard input."""
    soundfile.write(work / "s.wav", np.zeros(8000), 8000)
    with (work / "s.wav").open("rb") as sound:
        said = subprocess.run([*ONPU, "analyze", "-", *LISTEN, "-o", "out"], cwd=work, stdin=sound,
                              capture_output=True, check=False)
    return [] if said.returncode == 0 else [f"exit code {said.returncode}"]


def few_beats(folder: Path, work: Path) -> list[str]:
    """Labels of no, one and two beats."""
    for name, text in (("zero", ""), ("one", "0.5\t1\n"), ("two", "0.5\t1\n1.0\t2\n")):
        soundfile.write(work / f"{name}.wav", np.zeros(16_000), 8000)
        (work / f"{name}.beats").write_text(text)
    return told(command("evaluate", "beats", ".", folder=work), 0, "3 recordings")


def labs(folder: Path, work: Path) -> list[str]:
    """Overlaps, marks, line ends and odd chords of label files; a wrong file costs one recording."""
    texts = {"overlap": (folder / "song.chords.lab").read_bytes(),
             "mark": b"\xef\xbb\xbf0 2 A:min7(*5,b6)\r\n3 4 X\r\n",
             "comma": b"0,0 2,0 C:maj\n", "wrong": b"0 2 H:dur\n"}
    for name, text in texts.items():
        soundfile.write(work / f"{name}.wav", np.zeros(8000 * 4), 8000)
        (work / f"{name}.chords.lab").write_bytes(text)
    return told(command("evaluate", "chords", ".", folder=work), 0, "3 recordings", "wrong.chords.lab", "overlap")


def null_test(folder: Path, work: Path) -> list[str]:
    """The parts of a recording sum to it."""
    rng, wrong = np.random.default_rng(0), []
    noise = rng.uniform(-0.5, 0.5, (22_050, 1)).astype(np.float32)
    for name, sound in {"st": np.hstack([noise, noise[::-1]]), "oop": np.hstack([noise, -noise]), "loud": 3 * noise,
                        "one": noise[:1]}.items():
        soundfile.write(work / f"{name}.wav", sound, 22_050, "FLOAT")
        wrong += told(command("separate", f"{name}.wav", "-o", "out", folder=work), 0)
        parts = [soundfile.read(path, always_2d=True)[0] for path in (work / "out" / name).glob("*.wav")]
        error = float(np.abs(np.sum(parts, axis=0) - sound).max())
        wrong += [f"{name}: {error:.1e} beside the recording"] if error > 1e-6 else []
    return wrong


def in_is_out(folder: Path, work: Path) -> list[str]:
    """A recording that would be written over itself."""
    soundfile.write(work / "io.wav", np.zeros(8000), 8000)
    before = (work / "io.wav").read_bytes()
    ended = command("enhance", "io.wav", "-o", "io.wav", folder=work)
    return told(ended, 2) + ([] if (work / "io.wav").read_bytes() == before else ["the file is another"])


def steady(folder: Path, work: Path) -> list[str]:
    """One tempo for a steady click, and bars from its first beat."""
    wrong = told(command("analyze", folder / "input.ogg", "--tasks", "beats", "-f", "midi", "-q", "-o", "out",
                         folder=work), 0)
    score: Any = Score(work / "out/input.mid")
    wrong += [f"{len(score.tempos)} tempo events"] if len(score.tempos) > 1 else []
    return wrong + ([f"first tempo {score.tempos[0].qpm:.2f}"] if abs(score.tempos[0].qpm - 128) > 0.1 else [])


def midi(folder: Path, notes: dict[str, int | None]) -> list[str]:
    """Files with another number of notes; None: they may be refused in words of their own."""
    wrong = []
    for name, count in notes.items():
        try:
            found = onpu.read(folder / name).validate().notes
        except OnpuError as error:
            wrong += [f"{name} is refused"] if count is not None or "Invaild" in str(error) else []
            continue
        if count is not None and (found is None or len(found.onsets) != count):
            wrong.append(f"{name}: {0 if found is None else len(found.onsets)} notes")
    return wrong
