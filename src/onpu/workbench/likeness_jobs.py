"""Listening to songs for the index of likeness, and looking things up in it, in a process of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

from onpu.errors import DataError, OnpuError
from onpu.files import Json
from onpu.similar import Index, IndexWriter, describe
from onpu.similar import nearest as most_alike
from onpu.similar.describing import systems


def described(folder: str, songs: list[tuple[str, str]], progress: Callable[[float], None]) -> Json:
    """Listen to the songs that the index lacks; those that cannot be read are left out. An index of other weights is
    made anew."""
    def told(done: int) -> Callable[[float], None]:
        return lambda share: progress((done + share) / len(songs))

    failed: list[str] = []
    with _writer(Path(folder)) as writer:
        for number, (song, path) in enumerate(songs):
            try:
                facts = Path(path).stat()
                if not writer.has(song, facts.st_size, facts.st_mtime_ns):
                    writer.add(song, facts.st_size, facts.st_mtime_ns, describe(
                        path, progress=told(number)))
            except (OnpuError, OSError):  # deleted meanwhile, or damaged
                failed.append(song)
            progress((number + 1) / len(songs))
    return {"failed": failed}


def _writer(folder: Path) -> IndexWriter:
    chosen = systems()
    sizes = {"timbre": chosen.timbre.recipe.size, "cover": chosen.cover.recipe.size,
             "code": chosen.cover.recipe.bits // 8}
    try:
        return IndexWriter(folder, chosen.hashes, sizes)
    except DataError:  # of other weights, or damaged
        shutil.rmtree(folder, ignore_errors=True)
        return IndexWriter(folder, chosen.hashes, sizes)


def nearest(folder: str, song: str, by: str, count: int, progress: Callable[[float], None]) -> Json:
    """songs: those of the index that are most like one of them, {song, similarity, semitones, same}; there: all that
    are in the index."""
    try:
        index = Index.open(folder)
    except DataError:
        return {"songs": [], "there": []}
    there = [index.file(int(row)) for row in index.rows]
    row = index.row(song)
    matches = [] if row is None else most_alike(
        index, index.descriptors(row), count, "cover" if by == "cover" else "timbre", (row,))
    return {"songs": [{"song": each.file, "similarity": round(each.similarity, 3), "semitones": each.semitones,
                       "same": each.same} for each in matches], "there": there}
