"""Rock: beat groups to metal."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACOUSTIC,
    CLEAN,
    DRIVE,
    E_BASS,
    HORNS,
    KEYS,
    ORGAN,
    PIANO,
    SAX,
    STEEL,
    STRINGS,
    TWANG,
    backing,
    bass,
    pad,
    singer,
)

_LEAD = Seat("melody", ("rock lead", "blues lead"), DRIVE, 0.6, 0.5, 72, 0.0, "lead guitar")
_ROCK_FORMS = {"song": 2.0, "verse chorus": 2.0, "chorus first": 0.5, "strophic": 0.5}
_MODES = {"major": 0.45, "minor": 0.3, "mixolydian": 0.15, "dorian": 0.1}

ROCK: dict[str, Style] = {
    "rock": Style(
        "rock", (76, 116, 168),
        (
            Seat(
                "chords", ("power eighths", "power hold", "power syncopated", "strum eighths", "riff chords"),
                (27, 29, 30, 25), 1.0, 0.0, 60, 0.0, "guitar"),
            bass("bass eighths", "bass rock", "bass push"),
            singer(),
            Seat(
                "chords", ("strum pop", "strum slow", "offbeats", "hold", "picked"), (25, 26, 27, 29), 0.5, 0.4, 62,
                -2.0, "second guitar"),
            Seat("chords", ("hold", "quarters", "organ bubble"), (*ORGAN, *PIANO), 0.25, 0.3, 62, -3.0, "keys"),
            _LEAD,
            backing()),
        {"rock": 3.0, "pop": 1.0, "riff": 0.7}, modes=_MODES,
        grooves=("rock", "rock", "rock ride", "crash ride", "rock sixteenths", "tom groove"), kits=(0, 8, 16),
        forms=_ROCK_FORMS, timing={"human": 0.8, "steady": 0.2}, push=0.5, count_in=0.1,
        metres={"4/4": 0.95, "6/8": 0.03, "3/4": 0.02}, percussion=("tambourine", "shaker"), moods=("energetic",),
        weight=2.5),
    "beat group": Style(
        "rock", (100, 128, 180),
        (
            Seat(
                "chords", ("strum pop", "strum eighths", "quarters short", "boom chick", "backbeat"), TWANG, 1.0, 0.0,
                62, 0.0, "guitar"),
            bass("bass quarters", "bass rock", "bass two", "bass motown", "walking"),
            singer(("sung", "thirds")),
            Seat(
                "chords", ("strum folk", "strum eighths", "strum pop"), ACOUSTIC, 0.5, 0.0, 62, -2.0,
                "acoustic guitar"),
            Seat("arpeggio", ("riff", "picked", "eighths up", "answers"), TWANG, 0.5, 0.5, 67, -1.0, "lead guitar"),
            Seat("chords", ("quarters", "hold", "block ballad"), (*PIANO, *ORGAN), 0.25, 0.4, 62, -2.0, "keys"),
            backing(0.6)),
        {"beat": 4.0, "rock": 1.0, "country": 0.5}, modes={"major": 0.75, "minor": 0.15, "mixolydian": 0.1},
        grooves=("beat group", "rock", "surf", "four snares", "tom groove"),
        forms={"aaba": 2.0, "verse chorus": 1.0, "chorus first": 1.0, "strophic": 1.0},
        percussion=("tambourine", "hands"), count_in=0.1, push=0.3, swing=(0.5, 0.53),
        metres={"4/4": 0.93, "3/4": 0.04, "12/8": 0.03}, changes=0.08, moods=("happy",), weight=2.5),
    "surf": Style(
        "rock", (100, 136, 184),
        (
            Seat("melody", ("twang", "twang", "sparse", "rock lead"), TWANG, 1.0, 0.0, 64, 2.0, "lead guitar"),
            Seat(
                "chords", ("strum eighths", "strum pop", "boom chick", "backbeat", "quarters short"), TWANG, 1.0, 0.0,
                62, -1.0, "rhythm guitar"),
            bass("bass quarters", "bass rock", "bass two", "bass eighths", "bass boogie"),
            Seat("chords", ("strum folk", "strum eighths"), ACOUSTIC, 0.3, 0.0, 62, -3.0, "acoustic guitar"),
            Seat("pad", ("hold", "answers"), (*ORGAN, *SAX, *STRINGS), 0.2, 0.5, 66, -3.0, "organ")),
        {"beat": 2.0, "rock": 1.0, "phrygian": 0.7, "country": 0.6, "pop": 0.5},
        modes={"major": 0.5, "minor": 0.4, "dorian": 0.1},
        grooves=("surf", "beat group", "rock", "rock ride", "tom groove", "bo diddley"),
        forms={"aaba": 2.0, "strophic": 1.0, "tunes": 1.0, "head": 0.5}, anacrusis=0.4, count_in=0.05,
        moods=("bright",), weight=1.8),
    "rock and roll": Style(
        "rock", (132, 164, 200),
        (
            Seat(
                "chords", ("blues shuffle", "boom chick", "power eighths", "quarters short"), TWANG, 1.0, 0.0, 58, 0.0,
                "guitar"),
            bass("bass boogie", "walking", "bass quarters", programs=(32, 33)),
            singer(("sung", "eighth line")),
            Seat("chords", ("slow triplets", "eighths", "backbeat", "quarters"), PIANO, 0.6, 0.0, 67, -1.0, "piano"),
            Seat("melody", ("blues lead", "twang", "eighth line"), (*TWANG, *SAX), 0.6, 0.5, 70, 0.0, "lead")),
        {"blues": 3.0, "beat": 1.0}, modes={"major": 0.9, "minor": 0.1},
        grooves=("rock", "rock ride", "swing", "texas shuffle", "four snares"), phrases={12: 0.6, 4: 0.2, 8: 0.2},
        forms={"blues": 2.0, "aaba": 1.0}, swing=(0.5, 0.66), fills=0.5, breaks=0.4, moods=("energetic",), weight=1.2),
    "blues rock": Style(
        "rock", (60, 104, 140),
        (
            Seat(
                "arpeggio", ("riff", "riff chords", "riff", "blues shuffle", "power syncopated"), (27, 29, 30), 1.0,
                0.0, 52, 0.0, "guitar"),
            bass("riff", "riff", "bass rock", "bass eighths"),
            singer(("sung", "blues lead")),
            _LEAD,
            Seat("chords", ("hold", "stabs"), (16, 17, 18), 0.2, 0.4, 64, -3.0, "organ")),
        {"riff": 2.0, "blues": 1.0, "rock": 1.0},
        modes={"minor": 0.5, "mixolydian": 0.25, "dorian": 0.15, "major": 0.1},
        grooves=("rock", "heavy slow", "rock ride", "crash ride", "rock sixteenths", "half time"), kits=(0, 8, 16),
        forms=_ROCK_FORMS, phrases={4: 0.7, 8: 0.15, 12: 0.15}, swing=(0.5, 0.58), breaks=0.3, fills=0.8,
        moods=("raw",), weight=2.5),
    "heavy rock": Style(
        "rock", (56, 84, 116),
        (
            Seat(
                "arpeggio", ("riff chords", "riff", "power hold", "power syncopated"), DRIVE, 1.0, 0.0, 52, 0.0,
                "guitar"),
            bass("riff", "bass rock", "bass whole", "bass eighths"),
            singer(("sung", "sung slow", "sparse")),
            _LEAD,
            Seat("chords", ("power hold", "hold"), (*DRIVE, *ORGAN), 0.5, 0.4, 57, -2.0, "second guitar")),
        {"riff": 2.0, "rock": 1.0, "metal": 1.0},
        modes={"minor": 0.7, "dorian": 0.15, "phrygian": 0.1, "mixolydian": 0.05},
        grooves=("heavy slow", "half time", "rock", "crash ride", "tom groove", "half time shuffle"), kits=(0, 8, 16),
        forms=_ROCK_FORMS, breaks=0.3, fills=0.8, metres={"4/4": 0.9, "6/8": 0.06, "7/8": 0.04}, changes=0.1,
        moods=("heavy",), weight=2.0),
    "punk": Style(
        "rock", (132, 168, 220),
        (
            Seat(
                "chords", ("power eighths", "power eighths", "power hold", "power sixteenths"), DRIVE, 1.0, 0.0, 60,
                0.0, "guitar"),
            bass("bass eighths", "bass eighths", "bass rock"),
            singer(("sung", "eighth line")),
            Seat("arpeggio", ("riff", "eighths up", "power eighths"), DRIVE, 0.3, 0.6, 66, -1.0, "second guitar"),
            backing(0.15)),
        {"punk": 4.0, "rock": 1.0}, modes={"major": 0.75, "minor": 0.25},
        grooves=("punk", "fast two", "rock", "crash ride", "punk ride", "d-beat", "tom groove"), kits=(0, 8, 16),
        forms=_ROCK_FORMS, breaks=0.35, fills=0.7, count_in=0.15, moods=("angry",), weight=1.8),
    "metal": Style(
        "metal", (84, 132, 200),
        (
            Seat(
                "chords", ("power gallop", "power muted", "power sixteenths", "riff chords", "power syncopated"),
                (30, 30, 29), 1.0, 0.0, 57, 0.0, "guitar"),
            bass("bass gallop", "bass sixteenths", "riff", "bass eighths"),
            singer(("sung", "sparse"), 0.7),
            _LEAD,
            Seat("arpeggio", ("riff", "sixteenths up", "picked"), (30, 27), 0.4, 0.4, 64, -2.0, "second guitar"),
            pad(0.15)),
        {"metal": 3.0, "riff": 1.0}, modes={"minor": 0.75, "phrygian": 0.2, "dorian": 0.05},
        grooves=("double bass", "gallop", "metal syncopated", "half time", "rock", "blast", "crash ride"), kits=(16, 8),
        forms=_ROCK_FORMS, metres={"4/4": 0.86, "6/8": 0.06, "7/8": 0.05, "3/4": 0.03}, changes=0.15, breaks=0.3,
        fills=0.8, timing={"human": 0.5, "steady": 0.5}, moods=("aggressive",), weight=1.0),
    "ska": Style(
        "ska", (104, 136, 190),
        (
            Seat("chords", ("offbeats", "offbeats", "reggae chop"), CLEAN, 1.0, 0.0, 64, 0.0, "guitar"),
            bass("bass ska", "walking", "bass eighths"),
            singer(),
            Seat("counter", ("brass stabs", "riff", "answers", "thirds"), HORNS, 0.7, 0.5, 67, 0.0, "horns"),
            Seat("chords", ("organ bubble", "offbeats"), ORGAN, 0.4, 0.0, 64, -2.0, "organ")),
        {"pop": 1.0, "beat": 1.0, "reggae": 1.0, "rock": 0.5}, grooves=("ska", "rock", "fast two", "one drop"),
        swing=(0.5, 0.56), moods=("happy",), weight=0.8),
    "progressive rock": Style(
        "rock", (70, 112, 160),
        (
            Seat(
                "arpeggio", ("riff", "eighths up", "sixteenths up", "three three two"), (27, 29, 30, 81, 18), 1.0, 0.0,
                64, 0.0, "lead"),
            bass("riff", "bass eighths", "bass rock"),
            Seat("chords", ("hold", "stabs", "pulse", "broken"), (*ORGAN, *KEYS), 0.8, 0.0, 62, -1.0, "keys"),
            singer(("sung", "lyrical"), 0.6),
            Seat("melody", ("synth hook", "rock lead"), (81, 80, 84, 30), 0.5, 0.4, 74, 0.0, "synth"),
            pad(0.4)),
        {"rock": 1.0, "riff": 1.0, "modal": 1.0, "pop": 0.5},
        modes={"minor": 0.4, "dorian": 0.25, "major": 0.15, "mixolydian": 0.1, "lydian": 0.1},
        metres={"4/4": 0.3, "7/8": 0.25, "5/4": 0.2, "6/8": 0.08, "3/4": 0.07, "5/8": 0.05, "7/4": 0.05},
        grooves=("rock", "rock sixteenths", "crash ride", "half time"),
        forms={"through": 1.0, "song": 1.0, "rondo": 0.5}, changes=0.3, enrich=0.2, moods=("complex",), weight=0.9),
    "odd rock": Style(
        "rock", (96, 138, 176),
        (
            Seat(
                "chords", ("riff chords", "power eighths", "strum eighths", "picked"), (27, 29, 30, 25), 1.0, 0.0, 60,
                0.0, "guitar"),
            bass("riff", "bass eighths", "bass quarters"),
            singer(("sung", "eighth line"), 0.8),
            _LEAD,
            pad(0.3)),
        {"rock": 2.0, "riff": 1.0, "pop": 1.0}, modes=_MODES, grooves=("rock", "crash ride", "tom groove"),
        kits=(0, 8, 16), metres={"5/4": 0.35, "7/8": 0.3, "7/4": 0.2, "6/4": 0.1, "5/8": 0.05}, forms=_ROCK_FORMS,
        breaks=0.2, moods=("restless",), weight=0.8),
    "grunge": Style(
        "rock", (76, 112, 150),
        (
            Seat(
                "chords", ("power syncopated", "power hold", "riff chords", "picked", "strum eighths"), (29, 30, 27),
                1.0, 0.0, 60, 0.0, "guitar"),
            bass("riff", "bass eighths", "bass rock", "bass push"),
            singer(("sung", "sung slow")),
            Seat("arpeggio", ("riff", "picked", "eighths up"), (27, 29), 0.4, 0.3, 64, -2.0, "second guitar"),
            _LEAD),
        {"rock": 2.0, "punk": 1.0, "riff": 1.0}, modes={"minor": 0.6, "major": 0.25, "mixolydian": 0.15},
        kits=(0, 8, 16), grooves=("rock", "crash ride", "heavy slow", "half time", "rock ride", "tom groove"),
        forms=_ROCK_FORMS, breaks=0.3, fills=0.8, push=0.4, metres={"4/4": 0.93, "6/8": 0.04, "3/4": 0.03},
        moods=("raw",), weight=1.2),
    "folk rock": Style(
        "rock", (84, 112, 148),
        (
            Seat(
                "chords", ("strum folk", "strum pop", "strum eighths", "travis"), STEEL, 1.0, 0.0, 62, 0.0,
                "acoustic guitar"),
            bass("bass quarters", "bass rock", "bass two"),
            singer(("sung", "thirds", "hymn")),
            Seat(
                "arpeggio", ("picked", "eighths up", "three three two", "banjo roll"), TWANG, 0.7, 0.0, 68, -1.0,
                "twelve-string"),
            Seat("chords", ("hold", "quarters"), (*ORGAN, *PIANO), 0.3, 0.3, 62, -3.0, "organ"),
            Seat("melody", ("lyrical", "blues lead", "eighth line"), (22, 40, 27), 0.4, 0.5, 72, 0.0, "harmonica"),
            backing(0.5)),
        {"folk": 3.0, "beat": 1.0, "rock": 1.0}, modes={"major": 0.65, "mixolydian": 0.15, "minor": 0.2},
        grooves=("rock", "beat group", "train", "tambourine", "rock ride", "country two"), percussion=("tambourine",),
        forms={"strophic": 1.0, "verse chorus": 1.0}, metres={"4/4": 0.84, "3/4": 0.1, "6/8": 0.06}, swing=(0.5, 0.56),
        anacrusis=0.4, moods=("honest",), weight=1.3),
    "indie": Style(
        "rock", (80, 120, 172),
        (
            Seat(
                "chords", ("strum eighths", "picked", "strum pop", "power eighths"), (27, 26, 25, 29), 1.0, 0.0, 62,
                0.0, "guitar"),
            bass("bass eighths", "bass rock", "bass disco", "bass push"),
            singer(("sung", "sung slow")),
            Seat(
                "arpeggio", ("eighths up", "picked", "riff", "three three two"), (27, 26, 28), 0.6, 0.4, 68, -1.0,
                "second guitar"),
            pad(0.4, (*STRINGS, 81, 89, 90, 62)),
            Seat("chords", ("quarters", "house piano", "hold"), (0, 1, 4, 16), 0.3, 0.5, 62, -2.0, "keys")),
        {"pop": 3.0, "rock": 1.0, "modal": 0.5},
        grooves=("rock", "disco", "tom groove", "rock sixteenths", "synth pop", "four snares", "cajon"),
        timing={"human": 0.6, "steady": 0.4}, enrich=0.2, percussion=("tambourine", "shaker"),
        metres={"4/4": 0.95, "3/4": 0.03, "6/8": 0.02}, moods=("dreamy",), weight=1.4),
    "glam": Style(
        "rock", (108, 130, 160),
        (
            Seat("chords", ("power eighths", "power hold", "strum eighths"), DRIVE, 1.0, 0.0, 60, 0.0, "guitar"),
            bass("bass boogie", "bass eighths", programs=E_BASS),
            singer(("sung", "thirds")),
            Seat("chords", ("eighths", "quarters"), PIANO, 0.5, 0.0, 64, -2.0, "piano"),
            Seat("chords", ("strum pop",), STEEL, 0.3, 0.0, 62, -3.0, "acoustic guitar"),
            backing(0.5)),
        {"beat": 1.0, "rock": 2.0, "blues": 0.5}, modes=_MODES,
        grooves=("rock", "four snares", "stomp clap", "tom groove"), swing=(0.5, 0.66), percussion=("stomp clap",),
        moods=("festive",), weight=0.7),
}
