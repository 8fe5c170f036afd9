"""The tempo that a score is marked with, and the seconds that its places come to."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

UNMARKED = 120.0
"""Quarters a minute where nothing is said."""
SLOWEST, FASTEST = 5.0, 1000.0
"""Quarters a minute; what lies beyond is no tempo."""
QUARTERS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
"""Of the notes that metronome marks count."""


def marked_tempo(element: Element) -> float | None:
    """Quarters a minute that a direction or a sound asks for: what is to be played, else what is printed; None where
    it asks for none, or for what is no tempo."""
    found = [sound.get("tempo") for sound in element.iter("sound") if sound.get("tempo")]
    factor = 1.0
    if not found and (printed := element.find("direction-type/metronome/per-minute")) is not None:
        found = [printed.text]
        mark = element.find("direction-type/metronome")
        assert mark is not None
        factor = QUARTERS.get(mark.findtext("beat-unit") or "quarter", 1.0) * (1.5 if mark.find("beat-unit-dot")
                                                                              is not None else 1.0)
    try:
        tempo = factor * float(found[0] or 0) if found else 0.0
    except ValueError:
        return None
    return tempo if SLOWEST <= tempo <= FASTEST else None


def seconds_of(places: np.ndarray, tempi: Sequence[tuple[float, float]]) -> np.ndarray:
    """Seconds of places, in quarters; tempi: from a place on, quarters a minute, in order."""
    rows = dict([(0.0, UNMARKED), *tempi])
    starts, tempo = np.array(list(rows)), np.array(list(rows.values()))
    knots = np.concatenate([[0.0], np.cumsum(np.diff(starts) * 60 / tempo[:-1])])
    at = np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)
    return np.asarray(knots[at] + (places - starts[at]) * 60 / tempo[at])
