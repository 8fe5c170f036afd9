"""Damaged files: each is read, or refused in one line, soon and in bounded memory, and never anything else."""

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import numpy as np

import onpu
from benchmarks.soak.outcome import Outcome, temporary
from benchmarks.soak.outcome import onpu as command
from onpu.errors import OnpuError
from onpu.weights import FOLDER

SHARES = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99)
"""Where files are cut off."""
SEEDS = 6
SLOWEST = 60
"""Seconds that a file of some kilobytes may take at most; then it counts as hanging."""
GROWTH = 500.0
"""MiB by which the process may grow over all files of a kind."""


def damaged(whole: bytes, other: bytes, seeds: int = SEEDS) -> Iterator[tuple[str, bytes]]:
    """What may happen to a file: cut off, bits turned at its head or anywhere, a hole, the content of another kind.
    seeds: how many times bits are turned."""
    for share in SHARES:
        yield f"cut off at {share:.0%}", whole[: int(share * len(whole))]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        for place, reach in (("at the head", min(200, len(whole))), ("anywhere", len(whole))):
            turned = np.frombuffer(whole, np.uint8).copy()
            turned[rng.integers(reach, size=12)] ^= rng.integers(1, 256, size=12, dtype=np.uint8)
            yield f"bytes changed {place}, seed {seed}", turned.tobytes()
    third = len(whole) // 3
    yield "a third is zeros", whole[:third] + bytes(third) + whole[2 * third:]
    yield "twice in a row", whole + whole
    yield "another file's content", other
    yield "text", "beats and bars \N{MUSICAL SYMBOL G CLEF}\n".encode() * 40


class Hangs(BaseException):
    """A file takes longer than `SLOWEST`. No `Exception`, so that no reader takes it for one of its own."""


@contextmanager
def awaited() -> Iterator[None]:
    """Break off what takes longer than `SLOWEST`."""
    def late(number: int, frame: FrameType | None) -> None:
        raise Hangs(f"hangs, {SLOWEST} s and more")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SLOWEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_or_refused(outcome: Outcome, path: Path, fault: str, read: Callable[[Path], object]) -> None:
    """Read a file, and note it where that neither works nor is refused in one line."""
    problem = ""
    try:
        with awaited():
            read(path)
    except OnpuError as error:
        problem = "" if str(error) and "\n" not in str(error) else f"error of several lines: {error!r}"
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}".replace("\n", " ")[:150]
    outcome.check(not problem, f"{path.name} {fault}: {problem}")


def broken(paths: list[Path], folder: Path) -> Iterator[tuple[Path, str]]:
    """Each of the files damaged in every way, under its own name in a folder, one at a time; what was done to it."""
    folder.mkdir()
    for path in paths:
        other = next((each for each in paths if each.suffix != path.suffix), FOLDER / "__init__.py")
        for fault, content in damaged(path.read_bytes(), other.read_bytes()):
            (folder / path.name).write_bytes(content)
            yield folder / path.name, fault


def faults(paths: list[Path], folder: Path, read: Callable[[Path], object], outcome: Outcome) -> None:
    """Read each of the files damaged in every way."""
    before = peak_memory()
    for path, fault in broken(paths, folder):
        read_or_refused(outcome, path, fault, read)
    outcome.peak = peak_memory()
    if outcome.peak - before > GROWTH:
        outcome.failures.append(f"grew by {outcome.peak - before:.0f} MiB")


def peak_memory() -> float:
    """Of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def batch(paths: list[Path], folder: Path, outcome: Outcome) -> None:
    """All damaged recordings in one go of the command: a whole result or a reason for each, nothing half-written."""
    inside = folder / "in"
    inside.mkdir(parents=True)
    for number, (path, _) in enumerate(broken(paths, folder / "one")):
        path.rename(inside / f"{number:03}-{path.name}")
    words = ("analyze", inside, "-o", folder / "out", "--tasks", "onsets", "-f", "jams,midi,csv", "-q")
    ended = command(*words, folder=folder)
    outcome.peak = ended.peak
    outcome.check("Traceback" not in ended.output, "a traceback")
    outcome.check(not temporary(folder / "out"), f"{temporary(folder / 'out')} stay")
    reasons = [line for line in ended.output.splitlines() if line.startswith("onpu: ") and "/in/" in line]
    for path in sorted(inside.iterdir()):
        refused = any(path.name in line for line in reasons)
        result = folder / "out" / f"{path.stem}.jams"
        if result.exists():
            read_or_refused(outcome, result, "written", lambda found: onpu.read(found).validate())
        else:
            outcome.check(refused, f"{path.name}: neither a result nor a reason")


def recordings(paths: list[Path], folder: Path, outcome: Outcome) -> None:
    """Recordings, heard by one task."""
    faults(paths, folder, lambda path: onpu.analyze(path, tasks=["beats"]).validate(), outcome)


def labels(paths: list[Path], folder: Path, outcome: Outcome) -> None:
    """Files of labels and scores."""
    faults(paths, folder, lambda path: onpu.read(path).validate(), outcome)


def weights(folder: Path, outcome: Outcome) -> None:
    """Weights: what is loaded has the hash that its card says, so damage to tensors is refused."""
    faults([FOLDER / "key.safetensors"], folder, partial(onpu.load, device="cpu"), outcome)
