"""The tools of the notes benchmark, onpu's own listeners and the peers, behind one call."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import onpu
from benchmarks.paths import CACHE
from benchmarks.peers.notes import Heard, Peer, Said, interpreters
from onpu.errors import OnpuError, WeightsError
from onpu.files import replacing
from onpu.formats.audio import open_audio
from onpu.music import Melody, Notes, Onsets, Timeline

WEIGHTS = ("piano", "band", "onsets", "melody", "drums", "voice", "voice-blstm")
"""What is to be shipped; all but the first two are named as their task."""


@dataclass(frozen=True)
class Answer:
    """What a tool found; a field of the timeline is None where the tool does not look for it. seconds: it took."""

    timeline: Timeline
    seconds: float


@dataclass(frozen=True)
class Tool:
    """A name for tables, a call on a sound file, and the fields of the timeline that it fills."""

    name: str
    call: Callable[[Path], Answer]
    finds: tuple[str, ...]

    def __call__(self, path: Path) -> Answer:
        """Listen to a recording."""
        return self.call(path)


def ours(given: Iterable[str], needed: Collection[str]) -> dict[str, list[Tool]]:
    """Name of shipped weights, those needed only -> the tools that stand for them, none where they are not shipped.

    given: NAME=PATH, weights to take instead; a name may come several times, and has a row for each.
    """
    wanted: dict[str, list[str]] = {name: [] for name in WEIGHTS}
    for entry in given:
        name, _, path = entry.partition("=")
        if name not in wanted or not path:
            raise OnpuError(f"{entry}: weights are given as NAME=PATH, NAME one of {', '.join(WEIGHTS)}")
        wanted[name].append(path)
    tools: dict[str, list[Tool]] = {name: [] for name in WEIGHTS}
    for name, paths in wanted.items():
        if name not in needed:
            continue
        for path in paths or [name]:
            try:
                trained = onpu.load(path)
            except WeightsError as error:
                print(f"onpu {name} left out: {error}", flush=True)
                continue
            label = f"onpu {onpu.__version__} {name}" if path == name else f"{name} {path}"
            tools[name].append(Tool(label, _timed(trained.timeline), trained.listener.fields))
    return tools


def _timed(call: Callable[[Path], Timeline]) -> Callable[[Path], Answer]:
    def answer(path: Path) -> Answer:
        start = time.perf_counter()
        timeline = call(path)
        return Answer(timeline, time.perf_counter() - start)

    return answer


class Remembering:
    """A peer whose answers are kept as long as the sound file is the same; its process starts when it is asked anew.

    again: ask anew all the same, which measures its speed again.
    """

    def __init__(self, tool: str, python: str, again: bool) -> None:
        self.tool, self.python, self.again = tool, python, again
        self.peer: Peer | None = None
        self.folder = CACHE / "answers" / tool

    @property
    def name(self) -> str:
        """Name and version."""
        kept = self.folder / "name"
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_text(self._running().name, encoding="utf-8")
        return kept.read_text(encoding="utf-8")

    def _running(self) -> Peer:
        if self.peer is None:
            self.peer = Peer(self.python, self.tool)
        return self.peer

    def hear(self, path: Path) -> Heard:
        """What it says of the recording, now or then."""
        stamp = path.stat()
        kept = self.folder / f"{path.parent.name}-{path.stem}-{stamp.st_size}-{stamp.st_mtime_ns}.json"
        if self.again or not kept.exists():
            heard = self._running()(path)
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(kept) as temporary:
                temporary.write_text(json.dumps([heard.said, heard.seconds]), encoding="utf-8")
        return Heard(*json.loads(kept.read_text(encoding="utf-8")))

    def __call__(self, path: Path) -> Answer:
        heard = self.hear(path)
        with open_audio(path) as source:
            return Answer(timeline_of(heard.said, source.duration), heard.seconds)

    def close(self) -> None:
        """End its process."""
        if self.peer is not None:
            self.peer.close()


def reference(paths: Sequence[Path]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Times and f0 of dry singing by pyworld; nothing where it is not to be had."""
    pythons, _ = interpreters()
    if "pyworld" not in pythons:
        return
    tool = Remembering("pyworld", pythons["pyworld"], False)
    for path in paths:
        times, f0 = np.array(tool.hear(path).said["melody"]).T
        yield times, f0
    tool.close()


def timeline_of(said: Said, duration: float) -> Timeline:
    """What a peer said; it is as sure of everything."""
    notes = onsets = melody = None
    if "notes" in said:
        rows = np.array(sorted(said["notes"])).reshape(-1, 4)
        notes = Notes(*rows.T, np.zeros(len(rows), int), np.ones(len(rows)))
    if "onsets" in said:
        times = np.unique(said["onsets"])
        onsets = Onsets(times, np.ones(len(times)))
    if "melody" in said:
        times, f0 = np.array(said["melody"]).reshape(-1, 2).T
        melody = Melody(times, f0, np.ones(len(times)))
    return Timeline(duration, notes=notes, onsets=onsets, melody=melody)
