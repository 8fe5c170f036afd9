"""Rhythms written as text, one character a step, and their translation from one metre into another.

`.` is silence, `-` lets the sound before it ring on, any other character is an attack whose meaning its reader knows.
The steps divide the bar evenly; `|` separates bars; spaces are for the eye. `x.x. x.x.` is four eighths in a 2/4 bar
of sixteenths. A bar that begins with `-` continues the last sound of the bar before it.
"""

from functools import lru_cache
from typing import NamedTuple

from onpu.engine.compose.metre import SIGNATURES, Signature


class Step(NamedTuple):
    """An attack: quarters from the bar's start, length in quarters, and the character that stands for it."""

    offset: float
    length: float
    token: str


@lru_cache(8192)
def read(text: str, written: str, signature: Signature) -> tuple[tuple[Step, ...], ...]:
    """The steps of each bar of `text`, which was written for the signature named `written`, in another one."""
    source = SIGNATURES[written][0]
    bars = []
    for bar in text.replace(" ", "").split("|"):
        alike = source.length == signature.length and source.compound == signature.compound
        if source.name == signature.name or alike:
            cells = [bar]
            spans = [signature.length]
        else:
            cells, spans = _translate(bar, source, signature)
        bars.append(_steps(cells, spans))
    return tuple(bars)


def _steps(cells: list[str], spans: list[float]) -> tuple[Step, ...]:
    """Attacks of consecutive cells, each spread evenly over its span of quarters."""
    marks: list[tuple[float, str]] = []
    start = 0.0
    for cell, span in zip(cells, spans, strict=True):
        marks += [(start + span * index / len(cell), token) for index, token in enumerate(cell)]
        start += span
    steps: list[Step] = []
    open_since: tuple[float, str] | None = (0.0, "-") if marks and marks[0][1] == "-" else None
    for offset, token in [*marks, (start, ".")]:
        if token == "-":
            continue
        if open_since is not None:
            steps.append(Step(open_since[0], offset - open_since[0], open_since[1]))
        open_since = None if token == "." else (offset, token)
    return tuple(steps)


def _translate(bar: str, source: Signature, target: Signature) -> tuple[list[str], list[float]]:
    """Cut the bar into one cell a beat and deal the cells out over the beats of the other metre."""
    count = source.beats if source.compound else round(source.length)
    width = len(bar) // count
    cells = [bar[index * width : (index + 1) * width] for index in range(count)]
    if target.compound:
        return [_triple(cells[index % count]) for index in range(target.beats)], [target.beat] * target.beats
    if target.additive:
        pairs = [_duple(cells[index % count]) for index in range(len(target.groups))]
        dealt = [pair if group == 1 else pair + _rest(pair) for pair, group in zip(pairs, target.groups, strict=True)]
        return dealt, list(target.groups)
    beats = round(target.length)
    return [cells[index] for index in _deal(beats, count, target)], [1.0] * beats


def _deal(beats: int, count: int, target: Signature) -> list[int]:
    """Which source beat each target beat takes: groups of three repeat their second beat."""
    if beats <= count:
        return list(range(beats))
    dealt: list[int] = []
    for group in target.groups:
        first = len(dealt) and dealt[-1] + 1
        dealt += [first, first + 1] + [first + 1] * (round(group) - 2)
    return [index % count for index in dealt]


def _triple(cell: str) -> str:
    """A beat of one, two or four steps as three: long-short, as in a shuffle."""
    if len(cell) == 3:
        return cell
    ring = "." if cell[0] == "." else "-"
    if len(cell) == 1:
        return cell + ring + ring
    if len(cell) == 2:
        return cell[0] + ring + cell[1]
    middle = cell[1] if cell[1] not in ".-" else ring
    return cell[0] + middle + next((token for token in cell[2:] if token not in ".-"), cell[2])


def _duple(cell: str) -> str:
    """A beat of any number of steps as two or four."""
    if len(cell) == 1:
        return cell + ("." if cell == "." else "-")
    return cell[0] + cell[2] if len(cell) == 3 else cell


def _rest(cell: str) -> str:
    """Half a beat more after a beat: its second half once again."""
    return cell[len(cell) // 2 :]
