"""Which sections are alike, and what they are called.

Alike is what is near in three respects: chroma step by step, in whichever of twelve transpositions it fits best; the
mean of the timbre and how it varies; the length. Sections are joined by average linkage until none are near.
"""

from collections.abc import Iterator
from itertools import count as count_from
from itertools import pairwise
from string import ascii_uppercase

import numpy as np

from onpu.decode.filters import linked
from onpu.music.arrays import occurrences
from onpu.music.sections import NAMES

STEPS = 16
"""Parts of a section whose chroma is compared."""
HARMONY, TIMBRE, LENGTH = 1.0, 0.5, 0.25
"""Weights of the three respects."""
MEAN_SCALE, DEVIATION_SCALE = 2.0, 4.0
"""What squared distances of the timbre's means and deviations count in its likeness, exp(-distance)."""
ALIKE = 0.65
"""Mean likeness from which on groups of sections are joined."""
EVIDENT = 0.6
"""Mean probability of a name from which on a section has it."""
CHORUS_WEIGHT, MOST_CHORUS = 3.0, 2 / 3
"""What the probability of a chorus counts beside how often a group comes, and the share of a recording from which on a
group is no chorus, but what the piece is made of."""


def likeness(edges: np.ndarray, chroma: np.ndarray, timbre: np.ndarray) -> np.ndarray:
    """How alike sections are, (n, n), in [0, 1].

    edges: (n + 1,) frames. chroma: (12, frames). timbre: (values, frames).
    """
    parts = _parts(edges)
    lengths = np.log([part.stop - part.start for part in parts])
    total = HARMONY * _harmony(parts, chroma) + TIMBRE * _timbre(parts, timbre)
    total += LENGTH * np.exp(-abs(lengths[:, None] - lengths))
    return np.asarray(total / (HARMONY + TIMBRE + LENGTH))


def _parts(edges: np.ndarray) -> list[slice]:
    return [slice(int(a), max(int(a) + 1, int(b))) for a, b in pairwise(edges.tolist())]


def _harmony(parts: list[slice], chroma: np.ndarray) -> np.ndarray:
    """Cosine of the chroma of sections, step by step, in the transposition that fits best; a shorter one is compared
    with the beginning of a longer one where that is nearer, as well as with all of it."""
    centred = chroma - chroma.mean(axis=0, keepdims=True)
    wholes = [_steps(centred, part) for part in parts]
    transposed = [np.stack([np.roll(each, -shift, axis=0) for shift in range(12)]).reshape(12, -1) for each in wholes]
    out = np.ones((len(parts), len(parts)))
    for i, one in enumerate(parts):
        for j in range(i):
            short, long = (i, j) if one.stop - one.start <= parts[j].stop - parts[j].start else (j, i)
            start, length = parts[long].start, parts[short].stop - parts[short].start
            ways = wholes[long], _steps(centred, slice(start, start + length))
            out[i, j] = out[j, i] = max(_best_fit(transposed[short], way) for way in ways)
    return np.clip(out, 0, 1)


def _steps(chroma: np.ndarray, part: slice) -> np.ndarray:
    """Mean chroma of each of `STEPS` parts, (12, STEPS)."""
    edges = np.linspace(part.start, part.stop, STEPS + 1)
    rows = [chroma[:, int(a) : max(int(a) + 1, int(np.ceil(b)))].mean(axis=1) for a, b in pairwise(edges.tolist())]
    return np.stack(rows, axis=1)


def _best_fit(transposed: np.ndarray, other: np.ndarray) -> float:
    """Cosine of (12, STEPS) and the best of twelve transpositions, (12, 12 * STEPS)."""
    scale = max(float(np.linalg.norm(transposed[0]) * np.linalg.norm(other)), 1e-9)
    return float((transposed @ other.ravel()).max()) / scale


def _timbre(parts: list[slice], timbre: np.ndarray) -> np.ndarray:
    """exp(-distance) of the means and the standard deviations of sections, both in deviations of the recording."""
    deviation = timbre.std(axis=1) + 1e-6
    distance = np.zeros((len(parts), len(parts)))
    for scale, moment in ((MEAN_SCALE, np.mean), (DEVIATION_SCALE, np.std)):
        values = np.stack([moment(timbre[:, part], axis=1) for part in parts]) / deviation
        distance += scale * np.square(values[:, None] - values).mean(axis=2)
    return np.exp(-distance)


def groups(alike: np.ndarray, threshold: float = ALIKE) -> np.ndarray:
    """Numbers (n,) of groups of sections, those first heard first: joined by average linkage while they are alike by
    `threshold` or more."""
    if len(alike) < 2:
        return np.zeros(len(alike), int)
    found = linked(np.maximum(1 - alike, 0), 1 - threshold)
    order = {number: place for place, number in enumerate(dict.fromkeys(found.tolist()))}
    return np.array([order[number] for number in found.tolist()])


def kept_together(alike: np.ndarray, found: np.ndarray) -> np.ndarray:
    """How sure each section's label is (n,): how like the others of its group it is, or how unlike all others."""
    others = ~np.eye(len(found), dtype=bool)
    same = (found[:, None] == found) & others
    out = np.ones(len(found))
    for i in range(len(found)):
        if same[i].any():
            out[i] = alike[i, same[i]].mean()
        elif others[i].any():
            out[i] = 1 - alike[i, others[i]].max()
    return out


def named(found: np.ndarray, edges: np.ndarray, name: np.ndarray) -> np.ndarray:
    """Labels (n,): names where they are evident, letters in the order of appearance for the other groups.

    found: (n,) groups. edges: (n + 1,) frames. name: (names, frames), how likely each of `NAMES` is. The chorus is a
    group that comes again: the one that comes most often and is called so most probably. First and last sections may
    be intro and outro.
    """
    parts, count = _parts(edges), int(found.max()) + 1
    shares = np.zeros((count, len(NAMES)))
    for group in range(count):
        inside = [name[:, part] for part, own in zip(parts, found.tolist(), strict=True) if own == group]
        shares[group] = np.concatenate(inside, axis=1).mean(axis=1)
    times = occurrences(found, minlength=count)
    names: dict[int, str] = {}
    lengths = occurrences(found, np.diff(edges), count)
    again = (times > 1) & (lengths <= MOST_CHORUS * lengths.sum())
    if again.any():
        rank = np.where(again, times + CHORUS_WEIGHT * shares[:, NAMES.index("chorus")], 0)
        names[int(rank.argmax())] = "chorus"
    for group, called in ((int(found[0]), "intro"), (int(found[-1]), "outro")):
        if times[group] == 1 and count > 1 and shares[group, NAMES.index(called)] > EVIDENT:
            names.setdefault(group, called)
    for called in ("verse", "bridge", "solo"):
        group = int(shares[:, NAMES.index(called)].argmax())
        if count > 1 and shares[group, NAMES.index(called)] > EVIDENT:
            names.setdefault(group, called)
    letters = iter(_letters())
    texts = [names[group] if group in names else next(letters) for group in range(count)]
    return np.array([texts[group] for group in found], dtype=np.str_)


def _letters() -> Iterator[str]:
    """A to Z, then A2 to Z2 and so on."""
    for row in count_from(1):
        yield from (f"{letter}{row if row > 1 else ''}" for letter in ascii_uppercase)
