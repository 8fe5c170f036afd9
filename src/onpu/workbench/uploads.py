"""Uploads: multipart bodies that are read piece by piece into files, within limits, or leave nothing.

What is kept of a name from outside is a title to be shown and a suffix out of a list. What is no recording by its first
bytes is not kept: neither are playlists, through which a decoder could be made to open other files.
"""

import asyncio
import logging
import mmap
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from onpu.errors import OnpuError
from onpu.formats.extent.mp3 import HEADER, tags_end
from onpu.workbench.limits import Limits

logging.getLogger("python_multipart").setLevel(logging.ERROR)  # what is wrong with a body is told to who sent it

FIELD = b"file"
UNNAMED = "recording"
LONGEST_NAME = 120
MOST_HEAD_BYTES = 16 * 1024
"""Of the head of one part."""
HEADS = {b"RIFF": ".wav", b"RF64": ".wav", b"riff": ".w64", b"fLaC": ".flac", b"OggS": ".ogg", b"FORM": ".aiff",
         b".snd": ".au", b"caff": ".caf", b"\x1a\x45\xdf\xa3": ".webm", b"\x30\x26\xb2\x75": ".wma"}
"""First bytes of a recording -> the suffix under which it is kept."""
PADDING = re.compile(rb"\x00*")
"""What may lie between tags and the first frame of an mp3 file."""
ACCEPTED = "wav, flac, mp3, ogg, opus, m4a, aiff, caf, webm or wma"


class UploadError(OnpuError):
    """An upload that is refused as a whole. status: of the HTTP answer, after which the connection is closed, since a
    body without end would go on."""

    def __init__(self, text: str, status: int):
        super().__init__(text)
        self.status = status


@dataclass
class Received:
    """A file of an upload. name: as it is shown. error: why it is not kept, empty where it is."""

    name: str
    path: Path
    size: int = 0
    error: str = ""
    suffix: str = ""


@dataclass
class _Part:
    """The part of a body that is read at the moment."""

    head_name: bytes = b""
    head_value: bytes = b""
    head_bytes: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    received: Received | None = None
    file: BinaryIO | None = None


class Upload:
    """One multipart body on its way into files of a folder."""

    def __init__(self, boundary: bytes, folder: Path, limits: Limits, kind: Callable[[Path], str], accepted: str):
        self.folder, self.limits, self.kind, self.accepted = folder, limits, kind, accepted
        self.received: list[Received] = []
        self.ended = False
        self._part = _Part()
        self._parser = MultipartParser(boundary, {
            "on_part_begin": self._begin, "on_part_data": self._data, "on_part_end": self._end,
            "on_header_field": self._field, "on_header_value": self._value, "on_header_end": self._head_end,
            "on_headers_finished": self._heads_end, "on_end": self._finish})

    def write(self, data: bytes) -> None:
        """Take the next bytes of the body. Raises `UploadError`."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise UploadError(f"the upload is no multipart body ({error}); send files as a form does", 400) from None

    def discard(self) -> None:
        """Take away what was written."""
        if self._part.file is not None:
            self._part.file.close()
        for each in self.received:
            each.path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._part = _Part()

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._part.head_name += data[start:end]
        self._count(end - start)

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._part.head_value += data[start:end]
        self._count(end - start)

    def _count(self, size: int) -> None:
        self._part.head_bytes += size
        if self._part.head_bytes > MOST_HEAD_BYTES:
            raise UploadError("a file's name in the upload is far too long; shorten it", 400)

    def _head_end(self) -> None:
        self._part.headers[self._part.head_name.lower()] = self._part.head_value
        self._part.head_name = self._part.head_value = b""

    def _heads_end(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition", b""))
        if options.get(b"name") != FIELD:
            return
        if len(self.received) >= self.limits.files_a_request:
            raise UploadError(f"more than {self.limits.files_a_request} files at once; send them in several goes", 413)
        received = Received(shown_name(options.get(b"filename", b"").decode("utf-8", "replace")),
                            self.folder / secrets.token_hex(12))
        self.received.append(received)
        self._part.received = received
        self._part.file = open(received.path, "xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        received, file = self._part.received, self._part.file
        if received is None or file is None or received.error:
            return
        received.size += end - start
        if received.size > self.limits.file_bytes:
            most = self.limits.file_bytes / 2**20
            received.error = f"is larger than {most:.0f} MB; cut it, or compress it as FLAC or mp3"
            file.truncate(0)
        else:
            file.write(data[start:end])

    def _end(self) -> None:
        received, file = self._part.received, self._part.file
        if received is None or file is None:
            return
        file.flush()
        os.fsync(file.fileno())
        file.close()
        self._part.file = None
        if not received.error:
            received.suffix = self.kind(received.path)
            received.error = "" if received.suffix else self.accepted
        if received.error:
            received.path.unlink()

    def _finish(self) -> None:
        self.ended = True


async def receive(stream: AsyncIterator[bytes], content_type: str, folder: Path, limits: Limits,
                  kind: Callable[[Path], str] | None = None, accepted: str = "") -> list[Received]:
    """The files of a body; those with an error are gone already, the others lie in the folder.

    kind: the suffix for a file, empty: it is not wanted; None: as of `kind_of`. accepted: what is said then.

    Raises
    ------
    UploadError
        When the body is no form, breaks off, is too large, too slow, or the disk is full; then nothing is left.
    """
    form, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if form != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise UploadError("an upload is a form (multipart/form-data) with files in the field `file`", 415)
    upload = Upload(boundary, folder, limits, kind or kind_of,
                    accepted or f"is no recording that onpu reads; send {ACCEPTED}")
    deadline = time.monotonic() + limits.upload_seconds
    total, most = 0, limits.file_bytes * 4
    try:
        pieces = aiter(stream)
        while True:
            try:
                piece = await asyncio.wait_for(anext(pieces), limits.silent_seconds)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise UploadError("the upload stopped in the middle; send it again", 408) from None
            total += len(piece)
            if total > most or time.monotonic() > deadline:
                raise UploadError("the upload is too large or takes too long; send fewer files at once", 413)
            if shutil.disk_usage(folder).free < limits.spare_bytes + len(piece):
                raise UploadError("the disk is full; make room, or choose another folder for the library", 507)
            await asyncio.to_thread(upload.write, piece)
        if not upload.ended:
            raise UploadError("the upload broke off before its end; send it again", 400)
        if not upload.received:
            raise UploadError("the upload has no files in its field `file`", 400)
    except BaseException:
        upload.discard()
        raise
    return upload.received


def shown_name(name: str) -> str:
    """What is shown of a file's name from outside: its last part without suffix, printable, and not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem = last.rpartition(".")[0] or last
    return " ".join("".join(sign if sign.isprintable() else " " for sign in stem).split())[:LONGEST_NAME] or UNNAMED


def kind_of(path: Path) -> str:
    """The suffix for a recording of the kind that its first bytes say, tags passed over; empty: it is of none."""
    with suppress(ValueError), open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = tags_end(data)
        head = bytes(data[start : start + 64])
        if head[:4] in HEADS:
            return ".opus" if b"OpusHead" in head else HEADS[head[:4]]
        if head[4:8] == b"ftyp":
            return ".m4a"
        if head[:1] == b"\xff" and head[1:2] >= b"\xe0":
            return ".aac" if head[1] & 0xF6 == 0xF0 else ".mp3"
        frame = PADDING.match(data, start)
        if start and frame and HEADER.match(data, frame.end()):
            return ".mp3"
    return ""
