"""Classical solo piano, chamber and orchestral music, choir, marches."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    BRASS,
    CHOIR,
    GRAND,
    HARPSICHORD,
    HORNS,
    SOLO_STRINGS,
    STRINGS,
    TUBA,
    WOODWIND,
    bass,
)

_ALL_METRES = {"4/4": 0.34, "3/4": 0.24, "2/4": 0.17, "6/8": 0.15, "2/2": 0.04, "12/8": 0.03, "9/8": 0.02, "3/8": 0.01}
_RUBATO = {"rubato": 0.75, "human": 0.25}
_FORMS = {"ternary": 2.0, "rondo": 1.0, "reprise": 1.0, "binary": 1.0, "through": 1.0}
_MODES = {"major": 0.58, "minor": 0.42}


def _right(*plays: str, programs: tuple[int, ...] = GRAND, register: int = 75) -> Seat:
    return Seat("melody", plays, programs, 1.0, 0.0, register, 1.0, "piano")


def _left(*plays: str, programs: tuple[int, ...] = GRAND, register: int = 57) -> Seat:
    return Seat("chords", plays, programs, 1.0, 0.0, register, 0.0, "piano")


def _solo(tempo: tuple[float, float, float], seats: tuple[Seat, ...], weight: float, mood: str,
          metres: Mapping[str, float] = _ALL_METRES, timing: Mapping[str, float] = _RUBATO,
          harmony: str = "functional") -> Style:
    return Style("classical", tempo, seats, {harmony: 1.0}, metres=metres, modes=_MODES, timing=timing, forms=_FORMS,
                 enrich=0.1, anacrusis=0.45, changes=0.08, modulates=0.05, pedal=0.8, moods=(mood,), weight=weight)


CLASSICAL: dict[str, Style] = {
    "sonatina": _solo(
        (72, 120, 168),
        (
            _right("classical", "classical", "running"),
            _left("alberti", "broken", "repeated", "quarters short", "left ballad")),
        1.6, "bright", timing={"rubato": 0.55, "human": 0.45}),
    "nocturne": _solo(
        (40, 58, 84),
        (_right("lyrical", "lyrical octaves", "classical"), _left("nocturne", "broken", "left waltz")),
        1.5, "dreamy"),
    "romantic piano": _solo(
        (52, 88, 140),
        (
            _right("lyrical octaves", "lyrical", "hymn", "classical"),
            _left("sweep", "nocturne", "left octaves", "slow triplets", "repeated", "broken"),
            Seat("chords", ("quarters", "eighths", "hold"), GRAND, 0.4, 0.6, 64, -1.0, "piano")),
        2.0, "passionate"),
    "etude": _solo(
        (60, 100, 152),
        (_right("etude", "running", "classical"), _left("quarters", "left octaves", "halves", "left march", "eighths")),
        1.2, "brilliant"),
    "piano waltz": _solo(
        (96, 150, 200),
        (_right("classical", "lyrical", "eighth line"), _left("left waltz", "left waltz", "waltz chords")),
        1.3, "elegant", {"3/4": 0.95, "3/8": 0.05}),
    "piano march": _solo(
        (84, 112, 144),
        (_right("dotted", "hymn", "lyrical octaves"), _left("left march", "left octaves", "quarters")),
        0.9, "proud", {"4/4": 0.5, "2/4": 0.4, "6/8": 0.1}),
    "invention": _solo(
        (60, 84, 116),
        (_right("invention right"), _left("invention left", register=50)),
        1.0, "clear", {"4/4": 0.5, "3/4": 0.25, "2/4": 0.1, "12/8": 0.1, "9/8": 0.05}, {"human": 0.7, "rubato": 0.3}),
    "chorale prelude": _solo(
        (50, 72, 100),
        (_right("soprano", "hymn", register=72), _left("chorale", "block ballad", "halves", register=60)),
        1.0, "solemn"),
    "impressionist": Style(
        "classical", (40, 66, 110),
        (
            _right("lyrical", "sparse", "sung slow"),
            _left("sweep", "hold", "harp", "nocturne", "halves"),
            Seat("arpeggio", ("sweep", "broken"), GRAND, 0.4, 0.4, 70, -2.0, "piano")),
        {"ambient": 1.0, "modal": 1.0, "jazz": 0.7},
        metres={"4/4": 0.3, "3/4": 0.2, "9/8": 0.15, "6/8": 0.2, "12/8": 0.05, "5/4": 0.05, "2/4": 0.05},
        modes={"major": 0.5, "lydian": 0.2, "dorian": 0.15, "minor": 0.15}, timing=_RUBATO, forms=_FORMS, enrich=0.7,
        anacrusis=0.3, changes=0.2, moods=("dreamy",), weight=1.2),
    "spanish piano": _solo(
        (66, 108, 170),
        (
            _right("lyrical", "running", "classical", "dotted"),
            _left("waltz chords", "boom chick", "broken", "left waltz", "repeated")),
        1.0, "fiery", {"3/4": 0.35, "6/8": 0.3, "2/4": 0.15, "3/8": 0.2}, harmony="phrygian"),
    "toccata": _solo(
        (96, 128, 176),
        (
            _right("running", "etude", "passage"),
            _left("eighth line", "quarters", "alberti", "calm passage", register=52)),
        0.6, "brilliant", timing={"human": 0.8, "rubato": 0.2}),
    "character piece": _solo(
        (56, 96, 150),
        (
            _right("lyrical", "classical", "syncopated", "triplet line", "dotted", "hymn", "eighth line"),
            _left(
                "after beats", "triplets", "broken", "chorale", "left march", "left waltz", "repeated", "syncopation"),
            Seat("chords", ("after beats", "syncopation", "halves"), GRAND, 0.4, 0.5, 65, -1.0, "piano")),
        1.8, "tender"),
    "scherzo": _solo(
        (100, 144, 200),
        (
            _right("classical", "dotted", "running", "syncopated", "eighth line"),
            _left("after beats", "quarters short", "left waltz", "hemiola", "left octaves", "left march")),
        1.0, "capricious", {"3/4": 0.55, "2/4": 0.25, "6/8": 0.1, "4/4": 0.1}),
    "pop piano": Style(
        "pop", (60, 84, 128),
        (
            _right("sung", "sung sixteenths", "lyrical"),
            _left("left ballad", "left octaves", "broken", "quarters", "block ballad", "tresillo")),
        {"pop": 3.0, "soul": 1.0, "jazz": 0.5}, metres={"4/4": 0.85, "6/8": 0.08, "3/4": 0.07},
        timing={"human": 0.7, "rubato": 0.3}, enrich=0.3, anacrusis=0.4, push=0.5, moods=("gentle",), weight=1.4),
    "harpsichord suite": Style(
        "baroque", (60, 96, 150),
        (
            _right("running", "eighth line", "classical", programs=HARPSICHORD, register=72),
            _left("eighth line", "quarters", "broken", programs=HARPSICHORD, register=50)),
        {"functional": 1.0},
        metres={"4/4": 0.35, "3/4": 0.3, "6/8": 0.12, "12/8": 0.05, "3/8": 0.05, "2/2": 0.08, "9/8": 0.05},
        modes=_MODES, timing={"human": 0.8, "rubato": 0.2}, forms={"binary": 1.0}, anacrusis=0.5, moods=("clear",),
        weight=0.8),
    "string quartet": Style(
        "classical", (56, 96, 150),
        (
            Seat(
                "melody", ("classical", "lyrical", "soprano", "hymn"), (40, 40, 48), 1.0, 0.0, 76, 1.0, "first violin"),
            Seat(
                "chords", ("repeated", "alto", "broken", "eighths", "counter"), (40, 48), 1.0, 0.0, 67, -1.0,
                "second violin"),
            Seat("chords", ("tenor", "pulse", "offbeats", "hold"), (41, 48), 0.95, 0.0, 60, -1.0, "viola"),
            Seat(
                "bass", ("bass voice", "cello line", "bass quarters", "bass whole"), (42, 42, 43), 1.0, 0.0, 45, 0.0,
                "cello")),
        {"functional": 1.0}, metres=_ALL_METRES, modes=_MODES, timing=_RUBATO, forms=_FORMS, anacrusis=0.4,
        changes=0.08, moods=("serious",), weight=1.0),
    "orchestra": Style(
        "classical", (60, 108, 168),
        (
            Seat(
                "melody", ("lyrical", "classical", "dotted", "hymn"), (48, 40, 73, 68, 71, 60, 56), 1.0, 0.0, 74, 1.0,
                "melody"),
            Seat(
                "chords", ("repeated", "offbeats", "pulse", "hold", "polka chords"), (48, 49, 45), 1.0, 0.0, 64, 0.0,
                "strings"),
            Seat(
                "bass", ("bass quarters", "cello line", "bass whole", "bass two"), (43, 42, 48), 1.0, 0.0, 40, 0.0,
                "basses"),
            Seat("pad", ("hold", "alto", "quarters"), (60, *WOODWIND), 0.6, 0.4, 65, -2.0, "winds"),
            Seat("chords", ("brass stabs", "hold", "quarters"), BRASS, 0.5, 0.75, 62, -1.0, "brass"),
            Seat(
                "counter", ("counter", "running", "answers"), (*WOODWIND, *SOLO_STRINGS), 0.5, 0.4, 78, -2.0,
                "counter")),
        {"functional": 3.0, "march": 1.0}, metres=_ALL_METRES, modes=_MODES,
        grooves=("timpani", "march", "street march"), drums=0.4, kits=(48,), timing={"rubato": 0.6, "human": 0.4},
        forms=_FORMS, fills=0.2, anacrusis=0.4, changes=0.1, moods=("grand",), weight=1.2),
    "choir": Style(
        "choral", (50, 76, 112),
        (
            Seat("melody", ("soprano",), CHOIR, 1.0, 0.0, 72, 1.0, "soprano", sung=True),
            Seat("chords", ("alto",), CHOIR, 1.0, 0.0, 66, 0.0, "alto"),
            Seat("chords", ("tenor",), CHOIR, 1.0, 0.0, 59, 0.0, "tenor"),
            Seat("bass", ("bass voice",), CHOIR, 1.0, 0.0, 48, 0.0, "bass voice"),
            Seat("pad", ("chorale",), (19, 20), 0.3, 0.0, 60, -3.0, "organ")),
        {"functional": 3.0, "folk": 1.0}, metres={"4/4": 0.55, "3/4": 0.3, "6/8": 0.07, "2/2": 0.08},
        modes={"major": 0.6, "minor": 0.3, "dorian": 0.1}, timing=_RUBATO, forms={"strophic": 1.0, "ternary": 1.0},
        anacrusis=0.4, moods=("solemn",), weight=0.8),
    "march": Style(
        "march", (96, 116, 132),
        (
            Seat("melody", ("dotted", "hymn", "classical"), (56, 71, 72, 61), 1.0, 0.0, 72, 1.0, "cornets"),
            Seat("chords", ("polka chords", "offbeats"), (60, 61, 65), 1.0, 0.0, 62, 0.0, "horns"),
            bass("bass tuba", "bass two", programs=TUBA),
            Seat("counter", ("counter", "sparse", "answers"), (57, 58, 65), 0.7, 0.4, 57, -1.0, "euphonium"),
            Seat("counter", ("running", "reel"), (72, 73, 71), 0.4, 0.6, 84, -3.0, "piccolo")),
        {"march": 1.0}, modes={"major": 0.85, "minor": 0.15}, metres={"2/4": 0.4, "6/8": 0.25, "2/2": 0.2, "4/4": 0.15},
        grooves=("march", "street march", "march six"), kits=(48, 0), forms={"tunes": 1.0, "reprise": 1.0}, fills=0.4,
        anacrusis=0.5, timing={"human": 0.9, "steady": 0.1}, moods=("proud",), weight=0.9),
    "ballet waltz": Style(
        "classical", (110, 160, 190),
        (
            Seat("melody", ("lyrical", "classical"), (48, 40, 73, 71), 1.0, 0.0, 74, 1.0, "violins"),
            Seat("chords", ("waltz chords",), (48, 60, 45), 1.0, 0.0, 62, 0.0, "strings"),
            bass("bass waltz", programs=(43, 42)),
            Seat("counter", ("counter", "running"), (*WOODWIND, *STRINGS), 0.5, 0.4, 78, -1.0, "winds"),
            Seat("chords", ("brass stabs", "hold"), HORNS, 0.4, 0.7, 62, -1.0, "brass")),
        {"functional": 2.0, "march": 1.0}, metres={"3/4": 1.0}, modes={"major": 0.8, "minor": 0.2}, grooves=("waltz",),
        drums=0.3, kits=(48,), timing={"rubato": 0.6, "human": 0.4}, forms=_FORMS, anacrusis=0.5,
        phrases={8: 0.7, 4: 0.3}, moods=("elegant",), held_out=True),
}
