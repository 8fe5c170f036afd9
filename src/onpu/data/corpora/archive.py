"""Corpora are read straight from the zip files that they come in."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symusic import Score

from onpu.errors import DataError


@contextmanager
def opened(path: Path, corpus: str) -> Iterator[zipfile.ZipFile]:
    """The zip file of a corpus, for reading; every way in which it can be unusable is a `DataError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; give the path of {corpus}") from None
    except (zipfile.BadZipFile, EOFError) as error:
        raise DataError(f"{path} is no intact zip file ({error}); fetch {corpus} again") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); give the path of {corpus}") from None


def score(archive: zipfile.ZipFile, name: str) -> Score:
    """A MIDI file of the archive, times in ticks."""
    try:
        return Score.from_midi(archive.read(name))
    except (RuntimeError, ValueError) as error:
        raise DataError(f"{archive.filename}: {name} is no readable MIDI file ({error}); fetch the corpus again") from None


def fingerprint(path: Path) -> tuple[Path, int, int]:
    """What an index in memory is kept under: path, size and time of change; a missing file has the size -1."""
    try:
        stat = path.stat()
    except OSError:
        return path, -1, 0
    return path, stat.st_size, stat.st_mtime_ns
