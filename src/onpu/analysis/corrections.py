"""What a user sets right of a timeline: kinds of corrections, and what they have to say.

A correction is a JSON object; a list of them, in the order in which they were made, is all that is known of a user's
work, so that undoing is to leave out the last. Times are in seconds:

    beat, no_beat, downbeat, no_downbeat    time
    metre                                   numerator, denominator: of the whole song
    metre_here                              start, end, numerator, denominator: a bar begins at the start, and from
                                            there on bars are counted so
    tempo_octave                            factor: 2, or 0.5
    shift_bars                              beats: by so many, bars begin later
    shift_beats                             by: 0.5, or -0.5, of a beat, where beats lie between the true ones
    chord, key, section                     start, end, label
    boundary, no_boundary                   time: of a section
    note                                    start, end, pitch; program and velocity where they are known
    no_note                                 start, pitch
    melody                                  start, end, pitch: null where nothing is sung
    melody_line                             start, end, points: [[seconds, pitch], …], between which it glides
    lyric                                   start, end, label: what is sung, empty: not known; a hyphen where the word
                                            goes on
    no_lyric                                start, end: nothing is sung
    drum, no_drum                           time, drum: a General MIDI percussion number
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from onpu.errors import CorrectionError, LabelError, suggestion
from onpu.files import Json
from onpu.music.spelling import key_named
from onpu.music.symbols import label_of

NEAREST_SECONDS = 0.01
"""The shortest stretch that can be corrected."""
LONGEST_LABEL = 60
"""Characters of a label."""
LONGEST_LINE = 200
"""Characters of what is sung in a passage."""
MOST_POINTS = 1000
"""Points of a line of the melody."""
Points: TypeAlias = tuple[tuple[float, float], ...]
"""Seconds and pitch of each."""


@dataclass(frozen=True)
class Correction:
    """One correction; what its kind does not say is None.

    time or start, end: seconds. label: a chord in Harte's syntax, a key (`A:minor`), a section's name, words.
    pitch: a MIDI number, which may have a fraction; of melody None where nothing is sung. drum: General MIDI
    percussion number. points: of a line of the melody.
    """

    kind: str
    time: float = 0.0
    start: float = 0.0
    end: float = 0.0
    label: str = ""
    pitch: float | None = None
    program: int | None = None
    velocity: float | None = None
    drum: int = 0
    numerator: int = 0
    denominator: int = 0
    factor: float = 1.0
    beats: int = 0
    by: float = 0.0
    points: Points = ()


Check: TypeAlias = Callable[[object], object]
"""What a value is read as; raises `ValueError` or `LabelError` where it may not be."""


def _number(low: float, high: float, unit: str) -> Callable[[object], float]:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"must be {unit} from {low:g} to {high:g}, not {value!r}")
        return float(value)
    return check


def _whole(low: int, high: int, what: str) -> Check:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or not (
                low <= value <= high):
            raise ValueError(f"must be {what} from {low} to {high}, not {value!r}")
        return int(value)
    return check


def _one_of(*values: float) -> Check:
    def check(value: object) -> object:
        if isinstance(value, bool) or value not in values:
            raise ValueError(f"must be one of {', '.join(f'{each:g}' for each in values)}, not {value!r}")
        return value
    return check


def _text(read: Callable[[str], str], most: int = LONGEST_LABEL, empty: bool = False) -> Check:
    def check(value: object) -> str:
        text = value.replace("\u3000", " ").strip() if isinstance(value, str) else ""
        if not isinstance(value, str) or not (empty or text) or len(text) > most or not text.isprintable():
            raise ValueError(f"must be a text of at most {most} characters, not {str(value)[:most]!r}")
        return read(text)
    return check


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _points(value: object) -> Points:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_POINTS or not all(
            isinstance(each, list | tuple) and len(each) == 2 for each in value):
        raise ValueError(f"must be up to {MOST_POINTS} pairs of seconds and pitch")
    points = tuple((SECONDS(time), PITCH(pitch)) for time, pitch in value)
    if any(one >= other for (one, _), (other, _) in pairwise(points)):
        raise ValueError("must have times that go on")
    return points


SECONDS = _number(0, 1e6, "seconds")
PITCH = _number(0, 127, "a MIDI pitch")
SPAN: dict[str, Check] = {"start": SECONDS, "end": SECONDS}
METRE = {"numerator": _whole(1, 32, "beats"), "denominator": _one_of(1, 2, 4, 8, 16)}
DRUM = {"time": SECONDS, "drum": _whole(27, 87, "a percussion number")}
KINDS: dict[str, dict[str, Check]] = {
    **{kind: {"time": SECONDS} for kind in ("beat", "no_beat", "downbeat", "no_downbeat", "boundary", "no_boundary")},
    "metre": METRE, "metre_here": SPAN | METRE,
    "tempo_octave": {"factor": _one_of(2, 0.5)},
    "shift_bars": {"beats": _whole(-32, 32, "beats")},
    "shift_beats": {"by": _one_of(0.5, -0.5)},
    "chord": SPAN | {"label": _text(label_of)},
    "key": SPAN | {"label": _text(key_named)},
    "section": SPAN | {"label": _text(str)},
    "note": SPAN | {"pitch": PITCH, "program": _or_none(_whole(0, 127, "a program")),
                    "velocity": _or_none(_number(1, 127, "a velocity"))},
    "no_note": {"start": SECONDS, "pitch": PITCH},
    "melody": SPAN | {"pitch": _or_none(PITCH)},
    "melody_line": SPAN | {"points": _points},
    "lyric": SPAN | {"label": _text(str, LONGEST_LINE, empty=True)}, "no_lyric": SPAN,
    "drum": DRUM, "no_drum": DRUM,
}
"""Kind -> what it says, and how that is checked."""
OPTIONAL = ("program", "velocity")
BARS = ("beat", "no_beat", "downbeat", "no_downbeat", "metre", "metre_here", "tempo_octave", "shift_bars",
        "shift_beats")
HARMONY = ("chord", "key")
FORM = ("section", "boundary", "no_boundary")
TASKS = {"beats": BARS, "chords": ("chord",), "key": ("key",), "structure": FORM, "notes": ("note", "no_note"),
         "melody": ("melody", "melody_line"), "drums": ("drum", "no_drum"), "voice": ("lyric", "no_lyric")}
"""Task -> kinds of corrections that are about what it finds."""
FIELDS = {"beats": ("beats", "metre", "tempo"), "chords": ("chords",), "key": ("keys", "key"),
          "structure": ("sections",), "notes": ("notes",), "melody": ("melody",), "drums": ("drums",),
          "voice": ("voice",)}
"""Task -> fields of a timeline that it finds."""


def corrections_of(content: Sequence[Json], duration: float) -> list[Correction]:
    """The corrections that a list of JSON objects says, of a recording of that length in seconds.

    Raises
    ------
    CorrectionError
        When one of them is of no kind, lacks what its kind says, says more, or lies outside the recording.
    """
    if not isinstance(content, list | tuple):
        raise CorrectionError(f"corrections are a list of objects, not {type(content).__name__}")
    return [_correction(f"correction {number}", one, duration) for number, one in enumerate(content, 1)]


def _correction(name: str, one: Json, duration: float) -> Correction:
    """One of them; name: what it is called where it is refused."""
    if not isinstance(one, Mapping) or not isinstance(one.get("kind"), str):
        raise CorrectionError(f"{name}: is {one!r}; give an object with a kind: {', '.join(KINDS)}")
    kind = one["kind"]
    if kind not in KINDS:
        raise CorrectionError(f"{name}: no kind is called {kind}; {suggestion(kind, KINDS)}")
    checks = KINDS[kind]
    said: Json = {"kind": kind}
    for field in one:
        if field not in checks and field != "kind":
            raise CorrectionError(f"{name}: a {kind} has no {field}; it has {', '.join(checks)}")
    for field, check in checks.items():
        if field not in one and field not in OPTIONAL:
            raise CorrectionError(f"{name}: a {kind} lacks its {field}")
        try:
            said[field] = check(one.get(field))
        except (ValueError, LabelError) as error:
            raise CorrectionError(f"{name}: the {field} of a {kind} {error}") from error
    found = Correction(**said)
    last = max(found.time, found.start)
    if last >= duration:
        raise CorrectionError(f"{name}: lies at {last:.3f} s, but the recording ends at {duration:.3f} s")
    if "end" in checks and found.end < found.start + NEAREST_SECONDS:
        raise CorrectionError(f"{name}: ends at {found.end:.3f} s, which is not after its start, {found.start:.3f} s")
    return found
