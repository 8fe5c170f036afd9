"""One player alone, of every General MIDI family, the drums included; and small ensembles."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    BRASS,
    CHOIR,
    GRAND,
    HARP,
    MALLETS,
    NYLON,
    SAX,
    STRINGS,
    WOODWIND,
    bass,
)

_METRES = {"4/4": 0.5, "3/4": 0.2, "6/8": 0.12, "2/4": 0.1, "12/8": 0.05, "5/4": 0.03}
_FORMS = {"through": 2.0, "ternary": 1.0, "tunes": 1.0}
_FREE = {"rubato": 0.4, "human": 0.6}
_HARMONY = {"functional": 1.0, "pop": 1.0, "jazz": 0.5, "folk": 0.5}
_LYRICAL = ("lyrical", "classical", "sung slow", "sung", "dotted", "hymn")
_BUSY = ("running", "reel", "jazz solo", "triplet line", "syncopated", "eighth line", "etude")
_LEAD = ("rock lead", "blues lead", "twang", "sung", "jazz solo", "lyrical", "running", "riff")


def _alone(genre: str, programs: tuple[int, ...], register: int, plays: tuple[str, ...], *, weight: float = 0.15,
           tempo: tuple[float, float, float] = (56, 96, 160), modes: Mapping[str, float] | None = None,
           sung: bool = False) -> Style:
    seat = Seat("melody", plays, programs, 1.0, 0.0, register, 0.0, "solo", sung=sung)
    return Style(genre, tempo, (seat,), _HARMONY, metres=_METRES, modes=modes or {"major": 0.5, "minor": 0.5},
                 timing=_FREE, forms=_FORMS, anacrusis=0.3, changes=0.05, moods=("lonely",), weight=weight)


def _ensemble(seats: tuple[Seat, ...], weight: float = 0.35, tempo: tuple[float, float, float] = (56, 96, 150),
              genre: str = "classical", harmony: Mapping[str, float] | None = None) -> Style:
    return Style(genre, tempo, seats, harmony or {"functional": 1.0}, metres=_METRES,
                 modes={"major": 0.55, "minor": 0.45}, timing=_FREE, forms=_FORMS, anacrusis=0.3, changes=0.05,
                 moods=("intimate",), weight=weight)


def _top(programs: tuple[int, ...], register: int, name: str, plays: tuple[str, ...] = (*_LYRICAL, "running")) -> Seat:
    return Seat("melody", plays, programs, 1.0, 0.0, register, 1.0, name)


def _inner(programs: tuple[int, ...], register: int, name: str, *plays: str) -> Seat:
    return Seat("counter", plays or ("counter", "alto", "eighth line", "lyrical", "answers"), programs, 0.95, 0.0,
                register, -1.0, name)


def _low(programs: tuple[int, ...], register: int, name: str) -> Seat:
    return Seat("bass", ("bass quarters", "cello line", "bass voice", "bass two", "bass whole"), programs, 1.0, 0.0,
                register, 0.0, name)


SOLO: dict[str, Style] = {
    "solo violin": _alone("classical", (40, 41, 110), 74, (*_LYRICAL, *_BUSY)),
    "solo cello": _alone("classical", (42, 43, 41), 52, (*_LYRICAL, "running", "eighth line")),
    "solo flute": _alone("classical", (72, 73, 74, 75, 77, 78, 79), 76, (*_LYRICAL, *_BUSY)),
    "solo reed": _alone("classical", (68, 69, 70, 71, 22, 109, 111), 68, (*_LYRICAL, *_BUSY)),
    "solo sax": _alone("jazz", SAX, 64, ("jazz solo", "jazz head", "blues lead", "lyrical", "running")),
    "solo trumpet": _alone("jazz", (56, 59, 60, 57, 58), 66, (*_LYRICAL, "jazz solo", "syncopated", "running")),
    "solo guitar": _alone("rock", (26, 27, 28, 29, 30, 31), 66, _LEAD, weight=0.4, tempo=(70, 112, 170)),
    "solo plucked": _alone("folk", (15, 24, 25, 45, 46, 104, 105, 106, 107), 66, (*_LYRICAL, *_BUSY)),
    "solo mallets": _alone("classical", (*MALLETS, 108, 112, 114), 76, (*_LYRICAL, *_BUSY)),
    "solo bass": _alone("jazz", (32, 33, 34, 35, 36, 37, 38, 39), 38,
                        ("walking", "riff", "lyrical", "syncopated", "jazz solo", "bass funk")),
    "solo organ": _alone("baroque", (16, 17, 18, 19, 20, 21, 23), 70, (*_LYRICAL, *_BUSY)),
    "solo synthesiser": _alone("dance", (*range(80, 88), 62, 63), 70, ("synth hook", "sung", *_BUSY)),
    "solo texture": _alone("ambient", (*range(48, 56), *range(88, 104)), 66, ("sparse", "sung slow", "lyrical")),
    "solo keys": _alone("pop", (0, 1, 2, 3, 4, 5, 6, 7), 70, (*_LYRICAL, *_BUSY)),
    "solo voice": _alone("folk", (52, 53, 54), 64, ("sung", "sung slow", "lyrical", "hymn"), weight=0.4, sung=True),
    "drum solo": Style("percussion", (70, 112, 180), (), {"drone": 1.0}, grooves=("solo",), kits=(0, 8, 16, 24, 32),
                       timing={"human": 0.8, "steady": 0.2}, forms={"through": 1.0}, moods=("wild",), weight=0.3),
    "drum kit": Style(
        "percussion", (60, 104, 190), (), {"drone": 1.0},
        grooves=("rock", "rock ride", "crash ride", "beat group", "surf", "punk", "fast two", "shuffle", "swing",
                 "funk", "country two", "train", "half time", "tom groove", "rock sixteenths", "solo", "double bass"),
        kits=(0, 8, 16, 32), timing={"human": 0.85, "steady": 0.15}, forms={"through": 1.0, "loop": 1.0}, fills=0.9,
        moods=("wild",), weight=0.5),
}
"""One player."""

CHAMBER: dict[str, Style] = {
    "sonata for two": _ensemble((
        _top((40, 41, 42, 60, 68, 70, 71, 73), 72, "soloist"),
        Seat("chords", ("broken", "after beats", "repeated", "calm passage", "quarters", "left ballad"), GRAND, 1.0,
             0.0, 57, -1.0, "piano"),
        Seat("counter", ("calm passage", "lyrical", "running"), GRAND, 0.5, 0.3, 74, -2.0, "piano"))),
    "piano trio": _ensemble((
        _top((40,), 76, "violin"), _inner((42,), 52, "cello", "counter", "lyrical", "cello line", "eighth line"),
        Seat("chords", ("calm passage", "broken", "full chords", "repeated"), GRAND, 1.0, 0.0, 60, -1.0, "piano"))),
    "wind quintet": _ensemble((
        _top((73, 72), 80, "flute"), _inner((68,), 72, "oboe"), _inner((71,), 66, "clarinet"),
        _inner((60,), 58, "horn", "tenor", "hold", "offbeats"), _low((70,), 46, "bassoon"))),
    "brass quintet": _ensemble((
        _top((56,), 72, "first trumpet", (*_LYRICAL, "syncopated")), _inner((56,), 66, "second trumpet"),
        _inner((60,), 60, "horn"), _inner((57,), 53, "trombone", "tenor", "hold", "counter"), _low((58,), 38, "tuba"))),
    "saxophone quartet": _ensemble((
        _top((64,), 74, "soprano", (*_LYRICAL, *_BUSY)), _inner((65,), 67, "alto"), _inner((66,), 58, "tenor"),
        _low((67,), 46, "baritone")), genre="jazz", harmony={"jazz": 1.0, "functional": 1.0}),
    "string trio": _ensemble((
        _top((40,), 76, "violin"), _inner((41,), 62, "viola"), _low((42,), 46, "cello"))),
    "guitar duo": _ensemble((
        _top((24, 25, 26), 70, "first guitar", (*_LYRICAL, *_BUSY)),
        Seat("chords", ("picked", "travis", "strum folk", "bossa comp"), (24, 25, 26), 1.0, 0.0, 58, -1.0,
             "second guitar")), genre="folk", harmony=_HARMONY),
    "flute and harp": _ensemble((
        _top((73, 68, 40), 76, "flute"),
        Seat("arpeggio", ("harp", "broken", "nocturne", "sweep"), HARP, 1.0, 0.0, 60, -1.0, "harp"))),
    "two voices": _ensemble((
        _top(WOODWIND, 74, "first", _BUSY), _inner((*WOODWIND, 42), 60, "second", "running", "eighth line", "lyrical")),
        genre="baroque"),
    "song with guitar": _ensemble((
        Seat("melody", ("sung", "sung slow"), CHOIR, 1.0, 0.0, 65, 1.0, "voice", sung=True),
        Seat("chords", ("picked", "strum folk", "strum slow"), NYLON, 1.0, 0.0, 58, -1.0, "guitar")), 0.5,
        genre="folk", harmony=_HARMONY),
    "song with piano": _ensemble((
        Seat("melody", ("sung", "lyrical", "sung slow"), CHOIR, 1.0, 0.0, 66, 1.0, "voice", sung=True),
        Seat("chords", ("broken", "left ballad", "repeated", "block ballad"), GRAND, 1.0, 0.0, 56, -1.0, "piano")), 0.5,
        harmony=_HARMONY),
    "orchestral brass": _ensemble((
        _top(BRASS, 68, "trumpets"), Seat("chords", ("hold", "brass stabs", "quarters"), BRASS, 1.0, 0.0, 60, 0.0,
                                          "brass"),
        Seat("pad", ("hold", "tremolo"), STRINGS, 0.7, 0.3, 64, -2.0, "strings"),
        bass("bass whole", "pedal point", programs=(58, 43), enters=0.0)), genre="film"),
    "lead guitar band": _ensemble((
        Seat("melody", _LEAD, (27, 29, 29, 30, 26), 1.0, 0.0, 67, 2.0, "lead guitar"),
        Seat("chords", ("strum eighths", "power eighths", "strum pop", "backbeat"), (25, 27, 29), 1.0, 0.0, 57, -1.0,
             "rhythm guitar"),
        bass("bass rock", "bass eighths", "bass quarters", enters=0.0)), 0.6, (84, 126, 176), "rock",
        {"rock": 1.0, "beat": 1.0, "country": 0.5}),
}
"""Small ensembles without drums."""
