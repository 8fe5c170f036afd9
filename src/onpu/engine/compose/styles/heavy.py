"""Metal, hardcore and punk of many tempi: double bass drums, blast beats, breakdowns, palm-muted and tremolo-picked
riffs whose accents cross the bar."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    CHOIR,
    E_BASS,
    PIANO,
    STRINGS,
    SYNTH_BASS,
    SYNTH_LEAD,
    bass,
    pad,
    singer,
)

_FORMS = {"song": 2.0, "verse chorus": 1.0, "chorus first": 0.5, "through": 0.7, "heavy": 1.5}
_DARK = {"minor": 0.72, "phrygian": 0.22, "dorian": 0.06}
_LIGHT = {"minor": 0.5, "major": 0.4, "dorian": 0.1}
_HARMONY = {"metal": 3.0, "riff": 1.0}
_FOUR = {"4/4": 0.92, "3/4": 0.04, "6/8": 0.04}


def _guitar(*plays: str, register: int = 57) -> Seat:
    return Seat("chords", plays, (30, 30, 29), 1.0, 0.0, register, 0.0, "guitar")


def _second(*plays: str, chance: float = 0.5, enters: float = 0.4) -> Seat:
    return Seat("arpeggio", plays, (30, 30, 29, 27), chance, enters, 64, -2.0, "second guitar")


def _lead(*plays: str, chance: float = 0.6) -> Seat:
    return Seat("melody", plays or ("rock lead", "tremolo picked", "running"), (30, 29), chance, 0.4, 72, 0.0,
                "lead guitar")


def _heavy(tempo: tuple[float, float, float], seats: tuple[Seat, ...], grooves: tuple[str, ...], weight: float,
           mood: str = "aggressive", *, genre: str = "metal", metres: Mapping[str, float] = _FOUR,
           modes: Mapping[str, float] = _DARK, harmony: Mapping[str, float] = _HARMONY, steady: float = 0.5,
           changes: float = 0.12, breaks: float = 0.3, swing: tuple[float, float] = (0.5, 0.5)) -> Style:
    return Style(genre, tempo, seats, harmony, metres=metres, modes=modes, grooves=grooves, kits=(16, 8, 0),
                 timing={"steady": steady, "human": 1 - steady}, forms=_FORMS, fills=0.8, breaks=breaks,
                 changes=changes,
                 anacrusis=0.1, count_in=0.08, swing=swing, moods=(mood,), weight=weight)


HEAVY: dict[str, Style] = {
    "thrash metal": _heavy(
        (148, 178, 216),
        (
            _guitar("chug eighths", "power eighths", "riff chords", "power syncopated", "chug eighths"),
            bass("chug eighths low", "bass eighths", "riff"),
            singer(("eighth line", "sung"), 0.7),
            _second("riff", "power hold", "power eighths"),
            _lead()),
        ("skank", "skank", "double bass eighths", "punk", "crash quarters", "half time", "double bass crash"), 1.6),
    "speed metal": _heavy(
        (140, 164, 200),
        (
            _guitar("power sixteenths", "chug", "power eighths", "power gallop"),
            bass("bass eighths", "bass sixteenths", "chug low"),
            singer(("sung", "lyrical")),
            _second("sixteenths up", "riff", "power hold"),
            _lead("running", "rock lead", "etude", chance=0.8),
            pad(0.2, (*STRINGS, *CHOIR))),
        ("double bass", "double bass crash", "double bass eighths", "double bass offbeat", "skank backbeat"), 1.4,
        "triumphant", modes=_LIGHT, harmony={"metal": 1.0, "pop": 1.0, "rock": 1.0}, steady=0.6),
    "death metal": _heavy(
        (92, 140, 210),
        (
            _guitar("tremolo", "chug", "power sixteenths", "riff chords", register=52),
            bass("bass sixteenths", "chug low", "bass eighths", "riff", register=30),
            singer(("sparse", "eighth line"), 0.6),
            _second("tremolo", "riff", "power hold"),
            _lead("tremolo picked", "running", chance=0.5)),
        ("blast traditional", "blast bomb", "double bass", "double bass bursts", "blast quarters", "breakdown", "skank",
         "double bass triplets"), 1.4),
    "black metal": _heavy(
        (112, 160, 220),
        (
            _guitar("tremolo", "power hold", "power eighths"),
            bass("bass eighths", "bass whole", "bass sixteenths"),
            _second("tremolo", "picked", "broken", chance=0.7, enters=0.0),
            _lead("tremolo picked", "tremolo eighths", chance=0.8),
            pad(0.4, (*STRINGS, 52, 89, 91))),
        ("blast traditional", "blast together", "double bass offbeat", "blast six", "d-beat crash", "heavy six double",
         "double bass triplets"), 1.1, "bleak", metres={"4/4": 0.7, "6/8": 0.18, "3/4": 0.07, "12/8": 0.05},
        harmony={"metal": 1.0, "modal": 1.0, "rock": 1.0}),
    "doom metal": _heavy(
        (46, 60, 82),
        (
            _guitar("power hold", "riff chords", "chug eighths", "power syncopated", register=50),
            bass("bass whole", "riff", "chug eighths low", "bass eighths", register=31),
            singer(("sung slow", "sparse"), 0.7),
            _second("power hold", "riff", "picked"),
            _lead("blues lead", "sung slow"),
            pad(0.2, (16, 17, 18, *STRINGS))),
        ("doom", "doom", "heavy slow", "crash quarters", "heavy six", "heavy waltz"), 1.2, "gloomy",
        metres={"4/4": 0.72, "6/8": 0.14, "3/4": 0.08, "12/8": 0.06}, steady=0.2),
    "sludge": _heavy(
        (64, 84, 112),
        (
            _guitar("riff chords", "chug eighths", "power hold", "chug", register=50),
            bass("riff", "chug eighths low", "bass eighths", register=31),
            singer(("sparse", "sung"), 0.7),
            _second("power hold", "riff chords")),
        ("crash quarters", "doom", "tom groove", "march toms", "half time shuffle", "breakdown crash"), 0.8, "heavy",
        swing=(0.5, 0.6), steady=0.2),
    "groove metal": _heavy(
        (84, 108, 138),
        (
            _guitar("chug", "chug", "riff chords", "power syncopated", register=50),
            bass("chug low", "riff", register=31),
            singer(("sung", "rap", "sparse"), 0.8),
            _second("chug", "power hold", "riff"),
            _lead("blues lead", "rock lead")),
        ("chug kick", "chug ride", "double bass bursts", "metal syncopated", "breakdown", "double bass gallop"), 1.3),
    "nu metal": _heavy(
        (82, 98, 120),
        (
            _guitar("chug", "power hold", "riff chords", "power syncopated", register=50),
            bass("chug low", "riff", "bass rock", "bass funk", register=31),
            singer(("rap", "sung", "sung sixteenths")),
            _second("picked", "bell", "riff", "power hold", enters=0.0),
            pad(0.3)),
        ("nu metal", "nu metal", "chug kick", "hip hop", "half time", "breakdown crash"), 1.2, "angry", steady=0.7),
    "metalcore": _heavy(
        (96, 150, 196),
        (
            _guitar("chug", "power eighths", "tremolo", "power hold", "chug eighths", register=50),
            bass("chug low", "bass eighths", "chug eighths low", register=31),
            singer(("sung", "sparse", "eighth line")),
            _second("tremolo", "picked", "power hold", "sixteenths up", chance=0.7),
            _lead("tremolo picked", "rock lead"),
            pad(0.35)),
        ("breakdown", "double bass bursts", "skank", "breakdown crash", "double bass eighths", "chug china",
         "half time",
         "d-beat crash"), 1.4, steady=0.7, breaks=0.4),
    "djent": _heavy(
        (88, 116, 146),
        (
            _guitar("chug", register=45),
            bass("chug low", register=29),
            singer(("sung slow", "sparse", "lyrical"), 0.6),
            _second("bell", "picked", "broken", "chug", chance=0.7, enters=0.0),
            _lead("lyrical", "running", chance=0.5),
            pad(0.5)),
        ("chug china", "chug kick", "breakdown", "chug ride", "heavy seven", "heavy five", "heavy seven four"), 1.2,
        "intricate", metres={"4/4": 0.72, "7/8": 0.08, "5/4": 0.08, "7/4": 0.06, "6/8": 0.06}, steady=0.9),
    "hardcore punk": _heavy(
        (156, 184, 228),
        (
            _guitar("power eighths", "power hold", "power sixteenths", "riff chords", register=60),
            bass("bass eighths", "bass eighths", "riff"),
            singer(("eighth line", "rap"), 0.9),
            _second("power eighths", "riff", chance=0.3)),
        ("d-beat", "d-beat crash", "skank", "punk", "fast two", "skank backbeat", "breakdown crash"), 1.2, "angry",
        genre="rock", modes=_LIGHT, harmony={"punk": 3.0, "riff": 1.0}, steady=0.15, breaks=0.4),
    "industrial metal": _heavy(
        (96, 122, 146),
        (
            _guitar("chug", "power gallop", "power eighths", "power muted", register=52),
            bass("chug low", "bass sixteenths", "bass eighths", programs=(*SYNTH_BASS, *E_BASS)),
            Seat("arpeggio", ("sixteenths up", "three three two", "trance"), (*SYNTH_LEAD, 38, 39), 0.8, 0.0, 60, -1.0,
                 "sequence"),
            singer(("sung", "sparse", "rap"), 0.8),
            pad(0.5)),
        ("industrial", "techno hard", "chug kick", "electro", "march toms"), 0.9, "mechanical", steady=1.0,
        changes=0.03),
    "symphonic metal": _heavy(
        (92, 128, 172),
        (
            _guitar("power gallop", "chug", "power eighths", "power hold"),
            bass("bass galloped", "bass eighths", "chug low"),
            singer(("lyrical", "sung", "sung slow")),
            Seat("chords", ("ostinato", "hold", "broken"), (*STRINGS, *CHOIR), 0.9, 0.0, 66, -1.0, "strings"),
            Seat("chords", ("fanfare", "brass stabs", "hold"), (61, 60, 57, 63), 0.4, 0.6, 60, -1.0, "brass"),
            _lead("running", "rock lead", "lyrical")),
        ("double bass", "double bass gallop", "double bass eighths", "heavy twelve", "half time", "crash quarters"),
        1.1,
        "epic", metres={"4/4": 0.78, "6/8": 0.1, "12/8": 0.07, "3/4": 0.05},
        harmony={"metal": 1.0, "functional": 1.0, "pop": 1.0}, steady=0.6),
    "gallop metal": _heavy(
        (96, 148, 188),
        (
            _guitar("power gallop", "power gallop", "power eighths", "riff chords"),
            bass("bass galloped", "bass gallop", "bass eighths"),
            singer(("sung", "lyrical")),
            _second("riff", "thirds", "eighths up", chance=0.7),
            _lead("rock lead", "thirds", "running", chance=0.8)),
        ("gallop", "rock", "double bass gallop", "double bass eighths", "crash ride"), 1.0, "heroic",
        modes={"minor": 0.8, "dorian": 0.1, "major": 0.1}, harmony={"metal": 1.0, "rock": 1.0, "pop": 0.5}, steady=0.2),
    "triplet metal": _heavy(
        (72, 112, 168),
        (
            _guitar("power threes", "chug eighths", "power threes", "power hold"),
            bass("bass threes", "chug eighths low", "bass threes"),
            singer(("sung", "triplet line", "sung slow"), 0.8),
            _second("arpeggio threes", "power threes", "power hold"),
            _lead("triplet line", "rock lead")),
        ("heavy twelve", "heavy twelve double", "heavy six", "heavy six double", "heavy nine"), 1.4, "driving",
        metres={"12/8": 0.55, "6/8": 0.35, "9/8": 0.1}),
    "progressive metal": _heavy(
        (92, 140, 200),
        (
            _guitar("chug", "riff chords", "chug eighths", "power syncopated"),
            bass("chug low", "riff", "chug eighths low"),
            singer(("sung", "lyrical"), 0.7),
            Seat("chords", ("hold", "broken", "ostinato"), (*PIANO, 18, 48, 81), 0.7, 0.0, 64, -1.0, "keys"),
            _second("eighths up", "sixteenths up", "riff"),
            _lead("running", "rock lead", "etude")),
        ("heavy seven", "heavy five", "heavy seven four", "chug kick", "heavy six", "double bass bursts"), 1.6,
        "complex",
        metres={"5/4": 0.26, "7/8": 0.24, "4/4": 0.2, "7/4": 0.16, "6/8": 0.07, "5/8": 0.07},
        harmony={"metal": 1.0, "modal": 1.0, "rock": 1.0}, changes=0.25),
    "folk metal": _heavy(
        (100, 138, 180),
        (
            _guitar("power eighths", "power gallop", "power hold", "power threes"),
            bass("bass eighths", "bass two", "bass threes"),
            Seat("melody", ("reel", "eighth line", "dotted"), (40, 72, 109, 21, 110, 78), 1.0, 0.3, 74, 1.0, "fiddle"),
            singer(("sung", "hymn"), 0.6),
            _second("riff", "power hold")),
        ("rock", "double bass eighths", "march toms", "heavy six", "heavy twelve", "polka"), 0.8, "festive",
        metres={"4/4": 0.62, "6/8": 0.24, "12/8": 0.08, "3/4": 0.06}, modes=_LIGHT,
        harmony={"celtic": 1.0, "metal": 1.0, "folk": 0.5}, steady=0.2),
    "heavy guitars alone": Style(
        "metal", (80, 126, 200),
        (
            _guitar("chug", "tremolo", "riff chords", "power gallop", "chug eighths", "power threes", "power hold"),
            _second("chug", "tremolo", "riff", "power hold", "arpeggio threes", chance=0.9, enters=0.0),
            bass("chug low", "bass eighths", "riff", chance=0.5, enters=0.3),
            _lead(chance=0.4)),
        _HARMONY, metres={"4/4": 0.76, "6/8": 0.1, "12/8": 0.06, "7/8": 0.04, "5/4": 0.04}, modes=_DARK,
        timing={"human": 0.7, "steady": 0.3}, forms={"through": 1.0, "loop": 1.0, "heavy": 1.0}, anacrusis=0.1,
        breaks=0.2, moods=("ominous",), weight=1.0),
}
"""By name."""
