"""Pop, ballads, soul, funk, disco, gospel."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACOUSTIC,
    CHOIR,
    CLEAN,
    GRAND,
    HORNS,
    KEYS,
    NYLON,
    PADS,
    PIANO,
    RHODES,
    SAX,
    SLAP,
    STEEL,
    STRINGS,
    SYNTH_BASS,
    SYNTH_BRASS,
    SYNTH_LEAD,
    backing,
    bass,
    pad,
    singer,
)

_FORMS = {"song": 2.0, "verse chorus": 2.0, "chorus first": 1.0}
_STRINGS = Seat("pad", ("hold", "choir swell", "soprano"), STRINGS, 0.4, 0.6, 68, -3.0, "strings")

POP: dict[str, Style] = {
    "pop": Style(
        "pop", (72, 112, 150),
        (
            Seat(
                "chords", ("strum pop", "quarters", "halves", "hold", "tresillo", "pulse", "picked"),
                (*KEYS, 25, 26, 27), 1.0, 0.0, 62, 0.0, "chords"),
            bass("bass eighths", "bass rock", "bass push", "bass whole", programs=(33, 34, 38, 39)),
            singer(("sung", "sung sixteenths")),
            Seat(
                "arpeggio", ("eighths up", "sixteenths up", "three three two", "picked"),
                (*SYNTH_LEAD, 27, 28, 46, 11, 12), 0.4, 0.4, 70, -3.0, "arpeggio"),
            pad(0.5),
            _STRINGS,
            Seat(
                "counter", ("counter", "answers", "synth hook"), (*SYNTH_LEAD, 48, 73, 27), 0.3, 0.6, 74, -2.0, "hook"),
            backing(0.3)),
        {"pop": 4.0, "dance": 1.0, "soul": 0.5},
        grooves=("rock", "synth pop", "hip hop", "disco", "rock sixteenths", "ballad snare", "four snares", "house"),
        kits=(0, 8, 24, 25), timing={"steady": 0.6, "human": 0.4}, forms=_FORMS, enrich=0.2, push=0.6, modulates=0.2,
        percussion=("shaker", "tambourine"), moods=("happy",), weight=2.5),
    "piano ballad": Style(
        "pop", (52, 68, 84),
        (
            Seat(
                "chords", ("block ballad", "left ballad", "broken", "quarters", "halves"), GRAND, 1.0, 0.0, 60, 0.0,
                "piano"),
            singer(("sung", "sung slow", "lyrical")),
            bass("bass ballad", "bass whole", chance=0.7, enters=0.5),
            _STRINGS,
            pad(0.4, PADS, 0.5),
            Seat("chords", ("picked", "strum slow"), ACOUSTIC, 0.3, 0.5, 62, -2.0, "guitar"),
            backing(0.3)),
        {"pop": 3.0, "soul": 1.0, "functional": 0.5}, grooves=("ballad", "ballad snare", "half time"), drums=0.65,
        timing={"human": 0.7, "rubato": 0.15, "steady": 0.15}, forms=_FORMS, enrich=0.3,
        metres={"4/4": 0.78, "6/8": 0.12, "3/4": 0.07, "12/8": 0.03}, modulates=0.25, anacrusis=0.5,
        moods=("tender", "sad"), weight=1.8),
    "guitar ballad": Style(
        "pop", (56, 74, 100),
        (
            Seat("chords", ("picked", "travis", "strum slow", "strum pop"), ACOUSTIC, 1.0, 0.0, 62, 1.0, "guitar"),
            singer(("sung", "lyrical")),
            bass("bass ballad", "bass whole", chance=0.7, enters=0.5),
            Seat("melody", ("rock lead", "lyrical"), (27, 29, 65, 73), 0.3, 0.6, 72, 0.0, "lead"),
            pad(0.4),
            backing(0.25)),
        {"pop": 2.0, "folk": 1.0, "beat": 1.0}, grooves=("ballad", "ballad snare", "cajon", "shaker", "rock"),
        drums=0.6, forms=_FORMS, enrich=0.2, metres={"4/4": 0.8, "3/4": 0.1, "6/8": 0.1}, anacrusis=0.4,
        moods=("calm",), weight=1.4),
    "doo wop": Style(
        "pop", (56, 76, 104),
        (
            Seat("chords", ("slow triplets", "hold", "backbeat"), PIANO, 1.0, 0.0, 64, 0.0, "piano"),
            bass("bass slow rock", programs=(32, 33)),
            singer(("sung", "sung slow")),
            backing(0.8, enters=0.0),
            Seat("chords", ("picked", "slow triplets"), CLEAN, 0.6, 0.0, 64, -2.0, "guitar"),
            Seat("melody", ("lyrical",), SAX, 0.3, 0.5, 66, 0.0, "saxophone")),
        {"beat": 2.0, "pop": 1.0, "soul": 1.0}, modes={"major": 0.85, "minor": 0.15}, metres={"12/8": 0.7, "6/8": 0.3},
        grooves=("doo wop", "six eight", "six eight ride", "slow blues"), forms={"aaba": 1.0, "verse chorus": 1.0},
        breaks=0.25, anacrusis=0.4, moods=("romantic",), weight=1.2),
    "motown": Style(
        "soul", (96, 118, 140),
        (
            Seat("chords", ("backbeat", "quarters short", "offbeats"), CLEAN, 1.0, 0.0, 66, -1.0, "guitar"),
            bass("bass motown", "bass rock", "bass eighths"),
            singer(("sung",)),
            Seat("chords", ("quarters", "eighths", "stabs"), PIANO, 0.8, 0.0, 62, -1.0, "piano"),
            Seat("counter", ("brass stabs", "answers"), HORNS, 0.6, 0.55, 67, 0.0, "horns"),
            _STRINGS,
            backing(0.5)),
        {"soul": 3.0, "beat": 1.0, "pop": 1.0}, modes={"major": 0.7, "minor": 0.3},
        grooves=("motown", "soul", "four snares", "rock"), percussion=("tambourine", "hands"), forms=_FORMS, enrich=0.3,
        push=0.3, modulates=0.2, moods=("joyful",), weight=1.2),
    "soul": Style(
        "soul", (62, 92, 116),
        (
            Seat(
                "chords", ("rhodes", "stabs", "hold", "funk scratch"), (*RHODES, 16, 17, 0), 1.0, 0.0, 62, 0.0, "keys"),
            bass("bass motown", "bass funk", "bass rock"),
            singer(("sung", "sung sixteenths", "blues lead")),
            Seat("chords", ("backbeat", "funk scratch", "picked"), CLEAN, 0.6, 0.0, 66, -2.0, "guitar"),
            Seat("counter", ("brass stabs", "answers"), HORNS, 0.5, 0.6, 67, 0.0, "horns"),
            backing(0.5),
            _STRINGS),
        {"soul": 4.0, "funk": 0.5, "pop": 0.5},
        grooves=("soul", "neo soul", "rock", "hip hop", "ballad snare", "motown"), swing=(0.5, 0.6), swing_unit=0.5,
        enrich=0.5, push=0.4, metres={"4/4": 0.85, "12/8": 0.1, "6/8": 0.05}, moods=("warm",), weight=1.2),
    "gospel": Style(
        "gospel", (60, 84, 130),
        (
            Seat("chords", ("slow triplets", "quarters", "stabs", "block ballad"), PIANO, 1.0, 0.0, 64, 0.0, "piano"),
            Seat("pad", ("hold", "choir swell"), (16, 17, 18), 0.9, 0.0, 64, -2.0, "organ"),
            bass("bass slow rock", "walking", "bass rock"),
            singer(("sung", "blues lead")),
            Seat("pad", ("choir swell", "soprano", "quarters"), CHOIR, 0.8, 0.5, 66, -1.0, "choir")),
        {"soul": 3.0, "blues": 0.5, "functional": 0.5}, modes={"major": 0.9, "minor": 0.1},
        metres={"12/8": 0.4, "4/4": 0.4, "6/8": 0.1, "3/4": 0.1},
        grooves=("gospel", "rock", "slow blues", "four snares"), drums=0.8, percussion=("tambourine",),
        swing=(0.5, 0.66), enrich=0.5, modulates=0.3, moods=("uplifting",), weight=0.8),
    "funk": Style(
        "funk", (84, 106, 128),
        (
            Seat("chords", ("funk scratch", "stabs", "backbeat"), CLEAN, 1.0, 0.0, 66, 0.0, "guitar"),
            bass("bass funk", "bass funk", "riff", "bass disco", programs=SLAP),
            Seat("chords", ("stabs", "hold", "rhodes"), (7, 4, 5, 16, 17), 0.7, 0.3, 62, -1.0, "clavinet"),
            Seat("counter", ("brass stabs", "riff", "answers"), (*HORNS, *SYNTH_BRASS), 0.7, 0.5, 67, 0.0, "horns"),
            singer(("sung", "sung sixteenths", "rap"), 0.7),
            Seat("melody", ("jazz solo", "blues lead"), (*SAX, 27, 81, 56), 0.5, 0.6, 70, 0.0, "solo")),
        {"funk": 4.0, "soul": 1.0}, modes={"dorian": 0.4, "minor": 0.3, "mixolydian": 0.2, "major": 0.1},
        grooves=("funk", "funk linear", "soul", "breakbeat", "second line", "disco"), kits=(0, 8),
        percussion=("hands", "shaker", "cajon"), swing=(0.5, 0.58), swing_unit=0.5, enrich=0.4, push=0.3, breaks=0.3,
        forms={"song": 1.0, "loop": 1.0, "head": 0.5}, moods=("groovy",), weight=1.2),
    "disco": Style(
        "disco", (104, 120, 134),
        (
            Seat(
                "chords", ("funk scratch", "offbeats", "strum sixteenths", "house piano"), (27, 28, 4, 0), 1.0, 0.0, 66,
                0.0, "guitar"),
            bass("bass disco", "bass eighths", "bass funk", programs=(33, 36, 38)),
            singer(("sung",)),
            _STRINGS,
            Seat("chords", ("stabs", "quarters", "hold"), (*RHODES, 0, 16), 0.6, 0.0, 62, -1.0, "keys"),
            Seat("counter", ("brass stabs", "answers", "riff"), (*HORNS, *SYNTH_BRASS), 0.5, 0.6, 67, 0.0, "horns"),
            backing(0.3)),
        {"soul": 1.0, "dance": 2.0, "pop": 1.0}, modes={"minor": 0.6, "major": 0.4},
        grooves=("disco", "disco", "house", "euro"), kits=(0, 8, 24), percussion=("hands", "tambourine", "shaker"),
        timing={"human": 0.6, "steady": 0.4}, enrich=0.4, moods=("festive",), weight=1.0),
    "synth pop": Style(
        "electronic", (96, 122, 150),
        (
            Seat(
                "arpeggio", ("sixteenths up", "eighths up", "three three two", "trance"), SYNTH_LEAD, 0.9, 0.0, 66,
                -1.0, "sequence"),
            bass("bass eighths", "bass disco", "bass sixteenths", "bass rolling", programs=SYNTH_BASS),
            singer(("sung", "sung slow"), 0.8),
            pad(0.9, (*PADS, 50, 51, 62)),
            Seat("melody", ("synth hook", "sparse"), SYNTH_LEAD, 0.7, 0.5, 74, 0.0, "lead"),
            Seat("chords", ("stabs", "tresillo", "pulse"), (62, 63, 80, 81, 5), 0.4, 0.4, 64, -2.0, "stabs")),
        {"pop": 2.0, "dance": 2.0}, modes={"minor": 0.6, "major": 0.4},
        grooves=("synth pop", "euro", "electro", "house", "rock"), kits=(24, 25, 16),
        timing={"steady": 0.95, "human": 0.05}, forms=_FORMS, moods=("cool",), weight=1.2),
    "power ballad": Style(
        "rock", (58, 70, 90),
        (
            Seat(
                "chords", ("picked", "power hold", "strum slow", "broken"), (27, 30, 0, 5), 1.0, 0.0, 62, 0.0,
                "guitar"),
            bass("bass ballad", "bass eighths", "bass whole"),
            singer(("sung", "lyrical")),
            Seat("chords", ("power hold", "power eighths"), (29, 30), 0.8, 0.75, 60, 0.0, "power guitar"),
            pad(0.6, (*PADS, *STRINGS), 0.4),
            Seat("melody", ("rock lead", "lyrical"), (29, 30), 0.7, 0.6, 74, 0.0, "lead guitar"),
            backing(0.4)),
        {"pop": 3.0, "rock": 1.0}, grooves=("rock", "ballad snare", "half time", "heavy slow"), kits=(0, 8, 16),
        forms=_FORMS, enrich=0.2, metres={"4/4": 0.88, "6/8": 0.09, "12/8": 0.03}, modulates=0.3, moods=("epic",),
        weight=1.2),
    "new age guitar": Style(
        "new age", (60, 88, 120),
        (
            Seat("melody", ("lyrical", "sparse"), NYLON, 0.8, 0.0, 70, 1.0, "guitar"),
            Seat("arpeggio", ("picked", "travis", "broken", "sweep"), (*NYLON, *STEEL), 1.0, 0.0, 60, 0.0, "guitar"),
            pad(0.3)),
        {"folk": 1.0, "ambient": 1.0, "functional": 1.0, "pop": 1.0}, metres={"4/4": 0.6, "3/4": 0.25, "6/8": 0.15},
        timing={"human": 0.6, "rubato": 0.4}, forms={"ternary": 1.0, "tunes": 1.0}, enrich=0.3, moods=("calm",),
        weight=1.0),
}
