"""Drum patterns on a grid, and where their hits come to lie on the beats of a song.

    {"name", "title", "beats": of a bar, "steps": of a beat, "bars": until it comes round, "swing",
     "rows": {row: signs}}

Of a row's signs each is a step: `.` nothing, `g` a ghost note, `x` a hit, `X` an accent. swing: by which part of a step
every other step comes late. The same rule places them in the page of the workbench (`web/src/workbench/drumix`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from onpu.errors import LabelError, suggestion
from onpu.files import Json
from onpu.music.arrays import Floats
from onpu.music.beats import Beats
from onpu.music.drums import Drums

ROWS = {"kick": 36, "snare": 38, "closed_hat": 42, "open_hat": 46, "high_tom": 48, "mid_tom": 45, "low_tom": 41,
        "crash": 49, "ride": 51}
"""Row -> General MIDI number of its drum."""
DRUMS = {"kick": ("kick",), "snare": ("snare",), "hihat": ("closed_hat", "open_hat"),
         "toms": ("high_tom", "mid_tom", "low_tom"), "cymbals": ("crash", "ride")}
"""Drum that is mixed as one -> its rows."""
VELOCITIES = {".": 0, "g": 40, "x": 88, "X": 115}
"""Sign -> velocity."""
KIN = {35: "kick", 37: "snare", 39: "snare", 40: "snare", 44: "closed_hat", 50: "high_tom", 47: "mid_tom",
       43: "low_tom", 52: "crash", 55: "crash", 57: "crash", 53: "ride", 59: "ride"}
"""Other numbers -> row."""
MOST_BEATS, MOST_STEPS, MOST_BARS = 12, 8, 8
_OF_NUMBER = {**{number: row for row, number in ROWS.items()}, **KIN}


@dataclass(frozen=True)
class DrumPattern:
    """A pattern; see above."""

    name: str
    title: str
    beats: int
    steps: int
    rows: Mapping[str, str]
    bars: int = 1
    swing: float = 0.0

    def __post_init__(self) -> None:
        for what, number, most in (("beats", self.beats, MOST_BEATS), ("steps", self.steps, MOST_STEPS),
                                   ("bars", self.bars, MOST_BARS)):
            if not isinstance(number, int) or not 1 <= number <= most:
                raise LabelError(f"a drum pattern has 1 to {most} {what}, not {number!r}")
        if not isinstance(self.swing, int | float) or not 0 <= self.swing < 1:
            raise LabelError(f"the swing of a drum pattern is from 0 to below 1, not {self.swing!r}")
        for row, signs in self.rows.items():
            if row not in ROWS:
                raise LabelError(f"a drum pattern has no row {str(row)[:40]}; {suggestion(str(row)[:40], ROWS)}")
            if not isinstance(signs, str) or len(signs) != self.length or set(signs) - set(VELOCITIES):
                raise LabelError(f"row {row} of a drum pattern needs {self.length} signs out of {' '.join(VELOCITIES)}")

    @property
    def length(self) -> int:
        """Steps of a row."""
        return self.beats * self.steps * self.bars

    @staticmethod
    def of(told: object) -> "DrumPattern":
        """A pattern out of JSON. Raises `LabelError`."""
        if not isinstance(told, dict) or not isinstance(told.get("rows"), dict):
            raise LabelError("a drum pattern is a JSON object with name, beats, steps and rows")
        return DrumPattern(str(told.get("name", "drawn"))[:60], str(told.get("title", ""))[:60],
                           told.get("beats", 4), told.get("steps", 4), told["rows"], told.get("bars", 1),
                           told.get("swing", 0.0))

    def json(self) -> Json:
        """It as JSON."""
        return {"name": self.name, "title": self.title, "beats": self.beats, "steps": self.steps, "bars": self.bars,
                "swing": self.swing, "rows": dict(self.rows)}


@cache
def drum_patterns() -> dict[str, DrumPattern]:
    """The library of patterns, by name."""
    told = json.loads(files("onpu.music").joinpath("drum_patterns.json").read_text(encoding="utf-8"))
    return {each["name"]: DrumPattern.of(each) for each in told["patterns"]}


def drum_pattern(name: str) -> DrumPattern:
    """A pattern of the library. Raises `LabelError` where it has none of this name."""
    found = drum_patterns()
    if name not in found:
        raise LabelError(f"no drum pattern is called {name[:40]}; {suggestion(name[:40], found)}")
    return found[name]


def row_of(number: int) -> str | None:
    """The row of a General MIDI drum; None for what has none, such as a cowbell."""
    return _OF_NUMBER.get(number)


def placed(pattern: DrumPattern, row: str, beats: Beats) -> tuple[Floats, Floats]:
    """Times in seconds and velocities of a row's hits on the beats of a song: steps divide the way to the next beat.

    The pattern's first beat falls on first beats of bars, and what it has more of than a bar is left out; where
    positions are not known, it goes on over bars of its own length.
    """
    signs = pattern.rows.get(row, "")
    times, velocities = [], []
    ends = beats.times
    if len(ends) > 1:  # the last beat is as long as the one before
        ends = np.append(beats.times[1:], 2 * beats.times[-1] - beats.times[-2])
    bar = -1
    for index, (start, end, position) in enumerate(zip(beats.times, ends, beats.positions, strict=True)):
        bar += int(position == 1)
        of_bar = position - 1 if position > 0 else index
        round_ = bar if position > 0 else index // pattern.beats
        first = ((round_ % pattern.bars) * pattern.beats + of_bar % pattern.beats) * pattern.steps
        for step, sign in enumerate(signs[first : first + pattern.steps]):
            if VELOCITIES[sign]:
                late = pattern.swing if step % 2 else 0.0
                times.append(start + (end - start) * (step + late) / pattern.steps)
                velocities.append(VELOCITIES[sign])
    return np.array(times, dtype=np.float64), np.array(velocities, dtype=np.float64)


def played(drums: Drums, row: str) -> tuple[Floats, Floats]:
    """Times and velocities of what was heard of a row."""
    own = np.array([row_of(int(number)) == row for number in drums.pitches], dtype=bool)
    return drums.times[own].astype(np.float64), drums.velocities[own].astype(np.float64)
