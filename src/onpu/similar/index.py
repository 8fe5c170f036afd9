"""An index of recordings on disk: the descriptors of each, appended one by one, and opened without reading it all.

    FOLDER/index.json     format, sizes, and the hashes of the weights that made them
    FOLDER/songs.tsv      a line a row: file (as JSON has it), bytes, modification time in ns, checksums of all columns
    FOLDER/timbres.f2     (rows, 64) float16
    FOLDER/covers.f2      (rows, 128) float16
    FOLDER/codes.u1       (rows, 32) uint8
    FOLDER/places         (rows,) end and length of the chroma, its checksum
    FOLDER/chroma.u1      (frames of all rows, 36) uint8

A row is there when its line is: whatever stops the writing, what was whole before stays so. Each line ends with the
CRC-32 of every column and of the table up to its row, so that opening checks the whole of them in one go; chroma is
checked where it is read. Nothing is pickled. A recording that has changed gets a new row, and the old one is passed
over.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np

from onpu.errors import DataError
from onpu.files import Json, replacing
from onpu.similar.describing import Descriptors

FORMAT = 2
TABLE, ABOUT, CHROMA = "songs.tsv", "index.json", "chroma.u1"
CHROMA_ROWS = 36
"""Values of a frame of the chroma."""
LEAST_TO_WHITEN, MOST_TO_WHITEN = 200, 20_000
"""Songs from which on the vectors of covers are whitened, and by which at most."""
SHRINKAGE = 0.001
"""What is added to the variance along each axis, over the largest one."""
PLACE = np.dtype([("end", "<i8"), ("frames", "<i4"), ("crc", "<u4"), ("seconds", "<f8")])


@dataclass(frozen=True)
class Column:
    """A file with one row a recording."""

    file: str
    dtype: np.dtype
    width: int

    @property
    def size(self) -> int:
        """Bytes of a row."""
        return self.dtype.itemsize * self.width


def columns(sizes: Mapping[str, int]) -> dict[str, Column]:
    """The columns of an index whose vectors have these sizes."""
    half, byte = np.dtype("<f2"), np.dtype("u1")
    return {"timbre": Column("timbres.f2", half, sizes["timbre"]), "cover": Column("covers.f2", half, sizes["cover"]),
            "code": Column("codes.u1", byte, sizes["code"]), "place": Column("places", PLACE, 1)}


@dataclass(frozen=True, eq=False)
class Index:
    """An index that is read. `rows` are the numbers of the rows that hold, in order; arrays are memory-mapped.

    timbre: (all rows, 64) float16. cover: (all rows, 128) float16. code: (all rows, 32) uint8. place: of the chroma.
    """

    folder: Path
    about: Json
    files: tuple[str, ...]
    rows: np.ndarray
    timbre: np.ndarray
    cover: np.ndarray
    code: np.ndarray
    place: np.ndarray

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Raises `DataError` when there is no index, or it is damaged."""
        folder = Path(folder)
        about, lines, _ = _read(folder)
        kinds = columns(about["sizes"])
        arrays = {name: _mapped(folder / kind.file, kind, len(lines)) for name, kind in kinds.items()}
        _check(folder, lines, {name: array.tobytes() if array.size else b"" for name, array in arrays.items()})
        names = [line.split("\t", 1)[0] for line in lines]
        last = {name: row for row, name in enumerate(names)}
        rows = np.array(sorted(last.values()), dtype=np.int64)
        return cls(folder, about, tuple(names), rows, **arrays)

    def __len__(self) -> int:
        return len(self.rows)

    def file(self, row: int) -> str:
        """Path of a row's recording, as it was given."""
        return str(json.loads(self.files[row]))

    def row(self, file: str | Path) -> int | None:
        """Row of a recording; None where it is not in the index."""
        return self._by_name.get(json.dumps(str(file), ensure_ascii=False))

    def descriptors(self, row: int) -> Descriptors:
        """Those of a row's recording."""
        return Descriptors(float(self.place[row]["seconds"]), self.timbre[row].astype(np.float32),
                     self.cover[row].astype(np.float32), self.code[row], self.chroma(row))

    def chroma(self, row: int) -> np.ndarray:
        """(36, frames) uint8. Raises `DataError` when it is damaged."""
        place = self.place[row]
        found = np.asarray(self._chroma[int(place["end"]) - int(place["frames"]) : int(place["end"])])
        if len(found) != place["frames"] or zlib.crc32(found.tobytes()) != place["crc"]:
            raise damaged(self.folder, f"the chroma of {self.file(row)} is not what was written")
        return found.T

    @cached_property
    def vectors(self) -> dict[str, np.ndarray]:
        """The rows that hold, float32, contiguous: `timbre`, and `cover` as `whitened` has it."""
        return {"timbre": np.ascontiguousarray(self.timbre[self.rows], dtype=np.float32),
                "cover": self.whitened(self.cover[self.rows])}

    def whitened(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors of covers (…, 128), float32 of length 1, in axes along which those of this index vary equally: what
        many songs share tells less. As they are in an index of fewer than `LEAST_TO_WHITEN`; zeros stay."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if self._axes is None:
            return vectors
        mean, axes = self._axes
        turned = (vectors - mean) @ axes * vectors.any(axis=-1, keepdims=True)
        return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-9), np.float32)

    @cached_property
    def _axes(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Mean of the vectors, and the matrix that whitens what differs from it."""
        vectors = self.cover[self.rows[:: max(1, len(self.rows) // MOST_TO_WHITEN)]].astype(np.float64)
        vectors = vectors[vectors.any(axis=1)]
        if len(vectors) < LEAST_TO_WHITEN:
            return None
        mean = vectors.mean(axis=0)
        variances, axes = np.linalg.eigh(np.cov((vectors - mean).T))
        scaled = axes / np.sqrt(np.maximum(variances, 0) + SHRINKAGE * variances.max())
        return mean.astype(np.float32), scaled.astype(np.float32)

    @cached_property
    def codes(self) -> np.ndarray:
        """The codes of the rows that hold, contiguous."""
        return np.ascontiguousarray(self.code[self.rows])

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return {self.files[row]: int(row) for row in self.rows}

    @cached_property
    def _chroma(self) -> np.ndarray:
        path = self.folder / CHROMA
        frames = path.stat().st_size // CHROMA_ROWS if path.exists() else 0
        if not frames:
            return np.zeros((0, CHROMA_ROWS), np.uint8)
        return np.memmap(path, np.uint8, "r", shape=(frames, CHROMA_ROWS))


class IndexWriter:
    """An index that is written: with it, `add` a recording at a time; it goes on where an earlier one stopped."""

    def __init__(self, folder: str | Path, weights: Mapping[str, str], sizes: Mapping[str, int]):
        """weights: hashes of what hears. sizes: of timbre, cover and code. Raises `DataError` when the folder holds
        something else, a damaged index, or one of other weights."""
        self.folder = Path(folder)
        about = {"onpu index": FORMAT, "weights": dict(weights), "sizes": dict(sizes)}
        if not (self.folder / ABOUT).exists():
            if self.folder.is_file() or (self.folder.is_dir() and any(self.folder.iterdir())):
                raise DataError(f"{self.folder}: is there and holds no index; name another folder")
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(self.folder / ABOUT) as path:
                path.write_text(json.dumps(about, indent=1), encoding="utf-8")
        found, lines, whole = _read(self.folder)
        if found != about:
            raise DataError(f"{self.folder}: was made with other weights; name another folder, or delete it")
        self.columns = columns(sizes)
        rows = [line.split("\t") for line in lines]
        self.crcs = [0] * (len(self.columns) + 1)
        if rows:
            self.crcs = [int(crc, 16) for crc in rows[-1][3].split(",")]
            self.crcs[-1] = zlib.crc32(_rest(self.crcs).encode(), self.crcs[-1])
        self.known = {row[0]: (row[1], row[2]) for row in rows}
        self._cut(len(lines), whole)
        self.open: dict[str, IO[bytes]] = {}

    def _cut(self, rows: int, whole: int) -> None:
        """Take off what an interrupted writer left behind the last whole row."""
        for kind in self.columns.values():
            _shorten(self.folder / kind.file, rows * kind.size)
        _shorten(self.folder / TABLE, whole)
        places = _mapped(self.folder / self.columns["place"].file, self.columns["place"], rows)
        self.frames = int(places[-1]["end"]) if rows else 0
        _shorten(self.folder / CHROMA, CHROMA_ROWS * self.frames)

    def __enter__(self) -> Self:
        names = {name: kind.file for name, kind in self.columns.items()} | {"chroma": CHROMA, "table": TABLE}
        self.open = {name: (self.folder / file).open("ab") for name, file in names.items()}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for file in self.open.values():
            file.close()

    def has(self, file: str | Path, size: int, modified: int) -> bool:
        """Whether a recording is there as it is now: path, bytes, time of modification in ns."""
        return self.known.get(json.dumps(str(file), ensure_ascii=False)) == (str(size), str(modified))

    def add(self, file: str | Path, size: int, modified: int, found: Descriptors) -> None:
        """Append a recording."""
        frames = np.ascontiguousarray(found.chroma.T).tobytes()
        self.frames += found.chroma.shape[1]
        place = np.array([(self.frames, found.chroma.shape[1], zlib.crc32(frames), found.seconds)], PLACE)
        values = {"timbre": found.timbre, "cover": found.cover, "code": found.code, "place": place}
        self.open["chroma"].write(frames)
        for number, (name, kind) in enumerate(self.columns.items()):
            data = np.ascontiguousarray(values[name], dtype=kind.dtype).tobytes()
            self.open[name].write(data)
            self.crcs[number] = zlib.crc32(data, self.crcs[number])
        for name in ("chroma", *self.columns):
            self.open[name].flush()
        name = json.dumps(str(file), ensure_ascii=False)
        told = f"{name}\t{size}\t{modified}"
        self.crcs[-1] = zlib.crc32(told.encode(), self.crcs[-1])
        rest = _rest(self.crcs)
        self.open["table"].write(f"{told}{rest}".encode())
        self.open["table"].flush()
        self.crcs[-1] = zlib.crc32(rest.encode(), self.crcs[-1])
        self.known[name] = (str(size), str(modified))


def damaged(folder: Path, what: str) -> DataError:
    """What is told of an index that is not as it was written."""
    return DataError(f"{folder}: the index is damaged ({what}); delete it, and make it anew with onpu index")


def _read(folder: Path) -> tuple[Json, list[str], int]:
    """What an index is, its whole lines, and how many bytes these are."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        version = about["onpu index"]
    except FileNotFoundError:
        raise DataError(f"{folder}: no index; make one with onpu index MUSIC -o {folder}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, f"{ABOUT} cannot be read") from error
    sizes = about.get("sizes")
    if version != FORMAT or not isinstance(sizes, dict) or not all(
            isinstance(sizes.get(name), int) and 0 < sizes[name] < 2**16 for name in ("timbre", "cover", "code")):
        raise DataError(f"{folder}: an index of another version of onpu; make it anew with onpu index")
    held = [kind.file for kind in columns(sizes).values() if (folder / kind.file).exists()]
    if not (folder / TABLE).exists() and any((folder / name).stat().st_size for name in held):
        raise damaged(folder, f"{TABLE} is gone")
    data = (folder / TABLE).read_bytes() if (folder / TABLE).exists() else b""
    whole = data.rfind(b"\n") + 1
    try:
        lines = data[:whole].decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise damaged(folder, f"{TABLE} is no text") from error
    if any(line.count("\t") != 3 for line in lines):
        raise damaged(folder, f"{TABLE} has a line of another form")
    return about, lines, whole


def _mapped(path: Path, kind: Column, rows: int) -> np.ndarray:
    """The first rows of a column. Raises `DataError` when there are fewer."""
    shape = (rows,) if kind.dtype == PLACE else (rows, kind.width)
    if not rows:
        return np.zeros(shape, kind.dtype)
    if not path.exists() or path.stat().st_size < rows * kind.size:
        raise damaged(path.parent, f"{path.name} is too short")
    return np.memmap(path, kind.dtype, "r", shape=shape)


def _check(folder: Path, lines: list[str], data: Mapping[str, bytes]) -> None:
    """Raise where columns or table are not what the last line says of them."""
    if not lines:
        return
    last, rest = lines[-1].rsplit("\t", 1)
    told = "".join(f"{line}\n" for line in lines[:-1]) + last
    crcs = [zlib.crc32(column) for column in data.values()] + [zlib.crc32(told.encode())]
    if f"\t{rest}\n" != _rest(crcs):
        raise damaged(folder, "its checksums are others")


def _rest(crcs: Sequence[int]) -> str:
    """How a line ends."""
    return f"\t{','.join(f'{crc:08x}' for crc in crcs)}\n"


def _shorten(path: Path, size: int) -> None:
    if path.exists() and path.stat().st_size > size:
        with path.open("r+b") as file:
            file.truncate(size)
