"""FLAC (RFC 9639): the number of samples by the last frames of the file."""

from onpu.formats.extent.base import SMALL, Data, Extent

SEARCHED = 2**18
"""Bytes at the end in which the last frames are looked for."""
SIZES = {1: 192, **{code: 576 << code - 2 for code in range(2, 6)}, **{code: 256 << code - 8 for code in range(8, 16)}}
"""Code -> samples of a block; 6 and 7: written behind the number."""


def _remainders() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte << 1 ^ 0x07 if byte & 0x80 else byte << 1) & 0xFF
        table.append(byte)
    return table


CRC8 = _remainders()
"""Of the polynomial x^8 + x^2 + x + 1."""


def flac_extent(data: Data, start: int) -> Extent | None:
    """The extent of a stream that begins at `start`; None where its head is damaged."""
    info = data[start + 8 : start + 42]
    if len(info) < 34 or data[start + 4] & 0x7F:
        return None
    rate = int.from_bytes(info[10:13], "big") >> 4
    said = int.from_bytes(info[13:18], "big") & 2**36 - 1
    begin, found = _last_frame(data, int.from_bytes(info[:2], "big"))
    if not rate or not found:
        return Extent(said / rate) if rate else None
    if said and found > said + SMALL * rate:
        head = data[: start + 21] + bytes((info[13] & 0xF0,)) + bytes(4)
        return Extent(found / rate, head, start + 26, f"goes on to {found / rate:.1f} s, though its header promises "
                                                      f"only {said / rate:.1f} s; all of it is read")
    if said > found + SMALL * rate:
        return Extent(begin / rate, complaint=f"ends at {begin / rate:.1f} s, but its header promises "
                                              f"{said / rate:.1f} s; it may be cut off")
    return Extent(found / rate)


def _last_frame(data: Data, block: int) -> tuple[int, int]:
    """First sample of the last frame that continues one before it, and the sample after it; 0: none is found."""
    tail = data[max(0, len(data) - SEARCHED) :]
    last, at, before = (0, 0), 0, -1
    while 0 <= (at := tail.find(b"\xff", at)):
        frame = _frame(tail[at : at + 16], block)
        if frame is not None:
            begin, end = frame[0], sum(frame)
            last = (begin, end) if begin == before or (before < 0 and begin == 0) else last
            before = end
        at += 1
    return last


def _frame(head: bytes, block: int) -> tuple[int, int] | None:
    """First sample and number of samples of a frame by its header; None where these bytes are none."""
    if len(head) < 16 or head[1] & 0xFE != 0xF8 or head[2] < 16 or head[2] & 15 == 15 or head[3] & 1:
        return None
    extra = 0 if head[4] < 0x80 else (head[4] ^ 0xFF).bit_length()
    extra = 8 - extra if extra else 0
    if extra == 1 or extra > 7:
        return None
    number = head[4] if not extra else head[4] & (1 << 7 - extra) - 1
    for byte in head[5 : 4 + max(1, extra)]:
        number = number << 6 | byte & 0x3F
    at, code = 4 + max(1, extra), head[2] >> 4
    width = {6: 1, 7: 2}.get(code, 0)
    samples = int.from_bytes(head[at : at + width], "big") + 1 if width else SIZES.get(code, 0)
    at += width + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    remainder = 0
    for byte in head[:at]:
        remainder = CRC8[remainder ^ byte]
    if at >= len(head) or remainder != head[at]:
        return None
    return (number if head[1] & 1 else number * block), samples
