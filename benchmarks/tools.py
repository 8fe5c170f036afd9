"""What the listening benchmarks compare, behind one call: onpu's listeners, its main job, and the peers."""

import argparse
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import onpu
from benchmarks.paths import CACHE, Missing
from benchmarks.peers.base import Found, Peer, Worker
from benchmarks.recordings import Item
from benchmarks.timing import timed
from onpu.errors import OnpuError, WeightsError
from onpu.files import write_text
from onpu.formats.audio import open_audio
from onpu.listen import load
from onpu.music import Beats, Chords, Key, Melody, Notes, Onsets, Tempo, Timeline
from onpu.trained import TrainedListener


@dataclass(frozen=True)
class Answer:
    """What a tool found, and the seconds that it took, from the file on disk, with its models loaded."""

    timeline: Timeline
    seconds: float


@dataclass(frozen=True)
class Tool:
    """A name and version for tables, the call on a sound file, and the fields of the timeline that it fills.

    trained: the listener, where it is one of onpu's.
    """

    name: str
    call: Callable[[Path], Answer]
    finds: tuple[str, ...]
    trained: TrainedListener | None = None


def add_options(parser: argparse.ArgumentParser, peers: Mapping[str, Peer]) -> None:
    """Add the options by which a benchmark chooses its tools."""
    parser.add_argument("--weights", default="", help="NAME=PATH, by commas, in place of the shipped ones of that name")
    parser.add_argument("--peers", default=None, help="by commas; by default all of these that are installed, '' for "
                        f"none: {', '.join(peers)}")
    parser.add_argument("--again", action="store_true", help="ask the peers anew, which measures their speed again")


def listener(name: str, weights: str = "") -> Tool:
    """A trained listener with the shipped weights of that name, or others, by name or path, that stand for it."""
    trained = load(weights or name)
    label = f"{name} {weights}" if weights not in ("", name) else f"onpu {onpu.__version__} {name}"
    return Tool(label, _timed(trained.timeline), trained.listener.fields, trained)


def weights_of(names: Collection[str], given: str) -> dict[str, list[str]]:
    """Names of shipped weights -> the weights to take for them: they themselves, or what is given as NAME=PATH, by
    commas; a name may come several times, and has a row for each."""
    entries = [entry.partition("=") for entry in given.split(",") if entry]
    for name, _, path in entries:
        if name not in names or not path:
            raise OnpuError(f"--weights {name}: weights are given as NAME=PATH, NAME one of {', '.join(names)}")
    return {name: [path for other, _, path in entries if other == name] or [name] for name in names}


def listeners(weights: Mapping[str, Sequence[str]]) -> dict[str, list[Tool]]:
    """The listeners with these weights by name; there are none for weights that are not shipped."""
    tools: dict[str, list[Tool]] = {name: [] for name in weights}
    for name, paths in weights.items():
        try:
            tools[name] = [listener(name, path) for path in paths]
        except WeightsError as error:
            print(f"{name} left out: {error}", flush=True)
    return tools


def main_job(tasks: Sequence[str] | None, label: str, finds: tuple[str, ...]) -> Tool:
    """`onpu.analyze` with several listeners, which are made to agree."""
    return Tool(f"onpu {onpu.__version__} {label}", _timed(lambda path: onpu.analyze(path, tasks=tasks)), finds)


def _timed(call: Callable[[Path], Timeline]) -> Callable[[Path], Answer]:
    def answer(path: Path) -> Answer:
        timeline, spent = timed(call, path)
        return Answer(timeline, spent.seconds)

    return answer


class CachedPeer:
    """A peer whose answers are kept as long as the sound file is the same; its process starts when it is needed.

    again: ask anew all the same, which measures its speed again.
    """

    def __init__(self, peer: str, interpreter: str, again: bool) -> None:
        self.peer, self.interpreter, self.again = peer, interpreter, again
        self.folder = CACHE / "answers" / peer
        self.folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def worker(self) -> Worker:
        """The process of the peer."""
        return Worker(self.peer, self.interpreter)

    def _kept(self, name: str, answer: Callable[[], Any]) -> Any:
        path = self.folder / name
        if self.again or not path.exists():
            write_text(path, json.dumps(answer()))
        return json.loads(path.read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """Name and version."""
        return str(self._kept("name.json", lambda: self.worker.name))

    def __call__(self, path: Path) -> Answer:
        stamp = path.stat()
        name = f"{path.parent.name}-{path.stem}-{stamp.st_size}-{stamp.st_mtime_ns}.json"
        found, seconds = self._kept(name, lambda: self.worker.ask(path))
        with open_audio(path) as source:
            return Answer(timeline_of(found, source.duration), seconds)

    def close(self) -> None:
        """End its process, if there is one."""
        if "worker" in vars(self):
            self.worker.close()


@contextmanager
def running(peers: Mapping[str, Peer], wanted: str | None, again: bool) -> Iterator[dict[str, Tool]]:
    """Those of the peers that are wanted, by commas, or all that are installed; their processes end with the body."""
    chosen = [name for name, peer in peers.items() if peer.interpreter] if wanted is None else [
        name for name in wanted.split(",") if name]
    for name in chosen:
        if name not in peers:
            raise OnpuError(f"--peers {name}: there are {', '.join(peers)}")
        if peers[name].interpreter is None:
            raise Missing(f"{peers[name].variable} does not name an interpreter that has {name} (benchmarks/README.md)")
    with ExitStack() as stack:
        tools = {}
        for name in chosen:
            peer = stack.enter_context(closing(CachedPeer(name, str(peers[name].interpreter), again)))
            tools[name] = Tool(peer.name, peer, peers[name].finds)
        yield tools


def timeline_of(found: Found, duration: float) -> Timeline:
    """What a peer found; it is as sure of everything."""
    beats = tempo = chords = key = notes = onsets = melody = None
    if "beats" in found:
        times, positions = np.array(found["beats"], float).reshape(-1, 2).T
        beats = Beats.of(times, positions.astype(int))
    if "tempo" in found:
        bpm = np.array([found["tempo"]] if found["tempo"] > 0 else [], float)
        tempo = Tempo(bpm, np.ones(len(bpm)), np.zeros(0), np.zeros(0))
    if "chords" in found:
        starts, ends, labels = zip(*found["chords"], strict=True) if found["chords"] else ((), (), ())
        chords = Chords(np.array(starts, float), np.array(ends, float), np.array(labels, np.str_), np.ones(len(starts)))
    if "key" in found:
        key = Key(np.array([found["key"]]), np.ones(1))
    if "notes" in found:
        rows = np.array(sorted(found["notes"]), float).reshape(-1, 4)
        notes = Notes(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], np.zeros(len(rows), int), np.ones(len(rows)))
    if "onsets" in found:
        times = np.unique(found["onsets"])
        onsets = Onsets(times, np.ones(len(times)))
    if "melody" in found:
        times, f0 = np.array(found["melody"], float).reshape(-1, 2).T
        melody = Melody(times, f0, np.ones(len(times)))
    return Timeline(duration, beats=beats, tempo=tempo, chords=chords, key=key, notes=notes, onsets=onsets,
                    melody=melody)


def pace(songs: Sequence[Item], answers: Sequence[Answer]) -> str:
    """Times real time, the median over recordings."""
    times = [item.truth.duration / answer.seconds for item, answer in zip(songs, answers, strict=True)]
    return "-" if np.isnan(times).any() else f"{np.median(times):.0f}"
