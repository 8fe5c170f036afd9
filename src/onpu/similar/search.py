"""What is most like a recording in an index: candidates by vectors or binary codes, for covers then exact comparisons.

Filter and refine (Schlüter, ISMIR 2013): of covers, only candidates are aligned (`onpu.similar.alignment`), and only
the best of these at all tempi. Candidates are those with the nearest vectors; beyond `MANY` songs these are sought by
faiss (Johnson, Douze & Jégou, IEEE Transactions on Big Data 2021; extra `similar`), or, where it is not installed, by
their 256 bits, a scan of 32 bytes a song.
"""

import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Literal, TypeAlias

import numpy as np

from onpu.errors import OnpuError, suggestion
from onpu.layers.hashing import hamming
from onpu.similar.alignment import CHANCE_STEADILY, KEYS, TEMPI, align, align_steadily
from onpu.similar.describing import Descriptors
from onpu.similar.index import Index

By: TypeAlias = Literal["timbre", "cover"]
WAYS: tuple[By, ...] = ("timbre", "cover")
MANY = 10_000
"""Songs beyond which neighbours are sought by codes or by faiss."""
CANDIDATES, CELLS = 100, 40_000_000
"""Songs whose chroma is compared with the query's, at least; and as many more as there are of so many pairs of frames,
about a second's work: of excerpts thousands, of whole songs a hundred."""
BEST = 50
"""Songs that are aligned at all tempi: so many excerpts, of whole songs what takes as long as the first alignment."""
SAME_SONG = 0.65
"""Similarity as covers from which on two recordings are held to be of one song: of 40 composed songs, 20 s of each, a
third of the other versions reach it, and none of 584 other songs; .6: half, and one for three songs in forty."""
LINKS, REACH = 32, 128
"""faiss' HNSW: neighbours that a vector is linked to, and candidates that a search keeps."""


@dataclass(frozen=True)
class Match:
    """A song that is like another. row: in the index. similarity: in [0, 1]. semitones: by which it lies above the
    query, where that was found. same: whether it is held to be the same song in another version."""

    row: int
    file: str
    similarity: float
    semitones: int | None = None
    same: bool = False


def nearest(index: Index, found: Descriptors, count: int = 10, by: By = "cover", leave_out: tuple[int, ...] = (),
            refine: bool = True) -> list[Match]:
    """The songs of an index that are most like a recording.

    Parameters
    ----------
    index, found
        Where it is sought, and what.
    count
        How many are wanted at most.
    by
        timbre: instruments, density, colour. cover: the course of harmony and melody, whatever key, tempo and
        instruments.
    leave_out
        Rows that are not wanted, such as the recording's own.
    refine
        Of covers: whether candidates are aligned; else vectors or codes alone decide.

    Returns
    -------
    list of Match
        The most alike first; empty where the recording is silent.

    Raises
    ------
    OnpuError
        When `by` is neither of the two, or the index is damaged.
    """
    if by not in WAYS:
        raise OnpuError(f"by is {by}; {suggestion(by, WAYS)}")
    if not (found.timbre if by == "timbre" else found.cover).any() or not len(index):
        return []
    wanted = count + len(leave_out)
    if by == "timbre":
        places, cosines = _by_vectors(index, "timbre", found.timbre, wanted)
        return _matches(index, places, np.clip((1 + cosines) / 2, 0, 1), leave_out)[:count]
    affordable = _affordable(index, found)
    places, cosines = _candidates(index, found, max(wanted, CANDIDATES, affordable) if refine else wanted)
    if not refine:
        return _matches(index, places, np.clip((1 + cosines) / 2, 0, 1), leave_out)[:count]
    chroma = [index.chroma(int(index.rows[place])) for place in places]
    closer = max(wanted, min(BEST, affordable // len(TEMPI)))
    best = np.argsort(-align(found.chroma, chroma)[0], kind="stable")[:closer]
    scores, shifts = align_steadily(found.chroma, [chroma[number] for number in best])
    order = np.argsort(-scores, kind="stable")
    similarity = scores / (1 - CHANCE_STEADILY)
    return [Match(match.row, match.file, match.similarity, int(shifts[number]), match.similarity >= SAME_SONG)
            for number, match in zip(order, _matches(index, places[best[order]], similarity[order], ()), strict=True)
            if match.row not in leave_out][:count]


def _affordable(index: Index, found: Descriptors) -> int:
    """How many songs are aligned in about a second."""
    each = KEYS * max(1, found.chroma.shape[1]) * max(1.0, float(index.place[index.rows]["frames"].mean()))
    return int(CELLS / each)


def _candidates(index: Index, found: Descriptors, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Places in `index.rows` of the songs that may be it: by vectors, or by codes where they are many and faiss is not
    installed."""
    if len(index) <= MANY or _faiss() is not None:
        return _by_vectors(index, "cover", index.whitened(found.cover), count)
    apart = hamming(found.code, index.codes)
    return _largest(-apart.astype(np.float64), count, lambda least: 1 + 2 * least / (8 * len(found.code)))


def _by_vectors(index: Index, name: str, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Places and cosines of the nearest."""
    if len(index) > MANY:
        graph = _graph(index, name)
        if graph is not None:
            cosines, places = graph(vector[None].astype(np.float32), min(count, len(index)))
            return places[0][places[0] >= 0], cosines[0][places[0] >= 0]
    return _largest(index.vectors[name] @ vector.astype(np.float32), count, lambda cosine: cosine)


def _largest(values: np.ndarray, count: int,
             told: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    count = min(count, len(values))
    part = np.argpartition(-values, count - 1)[:count]
    places = part[np.argsort(-values[part], kind="stable")]
    return places, told(values[places])


def _matches(index: Index, places: np.ndarray, similarity: np.ndarray, leave_out: tuple[int, ...]) -> list[Match]:
    rows = [int(row) for row in index.rows[places]]
    return [Match(row, index.file(row), float(like)) for row, like in zip(rows, similarity, strict=True)
            if row not in leave_out]


def _faiss() -> ModuleType | None:
    """The library, where it is installed."""
    try:
        return import_module("faiss")
    except ImportError:
        return None


def _graph(index: Index, name: str) -> Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]] | None:
    """A search by faiss; its graph is kept beside the index and made anew where that has grown. None without faiss."""
    faiss = _faiss()
    if faiss is None:
        return None
    mark = zlib.crc32("\n".join((index.files[-1], str(len(index)), str(len(index.files)))).encode())
    path = index.folder / f"{name}-{mark:08x}.faiss"
    try:
        graph = faiss.read_index(str(path))
    except RuntimeError:  # not there, or damaged
        graph = faiss.IndexHNSWFlat(index.vectors[name].shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.add(index.vectors[name])
        with suppress(OSError, RuntimeError):  # of a folder that may not be written to, it is made each time
            for old in index.folder.glob(f"{name}-*.faiss"):
                old.unlink()
            faiss.write_index(graph, str(path))
    graph.hnsw.efSearch = REACH
    search: Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]] = graph.search
    return search
