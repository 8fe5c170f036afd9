"""The conditions that several music values share; each raises `LabelError` with the offending entry."""

import numpy as np

from onpu.errors import LabelError


def lengths(name: str, *columns: np.ndarray) -> None:
    """All columns are one-dimensional and equally long."""
    shapes = [column.shape for column in columns]
    if any(len(shape) != 1 or shape != shapes[0] for shape in shapes):
        raise LabelError(f"{name}: columns must be one-dimensional and equally long, not {shapes}")


def ascending(name: str, times: np.ndarray) -> None:
    """Finite and strictly ascending."""
    if not np.isfinite(times).all():
        raise LabelError(f"{name}: a time is NaN or infinite")
    late = np.flatnonzero(np.diff(times) <= 0)
    if len(late):
        raise LabelError(f"{name}: {times[late[0] + 1]:.3f} s does not come after {times[late[0]]:.3f} s")


def intervals(name: str, starts: np.ndarray, ends: np.ndarray, apart: bool) -> None:
    """Every end comes after its start; with `apart`, no interval begins before the one before it ends."""
    if not (np.isfinite(starts).all() and np.isfinite(ends).all()):
        raise LabelError(f"{name}: a time is NaN or infinite")
    empty = np.flatnonzero(ends <= starts)
    if len(empty):
        raise LabelError(f"{name}: the one at {starts[empty[0]]:.3f} s ends at {ends[empty[0]]:.3f} s")
    if apart:
        over = np.flatnonzero(starts[1:] < ends[:-1] - 1e-6)
        if len(over):
            raise LabelError(f"{name}: the one at {starts[over[0] + 1]:.3f} s begins inside the one before it")


def probabilities(name: str, values: np.ndarray) -> None:
    """Within [0, 1]."""
    if values.size and not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise LabelError(f"{name}: values must lie in [0, 1], not {values.min()} to {values.max()}")
