"""Folders of good, damaged and odd recordings: the good ones are all written, the others told, and nothing is half."""

import json
import shutil
from pathlib import Path

import numpy as np
import soundfile

import onpu
from benchmarks.soak.outcome import Outcome, contents
from benchmarks.soak.outcome import onpu as command

SECONDS = 4.0
GOOD = {"mono, 8 kHz.wav": (1, 8000), "stereo – 44.1 kHz.flac": (2, 44_100), "'quoted' & spaced.wav": (1, 22_050),
        "eight channels.wav": (8, 48_000), "192 kHz.flac": (1, 192_000), "deep/er/Zwölf, 音符.ogg": (2, 44_100),
        "UPPER.WAV": (1, 16_000)}
"""Name -> channels and sample rate."""
WRITTEN = (".jams", ".mid")
THREADS = 1e-4
"""By how much seconds, probabilities and logarithms may differ where sums are taken by other numbers of threads."""


def fill(folder: Path) -> set[str]:
    """Write the recordings; the names of those that are damaged or none."""
    rng = np.random.default_rng(1)
    for name, (channels, rate) in GOOD.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        clicks = 0.01 * rng.standard_normal((round(SECONDS * rate), channels))
        for beat in np.arange(0.25, SECONDS, 0.5):
            clicks[round(beat * rate):][: rate // 50] += 0.5
        soundfile.write(path, clicks, rate)
    soundfile.write(folder / "silence.wav", np.zeros(44_100), 44_100)
    soundfile.write(folder / "one sample.wav", np.zeros(1), 44_100)
    whole = (folder / "stereo – 44.1 kHz.flac").read_bytes()
    (folder / "damaged.flac").write_bytes(whole[:40] + bytes(200))
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.mp3").write_text("no sound", encoding="utf-8")
    (folder / "notes.txt").write_text("not looked at", encoding="utf-8")
    (folder / "no recordings").mkdir()
    return {"damaged.flac", "empty.wav", "text.mp3"}


def equal(one: object, other: object) -> bool:
    """Whether two values of JSON are the same, numbers within what another number of threads adds up to."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < THREADS
    return one == other


def batches(folder: Path, outcome: Outcome) -> None:
    """The same folder by one process, by two, and once more with nothing left to do."""
    recordings = folder / "recordings"
    recordings.mkdir(parents=True)
    broken = fill(recordings)
    expected = {Path(name).stem for name in GOOD} | {"silence", "one sample"}
    found: dict[int, dict[str, bytes]] = {}
    for jobs in (1, 2):
        out = folder / f"out-{jobs}"
        words = ("analyze", recordings, "-o", out, "--format", "jams,midi", "--tasks", "beats,chords", "--jobs", jobs,
                 "-q")
        ended = command(*words, folder=folder)
        outcome.check(ended.code == 1, f"jobs {jobs}: exit code {ended.code} where some recordings fail")
        for name in broken:
            outcome.check(name in ended.output, f"jobs {jobs}: nothing is said of {name}")
        outcome.check("Traceback" not in ended.output, f"jobs {jobs}: a traceback")
        found[jobs] = contents(out)
        files = {Path(name).stem for name in found[jobs]}
        outcome.check(files == expected, f"jobs {jobs}: wrote {sorted(files ^ expected)} more or less")
        for name in found[jobs]:
            outcome.check(Path(name).suffix in WRITTEN, f"jobs {jobs}: {name} was left behind")
            onpu.read(out / name).validate()
        again = command(*words, "--skip-existing", folder=folder)
        outcome.check(contents(out) == found[jobs], f"jobs {jobs}: --skip-existing wrote: {again.output[-200:]}")
    for name, content in found[1].items():
        other = found[2].get(name, b"{}")
        same = equal(json.loads(content), json.loads(other)) if name.endswith(".jams") else content == other
        outcome.check(same, f"{name} differs between one and two jobs")
    shutil.rmtree(recordings)
    outcome.check(command("analyze", recordings, folder=folder).code == 2, "a folder that is missing is no error")
