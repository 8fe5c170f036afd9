"""A batch of many short recordings of which a twentieth is broken: results of the others, and a reason for each."""

from pathlib import Path

import numpy as np
import soundfile

from benchmarks.soak.outcome import Outcome, contents, temporary
from benchmarks.soak.outcome import onpu as command

SECONDS, RATE = 2.0, 8000
BROKEN = 20
"""Of so many recordings one is broken."""
DAMAGE = {"empty.wav": b"", "text.mp3": b"no sound\n" * 20, "head.flac": b"fLaC" + bytes(60), "noise.ogg": b"OggS" * 50}


def fill(folder: Path, count: int) -> None:
    """Write the recordings, in folders of a hundred."""
    kinds = list(DAMAGE.items())
    for number in range(count):
        place = folder / f"{number // 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        if number % BROKEN == BROKEN - 1:
            name, content = kinds[number // BROKEN % len(kinds)]
            (place / f"{number:04}-{name}").write_bytes(content)
        else:
            sound = np.random.default_rng(number).uniform(-0.1, 0.1, round(SECONDS * RATE))
            soundfile.write(place / f"{number:04}.wav", sound, RATE)


def thousand(folder: Path, outcome: Outcome, count: int = 1000, jobs: int = 2) -> None:
    """Analyse them by two processes, and once more, which leaves out what is there."""
    fill(folder / "in", count)
    words = ("analyze", folder / "in", "-o", folder / "out", "--tasks", "onsets", "-f", "jams", "-q", "--jobs", jobs)
    broken = count // BROKEN
    for again in (False, True):
        ended = command(*words, *(("--skip-existing",) if again else ()), folder=folder)
        outcome.peak = max(outcome.peak, ended.peak)
        results = [name for name in contents(folder / "out") if name.endswith(".jams")]
        reasons = [line for line in ended.output.splitlines() if line.startswith("onpu: ") and "/in/" in line]
        outcome.check(ended.code == 1, f"exit code {ended.code}: {ended.output[-200:]}")
        outcome.check(len(results) == count - broken, f"{len(results)} results of {count - broken}")
        outcome.check(len(reasons) == broken, f"{len(reasons)} reasons of {broken}")
        outcome.check("Traceback" not in ended.output, "a traceback")
        outcome.check(not temporary(folder / "out"), f"{temporary(folder / 'out')} stay")
    outcome.done += count
