"""Writing a file as a whole: under another name first, so that a reader never meets half of it."""

import errno
import json
import os
import secrets
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from onpu.errors import DataError, FormatError
from onpu.interrupts import UNFINISHED
from onpu.system import longest_name

MOST_BYTES = 2**27
"""Of a compressed file, when it is unpacked."""
GZIP = b"\x1f\x8b"
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""What zip files raise that are damaged, encrypted, or packed in a way that is not known."""
Json = dict[str, Any]
"""A JSON object: what cards, descriptions of corpora, run files and the page of the report hold."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Lend a new name in the folder of `path`, with its suffix; what the body wrote there becomes `path` in one step.

    Whatever stops the body (Ctrl-C included), `path` stays as it was and nothing is left beside it.

    Raises
    ------
    FormatError
        When the folder does not exist, cannot be written to or is full.
    """
    path = Path(path)
    temporary = path.with_name(f".onpu-{secrets.token_hex(8)}{path.suffix}")
    UNFINISHED.add(temporary)
    try:
        if not path.parent.is_dir():
            raise FormatError(f"{path}: the folder {path.parent} does not exist; make it first")
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        UNFINISHED.discard(temporary)
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> FormatError:
    """What is told where `path` cannot be written."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return FormatError(f"{path}: No space left on device; make room, or choose another place for it")
        case errno.ENAMETOOLONG:
            return FormatError(f"{path}: its name is too long for this folder; give the recording a shorter one")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return FormatError(f"{path}: the folder {path.parent} may not be written to; choose another one")
    return FormatError(f"{path}: cannot be written ({error.strerror or error}); choose another place for it")


def check_place(folder: str | os.PathLike[str], names: Iterable[str]) -> None:
    """Raise `FormatError` where files of these names cannot be written into a folder, which need not exist yet: so that
    this is told before hours of work."""
    folder = Path(folder)
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not there.is_dir():
        raise FormatError(f"{folder}: cannot be made, since {there} is no folder; choose another one")
    longest = max(names, key=lambda name: len(os.fsencode(name)), default="")
    if any(len(os.fsencode(part)) > longest_name(there) for part in (*folder.parts, longest)):
        raise unwritable(folder / longest, OSError(errno.ENAMETOOLONG, ""))
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise unwritable(folder / longest, error) from error


def files_below(folder: str | os.PathLike[str]) -> list[Path]:
    """The files in a folder and in those below it, in order. Links to folders are followed, each folder once; links
    that lead nowhere are listed, hidden files and folders are not. Raises `DataError` when a folder cannot be read."""
    found: list[Path] = []
    seen: set[str] = set()

    def refuse(error: OSError) -> None:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror}); check its permissions") from error

    for place, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(place, name) for name in names if not name.startswith("."))
        found += [path for path in paths if path.is_file() or path.is_symlink()]
    return sorted(found)


def read_json(path: str | os.PathLike[str]) -> Any:
    """What a file of JSON holds, compressed by gzip or not. Raises `OSError`, and `ValueError` where it is none, is
    nested without end, or would be larger than `MOST_BYTES` when it is unpacked."""
    data = Path(path).read_bytes()
    if data.startswith(GZIP):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            data = unpacking.decompress(data, MOST_BYTES)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise ValueError("it is cut off, or far larger than its file")
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Make `path` hold `text`, UTF-8, line ends as they are. Raises `FormatError` as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_pieces(path: str | os.PathLike[str], pieces: Iterable[str]) -> None:
    """As `write_text`, of a text that comes in pieces and never is in memory as a whole."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
