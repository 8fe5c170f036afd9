"""Four-part chorales by J. S. Bach: 370 chorales in Humdrum format (Craig Stuart Sapp, craigsapp/bach-370-chorales,
after the edition Breitkopf & Härtel, about 1875), as one JSON list, `chorales.json.gz`.

The music is in the public domain; the encoding is under CC BY-NC-SA 4.0, so weights that learn from it are not for
commercial use. The split is by tune: all settings of a tune (`tune_group`) are on one side, which the hash of its name
decides, a tenth of the tunes each for judging while learning and for tests; what is for tests is in nothing but
`Chorales.tested`.
"""

import gzip
import json
import zlib
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np

from onpu.data.corpora.published import CHORALES
from onpu.errors import DataError, LabelError
from onpu.files import Json
from onpu.music.chorale import RANGES, STEPS, VOICES, Chorale
from onpu.workers import Progress

FILE, LICENCE = CHORALES.file, CHORALES.licence
WEIGHTS_LICENCE = "CC BY-NC-SA 4.0, as the encoded scores that the weights were learned from; not for commercial use"
PARTS = 10
"""The tunes are divided into so many parts: number 0 is for tests, 1 to judge by while learning."""
MODES = {"aeolian": "minor", "ionian": "major"}


@dataclass(frozen=True, eq=False)
class Chorales:
    """Chorales `numbers` of a file; `Chorales.open` reads it. See `Dataset`.

    description: for cards. chorales: all that the file holds. tunes: the tune of each.
    """

    path: Path
    description: Json
    chorales: tuple[Chorale, ...]
    tunes: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """The file as it is published, or the folder that it lies in; without what is for tests.

        Raises `DataError` when it is missing or something else.
        """
        path = Path(path)
        path = path / FILE if path.is_dir() else path
        try:
            content = path.read_bytes()
            rows = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
            chorales = tuple(_chorale(row) for row in rows)
            tunes = tuple(str(row["tune_group"]) for row in rows)
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror or error}); give the path of {FILE}") from None
        except (ValueError, EOFError, zlib.error, KeyError, TypeError, IndexError, LabelError) as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
            raise DataError(f"{path}: does not hold chorales ({reason}); give the path of {FILE}") from None
        description = {"kind": "chorales", "source": "craigsapp/bach-370-chorales", "licence": LICENCE,
                       "commercial_use": False, "weights_licence": WEIGHTS_LICENCE, "count": len(chorales),
                       "sha256": sha256(content).hexdigest()}
        numbers = tuple(n for n, tune in enumerate(tunes) if part_of(tune) != 0)
        if not numbers:
            raise DataError(f"{path}: holds no chorale that may be learned from; give the path of {FILE}")
        return cls(path, description, chorales, tunes, numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, numbers: tuple[int, ...]) -> Self:
        """These of them."""
        return replace(self, numbers=tuple(numbers))

    def item(self, number: int) -> Chorale:
        """Chorale `number` of the file."""
        return self.chorales[number]

    def whole(self) -> Self:
        """All of the file, also what is for tests."""
        return self.only(tuple(range(len(self.chorales))))

    def tested(self) -> Self:
        """What nobody has learned from or chosen weights by."""
        return self.only(tuple(n for n, tune in enumerate(self.tunes) if part_of(tune) == 0))

    def split(self) -> tuple[Self, Self]:
        """See `Dataset`; the same tunes whatever file they come from."""
        judged = tuple(number for number in self.numbers if part_of(self.tunes[number]) == 1) or self.numbers[:1]
        learned = tuple(number for number in self.numbers if number not in judged) or self.numbers
        return self.only(learned), self.only(judged)

    def draw(self, rng: np.random.Generator) -> Chorale:
        """A chorale in any key in which all voices stay in range; long ones are drawn more often."""
        lengths = np.array([self.chorales[number].steps for number in self.numbers], dtype=np.float64)
        chorale = self.chorales[self.numbers[int(rng.choice(len(lengths), p=lengths / lengths.sum()))]]
        return chorale.transposed(int(rng.choice(transpositions(chorale))))


@dataclass(frozen=True)
class ChoraleSource:
    """Chorales are brought by the user, never composed. See `DatasetSource`."""

    title: str = f"{FILE}, chorales by J. S. Bach as published, or the folder that it lies in"

    def open(self, path: Path) -> Chorales:
        """Chorales of a file; see `Chorales.open`."""
        return Chorales.open(path)

    def check(self, material: object) -> None:
        """It must be chorales."""
        if not isinstance(material, Chorales):
            raise DataError(f"{getattr(material, 'folder', 'the data')}: holds no chorales; give {FILE}")

    def composed(self, folder: Path, jobs: int, progress: Progress | None) -> Chorales:
        """There are none without data."""
        raise DataError(f"chorales are learned from scores that are not composed; give with --data {self.title}")


def part_of(tune: str) -> int:
    """Number of the part, of `PARTS`, that a tune is in."""
    return int.from_bytes(sha256(tune.encode()).digest()[:8], "big") % PARTS


def transpositions(chorale: Chorale) -> np.ndarray:
    """Semitones, ascending, 0 among them, by which it may be moved so that no voice leaves its range (`RANGES`)."""
    lowest, highest = -12, 12
    for voice, (low, high) in zip(chorale.pitches, RANGES, strict=True):
        sounding = voice[voice > 0]
        if len(sounding):
            lowest, highest = max(lowest, low - int(sounding.min())), min(highest, high - int(sounding.max()))
    return np.arange(min(lowest, 0), max(highest, 0) + 1)


def _chorale(row: Json) -> Chorale:
    """One entry of the list."""
    if row["quarter_length_grid"] != 1 / STEPS:
        raise ValueError(f"{row['id']}: the grid is not of sixteenths")
    pitches = np.array([row[voice] for voice in VOICES], dtype=np.int64)
    attacks = np.array([row[f"{voice}_attack"] for voice in VOICES], dtype=bool) & (pitches > 0)
    numerator, denominator = map(int, str(row["time_signature"]).split("/"))
    key = f"{row['key']}:{MODES.get(row['mode'], row['mode'])}"
    attacks |= (np.diff(pitches, axis=1, prepend=0) != 0) & (pitches > 0)
    return Chorale(pitches, attacks, np.array(row["fermata"], dtype=bool), np.array(row["bars"], dtype=np.int64),
                   numerator * 4 // denominator, key, str(row["id"])).validate()
