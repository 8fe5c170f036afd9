"""Voices without instruments, choirs, sections of strings and brass, and one player alone with studies in repeated and
running notes: no drums, few attacks, or attacks that are all alike."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import BRASS, CHOIR, GRAND, HORNS, NYLON, SOLO_STRINGS, TUBA, WOODWIND, bass

_METRES = {"4/4": 0.46, "3/4": 0.22, "6/8": 0.14, "2/4": 0.06, "12/8": 0.04, "9/8": 0.03, "5/4": 0.03, "2/2": 0.02}
_MODES = {"major": 0.55, "minor": 0.38, "dorian": 0.07}
_FREE = {"human": 0.6, "rubato": 0.4}
_EVEN = {"human": 0.55, "steady": 0.35, "rubato": 0.1}
_FORMS = {"strophic": 1.0, "ternary": 1.0, "binary": 1.0, "through": 0.7}
_REPEATED = ("repeated sixteenths", "repeated eighths", "repeated triplets")
_STUDY = (*_REPEATED, "etude", "running", "triplet line", "repeated sixteenths")


def _piece(genre: str, tempo: tuple[float, float, float], seats: tuple[Seat, ...], mood: str, weight: float, *,
           harmony: Mapping[str, float] | None = None, metres: Mapping[str, float] = _METRES,
           timing: Mapping[str, float] = _FREE, grooves: tuple[str, ...] = (), drums: float = 0.4,
           anacrusis: float = 0.35) -> Style:
    return Style(genre, tempo, seats, harmony or {"functional": 2.0, "folk": 1.0}, metres=metres, modes=_MODES,
                 grooves=grooves, drums=drums, kits=(48, 0), timing=timing, forms=_FORMS, fills=0.2,
                 anacrusis=anacrusis,
                 changes=0.06, enrich=0.1, moods=(mood,), weight=weight)


def _voice(name: str, register: int, *plays: str, role: str = "chords", sung: bool = False,
           programs: tuple[int, ...] = CHOIR, chance: float = 1.0) -> Seat:
    return Seat(role, plays, programs, chance, 0.0, register, 0.0, name, sung=sung)


def _study(programs: tuple[int, ...], register: int, weight: float, tempo: tuple[float, float, float] = (60, 108, 160),
           plays: tuple[str, ...] = _STUDY) -> Style:
    seat = Seat("melody", plays, programs, 1.0, 0.0, register, 0.0, "solo")
    return _piece("study", tempo, (seat,), "patient", weight, timing=_EVEN, anacrusis=0.1,
                  metres={"4/4": 0.58, "3/4": 0.16, "2/4": 0.1, "6/8": 0.1, "12/8": 0.06})


UNACCOMPANIED: dict[str, Style] = {
    "a cappella hymn": _piece(
        "choral", (56, 80, 116),
        (
            _voice("soprano", 72, "soprano", role="melody", sung=True, programs=(52, 52, 53)),
            _voice("alto", 66, "alto", programs=(52,)),
            _voice("tenor", 59, "tenor", programs=(52,)),
            _voice("bass voice", 48, "bass voice", role="bass", programs=(52,))),
        "solemn", 1.2, metres={"4/4": 0.5, "3/4": 0.3, "6/8": 0.1, "2/2": 0.05, "6/4": 0.05}, anacrusis=0.55),
    "a cappella band": _piece(
        "pop", (64, 104, 150),
        (
            _voice("voice", 66, "sung", "syncopated", "sung slow", role="melody", sung=True, programs=(53, 54, 52, 85)),
            _voice("choir", 63, "offbeats", "pulse", "hold", "eighths", "tresillo", "stabs"),
            _voice("second choir", 67, "hold", "alto", "choir swell", chance=0.7),
            Seat("bass", ("walking", "bass rock", "bass eighths", "bass two", "bass motown"), (53, 54, 52), 1.0, 0.0,
                 45, 1.0,
                 "vocal bass")),
        "cheerful", 1.1, harmony={"pop": 2.0, "beat": 1.0, "soul": 1.0},
        metres={"4/4": 0.72, "12/8": 0.12, "6/8": 0.08, "3/4": 0.08}, timing={"human": 0.8, "steady": 0.2},
        grooves=("backbeat only", "stomp clap"), drums=0.35, anacrusis=0.4),
    "madrigal": _piece(
        "choral", (66, 100, 150),
        (
            _voice("first", 73, "eighth line", "lyrical", "classical", role="melody", sung=True, programs=(52, 53)),
            _voice("second", 67, "eighth line", "counter", "alto", role="counter"),
            _voice("third", 60, "counter", "tenor", "eighth line", role="counter"),
            _voice("fourth", 50, "bass voice", "cello line", "bass quarters", role="bass")),
        "merry", 0.8, metres={"2/2": 0.3, "4/4": 0.3, "3/4": 0.2, "6/8": 0.15, "6/4": 0.05}),
    "choir of vowels": _piece(
        "choral", (44, 64, 92),
        (
            Seat("pad", ("hold", "halves", "chorale", "swells"), CHOIR, 1.0, 0.0, 62, 0.0, "choir"),
            _voice("soprano", 73, "sung slow", "lyrical", "hymn", role="melody", sung=True),
            Seat("bass", ("bass whole", "bass voice", "pedal point"), CHOIR, 0.9, 0.0, 47, 0.0, "bass voice")),
        "still", 0.8, harmony={"functional": 1.0, "ambient": 1.0, "pop": 1.0}),
    "song of one voice": _piece(
        "folk", (54, 92, 144),
        (_voice("voice", 64, "sung", "lyrical", "hymn", "eighth line", "dotted", role="melody", sung=True,
                programs=(52, 53, 54)),),
        "lonely", 0.9, harmony={"folk": 2.0, "functional": 1.0},
        metres={"4/4": 0.42, "3/4": 0.26, "6/8": 0.24, "2/4": 0.08}, anacrusis=0.55),
    "string orchestra": _piece(
        "classical", (48, 88, 150),
        (
            Seat("melody", ("lyrical", "classical", "dotted", "tremolo eighths"), (48, 49, 50), 1.0, 0.0, 75, 1.0,
                 "first violins"),
            Seat("chords", ("ostinato", "repeated", "alto", "eighths", "tremolo"), (48, 49, 44, 45), 1.0, 0.0, 67, 0.0,
                 "second violins"),
            Seat("chords", ("tenor", "pulse", "offbeats", "hold", "syncopation"), (48, 49, 45), 1.0, 0.0, 60, -1.0,
                 "violas"),
            Seat("bass", ("cello line", "bass quarters", "bass whole", "bass eighths"), (48, 43, 42), 1.0, 0.0, 43, 0.0,
                 "cellos")),
        "serious", 1.4),
    "adagio of strings": _piece(
        "classical", (40, 54, 72),
        (
            Seat("melody", ("sung slow", "lyrical", "hymn"), (48, 49, 40), 1.0, 0.0, 74, 1.0, "violins"),
            Seat("pad", ("hold", "halves", "chorale", "eighths"), (48, 49, 50), 1.0, 0.0, 62, 0.0, "strings"),
            Seat("bass", ("bass whole", "cello line", "pedal point"), (43, 42, 48), 1.0, 0.0, 41, 0.0, "basses")),
        "tender", 0.9, metres={"4/4": 0.5, "3/4": 0.22, "6/8": 0.16, "9/8": 0.06, "12/8": 0.06}),
    "brass band": _piece(
        "march", (66, 108, 140),
        (
            Seat("melody", ("dotted", "hymn", "lyrical", "classical"), (56, 61, 59), 1.0, 0.0, 72, 1.0, "cornets"),
            Seat("chords", ("offbeats", "polka chords", "hold", "alto", "fanfare"), (60, 61, 57), 1.0, 0.0, 62, 0.0,
                 "horns"),
            Seat("counter", ("counter", "answers", "tenor"), (57, 58), 0.8, 0.2, 57, -1.0, "euphonium"),
            bass("bass tuba", "bass two", "bass voice", "bass quarters", programs=TUBA, enters=0.0)),
        "proud", 1.1, harmony={"march": 1.0, "functional": 1.0}, grooves=("march", "street march", "march six",
                                                                          "timpani"),
        metres={"4/4": 0.42, "2/4": 0.2, "3/4": 0.14, "6/8": 0.18, "2/2": 0.06}, timing={"human": 0.8, "rubato": 0.2},
        anacrusis=0.45),
    "wind band": _piece(
        "classical", (72, 108, 152),
        (
            Seat("melody", ("classical", "lyrical", "running", "dotted"), WOODWIND, 1.0, 0.0, 76, 1.0, "first"),
            Seat("chords", ("offbeats", "hold", "repeated", "after beats"), (*HORNS, 60, 71), 1.0, 0.0, 62, 0.0,
                 "horns"),
            Seat("counter", ("counter", "answers", "eighth line"), (71, 68, 65), 0.8, 0.0, 69, -1.0, "second"),
            bass("bass two", "bass tuba", "bass quarters", programs=(58, 70), enters=0.0)),
        "bright", 0.8, grooves=("timpani", "march"), drums=0.3),
    "brass chorale": _piece(
        "choral", (52, 74, 104),
        (
            Seat("melody", ("soprano", "hymn", "sung slow"), BRASS, 1.0, 0.0, 70, 1.0, "trumpets"),
            Seat("chords", ("alto", "hold"), (60, 61, 57), 1.0, 0.0, 63, 0.0, "horns"),
            Seat("chords", ("tenor", "halves"), (57, 61), 1.0, 0.0, 56, 0.0, "trombones"),
            Seat("bass", ("bass voice", "bass whole"), (58, 57), 1.0, 0.0, 43, 0.0, "tuba")),
        "solemn", 0.8, anacrusis=0.45),
    "violin study": _study((40, 40, 41), 72, 0.8),
    "cello study": _study((42, 42, 43), 52, 0.6, plays=(*_STUDY, "eighth line")),
    "wind study": _study((68, 70, 71, 72, 73, 56, 57, 60), 68, 0.8),
    "guitar study": _study((*NYLON, 25, 27, 26), 62, 0.7, plays=(*_STUDY, "tremolo picked")),
    "repeated notes on the piano": _study(GRAND, 68, 0.7, plays=(*_REPEATED, "repeated sixteenths")),
    "repeated notes of two": _piece(
        "study", (72, 112, 156),
        (
            Seat("melody", _REPEATED, (*SOLO_STRINGS, *WOODWIND, 56, 0, 13), 1.0, 0.0, 70, 1.0, "first"),
            Seat("bass", ("bass quarters", "bass eighths", "bass whole", "cello line"), (42, 43, 70, 0, 32), 0.9, 0.0,
                 45,
                 0.0, "second")),
        "patient", 0.8, timing=_EVEN, anacrusis=0.1),
    "prelude in broken chords": _piece(
        "baroque", (54, 76, 116),
        (Seat("arpeggio", ("broken", "alberti", "sweep", "harp", "arpeggio threes", "picked"), (0, 24, 42, 46, 6, 40),
              1.0,
              0.0, 64, 0.0, "solo"),),
        "clear", 0.9, timing={"human": 0.6, "rubato": 0.3, "steady": 0.1}, anacrusis=0.1),
}
"""By name."""
