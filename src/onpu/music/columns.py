"""The common ground of values that are rows: columns of equal length."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import Self, get_type_hints

import numpy as np

from onpu.music.arrays import Booleans, Floats, Integers, Numbers, Texts
from onpu.music.checks import lengths

_DTYPES: dict[object, type] = {Floats: np.float64, Numbers: np.float64, Integers: np.int64, Texts: np.str_}


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns (n,), one row an event, so that `len` counts the events and a value without any is false.

    A column with a default, (n, k), may be empty: then nothing is known of it.
    """

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
