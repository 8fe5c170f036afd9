"""Columns of numbers and texts, short enough to be embedded in the page."""


import numpy as np

from onpu.files import Json
from onpu.music.segments import RankedSegments, Segments


def seconds(values: np.ndarray) -> list[float]:
    """To the millisecond."""
    return rounded(values, 3)


def shares(values: np.ndarray) -> list[float]:
    """Of 1, to hundredths."""
    return rounded(values, 2)


def rounded(values: np.ndarray, decimals: int) -> list[float]:
    """Values (n,) with so many decimals."""
    return [round(float(value), decimals) for value in values]


def segments(found: Segments | None) -> Json | None:
    """Columns; alternatives and chances are lists of as many lists, where they are known."""
    if found is None:
        return None
    columns: Json = {"starts": seconds(found.starts), "ends": seconds(found.ends),
                               "labels": [str(label) for label in found.labels],
                               "confidence": shares(found.confidence)}
    if isinstance(found, RankedSegments) and found.alternatives.size:
        columns["alternatives"] = found.alternatives.tolist()
        columns["chances"] = [shares(row) for row in found.chances]
    return columns
