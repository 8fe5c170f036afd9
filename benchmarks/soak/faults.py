"""Damaged files: each is read, or refused in one line, and never anything else."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

import onpu
from benchmarks.soak.outcome import Outcome
from onpu.errors import OnpuError
from onpu.weights import FOLDER

SHARES = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99)
"""Where files are cut off."""
SEEDS = 6
SLOWEST = 60.0
"""Seconds that a file of some kilobytes may take at most."""


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


def read_or_refused(outcome: Outcome, path: Path, fault: str, read: Callable[[Path], object]) -> None:
    """Read a file, and note it where that neither works nor is refused in one line."""
    begin, problem = time.perf_counter(), ""
    try:
        read(path)
    except OnpuError as error:
        problem = "" if str(error) and "\n" not in str(error) else f"error of several lines: {error!r}"
    except BaseException as error:
        problem = f"{type(error).__name__}: {error}".replace("\n", " ")[:150]
    if (seconds := time.perf_counter() - begin) > SLOWEST:
        problem = problem or f"took {seconds:.0f} s"
    outcome.check(not problem, f"{path.suffix} {fault}: {problem}")


def faults(paths: list[Path], folder: Path, read: Callable[[Path], object], outcome: Outcome) -> None:
    """Damage each of the files in every way and read it."""
    folder.mkdir()
    for path in paths:
        other = next(each for each in paths if each.suffix != path.suffix) if len(paths) > 1 else FOLDER / "__init__.py"
        for fault, content in damaged(path.read_bytes(), other.read_bytes()):
            broken = folder / path.name
            broken.write_bytes(content)
            read_or_refused(outcome, broken, fault, read)


def recordings(paths: list[Path], folder: Path, outcome: Outcome) -> None:
    """Recordings, heard by one task."""
    faults(paths, folder, lambda path: onpu.analyze(path, tasks=["beats"]).validate(), outcome)


def labels(paths: list[Path], folder: Path, outcome: Outcome) -> None:
    """Files of labels and scores."""
    faults(paths, folder, lambda path: onpu.read(path).validate(), outcome)


def weights(folder: Path, outcome: Outcome) -> None:
    """Weights: what is loaded has the hash that its card says, so damage to tensors is refused."""
    faults([FOLDER / "key.safetensors"], folder, partial(onpu.load, device="cpu"), outcome)
