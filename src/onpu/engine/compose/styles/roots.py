"""Folk, country, blues, bluegrass, the Celtic countries, the Balkans, reggae."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACCORDION,
    ACOUSTIC,
    BANJO,
    CLEAN,
    E_BASS,
    HORNS,
    KEYS,
    NYLON,
    ORGAN,
    PIANO,
    STEEL,
    TWANG,
    UPRIGHT,
    WHISTLE,
    backing,
    bass,
    pad,
    singer,
)

_TUNES = {"tunes": 3.0, "binary": 1.0}

ROOTS: dict[str, Style] = {
    "country": Style(
        "country", (84, 112, 170),
        (
            Seat(
                "chords", ("boom chick", "boom chick", "strum folk", "strum eighths"), STEEL, 1.0, 0.0, 62, 0.0,
                "acoustic guitar"),
            bass("bass two", "bass two", "walking", "bass quarters", programs=(32, 33, 34)),
            singer(("sung", "hymn")),
            Seat(
                "counter", ("answers", "twang", "riff", "eighth line"), (*TWANG, 105, 40, 22), 0.7, 0.4, 68, -1.0,
                "lead guitar"),
            Seat("chords", ("backbeat", "quarters", "boom chick"), (*PIANO, 27), 0.4, 0.3, 64, -2.0, "piano"),
            Seat("pad", ("hold", "soprano"), (26, 48, 40), 0.25, 0.3, 68, -3.0, "steel"),
            backing(0.25)),
        {"country": 4.0, "folk": 1.0}, modes={"major": 0.92, "minor": 0.08},
        grooves=("country two", "train", "rock", "brushes", "country two", "shaker"), drums=0.85, kits=(0, 0, 40),
        metres={"4/4": 0.74, "3/4": 0.14, "2/4": 0.08, "2/2": 0.04}, swing=(0.5, 0.6), anacrusis=0.5, modulates=0.2,
        forms={"verse chorus": 1.0, "strophic": 1.0, "aaba": 0.5}, moods=("honest",), weight=2.0),
    "folk": Style(
        "folk", (72, 104, 144),
        (
            Seat(
                "chords", ("strum folk", "picked", "travis", "boom chick", "strum pop"), ACOUSTIC, 1.0, 0.0, 62, 1.0,
                "guitar"),
            singer(("sung", "hymn", "lyrical")),
            bass("bass two", "bass whole", "bass quarters", programs=UPRIGHT, chance=0.4),
            Seat(
                "melody", ("eighth line", "lyrical", "sung"), (22, 40, 72, 73, 74, 21, 105), 0.4, 0.4, 72, 0.0,
                "fiddle")),
        {"folk": 4.0, "country": 1.0}, modes={"major": 0.6, "minor": 0.2, "dorian": 0.12, "mixolydian": 0.08},
        grooves=("hands", "cajon", "shaker", "tambourine", "stomp clap", "brushes"), drums=0.3,
        metres={"4/4": 0.6, "3/4": 0.22, "6/8": 0.12, "2/4": 0.06}, anacrusis=0.5,
        forms={"strophic": 2.0, "verse chorus": 1.0, "tunes": 0.5}, fills=0.2, moods=("plain",), weight=1.6),
    "bluegrass": Style(
        "country", (88, 112, 136),
        (
            Seat("arpeggio", ("banjo roll",), BANJO, 0.9, 0.0, 67, 0.0, "banjo"),
            Seat("chords", ("boom chick", "strum folk"), STEEL, 0.9, 0.0, 62, 0.0, "guitar"),
            bass("bass two", "walking", programs=UPRIGHT),
            Seat("chords", ("mandolin chop",), (25, 15, 105), 0.6, 0.0, 69, -1.0, "mandolin"),
            Seat("melody", ("reel", "eighth line"), (40, 110, 105, 25), 0.8, 0.0, 72, 1.0, "fiddle"),
            singer(("sung",), 0.5)),
        {"country": 2.0, "folk": 2.0, "celtic": 1.0}, modes={"major": 0.85, "minor": 0.05, "mixolydian": 0.1},
        metres={"2/2": 0.6, "4/4": 0.4}, forms={**_TUNES, "verse chorus": 1.0}, anacrusis=0.5, moods=("lively",),
        weight=0.9),
    "slow blues": Style(
        "blues", (48, 62, 84),
        (
            Seat(
                "chords", ("slow triplets", "stabs", "hold", "quarters"), (*PIANO, 16, 27), 1.0, 0.0, 62, 0.0, "piano"),
            bass("bass slow rock", "walking"),
            singer(("blues lead", "sung")),
            Seat("melody", ("blues lead",), (27, 29, 26, 22), 0.9, 0.4, 70, 1.0, "lead guitar"),
            Seat("chords", ("backbeat", "stabs"), CLEAN, 0.4, 0.0, 62, -2.0, "guitar")),
        {"blues": 1.0}, modes={"major": 0.75, "minor": 0.25}, metres={"12/8": 0.85, "4/4": 0.15},
        grooves=("slow blues", "doo wop", "ballad snare"), phrases={12: 0.9, 4: 0.1}, forms={"blues": 1.0},
        swing=(0.6, 0.67), anacrusis=0.5, breaks=0.2, moods=("sad",), weight=1.4),
    "shuffle blues": Style(
        "blues", (84, 118, 150),
        (
            Seat(
                "chords", ("blues shuffle", "quarters short", "boom chick"), (26, 27, 29), 1.0, 0.0, 58, 0.0, "guitar"),
            bass("walking", "bass boogie", "bass quarters", programs=(32, 33)),
            singer(("blues lead", "sung")),
            Seat("melody", ("blues lead", "jazz solo"), (27, 29, 22, 66, 0), 0.8, 0.4, 70, 1.0, "lead"),
            Seat("chords", ("stabs", "backbeat", "eighths"), (*PIANO, 16), 0.5, 0.0, 64, -1.0, "keys")),
        {"blues": 1.0}, modes={"major": 0.8, "minor": 0.2},
        grooves=("rock", "rock ride", "texas shuffle", "shuffle", "half time shuffle", "swing"),
        phrases={12: 0.85, 8: 0.15}, forms={"blues": 1.0, "aaba": 0.2}, swing=(0.6, 0.68), anacrusis=0.4, breaks=0.3,
        moods=("earthy",), weight=1.2),
    "acoustic blues": Style(
        "blues", (70, 96, 130),
        (
            Seat(
                "chords", ("travis", "boom chick", "blues shuffle", "picked"), (*STEEL, *NYLON), 1.0, 0.0, 60, 0.0,
                "guitar"),
            Seat("melody", ("blues lead",), (25, 22, 26), 0.7, 0.0, 70, 0.0, "slide"),
            singer(("blues lead", "sung"), 0.7)),
        {"blues": 3.0, "folk": 1.0}, modes={"major": 0.7, "minor": 0.3}, phrases={12: 0.7, 8: 0.3},
        forms={"blues": 1.0, "strophic": 1.0}, swing=(0.55, 0.67), grooves=("stomp clap", "hands"), drums=0.25,
        anacrusis=0.5, metres={"4/4": 0.85, "12/8": 0.15}, moods=("lonely",), weight=0.8),
    "reel": Style(
        "celtic", (88, 104, 124),
        (
            Seat("melody", ("reel",), (*WHISTLE, 40, 110, 21, 22, 109), 1.0, 0.0, 76, 1.0, "fiddle"),
            Seat("melody", ("reel", "counter"), (21, 74, 40, 105), 0.3, 0.6, 74, 0.0, "second"),
            Seat(
                "chords", ("strum folk", "boom chick", "picked", "strum eighths"), (25, 25, 46, 0), 0.85, 0.0, 60, 0.0,
                "guitar"),
            bass("bass two", "bass whole", programs=UPRIGHT, chance=0.3),
            Seat("pad", ("drone",), (109, 21, 48), 0.3, 0.0, 50, -4.0, "drone")),
        {"celtic": 1.0}, modes={"major": 0.5, "dorian": 0.2, "mixolydian": 0.15, "minor": 0.15},
        metres={"2/2": 0.6, "4/4": 0.4}, grooves=("bodhran reel", "hands", "shaker"), drums=0.45, forms=_TUNES,
        swing=(0.5, 0.57), swing_unit=0.5, fills=0.0, anacrusis=0.4, moods=("lively",), weight=0.8),
    "jig": Style(
        "celtic", (92, 114, 136),
        (
            Seat("melody", ("reel", "classical"), (*WHISTLE, 40, 110, 21, 22), 1.0, 0.0, 76, 1.0, "fiddle"),
            Seat(
                "chords", ("strum folk", "boom chick", "strum eighths"), (25, 25, 46, 0), 0.85, 0.0, 60, 0.0, "guitar"),
            bass("bass two", programs=UPRIGHT, chance=0.35),
            Seat("pad", ("drone",), (109, 21, 48), 0.3, 0.0, 50, -4.0, "drone")),
        {"celtic": 1.0}, modes={"major": 0.5, "dorian": 0.2, "mixolydian": 0.15, "minor": 0.15},
        metres={"6/8": 0.75, "9/8": 0.25}, grooves=("bodhran jig", "tarantella"), drums=0.45, forms=_TUNES, fills=0.0,
        anacrusis=0.5, moods=("merry",), weight=0.9),
    "polka": Style(
        "folk", (96, 118, 140),
        (
            Seat("melody", ("classical", "reel", "dotted"), (*ACCORDION, 71, 56, 40), 1.0, 0.0, 74, 1.0, "accordion"),
            Seat("chords", ("polka chords",), (21, 25, 0, 60), 1.0, 0.0, 62, 0.0, "chords"),
            bass("bass tuba", "bass two", programs=(58, 32, 33)),
            Seat("counter", ("answers", "counter"), (71, 56, 57), 0.4, 0.4, 70, -1.0, "clarinet")),
        {"march": 1.0, "country": 1.0, "functional": 0.5}, modes={"major": 0.9, "minor": 0.1},
        metres={"2/4": 0.9, "4/4": 0.1}, grooves=("polka", "march"), drums=0.7, forms=_TUNES, fills=0.3, anacrusis=0.4,
        moods=("merry",), weight=0.8),
    "balkan": Style(
        "folk", (180, 225, 250),
        (
            Seat("melody", ("reel", "eighth line", "classical"), (71, 21, 56, 40, 65), 1.0, 0.0, 72, 1.0, "clarinet"),
            Seat(
                "chords", ("quarters short", "strum eighths", "polka chords"), (21, 25, 105, 57), 0.9, 0.0, 62, 0.0,
                "chords"),
            bass("bass quarters", "bass tuba", programs=(58, 32, 33)),
            Seat("pad", ("drone",), (109, 21, 20), 0.3, 0.0, 50, -4.0, "drone")),
        {"modal": 1.0, "phrygian": 1.0, "folk": 1.0}, modes={"minor": 0.4, "phrygian": 0.4, "dorian": 0.2},
        metres={"7/8": 0.5, "5/8": 0.15, "9/8": 0.1, "2/4": 0.15, "4/4": 0.1}, grooves=("balkan", "hands"), drums=0.85,
        forms=_TUNES, fills=0.2, moods=("wild",), weight=0.8),
    "klezmer": Style(
        "folk", (76, 112, 160),
        (
            Seat("melody", ("dotted", "classical", "reel"), (71, 40, 21), 1.0, 0.0, 72, 1.0, "clarinet"),
            Seat("chords", ("polka chords", "quarters short"), (21, 0, 25), 1.0, 0.0, 62, 0.0, "accordion"),
            bass("bass tuba", "bass two", programs=(58, 32))),
        {"phrygian": 1.0, "tango": 1.0}, modes={"minor": 0.6, "phrygian": 0.4},
        metres={"2/4": 0.6, "4/4": 0.3, "3/4": 0.1}, grooves=("polka", "bo diddley", "hands"), drums=0.6, forms=_TUNES,
        timing={"human": 0.8, "rubato": 0.2}, changes=0.2, anacrusis=0.4, moods=("bittersweet",), weight=0.5),
    "reggae": Style(
        "reggae", (64, 78, 96),
        (
            Seat("chords", ("reggae chop",), CLEAN, 1.0, 0.0, 66, 0.0, "guitar"),
            bass("bass reggae", programs=E_BASS, register=34),
            Seat("chords", ("organ bubble", "reggae chop"), ORGAN, 0.8, 0.0, 62, -1.0, "organ"),
            singer(("sung", "sung sixteenths")),
            Seat("counter", ("brass stabs", "answers"), HORNS, 0.3, 0.5, 67, 0.0, "horns"),
            backing(0.3)),
        {"reggae": 1.0}, modes={"major": 0.5, "minor": 0.4, "dorian": 0.1}, grooves=("one drop", "rockers"),
        swing=(0.5, 0.58), swing_unit=0.5, percussion=("shaker", "hands"), moods=("relaxed",), held_out=True),
    "singer songwriter": Style(
        "pop", (68, 96, 132),
        (
            Seat(
                "chords", ("strum pop", "picked", "travis", "strum folk", "strum sixteenths"), ACOUSTIC, 0.85, 0.0, 62,
                1.0, "guitar"),
            Seat("chords", ("quarters", "hold", "left ballad"), KEYS, 0.4, 0.3, 60, -1.0, "piano"),
            singer(("sung", "sung sixteenths", "lyrical")),
            bass("bass ballad", "bass rock", "bass whole", chance=0.6, enters=0.5),
            pad(0.2),
            backing(0.2)),
        {"pop": 2.0, "folk": 2.0},
        grooves=("cajon", "ballad", "shaker", "rock", "ballad snare", "brushes", "stomp clap"), drums=0.5, enrich=0.25,
        metres={"4/4": 0.82, "3/4": 0.08, "6/8": 0.1}, anacrusis=0.4, push=0.4, moods=("intimate",), weight=1.8),
    "musette": Style(
        "folk", (120, 164, 200),
        (
            Seat("melody", ("classical", "eighth line", "lyrical"), ACCORDION, 1.0, 0.0, 75, 1.0, "accordion"),
            Seat("chords", ("waltz chords", "boom chick"), (25, 21, 0), 1.0, 0.0, 62, -1.0, "guitar"),
            bass("bass waltz", programs=UPRIGHT, chance=0.7)),
        {"tango": 1.0, "functional": 1.0, "jazz": 0.5}, modes={"minor": 0.6, "major": 0.4}, metres={"3/4": 1.0},
        forms=_TUNES, timing={"human": 0.7, "rubato": 0.3}, anacrusis=0.4, phrases={8: 0.7, 4: 0.3},
        moods=("nostalgic",), weight=0.8),
    "lullaby": Style(
        "folk", (56, 80, 108),
        (
            Seat("melody", ("hymn", "lyrical", "sung slow"), (10, 8, 9, 11, 73, 46, 0), 1.0, 0.0, 76, 1.0, "music box"),
            Seat(
                "arpeggio", ("broken", "picked", "nocturne", "halves"), (10, 46, 24, 0, 11), 1.0, 0.0, 62, -1.0,
                "harp"),
            pad(0.4)),
        {"folk": 1.0, "functional": 1.0}, modes={"major": 0.85, "minor": 0.15}, forms=_TUNES,
        metres={"3/4": 0.4, "6/8": 0.25, "4/4": 0.35}, timing={"human": 0.6, "rubato": 0.3, "steady": 0.1},
        anacrusis=0.4, moods=("calm",), weight=0.7),
    "hymn": Style(
        "choral", (60, 84, 112),
        (
            Seat("melody", ("soprano",), (19, 52, 0, 48), 1.0, 0.0, 72, 0.0, "organ"),
            Seat("chords", ("alto",), (19,), 1.0, 0.0, 66, 0.0, "organ"),
            Seat("chords", ("tenor",), (19,), 1.0, 0.0, 59, 0.0, "organ"),
            Seat("bass", ("bass voice",), (19,), 1.0, 0.0, 48, 0.0, "organ")),
        {"functional": 1.0}, modes={"major": 0.7, "minor": 0.25, "dorian": 0.05},
        metres={"4/4": 0.6, "3/4": 0.3, "6/8": 0.05, "2/2": 0.05}, timing={"human": 0.6, "rubato": 0.4},
        forms={"strophic": 1.0, "tunes": 1.0}, enrich=0.1, anacrusis=0.5, moods=("solemn",), weight=0.7),
}
