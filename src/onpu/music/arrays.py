"""Names of the types of NumPy arrays, and what NumPy does by indices of another width in the browser.

WebAssembly has indices of 32 bits, and NumPy refuses there to count or to repeat by integers of 64.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.floating]
Integers: TypeAlias = NDArray[np.integer]
Numbers: TypeAlias = NDArray[np.floating | np.integer]
Booleans: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]


def occurrences(indices: ArrayLike, weights: Floats | None = None, minlength: int = 0) -> Array:
    """How often each of 0, 1 … is among indices of any width, or the sums of their weights: `numpy.bincount`."""
    return np.bincount(np.asarray(indices, np.intp), weights, minlength)


def repeated(values: ArrayLike, counts: ArrayLike) -> Array:
    """Each value as often as its count, an integer of any width, says: `numpy.repeat`."""
    return np.repeat(values, np.asarray(counts, np.intp))
