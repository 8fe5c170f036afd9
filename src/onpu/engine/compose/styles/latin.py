"""Latin America and Spain."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACCORDION,
    BRASS,
    GRAND,
    HORNS,
    NYLON,
    RHODES,
    SAX,
    UPRIGHT,
    VIOLIN,
    backing,
    bass,
    singer,
)

LATIN: dict[str, Style] = {
    "salsa": Style(
        "latin", (84, 96, 116),
        (
            Seat("chords", ("montuno", "montuno", "offbeats"), (0, 1), 1.0, 0.0, 66, 0.0, "piano"),
            bass("bass latin", programs=(32, 33, 35)),
            singer(("sung", "thirds")),
            Seat("counter", ("brass stabs", "riff", "answers"), BRASS, 0.8, 0.4, 67, 0.0, "brass"),
            backing(0.3)),
        {"latin": 3.0, "bossa": 0.5}, modes={"minor": 0.6, "major": 0.4}, grooves=("salsa", "mambo"),
        percussion=("cha cha", "hands"), enrich=0.3, fills=0.4, breaks=0.3, moods=("festive",), weight=0.9),
    "cha cha": Style(
        "latin", (104, 118, 132),
        (
            Seat("chords", ("stabs", "montuno", "offbeats", "quarters short"), (0, 16, 26), 1.0, 0.0, 64, 0.0, "piano"),
            bass("bass latin", "bass bossa", "bass two", programs=(32, 33)),
            Seat("melody", ("eighth line", "jazz head", "sung"), (73, 56, 65, 71, 11), 0.8, 0.0, 72, 1.0, "flute"),
            Seat("counter", ("brass stabs", "answers"), HORNS, 0.5, 0.4, 67, 0.0, "brass")),
        {"latin": 2.0, "bossa": 1.0}, modes={"minor": 0.5, "major": 0.5}, grooves=("cha cha",), percussion=("rumba",),
        enrich=0.4, fills=0.3, moods=("sensual",), weight=0.7),
    "bolero": Style(
        "latin", (76, 92, 112),
        (
            Seat("chords", ("picked", "bossa comp", "strum slow"), (*NYLON, 0), 1.0, 0.0, 62, 0.0, "guitar"),
            bass("bass ballad", "bass two", programs=(32, 33)),
            singer(("sung", "lyrical")),
            Seat("counter", ("counter", "answers"), (40, 48, 56, 26), 0.5, 0.3, 70, -1.0, "strings")),
        {"latin": 1.0, "bossa": 1.0, "tango": 1.0}, modes={"minor": 0.55, "major": 0.45}, grooves=("bolero", "rumba"),
        enrich=0.4, anacrusis=0.4, fills=0.2, moods=("romantic",), weight=0.7),
    "bossa nova": Style(
        "latin", (112, 134, 160),
        (
            Seat("chords", ("bossa comp",), NYLON, 1.0, 0.0, 60, 0.0, "guitar"),
            bass("bass bossa", programs=UPRIGHT),
            singer(("sung", "jazz head"), 0.6),
            Seat("melody", ("jazz head", "lyrical"), (*SAX, 73, 0), 0.7, 0.0, 70, 0.0, "solo"),
            Seat("chords", ("rhodes", "hold"), (*RHODES, *GRAND), 0.4, 0.0, 62, -2.0, "keys")),
        {"bossa": 1.0}, grooves=("bossa",), kits=(32, 0), enrich=0.6, fills=0.2, moods=("relaxed",), held_out=True),
    "samba": Style(
        "latin", (84, 102, 124),
        (
            Seat("chords", ("samba comp", "bossa comp", "offbeats"), (*NYLON, 25, 0), 1.0, 0.0, 62, 0.0, "guitar"),
            bass("bass samba", "bass bossa", programs=(32, 33)),
            singer(("sung", "sung sixteenths")),
            Seat("melody", ("running", "eighth line", "rag"), (73, 71, 25, 21), 0.5, 0.3, 74, 0.0, "flute")),
        {"bossa": 2.0, "latin": 1.0}, modes={"major": 0.6, "minor": 0.4}, metres={"2/4": 0.8, "4/4": 0.2},
        grooves=("samba",), percussion=("shaker", "hands"), enrich=0.4, fills=0.4, moods=("joyful",), weight=0.8),
    "tango": Style(
        "tango", (54, 62, 70),
        (
            Seat("melody", ("dotted", "lyrical", "running"), (*ACCORDION, *VIOLIN), 1.0, 0.0, 70, 1.0, "bandoneon"),
            Seat("chords", ("tango chords", "quarters short"), (0, 21), 1.0, 0.0, 60, 0.0, "piano"),
            bass("bass tango", "bass quarters", programs=(32, 43)),
            Seat("counter", ("counter", "answers"), (40, 48, 24), 0.6, 0.3, 72, -1.0, "violin")),
        {"tango": 1.0}, modes={"minor": 0.75, "major": 0.25}, metres={"2/4": 0.7, "4/4": 0.3},
        timing={"human": 0.6, "rubato": 0.4}, grooves=("tango",), drums=0.25,
        forms={"ternary": 1.0, "binary": 1.0, "aaba": 1.0}, anacrusis=0.4, moods=("passionate",), weight=0.8),
    "flamenco": Style(
        "flamenco", (84, 112, 160),
        (
            Seat(
                "chords", ("strum sixteenths", "strum eighths", "picked", "strum folk"), NYLON, 1.0, 0.0, 62, 0.0,
                "guitar"),
            Seat("melody", ("running", "lyrical", "eighth line"), NYLON, 0.8, 0.0, 70, 1.0, "lead guitar"),
            singer(("lyrical",), 0.3)),
        {"phrygian": 1.0}, modes={"phrygian": 0.8, "minor": 0.2}, metres={"4/4": 0.5, "3/4": 0.3, "6/8": 0.2},
        grooves=("flamenco", "cajon", "hands"), drums=0.6, timing={"human": 0.6, "rubato": 0.4},
        forms={"through": 1.0, "tunes": 1.0}, fills=0.2, moods=("passionate",), weight=0.7),
    "latin rock": Style(
        "latin", (96, 122, 144),
        (
            Seat("chords", ("stabs", "montuno", "hold", "offbeats"), (16, 17, 0, 4), 1.0, 0.0, 62, 0.0, "organ"),
            bass("bass latin", "riff", "bass push"),
            Seat("melody", ("rock lead", "blues lead"), (29, 30, 27), 0.9, 0.3, 72, 1.0, "lead guitar"),
            singer(("sung",), 0.6),
            Seat("chords", ("funk scratch", "offbeats"), (27,), 0.4, 0.3, 64, -2.0, "guitar")),
        {"latin": 1.0, "funk": 1.0, "modal": 1.0}, modes={"dorian": 0.5, "minor": 0.4, "major": 0.1},
        grooves=("latin rock", "cha cha", "mambo"), percussion=("rumba", "hands", "cha cha"), fills=0.5, breaks=0.2,
        moods=("hot",), weight=0.8),
    "cumbia": Style(
        "latin", (84, 96, 112),
        (
            Seat("chords", ("offbeats", "reggae chop"), (21, 25, 27), 1.0, 0.0, 66, 0.0, "guitar"),
            bass("bass two", "bass push", "bass quarters"),
            Seat("melody", ("sung", "eighth line", "thirds"), (21, 71, 56, 81), 1.0, 0.0, 72, 1.0, "accordion"),
            singer(("sung",), 0.5)),
        {"latin": 1.0, "folk": 1.0}, modes={"minor": 0.7, "major": 0.3}, grooves=("cumbia", "merengue"),
        percussion=("shaker",), fills=0.3, moods=("festive",), weight=0.7),
    "calypso": Style(
        "latin", (92, 108, 126),
        (
            Seat("melody", ("sung", "thirds", "rag"), (114, 12, 56, 73), 1.0, 0.0, 74, 1.0, "steel drums"),
            Seat("chords", ("offbeats", "strum sixteenths", "tresillo"), (25, 24, 114), 1.0, 0.0, 64, 0.0, "guitar"),
            bass("bass push", "bass two"),
            singer(("sung",), 0.4)),
        {"folk": 1.0, "latin": 1.0, "beat": 1.0}, modes={"major": 1.0}, grooves=("calypso",),
        percussion=("shaker", "hands"), fills=0.3, moods=("sunny",), weight=0.6),
    "afro six": Style(
        "african", (92, 112, 134),
        (
            Seat("arpeggio", ("broken", "picked", "eighths up"), (12, 24, 27, 108, 13), 1.0, 0.0, 66, 0.0, "kalimba"),
            Seat("arpeggio", ("picked", "riff"), (27, 25, 12), 0.7, 0.3, 70, -1.0, "guitar"),
            bass("bass ballad", "bass two", "riff"),
            singer(("sung", "thirds"), 0.7)),
        {"modal": 1.0, "folk": 1.0}, modes={"major": 0.6, "mixolydian": 0.2, "minor": 0.2},
        metres={"6/8": 0.5, "12/8": 0.5}, grooves=("afro six",), percussion=("hands",), fills=0.2, moods=("joyful",),
        weight=0.7),
    "percussion": Style(
        "percussion", (76, 108, 150), (), {"drone": 1.0}, modes={"minor": 1.0},
        metres={"4/4": 0.75, "6/8": 0.15, "2/4": 0.1},
        grooves=("hands", "samba", "tom groove", "mambo", "salsa", "funk", "second line", "breakbeat", "rock"),
        percussion=("shaker", "cha cha", "rumba", "cajon"), kits=(0, 8, 16, 24), forms={"through": 1.0, "loop": 1.0},
        fills=0.7, moods=("wild",), weight=0.5),
    "mariachi waltz": Style(
        "latin", (96, 150, 190),
        (
            Seat("melody", ("sung", "thirds", "lyrical"), (56, 40, 53), 1.0, 0.0, 72, 1.0, "trumpet"),
            Seat("chords", ("waltz chords", "strum folk"), (24, 25), 1.0, 0.0, 62, 0.0, "guitar"),
            bass("bass waltz", programs=(32, 33))),
        {"latin": 1.0, "country": 1.0}, modes={"major": 0.8, "minor": 0.2}, metres={"3/4": 0.8, "6/8": 0.2},
        anacrusis=0.5, forms={"strophic": 1.0, "verse chorus": 1.0}, grooves=("waltz",), drums=0.1, moods=("proud",),
        weight=0.6),
}
