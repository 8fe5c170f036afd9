"""What is found out about the length of a sound, and a file whose head is replaced."""

import io
import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Data: TypeAlias = mmap.mmap | bytes
"""The bytes of a file; slices of them are bytes."""
SMALL = 0.25
"""Seconds by which a header may be wrong without a word."""


@dataclass(frozen=True)
class Extent:
    """The length of a sound by the bytes of its file.

    seconds: that must come out of the decoder, 0: unknown. head: bytes that stand for the first `replaced` bytes of
    the file, so that a decoder reads it to its end; none: the file as it is. complaint: what is wrong with the file,
    the end of a sentence that begins with its name; empty: nothing. parts: streams one after the other. lost: samples
    at the beginning that the decoder leaves out where the head is replaced.
    """

    seconds: float = 0.0
    head: bytes = b""
    replaced: int = 0
    complaint: str = ""
    parts: int = 1
    lost: int = 0


class Mended(io.RawIOBase):
    """A file read with another head: `head` stands for its first `replaced` bytes."""

    def __init__(self, path: str | Path, head: bytes, replaced: int):
        super().__init__()
        self._file = open(path, "rb")
        self._head, self._shift, self._at = head, replaced - len(head), 0
        self._size = os.fstat(self._file.fileno()).st_size - self._shift

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill a buffer from where the file stands; how many bytes that were."""
        view = memoryview(buffer).cast("B")
        part = self._head[self._at : self._at + len(view)]
        view[: len(part)] = part
        self._file.seek(max(0, self._at + len(part) + self._shift))
        count = len(part) + self._file.readinto(view[len(part) :])
        self._at += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand elsewhere; where that is."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        """Where the file stands."""
        return self._at

    def close(self) -> None:
        """Close the file underneath."""
        self._file.close()
        super().close()
