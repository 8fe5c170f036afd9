"""A recording taken apart into files of some seconds, which a player fetches one after the other; memory is bounded.

    recording -> blocks of `onpu.make.stems` -> FOLDER/PART-NUMBER.flac, and what a player has to know of them
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from onpu.device import Device, resolve_device
from onpu.errors import AudioError
from onpu.files import Json
from onpu.formats.audio import AudioFile, open_audio, write_audio
from onpu.formats.report.sound import Outline
from onpu.formats.report.writing import base64_text
from onpu.licensing import Licence
from onpu.make import load
from onpu.make.stems import PARTS, StemOptions, separate
from onpu.music import Audio, AudioSource

SEGMENT_SECONDS = 20.0
LEVEL = 0.5
"""By which samples are multiplied in the files: parts may be louder than what they sum to."""
MOST_CHANNELS = 2


def write_stems(recording: str | os.PathLike[str], folder: str | os.PathLike[str], device: Device = "auto",
                licence: Licence = "default", progress: Callable[[float], None] | None = None) -> Json:
    """Take a recording apart into a folder.

    Parameters
    ----------
    recording
        A file of sound; of more than two channels the first two are taken.
    folder
        Where the files go: `PART-000.flac` … of `SEGMENT_SECONDS` seconds each at the recording's rate, 16 bits,
        multiplied by `LEVEL`.
    device, licence
        As of `onpu.load`.
    progress
        Called with the finished share, in [0, 1].

    Returns
    -------
    dict
        rate in Hz, channels, samples of the whole, segment (samples of a file), level, and
        parts, each with name and peaks (base64 of bytes, 255 for full scale, in equal steps of time).

    Raises
    ------
    AudioError
        When the recording cannot be read or has no samples.
    """
    trained = load("stems", licence).to(resolve_device(device))
    with open_audio(recording) as source:
        heard = _Few(source)
        return write_parts(separate(trained, heard, StemOptions(), progress), heard, folder)


def write_parts(blocks: Iterable[np.ndarray], source: AudioSource, folder: str | os.PathLike[str]) -> Json:
    """Write parts that come in blocks (parts, channels, samples) as `write_stems` does, which see. source: what they
    are parts of."""
    outlines = {name: Outline(source.rate, source.duration) for name in PARTS}
    writer = _Segments(Path(folder), source.rate)
    for block in blocks:
        for name, sound in zip(PARTS, block, strict=True):
            outlines[name].add(sound.mean(axis=0))
        writer.add(block)
    writer.finish()
    if not writer.written:
        raise AudioError("the recording has no sound that could be taken apart")
    return {"rate": source.rate, "channels": source.channels, "samples": writer.written, "segment": writer.length,
            "level": LEVEL, "parts": [{"name": name, "peaks": base64_text(outline.finish().tobytes())}
                                      for name, outline in outlines.items()]}


def read_stem(folder: str | os.PathLike[str], name: str) -> Audio:
    """One part that `write_stems` wrote, whole. Raises `AudioError` where it is not there."""
    files = sorted(Path(folder).glob(f"{name}-[0-9]*.flac"))
    if not files:
        raise AudioError(f"{folder}: there is no part {name}; take the recording apart again")
    read = [soundfile.read(file, dtype="float32", always_2d=True) for file in files]
    return Audio(np.concatenate([samples for samples, _ in read]).T / LEVEL, read[0][1])


class _Few:
    """A recording of which two channels at most are heard."""

    def __init__(self, source: AudioFile) -> None:
        self.source, self.rate, self.duration = source, source.rate, source.duration
        self.channels = min(source.channels, MOST_CHANNELS)

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """As of `AudioSource`."""
        return (block[:MOST_CHANNELS] for block in self.source.blocks(seconds))


class _Segments:
    """Files of equal length out of blocks (parts, channels, samples) of any."""

    def __init__(self, folder: Path, rate: int) -> None:
        self.folder, self.rate, self.length = folder, rate, round(SEGMENT_SECONDS * rate)
        self.waiting: np.ndarray | None = None
        self.written = self.number = 0

    def add(self, block: np.ndarray) -> None:
        self.waiting = block if self.waiting is None else np.concatenate([self.waiting, block], axis=2)
        while self.waiting.shape[2] >= self.length:
            self._write(self.waiting[:, :, : self.length])
            self.waiting = self.waiting[:, :, self.length :]

    def finish(self) -> None:
        if self.waiting is not None and self.waiting.shape[2]:
            self._write(self.waiting)

    def _write(self, block: np.ndarray) -> None:
        for name, sound in zip(PARTS, block, strict=True):
            write_audio(self.folder / f"{name}-{self.number:03d}.flac", Audio(sound * np.float32(LEVEL), self.rate))
        self.written += block.shape[2]
        self.number += 1
