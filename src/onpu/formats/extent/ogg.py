"""Pages of Ogg (RFC 3533): streams one after the other, and whether the last one was ended."""

import struct
from typing import NamedTuple

from onpu.formats.extent.base import Data, Extent

PAGE = struct.Struct("<4sBBqIIIB")
BEGINS, ENDS = 2, 4
"""Flags of a page."""
OPUS_RATE = 48_000
LATE = 10.0
"""Seconds at which the first page ends at most of a stream that was recorded from its beginning."""


class LogicalStream(NamedTuple):
    """A stream. rate: positions a second, 0: not known. first, last: positions at which its sound begins and ends."""

    rate: int
    first: int
    last: int

    @property
    def seconds(self) -> float:
        """Its length."""
        return max(0, self.last - self.first) / self.rate if self.rate else 0.0


def ogg_extent(data: Data) -> Extent | None:
    """The extent of a file that begins with a page; None where its first page is damaged."""
    at, parts, seconds, whole, heads = 0, 0, 0.0, False, False
    part = LogicalStream(0, 0, 0)
    while (begin := at + PAGE.size) <= len(data):
        mark, _, flags, position, _, _, _, count = PAGE.unpack_from(data, at)
        if mark != b"OggS":
            if (at := data.find(b"OggS", at)) < 0:
                break
            continue
        sizes, begin = data[begin : begin + count], begin + count
        at = begin + sum(sizes)
        whole = bool(flags & ENDS) and at <= len(data)
        if at > len(data):
            break
        if flags & BEGINS and not heads:  # a file with pictures begins with several of them
            seconds, parts, part = seconds + part.seconds, parts + 1, _described(data[begin : begin + 32])
        heads = bool(flags & BEGINS)
        if position > 0 and part.rate:
            first = part.first or (position if position > LATE * part.rate and not part.last else 0)
            part = part._replace(first=first, last=position)
    seconds += part.seconds
    if not parts:
        return None
    return Extent(seconds, parts=parts, complaint="" if whole else f"breaks off at {seconds:.1f} s, where its stream "
                                                                   "has no end; it may be cut off")


def _described(head: bytes) -> "LogicalStream":
    """A stream by its first packet."""
    if head[:7] == b"\x01vorbis":
        return LogicalStream(int.from_bytes(head[12:16], "little"), 0, 0)
    if head[:8] == b"OpusHead":
        return LogicalStream(OPUS_RATE, int.from_bytes(head[10:12], "little"), 0)
    return LogicalStream(0, 0, 0)
