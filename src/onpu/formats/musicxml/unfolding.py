"""The order in which the measures of a score are played: repeats, endings, da capo, dal segno, coda, fine.

Repeats inside of a da capo are not taken, and the last ending is: what players do where nothing else is said.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

MOST_MEASURES = 20_000
"""More are not played, whatever the repeats say."""
JUMPS = ("dacapo", "dalsegno", "tocoda", "fine", "segno", "coda")


@dataclass(frozen=True)
class MeasureMarks:
    """What a measure says of the order. forward: a repeated stretch begins with it. times: how often the one that ends
    with it is played, 0: none ends. endings: numbers of the ending that it belongs to. says: words of `JUMPS`."""

    forward: bool
    times: int
    endings: frozenset[int]
    says: frozenset[str]


def playing_order(measures: list[Element]) -> list[int]:
    """Numbers of the measures, from 0, in the order in which they are played."""
    marks = _marks(measures)
    order: list[int] = []
    at, start, turn, jumped = 0, 0, 1, False
    while at < len(marks) and len(order) < MOST_MEASURES:
        mark = marks[at]
        if mark.forward and at != start:
            start, turn = at, 1
        last = _last_ending(marks, at)
        if mark.endings and (last if jumped else turn) not in mark.endings:
            at += 1
            continue
        order.append(at)
        if mark.times and not jumped and turn < (last or mark.times):
            at, turn = start, turn + 1
            continue
        following = marks[at + 1] if at + 1 < len(marks) else None
        if mark.times or (mark.endings and (following is None or not following.endings)):
            start, turn = at + 1, 1
        if jumped and "fine" in mark.says:
            break
        to = _jump(marks, at, jumped)
        jumped = jumped or bool({"dacapo", "dalsegno"} & mark.says)
        at = at + 1 if to is None else to
    return order


def _jump(marks: list[MeasureMarks], at: int, jumped: bool) -> int | None:
    """Where it goes on after a measure, if not with the next."""
    says = marks[at].says
    if jumped and "tocoda" in says:
        return next((number for number, mark in enumerate(marks) if number > at and "coda" in mark.says), None)
    if not jumped and "dacapo" in says:
        return 0
    if not jumped and "dalsegno" in says:
        return next((number for number, mark in enumerate(marks) if "segno" in mark.says), None)
    return None


def _last_ending(marks: list[MeasureMarks], at: int) -> int:
    """The highest number of the endings that lie side by side with a measure's; 0 where it belongs to none."""
    if not marks[at].endings:
        return 0
    first = last = at
    while first > 0 and marks[first - 1].endings:
        first -= 1
    while last + 1 < len(marks) and marks[last + 1].endings:
        last += 1
    return max(max(mark.endings) for mark in marks[first : last + 1])


def _marks(measures: list[Element]) -> list[MeasureMarks]:
    marks, endings = [], frozenset[int]()
    for measure in measures:
        forward, times, ended = False, 0, False
        for barline in measure.findall("barline"):
            repeat, ending = barline.find("repeat"), barline.find("ending")
            if repeat is not None:
                forward |= repeat.get("direction") == "forward"
                if repeat.get("direction") == "backward":
                    times = max(2, _number(repeat.get("times"), 2))
            if ending is not None and ending.get("type") == "start":
                words = str(ending.get("number")).replace(",", " ").split()
                endings = frozenset(_number(word, 1) for word in words) or frozenset({1})
            ended |= ending is not None and ending.get("type") in ("stop", "discontinue")
        says = frozenset(name for sound in measure.iter("sound") for name in JUMPS if sound.get(name) is not None)
        marks.append(MeasureMarks(forward, times, endings, says))
        endings = frozenset() if ended else endings
    return marks


def _number(text: str | None, usual: int) -> int:
    digits = (text or "").strip().rstrip(".")
    return int(digits) if digits.isdecimal() else usual
