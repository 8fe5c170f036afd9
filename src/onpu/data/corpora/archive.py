"""Corpora are read straight from the zip files that they come in."""

import io
import zipfile
from functools import lru_cache
from pathlib import Path

from symusic.core import ScoreTick

from onpu.errors import DataError
from onpu.files import DAMAGED_ZIP


class Archive:
    """A corpus in memory, still compressed: some megabytes, read once, shared by all who ask for the same file."""

    def __init__(self, path: Path, content: bytes):
        self.path = path
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = tuple(self._zip.namelist())

    def text(self, name: str) -> str:
        """A text file, or `DataError` if there is none of that name or it is damaged."""
        return self._bytes(name).decode("utf-8", errors="replace")

    def score(self, name: str) -> ScoreTick:
        """A MIDI file, times in ticks, or `DataError`."""
        content = self._bytes(name)
        try:
            return ScoreTick.from_midi(content)
        except (RuntimeError, ValueError) as error:
            raise DataError(f"{self.path}: {name} is no MIDI file ({error}); fetch the zip file again") from None

    def _bytes(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except KeyError:
            raise DataError(f"{self.path}: {name} is missing in it; fetch the zip file again") from None
        except (*DAMAGED_ZIP, OSError, ValueError) as error:
            raise DataError(f"{self.path}: {name} is damaged ({error}); fetch the zip file again") from None


def open_archive(path: Path, corpus: str) -> Archive:
    """The zip file of a corpus, kept in memory until it changes on disk.

    Raises `DataError` when it is missing, cannot be read or is no zip file; `corpus` says what the user should give.
    """
    path = Path(path)
    try:
        stat = path.stat()
        return _opened(path, stat.st_size, stat.st_mtime_ns)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; give the path of {corpus}") from None
    except (zipfile.BadZipFile, EOFError) as error:
        raise DataError(f"{path} is no intact zip file ({error}); give the path of {corpus}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); give the path of {corpus}") from None


@lru_cache(4)
def _opened(path: Path, size: int, changed: int) -> Archive:
    """Size and time of change are part of the key only."""
    return Archive(path, path.read_bytes())
