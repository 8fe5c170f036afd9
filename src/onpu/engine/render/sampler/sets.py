"""Sample sets: folders of recordings of single notes and hits, with a table `samples.tsv` of what each file holds and a
text `licence.txt` of where they come from."""

from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.ndimage import uniform_filter1d

from onpu.errors import DataError

TABLE = "samples.tsv"
ONSET_FRACTION, ONSET_WITHIN, ONSET_SMOOTHING = 0.2, 0.06, 0.001
"""An onset lies where the level, over so many seconds, first reaches this fraction of the highest in the first so many
seconds: files begin 2 ms before any noise, which may be that of a finger or a plectrum on its way."""
LEVEL_SECONDS = 0.15
"""Seconds after the onset by which a sample's level is judged."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One recording. sound: float32 (channels, samples). onset: the sample at which it begins to be heard. level: RMS
    of the `LEVEL_SECONDS` seconds after that."""

    sound: np.ndarray
    onset: int
    level: float

    @classmethod
    def of(cls, sound: np.ndarray, rate: int) -> "Sample":
        """With the onset found and the level measured."""
        power = np.einsum("ci,ci->i", sound, sound)
        first = uniform_filter1d(power[: round(ONSET_WITHIN * rate)], max(1, round(ONSET_SMOOTHING * rate)))
        onset = int(np.argmax(first > ONSET_FRACTION**2 * first.max(initial=0.0)))
        heard = power[onset : onset + round(LEVEL_SECONDS * rate)]
        return cls(sound, onset, max(float(np.sqrt(heard.mean())) if len(heard) else 0.0, 1e-6))


@dataclass(frozen=True)
class SampleSet:
    """One folder. rows: its table, a row a file: column name -> text; the column of the file is `file`."""

    folder: Path
    rows: tuple[dict[str, str], ...]

    def sample(self, file: str, rate: int) -> Sample:
        """One recording at a sample rate, kept in memory. Raises `DataError` when it cannot be read."""
        return _sample(self.folder / file, rate)


@cache
def sample_set(folder: Path) -> SampleSet:
    """The set that lies in a folder. Raises `DataError` when it has no table."""
    try:
        head, *lines = (folder / TABLE).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}: no sample set ({error}); name a folder that has its {TABLE}") from None
    names = head.removeprefix("#").strip().split("\t")
    return SampleSet(folder, tuple(dict(zip(names, line.split("\t"), strict=False)) for line in lines if line.strip()))


def sample_sets(root: Path) -> dict[str, SampleSet]:
    """The sets that lie in a folder, by name. Raises `DataError` when there is none."""
    found = {path.parent.name: sample_set(path.parent) for path in sorted(root.glob(f"*/{TABLE}"))}
    if not found:
        raise DataError(f"{root}: holds no sample sets; name the folder that has them, such as drums_muldjord or "
                        "guitars_electric")
    return found


@cache
def described(root: Path) -> tuple[dict[str, str], ...]:
    """For cards: name, source and licence as its text begins, and hash of each set. Raises `DataError` as
    `sample_sets` does, and when a file of a table is missing."""
    return tuple({"name": name, "source": _credit(found.folder), "sha256": _hash(found)}
                 for name, found in sample_sets(root).items())


def _credit(folder: Path) -> str:
    try:
        text = (folder / "licence.txt").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return "unknown"
    return " ".join(text.split("\n\n")[0].split())


def _hash(found: SampleSet) -> str:
    digest = sha256((found.folder / TABLE).read_bytes())
    for row in found.rows:
        try:
            digest.update((found.folder / row["file"]).read_bytes())
        except OSError as error:
            raise DataError(f"{found.folder}: {row['file']} of its table is missing ({error}); copy the whole set"
                            ) from None
    return digest.hexdigest()


@lru_cache(maxsize=600)
def _sample(path: Path, rate: int) -> Sample:
    try:
        sound, own = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); copy the whole sample set") from None
    if own != rate:
        sound = soxr.resample(sound, own, rate, quality="HQ")
    return Sample.of(np.ascontiguousarray(sound.T), rate)
