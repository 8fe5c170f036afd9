"""Events as messages of Open Sound Control 1.0 over UDP.

    /onpu/beat   position:int metre:int bpm:float
    /onpu/onset  confidence:float
    /onpu/chord  label:string confidence:float
    /onpu/note   pitch:int velocity:int            velocity 0: it ends
    /onpu/pitch  pitch:int cents:float frequency:float
"""

import heapq
import socket
import struct
from itertools import count

from onpu.errors import OnpuError
from onpu.live.events import BeatEvent, ChordEvent, LiveEvent, NoteOff, NoteOn, OnsetEvent, PitchEvent

Value = int | float | str


def osc_message(address: str, *values: Value) -> bytes:
    """A message: address, type tags, then 32-bit numbers, big endian, and strings, each filled up to four bytes."""
    tags = "," + "".join("i" if isinstance(value, int) else "f" if isinstance(value, float) else "s"
                         for value in values)
    packed = (_string(value) if isinstance(value, str) else struct.pack(">i" if isinstance(value, int) else ">f", value)
              for value in values)
    return b"".join([_string(address), _string(tags), *packed])


def _string(text: str) -> bytes:
    data = text.encode("utf-8")
    return data + bytes(4 - len(data) % 4)


def osc_of(event: LiveEvent) -> bytes:
    """The message of an event."""
    match event:
        case BeatEvent():
            return osc_message("/onpu/beat", event.position, event.metre, event.bpm)
        case OnsetEvent():
            return osc_message("/onpu/onset", event.confidence)
        case ChordEvent():
            return osc_message("/onpu/chord", event.label, event.confidence)
        case NoteOn():
            return osc_message("/onpu/note", event.pitch, event.velocity)
        case NoteOff():
            return osc_message("/onpu/note", event.pitch, 0)
        case PitchEvent():
            return osc_message("/onpu/pitch", event.pitch, event.cents, event.frequency)
    raise OnpuError(f"{event.WHAT}: has no OSC message")


class OscOutput:
    """Sends events when they happen, those that have happened at once. address: HOST:PORT, or a port of this computer.

    Raises `OnpuError` when the address is none.
    """

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise OnpuError(f"--osc {address}: give HOST:PORT, such as 127.0.0.1:9000")
        self.to = (host or "127.0.0.1", int(port))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.waiting: list[tuple[float, int, bytes]] = []
        self.numbers = count()

    def take(self, event: LiveEvent) -> None:
        """Send it when it happens."""
        heapq.heappush(self.waiting, (event.time, next(self.numbers), osc_of(event)))

    def due(self, now: float) -> None:
        """Send what has happened, `now` seconds after the first sample."""
        while self.waiting and self.waiting[0][0] <= now:
            self.socket.sendto(heapq.heappop(self.waiting)[2], self.to)

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()
