"""WebAssembly has indices of 32 bits, and NumPy refuses there to count or repeat by integers of 64, which onpu has in
many places: they are narrowed, which loses nothing, for no array there has 2**31 values."""

from collections.abc import Callable
from functools import wraps

import numpy as np


def narrowing(function: Callable[..., np.ndarray], place: int) -> Callable[..., np.ndarray]:
    """The function, whose argument at a place may be integers of 64 bits."""
    @wraps(function)
    def narrowed(*given: object, **named: object) -> np.ndarray:
        values = list(given)
        if place < len(values) and np.asarray(values[place]).dtype == np.int64:
            values[place] = np.asarray(values[place]).astype(np.intp)
        return function(*values, **named)

    return narrowed


vars(np).update(bincount=narrowing(np.bincount, 0), repeat=narrowing(np.repeat, 1))
