"""What a peer is, and the process that it runs in: a path a line in, what was found in that recording a line out.

The adapters are read by the interpreters of the peers too, in which there is no onpu.
"""

import collections
import collections.abc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Found = dict[str, Any]
"""What a peer finds in a recording, of these what it looks for:

    beats     rows (seconds, position in the bar; 0 where it is not known)
    tempo     beats a minute, 0 where there is none
    chords    rows (start, end, label in Harte's syntax)
    key       of the whole, as `Eb:major`
    notes     rows (onset, offset, MIDI pitch, velocity)
    onsets    seconds
    melody    rows (seconds, Hz; not above 0 where there is none)
    seconds   that it took, where the whole call is not to be timed
"""
Loaded = tuple[str, Callable[[str], Found]]
"""Name and version for tables, and the call on a path."""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Peer:
    """A recogniser that others have made.

    finds: the fields of a timeline that it fills. load: imports it, builds its models. variable: of the environment,
    names the interpreter that has it; None: this one.
    """

    finds: tuple[str, ...]
    load: Callable[[], Loaded]
    variable: str | None = None

    @property
    def interpreter(self) -> str | None:
        """None where it is not to be had."""
        return sys.executable if self.variable is None else os.environ.get(self.variable)


def absent(peers: Mapping[str, Peer]) -> list[str]:
    """A line on those whose interpreter is not named, none where all are here."""
    missing = [peer for peer in peers.items() if peer[1].interpreter is None]
    if not missing:
        return []
    variables = ", ".join(sorted({str(peer.variable) for _, peer in missing}))
    return [f"Left out: {', '.join(name for name, _ in missing)}; their interpreters are not named by {variables} "
            "(benchmarks/README.md).\n"]


class Worker:
    """A peer in its process, which tells its name and then answers each path."""

    def __init__(self, peer: str, interpreter: str) -> None:
        self.peer = peer
        paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen([interpreter, "-W", "ignore", "-m", "benchmarks.peers", peer], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=os.environ | {"PYTHONPATH": paths})
        self.name: str = self._answer()["name"]

    def ask(self, path: Path) -> tuple[Found, float]:
        """What it finds in a sound file, and the seconds that this took it, with its models loaded."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(str(path)) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        return answer["found"], answer["seconds"]

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.peer} ended; its message is above")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self.process.communicate(timeout=30)


def serve(load: Callable[[], Loaded]) -> None:
    """One answer for each line of standard input; what the peer itself prints goes to standard error."""
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        name, call = load()
        print(json.dumps({"name": name}), file=out, flush=True)
        for line in sys.stdin:
            start = time.perf_counter()
            found = call(json.loads(line))
            seconds = found.pop("seconds", time.perf_counter() - start)
            print(json.dumps({"found": found, "seconds": seconds}, default=float), file=out, flush=True)


def madmom_version() -> str:
    """Import madmom, which wants a name that Python 3.10 removed."""
    collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]
    import madmom

    return str(madmom.__version__)
