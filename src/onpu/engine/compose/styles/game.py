"""Scores of games: chip tunes, loops for menus and levels, battles of orchestra and machines, towns, taverns and
dungeons; loops of four and eight bars on an even grid, whose harmony changes on downbeats."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACOUSTIC,
    BRASS,
    CHOIR,
    DRIVE,
    GRAND,
    HARP,
    MALLETS,
    PADS,
    PIZZICATO,
    SOLO_STRINGS,
    STRINGS,
    SYNTH_BASS,
    SYNTH_LEAD,
    WHISTLE,
    WOODWIND,
    bass,
    pad,
)

_LOOPS = {"stages": 2.0, "loop": 1.0, "rondo": 1.0, "reprise": 0.7, "through": 0.5}
_SQUARE = (80, 80, 81, 87)
_EPIC = {"4/4": 0.55, "6/8": 0.16, "12/8": 0.07, "3/4": 0.08, "5/4": 0.06, "7/8": 0.06, "9/8": 0.02}
_FAIRY = {"4/4": 0.4, "3/4": 0.3, "6/8": 0.26, "9/8": 0.04}
_MIXED = {"minor": 0.45, "major": 0.4, "dorian": 0.1, "lydian": 0.05}


def _score(genre: str, tempo: tuple[float, float, float], seats: tuple[Seat, ...], grooves: tuple[str, ...], mood: str,
           weight: float, *, drums: float = 0.9, kits: tuple[int, ...] = (0, 8, 24, 25, 48),
           metres: Mapping[str, float] | None = None, modes: Mapping[str, float] = _MIXED,
           harmony: Mapping[str, float] | None = None, steady: float = 0.9, anacrusis: float = 0.12) -> Style:
    return Style(genre, tempo, seats, harmony or {"pop": 2.0, "functional": 1.0, "modal": 0.7}, metres=metres or
                 {"4/4": 0.92, "3/4": 0.08}, modes=modes, grooves=grooves, kits=kits, drums=drums,
                 timing={"steady": steady, "human": 1 - steady}, forms=_LOOPS, phrases={8: 0.5, 4: 0.5},
                 pace={1: 0.75, 2: 0.25}, enrich=0.15, anacrusis=anacrusis, fills=0.35, breaks=0.1, changes=0.04,
                 modulates=0.15, moods=(mood,), weight=weight)


def _line(name: str, plays: tuple[str, ...], programs: tuple[int, ...], chance: float = 1.0, enters: float = 0.0,
          register: int = 74) -> Seat:
    return Seat("melody", plays, programs, chance, enters, register, 1.0, name)


def _sequence(name: str, plays: tuple[str, ...], programs: tuple[int, ...], chance: float = 1.0,
              register: int = 66) -> Seat:
    return Seat("arpeggio", plays, programs, chance, 0.0, register, -1.0, name)


def _strings(*plays: str, programs: tuple[int, ...] = (48, 48, 49, 45, 44)) -> Seat:
    return Seat("chords", plays, programs, 1.0, 0.0, 62, 0.0, "strings")


def _brass(*plays: str, chance: float = 0.6, enters: float = 0.5) -> Seat:
    return Seat("chords", plays, BRASS, chance, enters, 60, 0.0, "brass")


GAME: dict[str, Style] = {
    "chip tune": _score(
        "game", (112, 140, 178),
        (
            _line("square", ("synth hook", "eighth line", "running", "sung", "dotted"), _SQUARE),
            _sequence("arpeggio", ("chip", "sixteenths up", "trance", "eighths up"), _SQUARE),
            bass("bass octaves", "bass eighths", "bass disco", "walking", programs=(38, 81, 87), enters=0.0),
            Seat("counter", ("thirds", "counter", "answers"), _SQUARE, 0.5, 0.3, 70, -2.0, "second square")),
        ("chip rock", "chip march", "rock", "punk", "ticks", "synth pop"), "playful", 2.4, kits=(25, 24, 0),
        modes={"major": 0.55, "minor": 0.4, "dorian": 0.05}, steady=1.0),
    "chip waltz": _score(
        "game", (96, 140, 180),
        (
            _line("square", ("sung", "eighth line", "lyrical", "triplet line"), _SQUARE),
            _sequence("arpeggio", ("arpeggio threes", "broken", "waltz chords"), _SQUARE),
            bass("bass waltz", "bass threes", "bass whole", programs=(38, 81, 87), enters=0.0)),
        ("waltz", "electro six", "ticks"), "playful", 0.8, drums=0.6, kits=(25, 24),
        metres={"3/4": 0.5, "6/8": 0.4, "12/8": 0.1}, steady=1.0, anacrusis=0.3),
    "boss battle": _score(
        "game", (132, 160, 196),
        (
            Seat("chords", ("chug", "power gallop", "power eighths", "riff chords"), DRIVE, 0.8, 0.0, 55, 0.0,
                 "guitar"),
            _strings("ostinato", "ostinato", "pulse"),
            bass("riff", "bass eighths", "chug low", "bass galloped", enters=0.0),
            _line("lead", ("rock lead", "synth hook", "running", "dotted"), (30, 81, 56, 80, 61), 0.9, 0.4),
            _brass("fanfare", "brass stabs", "hold"),
            pad(0.3, CHOIR)),
        ("double bass eighths", "rock", "punk", "heavy seven", "heavy five", "hybrid", "double bass bursts"), "fierce",
        1.4,
        metres={"4/4": 0.74, "6/8": 0.06, "7/8": 0.1, "5/4": 0.1}, modes={"minor": 0.75, "phrygian": 0.2,
                                                                          "dorian": 0.05},
        harmony={"metal": 1.0, "modal": 1.0, "pop": 1.0}),
    "hybrid battle": _score(
        "film", (84, 124, 160),
        (
            _strings("ostinato", "ostinato", "broken", "tremolo"),
            bass("pedal point", "bass whole", "bass quarters", "bass eighths", programs=(43, 48, 38, 58), enters=0.0),
            _brass("fanfare", "hold", "brass stabs", chance=0.9, enters=0.4),
            _line("theme", ("sung slow", "lyrical", "dotted", "hymn"), (60, 48, 56, 52, 61), 0.8, 0.4, 67),
            Seat("pad", ("hold", "choir swell", "swells"), CHOIR, 0.6, 0.4, 64, -2.0, "choir"),
            _sequence("pulse", ("sixteenths up", "eighths up", "arpeggio threes"), (38, 81, 45, 87), 0.4)),
        ("taiko", "hybrid", "impact", "taiko six", "taiko twelve", "taiko five", "taiko seven", "taiko three"), "epic",
        2.2,
        kits=(48, 16, 0), metres=_EPIC, modes={"minor": 0.75, "phrygian": 0.1, "dorian": 0.1, "major": 0.05},
        harmony={"pop": 2.0, "metal": 0.5, "modal": 0.5, "functional": 0.5}),
    "orchestral adventure": _score(
        "film", (88, 120, 156),
        (
            _line("theme", ("dotted", "lyrical", "classical", "hymn"), (48, 60, 56, 73, 68), register=72),
            _strings("ostinato", "repeated", "hold", "pulse"),
            bass("bass quarters", "cello line", "bass whole", programs=(43, 42, 48), enters=0.0),
            _brass("fanfare", "hold", "offbeats"),
            Seat("counter", ("counter", "running", "answers"), (*WOODWIND, *SOLO_STRINGS), 0.6, 0.3, 78, -2.0, "winds"),
            _sequence("harp", ("harp", "broken"), HARP, 0.3)),
        ("timpani", "impact", "march", "taiko three", "taiko six", "taiko"), "heroic", 1.2, drums=0.6, kits=(48,),
        metres=_EPIC, steady=0.5, anacrusis=0.3),
    "fantasy town": _score(
        "game", (76, 104, 140),
        (
            _line("flute", ("lyrical", "eighth line", "sung", "classical"), (*WHISTLE, 73, 68, 71, 40)),
            _sequence("plucked", ("picked", "broken", "harp", "travis"), (*ACOUSTIC, *HARP, 15, 6)),
            bass("bass two", "bass whole", "bass waltz", programs=(32, 43, 70), chance=0.8, enters=0.0),
            _strings("hold", "pulse", "offbeats", programs=(48, 45)),
            Seat("counter", ("counter", "thirds"), WOODWIND, 0.4, 0.3, 70, -2.0, "second")),
        ("frame drum", "frame drum six", "frame drum three", "tambourine", "shaker"), "gentle", 1.2, drums=0.45,
        metres=_FAIRY, modes={"major": 0.6, "dorian": 0.2, "mixolydian": 0.2}, harmony={"folk": 2.0, "functional": 1.0,
                                                                                    "pop": 1.0}, steady=0.7,
        anacrusis=0.3),
    "tavern": _score(
        "game", (96, 122, 156),
        (
            _line("fiddle", ("reel", "eighth line", "dotted"), (40, 110, *WHISTLE, 21)),
            Seat("chords", ("strum folk", "boom chick", "threes", "polka chords"), (24, 25, 15, 21, 105), 1.0, 0.0, 60,
                 0.0,
                 "lute"),
            bass("bass two", "bass threes", "bass quarters", programs=(32, 43), chance=0.7, enters=0.0),
            Seat("pad", ("drone",), (109, 21, 48), 0.3, 0.0, 50, -4.0, "drone")),
        ("frame drum", "frame drum six", "bodhran jig", "bodhran reel", "hands"), "merry", 0.9, drums=0.7,
        metres={"6/8": 0.44, "4/4": 0.28, "2/4": 0.1, "3/4": 0.12, "9/8": 0.06},
        modes={"dorian": 0.35, "major": 0.4, "mixolydian": 0.15, "minor": 0.1}, harmony={"celtic": 1.0, "folk": 1.0},
        steady=0.4, anacrusis=0.4),
    "dungeon": _score(
        "game", (56, 82, 116),
        (
            Seat("pad", ("hold", "swells", "chorale"), (*PADS, *CHOIR, 48), 1.0, 0.0, 60, 0.0, "pad"),
            _sequence("drops", ("bell", "eighths up", "pulse", "broken"), (*MALLETS, *PIZZICATO, 46, 98, 0)),
            bass("pedal point", "bass whole", "drone", programs=(43, 38, 89), enters=0.0),
            _line("line", ("sparse", "sung slow"), (68, 70, 73, 52, 11, 75), 0.6, 0.2)),
        ("impact", "taiko", "ticks", "frame drum", "taiko five"), "mysterious", 0.8, drums=0.35, kits=(48, 0),
        metres={"4/4": 0.68, "3/4": 0.14, "6/8": 0.1, "5/4": 0.08}, modes={"minor": 0.6, "phrygian": 0.3,
                                                                           "dorian": 0.1},
        harmony={"ambient": 1.0, "modal": 1.0, "drone": 0.5, "pop": 0.5}),
    "puzzle loop": _score(
        "game", (84, 112, 140),
        (
            _sequence("mallets", ("eighths up", "sixteenths up", "broken", "three three two"), (*MALLETS, *PIZZICATO,
                                                                                                0)),
            _line("bells", ("eighth line", "sparse", "syncopated", "synth hook"), (*MALLETS, 73, 80, 75), 0.8),
            bass("bass offbeat", "bass quarters", "bass octaves", "bass whole", programs=(32, 38, 45), enters=0.0),
            Seat("chords", ("offbeats", "hold", "after beats"), (4, 5, 45, 88, 11), 0.7, 0.0, 62, -1.0, "chords")),
        ("ticks", "techno sparse", "shaker", "backbeat only", "cajon"), "curious", 1.1, drums=0.6,
        metres={"4/4": 0.76, "3/4": 0.1, "6/8": 0.06, "5/4": 0.08}, modes={"major": 0.6, "minor": 0.25,
                                                                           "lydian": 0.15}),
    "racing": _score(
        "game", (138, 164, 190),
        (
            Seat("chords", ("power eighths", "gate", "offbeats", "house piano"), (30, 29, 81, 0), 1.0, 0.0, 60, 0.0,
                 "chords"),
            bass("bass eighths", "bass octaves", "bass rolling", programs=(33, 38, 36), enters=0.0),
            _line("lead", ("synth hook", "rock lead", "running"), (81, 30, 80, 62)),
            _sequence("sequence", ("sixteenths up", "trance"), SYNTH_LEAD, 0.6)),
        ("punk", "trance roll", "drum and bass", "rock", "house", "double bass eighths"), "thrilling", 1.0),
    "space": _score(
        "game", (76, 106, 136),
        (
            Seat("pad", ("hold", "swells"), (*PADS, *STRINGS), 1.0, 0.0, 62, 0.0, "pad"),
            _sequence("sequence", ("sixteenths up", "pulse", "trance", "arpeggio threes"), SYNTH_LEAD),
            bass("bass octaves", "pedal point", "bass whole", "bass sixteenths", programs=SYNTH_BASS, enters=0.2),
            _line("lead", ("sung slow", "lyrical", "sparse"), (81, 89, 54, 52, 60), 0.8, 0.3),
            Seat("chords", ("hold", "fanfare"), (*BRASS, 62, 63), 0.3, 0.6, 60, -1.0, "brass")),
        ("techno sparse", "synthwave", "hybrid", "impact", "ticks", "electro twelve"), "vast", 1.2, drums=0.55,
        metres={"4/4": 0.8, "12/8": 0.1, "3/4": 0.05, "5/4": 0.05}),
    "menu piano": _score(
        "game", (60, 80, 108),
        (
            Seat("arpeggio", ("broken", "left ballad", "nocturne", "eighths up"), GRAND, 1.0, 0.0, 57, 0.0, "piano"),
            Seat("melody", ("sung slow", "lyrical", "sparse"), GRAND, 1.0, 0.0, 76, 1.0, "piano"),
            pad(0.7),
            bass("bass whole", programs=(43, 32), chance=0.4, enters=0.3)),
        ("ticks", "shaker", "impact"), "wistful", 0.7, drums=0.25, metres={"4/4": 0.66, "3/4": 0.18, "6/8": 0.16},
        steady=0.5),
}
"""By name."""
