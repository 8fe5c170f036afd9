"""What an archive costs beside the listeners alone, and how much faster two workers are than one.

    python -m benchmarks.soak.archive_speed [--recordings 80] [--seconds 30] [--results FOLDER] [--dry]

Pieces of real recordings are heard by all listeners, one thread a worker: by the listeners alone, by one worker, by
two. For a machine on which nothing else runs. Table: benchmarks/results/archive_speed.md.
"""

import os
import tempfile
from itertools import zip_longest
from pathlib import Path

import soundfile

from benchmarks.recordings import real
from benchmarks.report import parser, run, save, table
from benchmarks.soak.archive import step
from onpu.formats.audio import read_audio

SETS = ("charted", "grid", "mdb")
"""Sets of real recordings, of which they are taken in turn."""


def main() -> None:
    """See the module."""
    options = parser(__doc__)
    options.add_argument("--recordings", type=int, default=80)
    options.add_argument("--seconds", type=float, default=30.0, help="of each")
    given = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        manifest = pieces(Path(name), given.recordings, given.seconds)
        alone = step("bare", manifest)
        one, two = (step("batch", "heard", manifest, Path(name) / f"by{workers}", Path(name) / "log", workers)
                    for workers in (1, 2))
    rows = [[what, each["cpu"], each["seconds"], f"{peak:.0f}"] for what, each, peak in (
        ("listeners alone", alone, alone["peak"]), ("onpu batch, one worker", one, one["worker_peak"]),
        ("onpu batch, two workers", two, two["worker_peak"]))]
    save(given, "archive_speed", "What an archive costs", [
        f"{given.recordings} pieces of {given.seconds:g} s of real recordings, which teach and choose nothing here, "
        f"heard by all listeners, one thread a worker; loading and starting are in all rows. One worker takes "
        f"{100 * (one['cpu'] / alone['cpu'] - 1):.0f} % more CPU than the listeners alone. Two workers are "
        f"{one['seconds'] / two['seconds']:.2f} times as fast as one. {load:.1f} processes wanted the {os.cpu_count()} "
        "cores of the machine when it began: where that is more than .5, wall seconds tell little.\n",
        table(["what", "CPU, s", "wall, s", "peak of a worker, MiB"], rows)])


def pieces(folder: Path, count: int, seconds: float) -> Path:
    """A manifest of pieces of real recordings: the beginnings of all, then what follows in each."""
    recordings = [found[1] for turn in zip_longest(*map(real, SETS)) for found in turn if found is not None]
    names: list[str] = []
    for part in range(count):
        for path in recordings:
            if len(names) == count:
                break
            audio = read_audio(path)
            first = round(part * seconds * audio.rate)
            piece = audio.samples[:, first : first + round(seconds * audio.rate)]
            if piece.shape[1] >= seconds * audio.rate / 2:
                names.append(f"{len(names):03d}.wav")
                soundfile.write(folder / names[-1], piece.T, audio.rate, subtype="PCM_16")
    manifest = folder / "real.txt"
    manifest.write_text("\n".join(names), encoding="utf-8")
    return manifest


if __name__ == "__main__":
    run(main)
