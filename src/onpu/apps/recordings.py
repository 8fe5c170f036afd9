"""Which recordings a user means, and where each one's results go."""

import glob
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from onpu.errors import DataError
from onpu.files import files_below


@dataclass(frozen=True)
class InputFile:
    """A file to analyse; its results are written into `folder`, under names that begin with `stem`. standard_input:
    whether it holds what came from there."""

    path: Path
    folder: Path
    stem: str
    standard_input: bool = False

    @property
    def name(self) -> str:
        """What messages call it."""
        return "standard input" if self.standard_input else str(self.path)

    @property
    def label(self) -> str:
        """What tables call it, beside its folder."""
        return self.name if self.standard_input else self.path.name


def recordings(names: list[str], out: Path, temporary: Path | None = None) -> list[InputFile]:
    """The recordings meant by files, folders (searched through, their tree kept under `out`), glob patterns, and lists
    of all these (`@list.txt`, a line each; `@-` on standard input).

    temporary: a folder into which the recording on standard input is copied, which `-` then means.

    A file that is named is taken as it is, whether it exists or not: opening it tells what is wrong with it. In folders
    and patterns, hidden files (`._song.mp3`, which macOS leaves on other disks) are passed over; links are followed.
    Recordings whose results would fall together keep their suffix (`song.mp3.jams`), or, when they have the same name,
    the folders in which they differ. Raises `DataError` when a folder or pattern holds no audio file, or a list cannot
    be read.
    """
    places = {path: folder for name in _listed(names) for path, folder in _expand(name, out, temporary)}
    items = [InputFile(path, folder, path.stem, path.parent == temporary) for path, folder in places.items()]
    for _ in range(2):  # a.wav and a.mp3 become a.wav and a.mp3, and then a.wav.flac may not be a.wav
        items = [replace(item, stem=item.path.name) if clash else item for item, clash in _clashes(items)]
    shared = [item.path.absolute().parent for item, clash in _clashes(items) if clash]
    root = Path(os.path.commonpath(shared)) if shared else Path()
    return [replace(item, folder=out / item.path.absolute().parent.relative_to(root), stem=item.path.stem) if clash
            else item for item, clash in _clashes(items)]


def _clashes(items: list[InputFile]) -> list[tuple[InputFile, bool]]:
    """Each recording, and whether another one's results would have the same names."""
    count = Counter((item.folder, item.stem) for item in items)
    return [(item, count[item.folder, item.stem] > 1) for item in items]


def _listed(names: list[str]) -> Iterator[str]:
    """The names, and those in the lists among them."""
    for name in names:
        if not name.startswith("@") or Path(name).exists():
            yield name
            continue
        try:
            text = sys.stdin.read() if name == "@-" else Path(name[1:]).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{name}: cannot be read as a list of recordings, one a line ({error})") from error
        yield from (line for line in text.splitlines() if line.strip())


def _expand(name: str, out: Path, temporary: Path | None) -> list[tuple[Path, Path]]:
    from onpu.formats.audio import AUDIO

    if name == "-" and temporary is not None:
        with (temporary / "stdin").open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        return [(temporary / "stdin", out)]
    path = Path(name)
    if path.is_dir():
        inside = [p for p in files_below(path) if p.suffix.lower() in AUDIO]
        if not inside:
            raise DataError(f"{name}: the folder holds no audio file ({' '.join(sorted(AUDIO))})")
        return [(p, out / p.parent.relative_to(path)) for p in inside]
    if path.exists() or not glob.has_magic(name):
        return [(path, out)]
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True))
    if not matches:
        raise DataError(f"{name}: no file matches")
    return [(match, out) for match in matches if match.is_file() and not match.name.startswith(".")]
