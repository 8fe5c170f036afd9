"""Folds by author: a network that learned from all folds but one has heard nobody of that one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from scipy.cluster.hierarchy import DisjointSet

from onpu.music import Timeline

_PARTED = re.compile(r"\s*(?:&|,|/|;|\bfeat\b\.?|\bft\.|\bfeaturing\b|\bwith\b|\band\b|[()])\s*", re.IGNORECASE)
_NO_NAME = re.compile(r"\b(project|team|contributors?|developers|development|others|shared entry|unknown author|"
                      r"contains material from \w+)\b", re.IGNORECASE)


class Authored(Protocol):
    """What is put into folds."""

    @property
    def name(self) -> str:
        """What tells it from others."""

    @property
    def author(self) -> str:
        """One name or several."""

    @property
    def kind(self) -> str:
        """Of which kind the music is."""

    @property
    def timeline(self) -> Timeline:
        """Its length counts."""


def names_in(author: str) -> set[str]:
    """The names in a field such as `Krobonil & 0zone0ne feat. DJ Helium`, without case, signs and blanks; a name in
    parentheses is another of the same person. A zero is an o."""
    plain = (re.sub(r"\W+", "", _NO_NAME.sub(" ", name)).casefold().replace("0", "o") for name in _PARTED.split(author))
    return {name for name in plain if name}


def author_groups(authors: Iterable[str]) -> list[int]:
    """A number for each field: equal where people are linked by fields that name several of them."""
    fields = [sorted(names_in(author)) or [author] for author in authors]
    linked = DisjointSet(name for names in fields for name in names)
    for names in fields:
        for other in names[1:]:
            linked.merge(names[0], other)
    numbers: dict[str, int] = {}
    return [numbers.setdefault(linked[names[0]], len(numbers)) for names in fields]


def folds(items: Sequence[Authored], count: int) -> list[int]:
    """The fold of each item, 0 to count - 1; all of an author's are in one, and of people who share a track.

    The longest author first, each goes where the folds stay most alike in length, all in all and kind by kind. The
    order of the items does not matter.
    """
    groups: dict[int, list[Authored]] = defaultdict(list)
    numbers = author_groups(item.author for item in items)
    for item, number in zip(items, numbers, strict=True):
        groups[number].append(item)
    whole = _lengths(items)
    filled = [dict.fromkeys(whole, 0.0) for _ in range(count)]

    def unevenness(fold: int, added: dict[str, float]) -> float:
        return sum(((filled[fold][kind] + length) ** 2 - filled[fold][kind] ** 2) / whole[kind] ** 2
                   for kind, length in added.items())

    where = {}
    for number in sorted(groups, key=lambda one: (-_lengths(groups[one])[""], min(item.name for item in groups[one]))):
        added = _lengths(groups[number])
        where[number] = min(range(count), key=lambda fold: (unevenness(fold, added), fold))
        for kind, length in added.items():
            filled[where[number]][kind] += length
    return [where[number] for number in numbers]


def _lengths(items: Iterable[Authored]) -> dict[str, float]:
    """Seconds of each kind, and of all under the empty name."""
    found: dict[str, float] = defaultdict(float)
    for item in items:
        for kind in ("", item.kind or "untold"):
            found[kind] += item.timeline.duration
    return dict(found)
