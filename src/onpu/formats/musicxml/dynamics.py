"""Velocities as dynamic marks: a mark where a part becomes louder or softer, and stays so."""

from xml.etree.ElementTree import Element, SubElement

import numpy as np

MARKS = {"pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112}
"""Mark -> velocity, as most programs for scores have them."""
SLACK = 4
"""Velocity beyond the border between two marks from which on the mark changes."""
BARS = 4
"""Bars over which a part is as loud as its middle note."""


def dynamics(bars: np.ndarray, velocities: np.ndarray, count: int) -> dict[int, str]:
    """Bar -> the mark that stands at its beginning.

    bars: (n,) number of the bar in which each note begins; velocities: (n,) of the notes; count: of the bars.
    """
    marks: dict[int, str] = {}
    names, levels = list(MARKS), np.array(list(MARKS.values()))
    current = -1
    for first in range(0, count, BARS):
        here = (bars >= first) & (bars < first + BARS)
        if not here.any():
            continue
        loud = float(np.median(velocities[here]))
        nearest = int(np.abs(levels - loud).argmin())
        if current < 0 or abs(loud - levels[current]) > abs(levels[nearest] - levels[current]) / 2 + SLACK:
            if nearest != current:
                marks[int(bars[here].min())] = names[nearest]
            current = nearest
    return marks


def dynamic_mark(name: str) -> Element:
    """The element that says how loud it is."""
    direction = Element("direction", placement="below")
    SubElement(SubElement(SubElement(direction, "direction-type"), "dynamics"), name)
    SubElement(direction, "sound", dynamics=f"{100 * MARKS[name] / 90:.2f}")
    return direction
