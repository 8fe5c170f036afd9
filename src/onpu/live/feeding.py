"""Sound that comes while it is listened to: in true time, from a pipe, from a microphone.

A thread takes each block when it is there, so that none is lost while the one before is being heard. What waits to be
heard is the delay; where it grows, listening takes longer than the sound.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import BinaryIO

import numpy as np

from onpu.errors import AudioError

MOST_WAITING_SECONDS = 60.0
"""Seconds of sound that may wait to be heard; more is an error."""
FORMATS: dict[str, np.dtype] = {"s16": np.dtype("<i2"), "s32": np.dtype("<i4"), "f32": np.dtype("<f4")}
"""Name of a sample's format, little endian -> its type."""


class Feed:
    """Blocks (channels, samples) that a thread takes from their source, as they come.

    Iterating ends with the source, and raises what it raised. rate: samples a second.
    """

    def __init__(self, blocks: Iterator[np.ndarray], rate: int) -> None:
        self.rate = rate
        self._queue: queue.SimpleQueue[np.ndarray | BaseException | None] = queue.SimpleQueue()
        self._taken = self._given = 0  # samples
        self._blocks = blocks
        self._thread = threading.Thread(target=self._take, daemon=True)

    def _take(self) -> None:
        try:
            for block in self._blocks:
                self._taken += block.shape[1]
                self._queue.put(block)
                if self.behind > MOST_WAITING_SECONDS:
                    raise AudioError(f"listening is {self.behind:.0f} s behind the sound; ask for fewer tasks")
            self._queue.put(None)
        except BaseException as error:  # told to whoever iterates
            self._queue.put(error)

    @property
    def behind(self) -> float:
        """Seconds of sound that have come and were not given yet."""
        return (self._taken - self._given) / self.rate

    def __iter__(self) -> Iterator[np.ndarray]:
        self._thread.start()
        while (block := self._queue.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            self._given += block.shape[1]
            yield block


def in_true_time(blocks: Iterator[np.ndarray], rate: int, clock: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], None] = time.sleep) -> Iterator[np.ndarray]:
    """Blocks (channels, samples), each as soon as its last sample would have sounded."""
    begun, samples = clock(), 0
    for block in blocks:
        samples += block.shape[1]
        wait = begun + samples / rate - clock()
        if wait > 0:
            sleep(wait)
        yield block


def raw(stream: BinaryIO, channels: int, kind: str, samples: int) -> Iterator[np.ndarray]:
    """Blocks (channels, samples) of raw interleaved samples of a format of `FORMATS`, as many at a time as have come,
    `samples` at most. A last frame that is cut off is left out."""
    dtype = FORMATS[kind]
    frame = dtype.itemsize * channels
    held = b""
    read = getattr(stream, "read1", stream.read)
    while data := read(samples * frame):
        held += data
        whole = len(held) // frame * frame
        if whole:
            yield np.frombuffer(held[:whole], dtype).reshape(-1, channels).T
            held = held[whole:]


def microphone(device: str | None, rate: int, samples: int) -> Iterator[np.ndarray]:
    """Blocks (channels, samples) of a microphone, for ever. device: its number or a part of its name; None: the usual
    one. Raises `AudioError`."""
    waiting: queue.SimpleQueue[np.ndarray] = queue.SimpleQueue()
    sounddevice = _sounddevice()
    try:
        with sounddevice.InputStream(samplerate=rate, blocksize=samples, device=_number(device), dtype="float32",
                                     callback=lambda data, *_: waiting.put(data.T.copy())):
            while True:
                yield waiting.get()
    except (sounddevice.PortAudioError, ValueError) as error:
        raise AudioError(f"microphone: {error}; --devices lists what there is") from error


def devices() -> list[str]:
    """A line for each device that records: its number, name and channels. Raises `AudioError`."""
    return [f"{number}: {one['name']} ({one['max_input_channels']} in)"
            for number, one in enumerate(_sounddevice().query_devices()) if one["max_input_channels"]]


def _number(device: str | None) -> int | str | None:
    return int(device) if device is not None and device.isdigit() else device


def _sounddevice() -> ModuleType:
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: it is there, PortAudio is not
        raise AudioError(f"a microphone needs sounddevice and PortAudio ({error}); pip install onpu[live], or give a "
                         "file, or - for samples on the standard input") from error
    return sounddevice
