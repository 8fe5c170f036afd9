"""Files of chunks and headers that say how many bytes of samples follow: WAV, RF64, W64, AIFF, AU, CAF.

A recorder writes the sizes when it stops. Where it died before, they are 0 or those of an earlier moment, and the
samples go on to the end of the file.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from onpu.formats.extent.base import SMALL, Data, Extent

UNKNOWN = {4: 2**32 - 1, 8: 2**64 - 1}
"""What a header says, by the bytes of its sizes, whose writer could not go back to it."""
PLAUSIBLE = 100.0, 1e9
"""Bytes a second."""
MOST = 10_000
"""Chunks that are looked at."""
W64 = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"


@dataclass(frozen=True)
class Layout:
    """Where chunks lie. first: offset of the first one. tag: bytes of its name. size: format of its size, for struct.
    whole: whether the size counts name and size too. step: to multiples of which chunks are padded. form, data: names
    of the chunks with the sample format and with the samples."""

    first: int
    tag: int
    size: str
    form: bytes
    data: bytes
    whole: bool = False
    step: int = 2


WAV = Layout(12, 4, "<I", b"fmt ", b"data")
LAYOUTS = {b"RIFF": WAV, b"RF64": WAV, b"RIFX": Layout(12, 4, ">I", b"fmt ", b"data"),
           b"FORM": Layout(12, 4, ">I", b"COMM", b"SSND"),
           b"riff": Layout(40, 16, "<Q", b"fmt ", b"data", whole=True, step=8),
           b"caff": Layout(8, 4, ">Q", b"desc", b"data", step=1)}


class Chunk(NamedTuple):
    """name; begin: where its content begins; size: what its header says of that; at: where the size stands."""

    name: bytes
    begin: int
    size: int
    at: int


def chunks_extent(data: Data) -> Extent | None:
    """The extent of one of these files; None for others, and for those in which no samples are found."""
    if data[:4] == b".snd":
        return _au(data)
    layout = LAYOUTS.get(data[:4])
    if layout is None or (data[:4] == b"riff" and data[:16] != W64):
        return None
    chunks, end = _walk(data, layout)
    samples = next((chunk for chunk in chunks if chunk.name[:4] == layout.data), None)
    form = next((data[chunk.begin : chunk.begin + chunk.size] for chunk in chunks
                 if chunk.name[:4] == layout.form), b"")
    rate = _bytes_per_second(data, layout, form)
    if samples is None or not PLAUSIBLE[0] <= rate <= PLAUSIBLE[1]:
        return None
    width = struct.calcsize(layout.size)
    said = samples.size
    if data[:4] == b"RF64" and said == UNKNOWN[4]:
        large = next((chunk for chunk in chunks if chunk.name == b"ds64"), None)
        said = int.from_bytes(data[large.begin + 8 : large.begin + 16], "little") if large else said
    there = len(data) - samples.begin
    loose = len(data) - end if chunks[-1] is samples else 0
    extent = _compared(said, there, loose, UNKNOWN[width], rate)
    if not extent.complaint or said > there or layout.form != b"fmt " or layout.tag != 4:
        return extent
    unknown = b"\xff" * width
    head = data[:4] + unknown + data[8 : samples.at] + unknown + data[samples.at + width : samples.begin]
    return Extent(extent.seconds, head, samples.begin, extent.complaint)


def _walk(data: Data, layout: Layout) -> tuple[list[Chunk], int]:
    """The chunks, and where something begins that is none, or the file ends."""
    chunks: list[Chunk] = []
    at, width = layout.first, struct.calcsize(layout.size)
    while (begin := at + layout.tag + width) <= len(data) and len(chunks) < MOST:
        name = data[at : at + layout.tag]
        if not (name[:4].isascii() and name[:4].decode("ascii").isprintable()):
            return chunks, at
        (size,) = struct.unpack(layout.size, data[at + layout.tag : begin])
        size = max(0, size - layout.tag - width) if layout.whole else size
        chunks.append(Chunk(name, begin, size, at + layout.tag))
        at = begin + -(-size // layout.step) * layout.step
    return chunks, len(data)


def _bytes_per_second(data: Data, layout: Layout, form: bytes) -> float:
    """Of the samples; 0: unknown."""
    if layout.form == b"fmt " and len(form) >= 16:
        order = "<" if layout.size[0] == "<" else ">"
        return float(struct.unpack(order + "I", form[8:12])[0])
    if layout.form == b"COMM" and len(form) >= 18 and (data[8:12] == b"AIFF" or form[18:22] in (b"NONE", b"sowt")):
        channels, _, bits = struct.unpack(">hIh", form[:8])
        return channels * -(-bits // 8) * _extended(form[8:18])
    if layout.form == b"desc" and len(form) >= 32:
        rate, _, _, packet, frames = struct.unpack(">dI", form[:8] + form[8:12]) + struct.unpack(">3I", form[12:24])
        return rate * packet / frames if frames else 0.0
    return 0.0


def _extended(value: bytes) -> float:
    """A positive number of 80 bits, as AIFF has its sample rate."""
    exponent, mantissa = struct.unpack(">HQ", value)
    return float(mantissa) * 2.0 ** min(0, (exponent & 0x7FFF) - 16383 - 63)


def _au(data: Data) -> Extent | None:
    """Sun's format: a header of six numbers, then samples."""
    if len(data) < 24:
        return None
    begin, said, encoding, rate, channels = struct.unpack(">5I", data[4:24])
    width = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}.get(encoding, 0)
    there = len(data) - begin
    if not 24 <= begin <= len(data) or not PLAUSIBLE[0] <= width * rate * channels <= PLAUSIBLE[1]:
        return None
    extent = _compared(said, there, there - said, UNKNOWN[4], float(width * rate * channels))
    if not extent.complaint or said > there:
        return extent
    return Extent(extent.seconds, data[:8] + b"\xff" * 4 + data[12:begin], begin, extent.complaint)


def _compared(said: int, there: int, loose: int, unknown: int, rate: float) -> Extent:
    """An extent by the bytes of samples that the header promises, those that are there, and those after the promised
    ones that are no chunks."""
    if said == unknown:
        return Extent(there / rate)
    if said > there:
        if (said - there) / rate < SMALL:
            return Extent(there / rate)
        return Extent(there / rate, complaint=f"ends at {there / rate:.1f} s, but its header promises "
                                              f"{said / rate:.1f} s; it may be cut off")
    if loose / rate > SMALL:
        return Extent(there / rate, complaint=f"goes on to {there / rate:.1f} s, though its header promises only "
                                              f"{said / rate:.1f} s (a recorder was cut off?); all of it is read")
    return Extent(said / rate)
