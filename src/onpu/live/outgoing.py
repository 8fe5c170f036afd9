"""Events on their way to other programs, each at its own time."""

import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from onpu.live.events import LiveEvent

POLL_SECONDS = 0.002
"""How often it is looked what is due."""
DRIFT = 0.02
"""Share of the difference by which the time of the sound is corrected at each block: blocks come unevenly, and the
clocks of sound and computer drift apart."""


class Output(Protocol):
    """Where events go. Times are seconds since the first sample."""

    def take(self, event: LiveEvent) -> None:
        """Send it when it happens."""

    def due(self, now: float) -> None:
        """Send what has happened by now."""

    def close(self) -> None:
        """Leave nothing hanging."""


class SoundClock:
    """The computer's clock -> the time of the sound, seconds since the first sample."""

    def __init__(self) -> None:
        self.ahead: float | None = None  # the computer's clock less the sound's

    def block(self, heard: float, now: float) -> None:
        """So much had been heard when the computer's clock showed `now`."""
        difference = now - heard
        self.ahead = difference if self.ahead is None else self.ahead + DRIFT * (difference - self.ahead)

    def sound(self, now: float) -> float:
        """Seconds of sound at this time; none before the first block."""
        return now - self.ahead if self.ahead is not None else -1.0


class Outgoing:
    """A thread that hands events to outputs when they happen."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self.outputs, self.clock = outputs, SoundClock()
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def block(self, heard: float) -> None:
        """A block has come, and so much of the sound has been heard."""
        self.clock.block(heard, time.monotonic())

    def take(self, events: Sequence[LiveEvent]) -> None:
        """Hand these on when they happen."""
        with self._lock:
            for output in self.outputs:
                for event in events:
                    output.take(event)

    def _run(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            self._due()

    def _due(self) -> None:
        with self._lock:
            for output in self.outputs:
                output.due(self.clock.sound(time.monotonic()))

    def __enter__(self) -> Self:
        if self.outputs:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._ended.set()
        if self.outputs:
            self._thread.join()
        for output in self.outputs:
            output.close()
