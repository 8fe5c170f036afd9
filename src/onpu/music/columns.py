"""The common ground of values that are rows: columns of equal length."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Self, TypeVar, get_type_hints

import numpy as np

from onpu.music.arrays import Booleans, Floats, Integers, Numbers, Texts
from onpu.music.checks import lengths

Value = TypeVar("Value")
_DTYPES: dict[object, type] = {Floats: np.float64, Numbers: np.float64, Integers: np.int64, Texts: np.str_}


SPANS = (("times", "times"), ("starts", "ends"), ("onsets", "offsets"))
"""Columns that say when the first event begins and when the last ends."""


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Columns (n,), one row an event, so that `len` counts the events and a value without any is false.

    A column with a default, (n, k), may be empty: then nothing is known of it. NOUN: what a row is called.
    """

    NOUN: ClassVar[str] = "row"

    def __repr__(self) -> str:
        columns = vars(self)
        span = next((f", {columns[first].min():.2f}–{columns[last].max():.2f} s" for first, last in SPANS
                     if len(self) and first in columns), "")
        return f"{type(self).__name__}({self.in_brief()}{span})"

    def in_brief(self) -> str:
        """How many there are, in words: `128 beats`."""
        return f"{len(self) or 'no'} {self.NOUN}{'' if len(self) == 1 else 's'}"

    def __len__(self) -> int:
        return len(getattr(self, self._required()[0]))

    def select(self, rows: Booleans | Integers | slice) -> Self:
        """The rows where a mask (n,) holds, those at indices, in the order of these, or those of a slice."""
        count = len(self)
        return type(self)(**{name: column[rows] if len(column) == count else column
                             for name, column in vars(self).items()})

    @classmethod
    def concatenate(cls, parts: Iterable[Self]) -> Self:
        """The rows of all parts, one part after the other; of none `empty()`."""
        joined = list(parts) or [cls.empty()]
        return cls(**{f.name: np.concatenate([getattr(part, f.name) for part in joined]) for f in fields(cls)})

    @classmethod
    def empty(cls) -> Self:
        """No rows."""
        types = get_type_hints(cls)
        return cls(**{name: np.zeros(0, _DTYPES[types[name]]) for name in cls._required()})

    def validate(self) -> Self:
        """Return self, or raise `LabelError` where a column is not one-dimensional or not as long as the others."""
        lengths(type(self).__name__.lower(), *(getattr(self, name) for name in self._required()))
        return self

    @classmethod
    def _required(cls) -> list[str]:
        """Names of the columns without a default."""
        return [f.name for f in fields(cls) if f.default_factory is MISSING]


def to_lists(value: Any) -> dict[str, list[Any]]:
    """The columns of a value as lists of numbers or texts; those of which nothing is known are left out."""
    return {f.name: column.tolist() for f in fields(value)
            if (column := np.asarray(getattr(value, f.name))).size or f.default_factory is MISSING}


def from_lists(kind: type[Value], columns: Mapping[str, list[Any]]) -> Value:
    """Inverse of `to_lists`. Raises `TypeError` or `ValueError` where these are not columns of this kind."""
    types = get_type_hints(kind)
    arrays = {name: np.array(values, None if types.get(name) == Numbers and values else _DTYPES.get(types.get(name)))
              for name, values in columns.items()}
    for name, array in arrays.items():
        if array.dtype == np.int64 and array.tolist() != columns[name]:
            raise ValueError(f"{name} holds whole numbers")
    return kind(**arrays)
