"""What a user's type checker knows of the public names; mypy checks it, nothing runs it."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import torch

import onpu
from onpu.maker import TrainedMaker
from onpu.music import Audio, Beats, Chords, Timeline
from onpu.trained import TrainedListener


def recordings(path: Path, samples: np.ndarray, tensor: torch.Tensor, data: bytes, audio: Audio) -> None:
    assert_type(onpu.analyze("song.mp3"), Timeline)
    assert_type(onpu.analyze(path, tasks="beats", device=torch.device("cpu")), Timeline)
    assert_type(onpu.analyze(data, options={"metres": (3,)}), Timeline)
    assert_type(onpu.analyze(io.BytesIO(data)), Timeline)
    with path.open("rb") as file:
        assert_type(onpu.analyze(file), Timeline)
    assert_type(onpu.analyze(samples, 44_100), Timeline)
    assert_type(onpu.analyze(tensor, 44_100), Timeline)
    assert_type(onpu.analyze((samples, 44_100)), Timeline)
    assert_type(onpu.analyze((44_100, samples)), Timeline)
    assert_type(onpu.analyze(audio), Timeline)
    onpu.analyze(3)  # type: ignore[call-overload]
    onpu.analyze([3])  # type: ignore[type-var]
    onpu.analyze("song.mp3", tasks=3)  # type: ignore[call-overload]


def several(paths: list[Path], pairs: list[tuple[np.ndarray, int]]) -> None:
    assert_type(onpu.analyze(paths), Iterator[Timeline])
    assert_type(onpu.analyze(("a.wav", "b.wav")), Iterator[Timeline])
    assert_type(onpu.analyze(path for path in Path("music").glob("*.mp3")), Iterator[Timeline])
    assert_type(onpu.analyze(pairs), Iterator[Timeline])


def timelines(timeline: Timeline) -> None:
    assert_type(timeline.beats, Beats | None)
    assert_type(timeline.chords, Chords | None)
    assert_type(timeline.require(Beats), Beats)
    assert_type(timeline.to_dict(), dict[str, Any])
    assert_type(onpu.read("song.mid"), Timeline)
    timeline.save("song.html", recording="song.mp3")
    timeline.save(3)  # type: ignore[arg-type]


def systems(path: Path, samples: np.ndarray) -> None:
    assert_type(onpu.load("beats"), TrainedListener)
    assert_type(onpu.load("notes", device="cuda:1"), TrainedListener)
    assert_type(onpu.load("beats", licence="permissive"), TrainedListener)
    assert_type(onpu.analyze("song.mp3", licence="permissive"), Timeline)
    onpu.load("beats", licence="free")  # type: ignore[call-overload]
    onpu.load("beats", precision="half")  # type: ignore[call-overload]
    assert_type(onpu.load("beats", precision="float32"), TrainedListener)
    assert_type(onpu.analyze("song.mp3", precision="bfloat16"), Timeline)
    assert_type(onpu.load("stems"), TrainedMaker)
    assert_type(onpu.load("musicvae-trio-16"), TrainedMaker)
    assert_type(onpu.load(path), TrainedListener | TrainedMaker)
    beats = onpu.load("beats")
    assert_type(beats.timeline("song.mp3"), Timeline)
    assert_type(beats.timeline(["a.wav", "b.wav"]), Iterator[Timeline])
    assert_type(beats.activations(samples, 44_100), dict[str, np.ndarray])
    assert_type(onpu.models()["chords"]["licence"], str)
    assert_type(onpu.models()["chords"]["commercial_use"], bool)
