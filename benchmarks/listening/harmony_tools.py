"""The tools of the harmony benchmark, onpu's own listeners and the peers, behind one call."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import onpu
from benchmarks.paths import CACHE
from benchmarks.peers.harmony import Heard, Peer
from onpu.errors import WeightsError
from onpu.files import replacing
from onpu.music import Chords, Key, Timeline
from onpu.task import TrainedListener


@dataclass(frozen=True)
class Answer:
    """What a tool found; a field of the timeline is None where the tool does not look for it. seconds: it took."""

    timeline: Timeline
    seconds: float


@dataclass(frozen=True)
class Tool:
    """A name for tables, and a call on a sound file; of a listener of onpu's, what it is."""

    name: str
    call: Callable[[Path], Answer]
    trained: TrainedListener | None = None

    def __call__(self, path: Path) -> Answer:
        """Listen to a recording."""
        return self.call(path)


def ours(weights: Mapping[str, str]) -> dict[str, Tool]:
    """Task -> its listener alone, and `joint`: the main job with beats, key and chords. weights: task -> path or name,
    for those that are not to be the shipped ones; tasks without weights are left out."""
    loaded = {}
    for task in ("chords", "chroma", "key", "beats"):
        try:
            loaded[task] = onpu.load(weights.get(task, task))
        except WeightsError as error:
            print(f"onpu {task} left out: {error}", flush=True)
    tools = {task: Tool(f"onpu {onpu.__version__} {task}", _timed(trained.timeline), trained)
             for task, trained in loaded.items()}
    if {"beats", "key", "chords"} <= loaded.keys():
        names = [weights.get(task, task) for task in ("beats", "key", "chords")]
        tools["joint"] = Tool(f"onpu {onpu.__version__} joint", _timed(lambda path: onpu.analyze(path, tasks=names)))
    return tools


def _timed(call: Callable[[Path], Timeline]) -> Callable[[Path], Answer]:
    def answer(path: Path) -> Answer:
        start = time.perf_counter()
        timeline = call(path)
        return Answer(timeline, time.perf_counter() - start)

    return answer


def remembering(peer: Peer, again: bool) -> Tool:
    """The peer, whose answers are kept as long as the sound file is the same. again: ask anew all the same."""

    def answer(path: Path) -> Answer:
        stamp = path.stat()
        name = f"{path.parent.name}-{path.stem}-{stamp.st_size}-{stamp.st_mtime_ns}.json"
        kept = CACHE / "answers" / peer.name.replace(" ", "-") / name
        if again or not kept.exists():
            heard = peer(path)
            kept.parent.mkdir(parents=True, exist_ok=True)
            with replacing(kept) as temporary:
                temporary.write_text(json.dumps([heard.chords, heard.key, heard.seconds]), encoding="utf-8")
        chords, key, seconds = json.loads(kept.read_text(encoding="utf-8"))
        return Answer(timeline_of(Heard(chords, key, seconds)), seconds)

    return Tool(peer.name, answer)


def timeline_of(heard: Heard) -> Timeline:
    """What a peer heard; it is as sure of everything."""
    starts, ends, labels = zip(*heard.chords, strict=True) if heard.chords else ((), (), ())
    chords = Chords(np.array(starts, float), np.array(ends, float), np.array(labels, np.str_), np.ones(len(starts)))
    return Timeline(float(max(ends, default=0.0)), chords=None if heard.chords is None else chords,
                    key=None if heard.key is None else Key(np.array([heard.key]), np.ones(1)))
