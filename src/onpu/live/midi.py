"""Events as MIDI: clock, start and stop by the beats, notes as they are played.

The clock has 24 ticks a beat (MIDI 1.0, "Timing Clock"). It starts on a downbeat. How long a beat lasts is known when
the next one is told: ticks that are left of it then are spread over what is left of its time, so that each beat has its
24. When no further beat is told, the clock stops.
"""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count

from onpu.errors import OnpuError
from onpu.live.events import BeatEvent, LiveEvent, NoteOff, NoteOn

CLOCK, START, STOP = b"\xf8", b"\xfa", b"\xfc"
NOTE_ON, NOTE_OFF = 0x90, 0x80
TICKS = 24
PATIENCE_BEATS = 2.0
"""Beats without a further one after which the clock stops."""


class MidiOutput:
    """Sends messages when they are due. send: takes a message; channel: of the notes, from 1."""

    def __init__(self, send: Callable[[bytes], None], channel: int = 1) -> None:
        self.send, self.channel = send, channel - 1
        self.ticks: deque[float] = deque()
        self.running, self.starts, self.stops_at = False, False, 0.0
        self.notes: list[tuple[float, int, bytes]] = []
        self.numbers = count()
        self.sounding: set[int] = set()
        self.now = 0.0

    def take(self, event: LiveEvent) -> None:
        """Send it when it happens; what MIDI does not know is left out."""
        match event:
            case BeatEvent():
                self._beat(event.time, 60 / event.bpm, event.downbeat)
            case NoteOn():
                self._note(event.time, bytes([NOTE_ON | self.channel, event.pitch, event.velocity]))
            case NoteOff():
                self._note(event.time, bytes([NOTE_OFF | self.channel, event.pitch, 0]))

    def _note(self, time: float, message: bytes) -> None:
        heapq.heappush(self.notes, (time, next(self.numbers), message))

    def _beat(self, time: float, length: float, downbeat: bool) -> None:
        """A beat of about this length begins."""
        if not self.running:
            if not downbeat:
                return
            self.running, self.starts = True, True
            self.ticks.clear()
        elif self.ticks:
            left, begin = len(self.ticks), min(max(self.now, self.ticks[0] - length / TICKS), time)
            self.ticks = deque(begin + (time - begin) * (number + 1) / (left + 1) for number in range(left))
        self.ticks.extend(time + length * number / TICKS for number in range(TICKS))
        self.stops_at = time + PATIENCE_BEATS * length

    def due(self, now: float) -> None:
        """Send what has become due, `now` seconds after the first sample."""
        self.now = now
        while self.ticks and self.ticks[0] <= now:
            if self.starts:
                self.send(START)
                self.starts = False
            self.ticks.popleft()
            self.send(CLOCK)
        if self.running and now >= self.stops_at:
            self.running = False
            self.send(STOP)
        while self.notes and self.notes[0][0] <= now:
            message = heapq.heappop(self.notes)[2]
            (self.sounding.add if message[0] & 0xF0 == NOTE_ON else self.sounding.discard)(message[1])
            self.send(message)

    def close(self) -> None:
        """End the notes that sound, and stop the clock."""
        for pitch in sorted(self.sounding):
            self.send(bytes([NOTE_OFF | self.channel, pitch, 0]))
        if self.running:
            self.send(STOP)
        self.sounding.clear()
        self.running = False


def midi_port(name: str) -> Callable[[bytes], None]:
    """What sends to the MIDI port whose name has this in it, or by a port of its own, onpu, for the name virtual.

    Raises `OnpuError` when there is none, or python-rtmidi is not there.
    """
    try:
        import rtmidi
    except ImportError as error:
        raise OnpuError("MIDI ports need python-rtmidi; pip install python-rtmidi") from error
    out = rtmidi.MidiOut()
    ports = out.get_ports()
    if name == "virtual":
        out.open_virtual_port("onpu")
    else:
        fitting = [number for number, port in enumerate(ports) if name.lower() in port.lower()]
        if not fitting:
            raise OnpuError(f"--midi {name}: no such port; there are {', '.join(ports) or 'none'}, and virtual")
        out.open_port(fitting[0])
    return lambda message: out.send_message(list(message))
