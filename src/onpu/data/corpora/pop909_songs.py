"""The songs of POP909 as material to learn from: what is read of each is for a subclass to say.

POP909 (Wang et al., ISMIR 2020) and POP909-CL (Yao et al., ICASSP 2026) in one zip file; licence of the files: MIT. The
split is by song, the same for all: `HELD_OUT` is for tests and in nothing but `Pop909Songs.tested`, `VALIDATION` choose
weights (see `onpu.data.corpora.pop909`).
"""

from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self

from onpu.data.corpora.archive import Archive, open_archive
from onpu.data.corpora.pop909 import HELD_OUT, VALIDATION, songs
from onpu.data.corpora.published import POP909
from onpu.errors import DataError
from onpu.files import Json
from onpu.workers import Progress

FILE = "pop909.zip"


@dataclass(frozen=True, eq=False)
class Pop909Songs:
    """Songs `numbers` of the zip file; `open` reads it. See `Dataset`.

    names: of all songs in the file. kind: what is read of them, for cards.
    """

    kind: ClassVar[str]
    archive: Archive
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """The zip file, or the folder that it lies in; without what is for tests.

        Raises `DataError` when it is missing or something else.
        """
        path = Path(path)
        archive = open_archive(path / FILE if path.is_dir() else path, f"POP909 with POP909-CL, {FILE}")
        names = tuple(sorted({name for split in ("train", "validation", "test") for name in songs(archive, split)}))
        numbers = tuple(number for number, name in enumerate(names) if name not in HELD_OUT)
        if not numbers:
            raise DataError(f"{path}: holds no song that may be learned from; give the path of {FILE}")
        return cls(archive, names, numbers)

    @property
    def description(self) -> Json:
        """What a card says of these songs; see `Dataset`."""
        return {"kind": self.kind, "source": "music-x-lab/POP909-Dataset, AndyWeasley2004/POP909-CL-Dataset",
                "licence": POP909.licence, "commercial_use": True, "count": len(self.names),
                "sha256": _hash(self.archive)}

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These of them."""
        return replace(self, numbers=tuple(numbers))

    def item(self, number: int) -> Any:
        """What the reader takes from song `number`."""
        raise NotImplementedError

    def tested(self) -> Self:
        """What nobody has learned from or chosen weights by."""
        return self.only(tuple(number for number, name in enumerate(self.names) if name in HELD_OUT))

    def split(self) -> tuple[Self, Self]:
        """See `Dataset`; the same songs whatever file they come from."""
        judged = tuple(number for number in self.numbers if self.names[number] in VALIDATION) or self.numbers[:1]
        learned = tuple(number for number in self.numbers if number not in judged) or self.numbers
        return self.only(learned), self.only(judged)


@dataclass(frozen=True)
class Pop909Source:
    """The songs are brought by the user, never composed. See `DatasetSource`. reader: what opens them."""

    reader: type[Pop909Songs]
    title: str = f"{FILE}, POP909 with POP909-CL, or the folder that it lies in"

    def open(self, path: Path) -> Pop909Songs:
        """Songs of a file; see `Pop909Songs.open`."""
        return self.reader.open(path)

    def check(self, material: object) -> None:
        """It must be what the reader opens."""
        if not isinstance(material, self.reader):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no {self.reader.kind}; give {FILE}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Pop909Songs:
        """There are none without data."""
        raise DataError(f"{self.reader.kind} are learned from songs that are not composed; give with --data "
                        f"{self.title}")


@cache
def _hash(archive: Archive) -> str:
    return sha256(archive.path.read_bytes()).hexdigest()
