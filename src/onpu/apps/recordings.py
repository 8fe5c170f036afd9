"""Which recordings a user means, and where each one's results go."""

import glob
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from onpu.errors import DataError


@dataclass(frozen=True)
class InputFile:
    """A file to analyse; its results are written into `folder`, under names that begin with `stem`."""

    path: Path
    folder: Path
    stem: str


def recordings(names: list[str], out: Path) -> list[InputFile]:
    """The recordings meant by files, folders (searched through, their tree kept under `out`) and glob patterns.

    A file that is named is taken as it is, whether it exists or not: opening it tells what is wrong with it. Recordings
    whose results would fall together keep their suffix (`song.mp3.jams`), or, when they have the same name, the folders
    in which they differ. Raises `DataError` when a folder or pattern holds no audio file.
    """
    places = {path: folder for name in names for path, folder in _expand(name, out)}
    items = [InputFile(path, folder, path.stem) for path, folder in places.items()]
    items = [replace(item, stem=item.path.name) if clash else item for item, clash in _clashes(items)]
    shared = [item.path.absolute().parent for item, clash in _clashes(items) if clash]
    root = Path(os.path.commonpath(shared)) if shared else Path()
    return [replace(item, folder=out / item.path.absolute().parent.relative_to(root), stem=item.path.stem) if clash
            else item for item, clash in _clashes(items)]


def _clashes(items: list[InputFile]) -> list[tuple[InputFile, bool]]:
    """Each recording, and whether another one's results would have the same names."""
    count = Counter((item.folder, item.stem) for item in items)
    return [(item, count[item.folder, item.stem] > 1) for item in items]


def _expand(name: str, out: Path) -> list[tuple[Path, Path]]:
    from onpu.data.recordings import AUDIO

    path = Path(name)
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in AUDIO and p.is_file())
        if not inside:
            raise DataError(f"{name}: the folder holds no audio file ({' '.join(sorted(AUDIO))})")
        return [(p, out / p.parent.relative_to(path)) for p in inside]
    if path.exists() or not glob.has_magic(name):
        return [(path, out)]
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True))
    if not matches:
        raise DataError(f"{name}: no file matches")
    return [(match, out) for match in matches if match.is_file()]
