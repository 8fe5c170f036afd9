"""What MIDI files come in: RIFF files, and time codes in place of beats."""

import struct

HEADER = b"MThd"
DIVISION = slice(12, 14)
"""Where a file says into how many ticks a quarter is divided, or, negative, a frame of film."""
DROP_FRAME = 29
"""Frames a second of a time code that stands for 30000/1001."""


def unwrapped(content: bytes) -> bytes:
    """The MIDI file inside of a RIFF file (RMID, `.rmi`); anything else as it is."""
    if content[:4] != b"RIFF" or content[8:12] != b"RMID":
        return content
    start = 12
    while start + 8 <= len(content):
        size = int.from_bytes(content[start + 4 : start + 8], "little")
        if content[start : start + 4] == b"data":
            return content[start + 8 : start + 8 + size]
        start += 8 + size + size % 2
    return content


def in_ticks(content: bytes) -> tuple[bytes, int]:
    """A file whose ticks divide frames (SMPTE) as one whose ticks divide quarters, and the microseconds that such a
    quarter lasts throughout; 0 where the file's tempi say it."""
    if content[:4] != HEADER or len(content) < DIVISION.stop or content[DIVISION.start] < 128:
        return content, 0
    frames, parts = 256 - content[DIVISION.start], content[DIVISION.start + 1]
    quarter = 1_001_000 if frames == DROP_FRAME else 1_000_000
    ticks = max(1, (30 if frames == DROP_FRAME else frames) * parts)
    return content[: DIVISION.start] + struct.pack(">H", min(ticks, 32767)) + content[DIVISION.stop :], quarter


def says_tempo(content: bytes) -> bool:
    """Whether a file has a tempo event, without which its beats are no performance's."""
    return b"\xff\x51\x03" in content


def complaint(content: bytes, reason: str) -> str:
    """What is wrong with a file that cannot be read, and how to mend it."""
    if content[:4] != HEADER:
        return "is no MIDI file; check its name, or export it again"
    if "length" in reason or "remaining" in reason or "end of" in reason.lower():
        return "is cut off before its last track ends; get it again from where it came"
    return f"is not a complete MIDI file ({reason}); export it again"
