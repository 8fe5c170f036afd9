"""Kinds of melody: their rhythm cells, as text, for metrical groups of one, one and a half, two and three quarters."""

from dataclasses import dataclass, field

Cells = dict[float, dict[str, float]]


@dataclass(frozen=True)
class MelodyStyle:
    """A kind of melody.

    cells: length of a metrical group in quarters -> rhythm of it (see `pattern`) -> weight. leap: how readily it leaves
    stepwise motion, in [0, 1]. rest: chance that a phrase's last bar ends in silence. ornaments: chance of a grace note
    on a long note. legato: share of the written length. chromatic: chance of a chromatic neighbour on a weak place.
    octaves, thirds: doubled at that interval below.
    """

    cells: Cells
    leap: float = 0.25
    rest: float = 0.8
    ornaments: float = 0.0
    legato: float = 0.95
    chromatic: float = 0.0
    doubled: dict[int, float] = field(default_factory=dict)


_SLOW: Cells = {
    1.0: {"x": 3, "x.": 0.5, "xx": 1},
    1.5: {"x--": 3, "x-x": 1.5},
    2.0: {"x---": 4, "x-x-": 2, "x--x": 1},
    3.0: {"x-----": 2, "x---x-": 3, "x-x-x-": 1}}
_SUNG: Cells = {
    1.0: {"x": 2, "xx": 3, ".x": 0.8, "x-xx": 0.4},
    1.5: {"x--": 2, "x-x": 3, "xxx": 2, ".xx": 1},
    2.0: {
        "x-x-": 1.5, "xxxx": 2, "x--x": 2, "xx-x": 1.5, ".xxx": 1.5, "x-xx": 2, "xxx-": 1.5, "x---": 1, "..xx": 0.6,
        ".x-x": 0.6, "xx--": 1},
    3.0: {"x---x-": 2, "x-x-x-": 2, "x---xx": 1, "x--xx-": 1.5, "xxx-x-": 1, "..x-x-": 0.7, "x-----": 0.6}}
_SIXTEENTH_SUNG: Cells = {
    1.0: {"xxxx": 1, "x-xx": 2, "xx": 2, ".xxx": 1.5, "x--x": 1, "x": 0.7},
    1.5: {"xxx": 3, "x-xxxx": 1, "x-x": 1},
    2.0: {"x-xx-x-.": 1, "x-x-xxx-": 1, ".xxxx-x-": 1, "xx-xx-x-": 1, "x--x--x-": 1.5, "..xxx-xx": 1}}
_LYRICAL: Cells = {
    1.0: {"x": 3, "xx": 1.5, "x--x": 0.7, "x-xx": 0.4},
    1.5: {"x--": 2, "x-x": 3, "xxx": 1.5},
    2.0: {"x---": 2, "x--x": 3, "x-x-": 2, "x-xx": 1, "x------x": 0.7, "x---xxxx": 0.4},
    3.0: {"x---x-": 3, "x-----": 1, "x--xx-": 2, "x-x-x-": 1, "x---xx": 1}}
_EIGHTHS: Cells = {
    1.0: {"xx": 5, "x": 0.7},
    1.5: {"xxx": 5, "x-x": 1},
    2.0: {"xxxx": 5, "x-xx": 1, "xxx-": 1},
    3.0: {"xxxxxx": 4, "x-xxxx": 1}}
_RUNNING: Cells = {1.0: {"xxxx": 6, "x-xx": 0.7, "xxx-": 0.2}, 1.5: {"xxxxxx": 3, "xxx": 2}}
_JAZZ: Cells = {
    1.0: {"xx": 2, "x": 1, ".x": 1.5, ".": 0.7, "xxx": 0.3},
    1.5: {"xxx": 2, "x-x": 2, ".xx": 1},
    2.0: {
        "xxxx": 4, ".xxx": 2.5, "x--x": 1, "xx-x": 1.5, "...x": 0.7, ".x-x": 1.5, "xxx.": 1, "....": 0.5,
        "xxxxxx": 0.4},
    3.0: {"xxxxxx": 2, ".xxxxx": 1, "x--x-x": 1, "x-xxx.": 1}}
_BLUES: Cells = {
    1.0: {"x": 1, "xx": 2, ".x": 1, ".": 1},
    1.5: {"x-x": 3, "..x": 1, "xxx": 1},
    2.0: {"x---": 1, "xx-x": 2, ".xxx": 1.5, "xxx-": 1.5, "....": 1, "x--x": 1}}
_SPARSE: Cells = {
    1.0: {"x": 1, ".": 1},
    1.5: {"x--": 1, "...": 1},
    2.0: {"x---": 2, "....": 1, "x-x-": 0.5, "..x-": 0.7},
    3.0: {"x-----": 2, "......": 1}}
_DOTTED: Cells = {
    1.0: {"x--x": 3, "xx": 1, "x": 1.5},
    1.5: {"x-x": 3, "xxx": 1},
    2.0: {"x-----x-": 2, "x---x--x": 2, "x--xx--x": 2, "x---": 1},
    3.0: {"x---x-": 1, "x--xx-": 2}}
_RAG: Cells = {
    1.0: {"xx-x": 2, "xxxx": 1.5, "x-xx": 1, ".xx-": 1, ".x-x": 1},
    2.0: {".x-xx-x-": 2, "xx-xx-x-": 2, "xx-xxxxx": 1, "x-x-xx-x": 1}}
_REEL: Cells = {
    1.0: {"xxxx": 5, "x-xx": 1.5, "xx": 0.3},
    1.5: {"xxx": 5, "x-x": 2},
    2.0: {"xxxx": 6, "x-xx": 1.5},
    3.0: {"x-xxxx": 3, "x-x-x-": 1, "x--xxx": 2}}
_TWANG: Cells = {
    1.0: {"xx": 2, "x": 2, ".x": 0.5},
    1.5: {"x-x": 2, "xxx": 1},
    2.0: {"x---": 2, "x--x": 3, "xxxx": 2, "xx-x": 1.5, "x-xx": 2, ".xxx": 1},
    3.0: {"x---x-": 1, "x-xxxx": 1}}
_SYNCOPATED: Cells = {
    1.0: {".x": 3, "xx": 1.5, "x-.x": 1},
    1.5: {".x-": 2, "xx-": 2, "x-x": 1},
    2.0: {".x-x": 2, "x-x---x-": 2, ".xxx": 1.5, ".x--": 1},
    3.0: {".x-x-x": 2, "x-.x-x": 1, "xx--x-": 1.5}}
_TRIPLETS: Cells = {1.0: {"xxx": 4, "x-x": 2, "x": 1.5, ".xx": 0.7}, 1.5: {"xxx": 3, "x-x": 2}}

LINES: dict[str, MelodyStyle] = {
    "sung": MelodyStyle(_SUNG, 0.2),
    "sung sixteenths": MelodyStyle(_SIXTEENTH_SUNG, 0.15),
    "sung slow": MelodyStyle(_SLOW, 0.25),
    "lyrical": MelodyStyle(_LYRICAL, 0.3, 0.5, 0.12, 1.0),
    "lyrical octaves": MelodyStyle(_LYRICAL, 0.3, 0.4, 0.0, 0.97, doubled={12: 1.0}),
    "hymn": MelodyStyle(
        {
            1.0: {"x": 5, "xx": 1},
            1.5: {"x-x": 2, "x--": 2},
            2.0: {"x-x-": 5, "x---": 1},
            3.0: {"x-x-x-": 3, "x---x-": 2}}, 0.1, 0.2),
    "eighth line": MelodyStyle(_EIGHTHS, 0.2, 0.4),
    "running": MelodyStyle(_RUNNING, 0.15, 0.1, 0.05, 0.85),
    "running octaves": MelodyStyle(_RUNNING, 0.15, 0.1, 0.0, 0.85, doubled={12: 1.0}),
    "running fifteenths": MelodyStyle(_TRIPLETS, 0.4, 0.1, 0.0, 0.9, 0.1, {24: 1.0}),
    "etude": MelodyStyle(_RUNNING, 0.6, 0.1, 0.0, 0.95),
    "jazz head": MelodyStyle(_JAZZ, 0.3, 0.8, 0.05, 0.85, 0.1),
    "jazz solo": MelodyStyle(_JAZZ, 0.3, 0.5, 0.1, 0.9, 0.3),
    "blues lead": MelodyStyle(_BLUES, 0.2, 0.9, 0.15, 0.9),
    "sparse": MelodyStyle(_SPARSE, 0.35, 0.9),
    "dotted": MelodyStyle(_DOTTED, 0.3, 0.4, 0.05, 0.8),
    "rag": MelodyStyle(_RAG, 0.45, 0.3, 0.0, 0.85, 0.15, {12: 0.3, 4: 0.2}),
    "reel": MelodyStyle(_REEL, 0.4, 0.05, 0.12, 0.85),
    "twang": MelodyStyle(_TWANG, 0.25, 0.7, 0.1, 0.9),
    "rock lead": MelodyStyle({**_SUNG, 1.0: {"xx": 2, "xxxx": 1, "x": 1.5, ".xxx": 0.7}}, 0.3, 0.7, 0.15, 0.95),
    "synth hook": MelodyStyle(
        {
            1.0: {"xx": 2, "x.xx": 1, "x": 1},
            1.5: {"xxx": 1, "x-x": 1},
            2.0: {"x--x--x-": 3, "x-x-xxx-": 1, "xxxx": 2, "x..x..x.": 2}}, 0.35, 0.3, 0.0, 0.7),
    "classical": MelodyStyle(
        {
            1.0: {"x": 2, "xx": 2, "xxxx": 1, "x-xx": 1, "xxx": 0.2},
            1.5: {"x-x": 2, "xxx": 2, "x--": 1, "xxxxxx": 0.4},
            2.0: {"x---": 1, "x-x-": 2, "x--x": 1, "x-xx": 1, "x---xxxx": 1, "xxxx": 1},
            3.0: {"x---x-": 2, "x-x-x-": 2, "x---xx": 1, "xxxxxx": 0.7}}, 0.3, 0.5, 0.2, 0.85),
    "counter": MelodyStyle(_SLOW, 0.2, 0.5),
    "syncopated": MelodyStyle(_SYNCOPATED, 0.25, 0.4, 0.08),
    "triplet line": MelodyStyle(_TRIPLETS, 0.25, 0.3, 0.05, 0.9),
    "thirds": MelodyStyle(_SUNG, 0.15, 0.6, doubled={3: 1.0}),
    "rap": MelodyStyle(
        {1.0: {"xxxx": 3, "x-xx": 2, "xx-x": 2, ".xxx": 1.5}, 2.0: {"xxxxxxx-": 1, "x-xxx-xx": 1}}, 0.05, 0.6, 0.0,
        0.7),
}
"""Kinds of melody by name."""
