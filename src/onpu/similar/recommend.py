"""What a listener may like, from who played what how often, and from how songs sound that nobody has played.

Hu, Koren & Volinsky, "Collaborative filtering for implicit feedback datasets" (ICDM 2008): with p(u, i) = 1 where user
u has played song i and else 0, and c(u, i) = 1 + alpha r(u, i) for r plays, factors x and y minimise

    sum over all u, i of c(u, i) (p(u, i) - x(u)ᵀ y(i))² + weight (|x|² + |y|²)                (eq. 3)

by alternating least squares (eqs. 4 and 5). van den Oord, Dieleman & Schrauwen, "Deep content-based music
recommendation" (NIPS 2013): factors of songs that nobody has played are predicted from their sound. Deviations: plays
count by their logarithm, r = log(1 + plays / epsilon), as that paper's eq. 4 has it; factors are predicted from the
vectors of an index by ridge regression, in place of a network trained for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from onpu.errors import FormatError, OnpuError, suggestion
from onpu.formats.tables import number, read_lines

FACTORS, ROUNDS = 16, 12
ALPHA, EPSILON, WEIGHT = 4.0, 1.0, 5.0
"""What a play adds to the confidence; plays below which each counts fully; weight of the factors' squares."""
RIDGE = 3.0
"""Weight of the squares of what predicts factors from vectors."""


@dataclass(frozen=True, eq=False)
class Plays:
    """A table of plays: who, what, how often, each (n,); users and songs by name."""

    users: tuple[str, ...]
    songs: tuple[str, ...]
    user: np.ndarray
    song: np.ndarray
    count: np.ndarray

    @classmethod
    def read(cls, path: str | Path) -> "Plays":
        """A table with a line `user,song,count` each, parted by commas, semicolons or tabs; a first line of words is
        passed over, plays of the same song add up. Raises `FormatError`."""
        rows: dict[tuple[str, str], float] = {}
        for line_number, line in read_lines(path, "a table of plays"):
            mark = next((mark for mark in "\t;," if mark in line), ",")
            user, _, rest = line.partition(mark)
            song, _, plays = rest.rpartition(mark)
            try:
                count = number(plays.strip())
            except ValueError:
                if not rows:
                    continue
                count = -1.0
            if not user.strip() or not song.strip() or not 0 <= count < np.inf:
                raise FormatError(f"{path}: line {line_number} is no user, song and number of plays; write such as "
                                  "anna,music/song.mp3,12")
            key = user.strip().strip('"'), song.strip().strip('"')
            rows[key] = rows.get(key, 0.0) + count
        return cls.of([(user, song, count) for (user, song), count in rows.items() if count > 0])

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, float]]) -> "Plays":
        """From (user, song, plays). Raises `OnpuError` when there is none."""
        if not rows:
            raise OnpuError("nobody has played anything in this table; give one with plays")
        users, songs = tuple(dict.fromkeys(row[0] for row in rows)), tuple(dict.fromkeys(row[1] for row in rows))
        places = [{name: place for place, name in enumerate(names)} for names in (users, songs)]
        return cls(users, songs, np.array([places[0][row[0]] for row in rows]),
                   np.array([places[1][row[1]] for row in rows]), np.array([row[2] for row in rows], np.float64))


@dataclass(frozen=True, eq=False)
class Tastes:
    """Factors of users (users, factors) and of songs (songs, factors); how much a user may like a song is their
    product."""

    users: np.ndarray
    songs: np.ndarray


def factorise(plays: Plays, factors: int = FACTORS, rounds: int = ROUNDS, seed: int = 0) -> Tastes:
    """Factors by alternating least squares."""
    rng = np.random.default_rng(seed)
    confidence = ALPHA * np.log1p(plays.count / EPSILON)
    users = 0.1 * rng.standard_normal((len(plays.users), factors))
    songs = 0.1 * rng.standard_normal((len(plays.songs), factors))
    for _ in range(rounds):
        users = _solved(songs, plays.user, plays.song, confidence, len(users))
        songs = _solved(users, plays.song, plays.user, confidence, len(songs))
    return Tastes(users, songs)


def _solved(others: np.ndarray, own: np.ndarray, other: np.ndarray, confidence: np.ndarray, count: int) -> np.ndarray:
    """Factors of one side, those of the other being known (eqs. 4 and 5)."""
    shared = others.T @ others + WEIGHT * np.eye(others.shape[1])
    order = np.argsort(own, kind="stable")
    edges = np.searchsorted(own[order], np.arange(count + 1))
    out = np.zeros((count, others.shape[1]))
    for row, (first, last) in enumerate(pairwise(edges)):
        here = order[first:last]
        played, sure = others[other[here]], confidence[here]
        out[row] = np.linalg.solve(shared + (played * sure[:, None]).T @ played, played.T @ (1 + sure))
    return out


def predicted(vectors: np.ndarray, known: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Factors (songs, factors) of all songs from their vectors (songs, size); factors: of the songs `known`."""
    x = np.concatenate([vectors, np.ones((len(vectors), 1))], axis=1)
    learned = x[known]
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[-1, -1] = 1e-6
    return np.asarray(x @ np.linalg.solve(learned.T @ learned + penalty, learned.T @ factors))


def recommend(plays: Plays, user: str, files: Sequence[str], vectors: np.ndarray, count: int = 10,
              ) -> list[tuple[int, float, bool]]:
    """Songs that a user has not played and may like.

    Parameters
    ----------
    plays
        Who played what. Songs are told apart by the names in `files`.
    user
        A name in the table.
    files, vectors
        All songs that there are, and their vectors (songs, size).
    count
        How many are wanted.

    Returns
    -------
    list of (place in files, how much it may be liked, about 0 to 1, whether anybody has played it)
        The most liked first.

    Raises
    ------
    OnpuError
        When there is no such user, or none of the songs played is among `files`.
    """
    if user not in plays.users:
        raise OnpuError(f"{user}: nobody of this name has played anything; {suggestion(user, plays.users)}")
    place = {name: number for number, name in enumerate(files)}
    there = [number for number, name in enumerate(plays.songs) if name in place]
    if not there:
        raise OnpuError("none of the songs that were played is in the index; name them as onpu index lists them")
    tastes = factorise(plays)
    known = np.array([place[plays.songs[number]] for number in there])
    factors = predicted(vectors, known, tastes.songs[there])
    factors[known] = tastes.songs[there]
    liking = factors @ tastes.users[plays.users.index(user)]
    own = {plays.songs[song] for song in plays.song[plays.user == plays.users.index(user)]}
    liking[[place[name] for name in own if name in place]] = -np.inf
    best = np.argsort(-liking, kind="stable")[:count]
    heard_before = set(known.tolist())
    return [(int(number), float(liking[number]), int(number) in heard_before) for number in best
            if np.isfinite(liking[number])]
