"""Blocks of sound in, events out."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from onpu.device import Device
from onpu.errors import AudioError, OnpuError, suggestion
from onpu.inference.incoming import Pieces, StreamResampler
from onpu.licensing import Licence
from onpu.live.beats import BeatTracker
from onpu.live.chords import ChordTracker
from onpu.live.events import LiveEvent
from onpu.live.notes import NoteTracker
from onpu.live.onsets import OnsetTracker
from onpu.live.tuner import Tuner
from onpu.loading import load

FLUSH_SECONDS = 1.5
"""Seconds of silence that are heard after the end, until all is decided that happened before it."""


class Tracker(Protocol):
    """Follows one thing in a sound. rate: samples a second that it takes."""

    rate: int

    def push(self, samples: np.ndarray) -> Iterator[LiveEvent]:
        """Hear the next samples (samples,); yields what has been decided."""


TRACKERS: dict[str, Callable[[Device, Licence], Tracker]] = {
    "beats": lambda device, licence: BeatTracker(load("beats", device, licence=licence)),
    "chords": lambda device, licence: ChordTracker(load("chords", device, licence=licence)),
    "onsets": lambda device, licence: OnsetTracker(load("onsets", device, licence=licence)),
    "notes": lambda device, licence: NoteTracker(load("band", device, licence=licence)),
    "piano": lambda device, licence: NoteTracker(load("piano", device, licence=licence)),
    "tuner": lambda device, licence: Tuner(),
}
"""Task -> what follows it."""


class Stream:
    """A sound that goes on, listened to block by block.

    What is found depends on the sound alone, not on how it is cut into blocks; memory does not grow. All times are
    seconds since the first sample.

    Parameters
    ----------
    tasks
        What to listen for: beats, chords, onsets, notes (of any instruments), piano (notes of a piano alone), tuner.
    rate
        Samples a second of the blocks, in Hz.
    device
        As for `onpu.load`; one core is enough.
    licence
        Of the weights, as for `onpu.load`.

    Raises
    ------
    OnpuError
        When there is no such task, device or licence.
    AudioError
        When the rate is none that sound has.

    Examples
    --------
    >>> import onpu, soundfile
    >>> samples, rate = soundfile.read("song.wav", dtype="float32")
    >>> with onpu.Stream(tasks=("beats",), rate=rate) as stream:
    ...     events = [event for at in range(0, len(samples), 512) for event in stream.push(samples[at : at + 512])]
    >>> type(events[-1]).__name__, events[-1].expected
    ('BeatEvent', True)
    """

    def __init__(self, tasks: Sequence[str] = ("beats",), rate: int = 44100, device: Device = "cpu",
                 licence: Licence = "default") -> None:
        names = (tasks,) if isinstance(tasks, str) else tuple(dict.fromkeys(tasks))
        for name in names:
            if name not in TRACKERS:
                raise OnpuError(f"{name}: cannot be followed live; {suggestion(name, TRACKERS)}")
        if not names:
            raise OnpuError(f"no task to listen for; choose from {', '.join(TRACKERS)}")
        if not 8_000 <= rate <= 384_000:
            raise AudioError(f"a sample rate of {rate} Hz is outside 8000 to 384000 Hz; resample the sound")
        self._begin([TRACKERS[name](device, licence) for name in names], rate)

    @classmethod
    def following(cls, trackers: Sequence[Tracker], rate: int) -> Self:
        """Listen by trackers of one's own, or with other weights: `BeatTracker(onpu.load("my.safetensors"))`.

        Parameters
        ----------
        trackers
            What takes samples and yields events (`onpu.live.stream.Tracker`).
        rate
            Samples a second of the blocks, in Hz.

        Returns
        -------
        Stream
            As it is made of the names of tasks.
        """
        made = cls.__new__(cls)
        made._begin(trackers, rate)
        return made

    def _begin(self, trackers: Sequence[Tracker], rate: int) -> None:
        self.rate, self._trackers = rate, trackers
        self._pieces = Pieces(rate)
        self._resamplers = {to: StreamResampler(rate, to) for to in {tracker.rate for tracker in trackers}}
        self._closed = False

    @property
    def heard(self) -> float:
        """Seconds of sound that have been pushed."""
        return self._pieces.taken / self.rate

    def push(self, block: np.ndarray) -> list[LiveEvent]:
        """Hear the next block.

        Parameters
        ----------
        block
            (samples,) or (channels, samples), of any length: floats within ±1 or signed integers.

        Returns
        -------
        list of LiveEvent
            What has been decided by it, in order of time; expected beats before they happen.

        Raises
        ------
        AudioError
            When the block is no sound, or the stream is closed.
        """
        if self._closed:
            raise AudioError("this stream is closed; begin another one")
        return [event for piece in self._pieces.push(block) for event in self._hear(piece)]

    def close(self) -> list[LiveEvent]:
        """End the sound.

        Returns
        -------
        list of LiveEvent
            What was still undecided of it.
        """
        if self._closed:
            return []
        self._closed, end = True, self.heard
        silence = np.zeros(self._pieces.size, np.float32)
        last = [self._pieces.rest(), *[silence] * round(FLUSH_SECONDS * self.rate / len(silence))]
        return [event for piece in last for event in self._hear(piece) if event.time <= end]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def _hear(self, piece: np.ndarray) -> list[LiveEvent]:
        """What a piece brings to be decided."""
        at = {rate: resampler.push(piece) for rate, resampler in self._resamplers.items()}
        found = [event for tracker in self._trackers for event in tracker.push(at[tracker.rate])]
        return sorted(found, key=lambda event: event.time)
