"""The order of sections: which material returns when, how long and how loud it is."""

from dataclasses import dataclass

import numpy as np

from onpu.engine.compose.draw import draw

FORMS: dict[str, tuple[str, ...]] = {
    "song": ("intro", "verse", "verse", "chorus", "verse", "chorus", "solo", "bridge", "chorus", "chorus", "outro"),
    "verse chorus": ("verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro"),
    "chorus first": ("chorus", "verse", "chorus", "verse", "bridge", "chorus", "outro"),
    "aaba": ("intro", "A", "A", "B", "A", "solo", "solo", "B", "A"),
    "strophic": ("intro", "verse", "verse", "solo", "verse", "verse", "outro"),
    "head": ("A", "A", "B", "A", "solo", "solo", "solo", "B", "A"),
    "blues": ("verse", "verse", "solo", "solo", "verse", "outro"),
    "binary": ("A", "A", "B", "B", "A", "B"),
    "ternary": ("A", "A", "B", "B", "A", "coda"),
    "rondo": ("A", "B", "A", "C", "A", "B", "A", "coda"),
    "reprise": ("A", "A", "B", "A", "C", "B", "A", "coda"),
    "tunes": ("A", "A", "B", "B", "A", "A", "B", "B"),
    "build": ("intro", "build", "drop", "breakdown", "build", "drop", "drop", "outro"),
    "loop": ("intro", "verse", "hook", "verse", "hook", "breakdown", "hook"),
    "through": ("A", "B", "C", "D", "A", "E"),
    "heavy": ("intro", "verse", "bridge", "chorus", "drop", "solo", "verse", "chorus", "drop"),
    "stages": ("intro", "A", "A", "B", "A", "B", "breakdown", "C", "A", "B"),
    "waves": ("breakdown", "build", "drop", "A", "breakdown", "build", "build", "drop", "A", "outro"),
}
"""Name -> labels in order; gone round if a song asks for more."""

ENERGY: dict[str, float] = {
    "intro": 0.45, "verse": 0.6, "chorus": 0.9, "bridge": 0.65, "solo": 0.8, "outro": 0.6, "A": 0.65, "B": 0.75,
        "C": 0.7,
    "D": 0.6, "E": 0.8, "coda": 0.7, "build": 0.6, "drop": 1.0, "breakdown": 0.3, "hook": 0.85,
}
"""Label -> how much goes on, in [0, 1]."""

_SHORT = {"intro", "outro", "coda", "breakdown"}


@dataclass(frozen=True)
class Section:
    """A stretch of the piece: label, length in bars, energy in [0, 1], and transposition in semitones."""

    label: str
    bars: int
    energy: float
    transpose: int


def lay_out(form: str, bars: int, phrase: int, fixed: int, modulates: float, rng: np.random.Generator) -> list[Section]:
    """Sections of about so many bars in all.

    phrase: bars a phrase. fixed: bars of every full section (12 in a blues), 0 to choose. modulates: chance
    that the end comes in a higher key.
    """
    labels = FORMS[form]
    lengths: dict[str, int] = {}
    first = int(rng.random() * len(labels)) if rng.random() < 0.15 else 0
    sections: list[Section] = []
    total = 0
    lift = draw(rng, {0.0: 2.0, 0.1: 1.0, -0.1: 1.0})
    spread = 0.05 + 0.15 * rng.random()
    while total < bars:
        label = labels[(first + len(sections)) % len(labels)]
        if label not in lengths:
            many = draw(rng, {1: 1.0, 2: 3.0, 4: 0.6 if phrase < 8 and bars > 24 else 0.1})
            lengths[label] = fixed or phrase * (1 if label in _SHORT else many)
        count = lengths[label]
        left = max(phrase, round((bars - total) / phrase) * phrase)
        count = min(count, left)
        energy = float(np.clip(ENERGY[label] + lift + spread * rng.standard_normal(), 0.1, 1.0))
        sections.append(Section(label, count, energy, 0))
        total += count
    if rng.random() < modulates and len(sections) > 2:
        up = draw(rng, {1: 2.0, 2: 2.0, 3: 0.5, 5: 0.3})
        place = len(sections) - 1 - (rng.random() < 0.3)
        sections[place:] = [Section(s.label, s.bars, s.energy, up) for s in sections[place:]]
    return sections
