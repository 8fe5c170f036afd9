"""Songs that lead from one to another in small steps.

Between the vectors of both, points lie at equal distances on the arc; the songs nearest to each point are its
candidates, and of all rows of candidates the one is taken whose steps, squared, are least together (Viterbi). Squares,
since a playlist is as good as its largest step.
"""

import numpy as np

from onpu.errors import OnpuError
from onpu.similar.index import Index
from onpu.similar.search import By

CHOICE = 40
"""Candidates for each place, beyond as many as there are places."""


def path(index: Index, first: int, last: int, count: int = 8, by: By = "timbre") -> list[int]:
    """Rows of songs that lead from row `first` to row `last`, both included, each once.

    count: how many in all, at least 2. by: as for `onpu.similar.nearest`. Raises `OnpuError` when there are not so
    many songs, or one of the two is silent.
    """
    if count < 2 or first == last:
        raise OnpuError("a playlist leads from one song to another; give two songs, and a length of 2 or more")
    if count > len(index):
        raise OnpuError(f"{index.folder}: holds {len(index)} songs, of which no {count} can be played; ask for fewer")
    vectors = index.vectors["timbre" if by == "timbre" else "cover"]
    place = {int(row): number for number, row in enumerate(index.rows)}
    ends = [place[first], place[last]]
    if not all(vectors[end].any() for end in ends):
        raise OnpuError("one of the two songs is silent; give others")
    points = _between(vectors[ends[0]], vectors[ends[1]], count)
    own = np.arange(len(vectors))
    free = np.setdiff1d(own[vectors.any(axis=1)], ends)
    if len(free) < count - 2:
        raise OnpuError(f"{index.folder}: too few songs that are not silent; ask for fewer")
    near = [free[np.argsort(-(vectors[free] @ point), kind="stable")[: CHOICE + count]] for point in points[1:-1]]
    rows = [np.array(ends[:1]), *near, np.array(ends[1:])]
    return [int(index.rows[number]) for number in _smoothest(rows, vectors)]


def _between(one: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """Points on the arc between two vectors of length 1, both included."""
    angle = float(np.arccos(np.clip(one @ other, -1, 1)))
    share = np.linspace(0, 1, count)[:, None]
    if angle < 1e-3 or angle > np.pi - 1e-3:
        line = (1 - share) * one + share * other
    else:
        line = (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)
    return np.asarray(line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-9))


def _smoothest(rows: list[np.ndarray], vectors: np.ndarray) -> list[int]:
    """One of each row, none twice, so that the squared steps are small together.

    Viterbi over the rows; a song that an earlier place has taken on the way to a candidate is not taken again.
    """
    cost = np.zeros(len(rows[0]))
    ways: list[list[int]] = [[int(number)] for number in rows[0]]
    for row in rows[1:]:
        new_cost, new_ways = [], []
        for number in row.tolist():
            steps = np.array([np.inf if number in way else (1 - vectors[way[-1]] @ vectors[number]) ** 2
                              for way in ways]) + cost
            best = int(steps.argmin())
            new_cost.append(steps[best])
            new_ways.append([*ways[best], number])
        cost, ways = np.array(new_cost), new_ways
    return ways[int(cost.argmin())]
