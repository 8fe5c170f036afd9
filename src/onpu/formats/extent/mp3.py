"""Frames of MPEG audio (ISO/IEC 11172-3, 13818-3), counted one by one.

The number of frames stands in a Xing, Info or VBRI header inside the first frame, where the encoder wrote one. Without
it the length is known only at the end of the file, which variable bit rates make no estimate of.
"""

import re
import struct
from functools import cache
from typing import NamedTuple

from onpu.formats.extent.base import Data, Extent

BITRATES = {  # kbit/s by index 1 to 14, of (MPEG-1, layer) and of (MPEG-2 and 2.5, layer)
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Hz by the bits of the version (3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5)."""
SEARCHED = 2**16
"""Bytes in which the first frame is looked for."""
HEADER = re.compile(rb"\xff(?=[\xe2-\xff][\x10-\xef])")
"""What a frame may begin with."""
DELAY = 529
"""Samples of a decoder's delay, which libsndfile cuts off where a header counts the frames, and only there."""
FRAMES_GIVEN = 1
"""Flag of a Xing header that it counts the frames."""


class Frame(NamedTuple):
    """A frame by its header. length in bytes; samples; rate in Hz; kind: what all frames of a stream have in common."""

    length: int
    samples: int
    rate: int
    kind: int


@cache
def frame_of(second: int, third: int) -> Frame | None:
    """The frame whose header has these bytes after 0xFF; None: no header, or one of free bit rate."""
    version, layer = second >> 3 & 3, 4 - (second >> 1 & 3)
    index, rate = third >> 4, third >> 2 & 3
    if second < 0xE0 or version == 1 or layer == 4 or index in (0, 15) or rate == 3:
        return None
    kilobits, hertz = BITRATES[version == 3, layer][index - 1], RATES[version][rate]
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * kilobits * 1000 // hertz + (third >> 1 & 1)) * slot
    return Frame(length, samples, hertz, second & 0xFE | (third & 0x0C) << 8)


def tags_end(data: Data) -> int:
    """Where the ID3v2 tags at the beginning of a file end."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(size := data[at + 6 : at + 10]) == 4:
        at += 10 + sum((byte & 127) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        at += 10 if data[at - 1 : at + 2] == b"3DI" else 0
    return at


def mp3_extent(data: Data, start: int) -> Extent | None:
    """The extent of MPEG audio that begins at `start` or a little later; None where there is none."""
    first = _next(data, start, min(len(data), start + SEARCHED))
    if first is None:
        return None
    begin, frame = first
    header = _header(data, begin, frame)
    counted = header[0] if header else None
    after = begin + frame.length if header else begin
    frames, seconds, rates, cut = _counted(data, after, frame)
    complaint = ""
    if counted is not None and counted > frames + 1:
        promised = counted * frame.samples / frame.rate
        complaint = f"ends at {seconds:.1f} s, but its header promises {promised:.1f} s; it may be cut off"
    elif counted is not None and counted < frames - 1:
        promised = counted * frame.samples / frame.rate
        complaint = f"goes on to {seconds:.1f} s, though its header promises only {promised:.1f} s; all of it is read"
    elif cut:
        complaint = f"ends at {seconds:.1f} s inside a frame; it may be cut off"
    if counted is not None and counted >= frames - 1:
        return Extent(seconds, complaint=complaint, parts=len(rates))
    return Extent(seconds, _xing(data[begin : begin + 4], frame, frames), after, complaint, len(rates), DELAY)


def _counted(data: Data, at: int, first: Frame) -> tuple[int, float, list[int], bool]:
    """Frames from `at` to the end, their seconds and sample rates, and whether the last is cut. first: one of them."""
    frames, seconds, rates, kind, end = 0, 0.0, [first.rate], first.kind, len(data)
    while at + 4 <= end:
        frame = frame_of(data[at + 1], data[at + 2]) if data[at] == 0xFF else None
        if frame is None or frame.kind != kind:
            found = _next(data, at, end)
            if found is None:
                break
            at, frame = found
            if frame.kind != kind:
                kind = frame.kind
                rates += [frame.rate] if frame.rate != rates[-1] else []
        if at + frame.length > end:
            return frames, seconds, rates, True
        frames, seconds, at = frames + 1, seconds + frame.samples / frame.rate, at + frame.length
    return frames, seconds, rates, False


def _next(data: Data, at: int, end: int) -> tuple[int, Frame] | None:
    """The next frame that is followed by two more of its kind, or by the end of the file."""
    for found in HEADER.finditer(data, at, end):
        frame = frame_of(data[found.start() + 1], data[found.start() + 2])
        if frame is not None and _followed(data, found.start() + frame.length, frame.kind):
            return found.start(), frame
    return None


def _followed(data: Data, at: int, kind: int, times: int = 2) -> bool:
    for _ in range(times):
        if at == len(data) or data[at : at + 3] == b"TAG" or data[at : at + 8] == b"APETAGEX":
            return True
        head = data[at : at + 3]
        frame = frame_of(head[1], head[2]) if len(head) == 3 and head[0] == 0xFF else None
        if frame is None or frame.kind != kind:
            return False
        at += frame.length
    return True


def _header(data: Data, begin: int, frame: Frame) -> tuple[int | None] | None:
    """The number of frames in the header of the whole stream, None where it does not say; None: the first frame holds
    sound."""
    body = data[begin + 4 : begin + frame.length]
    at = _side_information(data[begin + 1], data[begin + 3])
    if body[at : at + 4] in (b"Xing", b"Info"):
        flags, frames = struct.unpack(">2I", body[at + 4 : at + 12].ljust(8, b"\0"))
        return (frames if flags & FRAMES_GIVEN else None,)
    if body[32:36] == b"VBRI":
        return (int.from_bytes(body[46:50], "big"),)
    return None


def _side_information(second: int, fourth: int) -> int:
    """Bytes of a layer III frame's side information, after which the Xing header lies."""
    mono = fourth >> 6 == 3
    return (17 if mono else 32) if second >> 3 & 3 == 3 else 9 if mono else 17


def _xing(header: bytes, frame: Frame, frames: int) -> bytes:
    """A frame of the stream's kind without sound, which says how many frames follow."""
    third = header[2] & 0x0C | 14 << 4
    silent = frame_of(header[1], third)
    assert silent is not None
    own = bytes((0xFF, header[1] | 1, third, header[3])) + bytes(_side_information(header[1], header[3]))
    return (own + b"Xing" + struct.pack(">2I", FRAMES_GIVEN, frames)).ljust(silent.length, b"\0")
