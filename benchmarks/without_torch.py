"""onpu-onnx: what an installation downloads, and the time from starting Python to the result of ten seconds of music.

    python -m benchmarks.without_torch WHEELS PYTHON [--repeats 5] [--results FOLDER] [--dry]

WHEELS: a folder that `pip download` has filled with the wheel of `make onnx` and all that it needs. PYTHON: an
interpreter where that is installed. Each time is that of a new process. Table: benchmarks/results/onpu_onnx.md.
"""

import resource
import subprocess
import tempfile
import time
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import soundfile

from benchmarks.listening.represent_speed import RATE, music_like
from benchmarks.report import parser, run, save, table
from onpu.errors import OnpuError

SECONDS = 10.0
BEGIN = "import sys, onpu_onnx; onpu_onnx.analyze(sys.argv[1]"
CALLS = {"importing NumPy and onnxruntime alone": "import numpy, onnxruntime",
         "beats": f"{BEGIN}, tasks='beats')",
         "beats, chords, key": f"{BEGIN}, tasks=['beats', 'chords', 'key'])",
         "everything": f"{BEGIN})"}
"""What is asked -> the program."""


def main() -> None:
    """Weigh and time."""
    arguments = parser(__doc__)
    arguments.add_argument("wheels", type=Path)
    arguments.add_argument("python", type=Path)
    arguments.add_argument("--repeats", type=int, default=5)
    given = arguments.parse_args()
    wheels = sorted(given.wheels.glob("*.whl"), key=lambda path: -path.stat().st_size)
    own = next((path for path in wheels if path.name.startswith("onpu_onnx-")), None)
    if own is None:
        raise OnpuError(f"{given.wheels}: has no wheel of onpu-onnx; fill it by pip download")
    sizes = [[path.name.split("-")[0], path.stat().st_size / 1e6] for path in wheels]
    sizes.append(["together", sum(path.stat().st_size for path in wheels) / 1e6])
    with tempfile.TemporaryDirectory() as folder:
        song = Path(folder) / "song.wav"
        soundfile.write(song, music_like(SECONDS), RATE)
        times = [[what, *_seconds(given.python, program, song, given.repeats)] for what, program in CALLS.items()]
    save(given, "onpu_onnx", "Listening without torch", [
        f"Models in the wheel: {', '.join(_models(own))}.\n",
        "## What an installation downloads\n", table(["wheel", "MB"], sizes),
        f"## From the start of Python to the result of {SECONDS:.0f} s of music\n",
        f"Seconds of a new process, of {given.repeats}; processor: user and system.\n",
        table(["asked", "least", "median", "processor, least"], times)])


def _models(wheel: Path) -> list[str]:
    """Names of the listeners in a wheel."""
    with ZipFile(wheel) as held:
        return sorted(Path(name).parent.name for name in held.namelist() if name.endswith("card.json"))


def _seconds(python: Path, program: str, song: Path, repeats: int) -> tuple[float, float, float]:
    """Least and median wall seconds, and least processor seconds."""
    wall, processor = [], []
    for _ in range(repeats):
        before, begin = _children(), time.perf_counter()
        done = subprocess.run([python, "-I", "-c", program, song], capture_output=True, text=True, check=False)
        wall.append(time.perf_counter() - begin)
        processor.append(_children() - before)
        if done.returncode:
            raise OnpuError(f"{python}: {done.stderr.strip().splitlines()[-1]}")
    return min(wall), float(np.median(wall)), min(processor)


def _children() -> float:
    """Processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    run(main)
