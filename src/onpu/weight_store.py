"""Weights that learned from a user's corrections, in a folder: which there were, and which are in use.

    FOLDER/weights.json             what each learning came to, and the number that is in use of each name
    FOLDER/NAME-NUMBER.safetensors  weights; none is ever changed or used under another number

Names are those of shipped weights, in whose place they are used.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from onpu.errors import DataError
from onpu.files import Json, write_text

INDEX = "weights.json"
SHIPPED = 0
"""The number by which the shipped weights are used."""
MOST_HEADER_BYTES = 2**26
WEIGHTS = "weights"
"""The folder of a library in which they lie."""


class LearnedWeights:
    """A folder of learned weights; it need not exist before something is added."""

    def __init__(self, folder: str | os.PathLike[str]):
        self.folder = Path(folder)

    def history(self) -> list[Json]:
        """What each learning came to, the oldest first: name, number, file (empty where the weights were not kept),
        made (ISO 8601), and what `add` was told. Raises `DataError` where the index cannot be read."""
        return [dict(entry) for entry in self._index()["history"]]

    def numbers(self) -> dict[str, int]:
        """Name -> number of the learned weights that are in use; names of which the shipped ones are, are not there."""
        return {name: int(number) for name, number in self._index()["in_use"].items() if number != SHIPPED}

    def in_use(self) -> dict[str, Path]:
        """Name -> file of the learned weights that are in use. Raises `DataError` where one is not there."""
        out = {name: self.path(name, number) for name, number in self.numbers().items()}
        for path in out.values():
            if not path.is_file():
                raise DataError(f"{path}: these weights are in use and are not there; put them back, or use others")
        return out

    def path(self, name: str, number: int) -> Path:
        """Where weights of this number lie."""
        return self.folder / f"{name}-{number}.safetensors"

    def following(self, name: str) -> int:
        """The number that the next weights of this name have."""
        return 1 + max((entry["number"] for entry in self.history() if entry["name"] == name), default=0)

    def add(self, name: str, number: int, told: Mapping[str, object]) -> None:
        """Tell what a learning came to; where its weights lie in the folder, they are in use from now."""
        index = self._index()
        kept = self.path(name, number).is_file()
        index["history"].append({"name": name, "number": number, "file": self.path(name, number).name if kept else "",
                                 "made": datetime.now(UTC).isoformat(timespec="seconds"), **told})
        if kept:
            index["in_use"][name] = number
        self._write(index)

    def use(self, name: str, number: int) -> None:
        """Have weights of this name in use: of that number, or with `SHIPPED` those that onpu brings. Raises
        `DataError` where there are none."""
        index = self._index()
        known = {(entry["name"], entry["number"]) for entry in index["history"] if entry["file"]}
        if (name, number) not in known | {(each, SHIPPED) for each, _ in known} or (
                number != SHIPPED and not self.path(name, number).is_file()):
            raise DataError(f"there are no weights {name[:40]} {number} here; choose among those that were kept")
        index["in_use"][name] = number
        self._write(index)

    def _index(self) -> Json:
        path = self.folder / INDEX
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return {"history": list(found["history"]), "in_use": dict(found["in_use"])}
        except FileNotFoundError:
            return {"history": [], "in_use": {}}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: cannot be read ({error}); put back a copy of it, or take it away, and the "
                            "shipped weights are used") from error

    def _write(self, index: Json) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(self.folder / INDEX, json.dumps(index, indent=1, ensure_ascii=False))


def learned_in(folder: str | os.PathLike[str]) -> LearnedWeights | None:
    """The learned weights of a folder, or of a library; None where it has none."""
    for place in (Path(folder), Path(folder) / WEIGHTS):
        if (place / INDEX).is_file():
            return LearnedWeights(place)
    return None


def hash_on_card(path: str | os.PathLike[str]) -> str:
    """The hash that the card of weights says, read without the libraries that read weights; empty where there is none.
    Raises `OSError`."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = file.read(min(length, MOST_HEADER_BYTES))
    try:
        return str(json.loads(json.loads(header)["__metadata__"]["onpu"])["sha256"])
    except (ValueError, KeyError, TypeError):
        return ""
