"""Time signatures as a listener counts them. Score time is in quarter notes throughout the composer."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Signature:
    """A time signature and how its bar falls into accented groups (lengths in quarters, summing to the bar)."""

    numerator: int
    denominator: int
    groups: tuple[float, ...]

    @cached_property
    def name(self) -> str:
        """As written: `7/8`."""
        return f"{self.numerator}/{self.denominator}"

    @cached_property
    def length(self) -> float:
        """Quarters a bar."""
        return self.numerator * 4 / self.denominator

    @cached_property
    def compound(self) -> bool:
        """Counted in dotted beats: 6/8, 9/8, 12/8."""
        return self.denominator == 8 and self.numerator % 3 == 0 and self.numerator > 3

    @cached_property
    def additive(self) -> bool:
        """Counted in eighths that fall into unequal groups: 5/8, 7/8."""
        return self.denominator == 8 and not self.compound

    @cached_property
    def beat(self) -> float:
        """Quarters a counted beat."""
        return 1.5 if self.compound else 4 / self.denominator

    @cached_property
    def beats(self) -> int:
        """Counted beats a bar."""
        return round(self.length / self.beat)

    @cached_property
    def accents(self) -> tuple[float, ...]:
        """Where the groups begin, quarters from the bar's start."""
        return tuple(sum(self.groups[:index]) for index in range(len(self.groups)))


def _variants(numerator: int, denominator: int, *groupings: tuple[float, ...]) -> tuple[Signature, ...]:
    return tuple(Signature(numerator, denominator, groups) for groups in groupings)


SIGNATURES: dict[str, tuple[Signature, ...]] = {
    "2/4": _variants(2, 4, (1, 1)),
    "3/4": _variants(3, 4, (3,)),
    "4/4": _variants(4, 4, (2, 2)),
    "5/4": _variants(5, 4, (3, 2), (2, 3)),
    "6/4": _variants(6, 4, (3, 3)),
    "7/4": _variants(7, 4, (4, 3), (3, 4)),
    "2/2": _variants(2, 2, (2, 2)),
    "3/8": _variants(3, 8, (1.5,)),
    "5/8": _variants(5, 8, (1, 1.5), (1.5, 1)),
    "6/8": _variants(6, 8, (1.5, 1.5)),
    "7/8": _variants(7, 8, (1, 1, 1.5), (1.5, 1, 1), (1, 1.5, 1)),
    "9/8": _variants(9, 8, (1.5, 1.5, 1.5)),
    "12/8": _variants(12, 8, (1.5, 1.5, 1.5, 1.5)),
}
"""Name -> the groupings in use; a song keeps to one."""
