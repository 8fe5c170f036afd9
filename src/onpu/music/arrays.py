"""Names of the types of NumPy arrays."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.floating]
Integers: TypeAlias = NDArray[np.integer]
Numbers: TypeAlias = NDArray[np.floating | np.integer]
Booleans: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]
