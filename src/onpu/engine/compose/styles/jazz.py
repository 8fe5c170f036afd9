"""Jazz from ragtime to hard bop."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    BRASS,
    GRAND,
    HORNS,
    JAZZ_GUITAR,
    MALLETS,
    ORGAN,
    PIANO,
    RHODES,
    SAX,
    TUBA,
    UPRIGHT,
    bass,
    singer,
)

_SOLO = Seat(
    "melody", ("jazz head", "jazz solo", "jazz solo"), (*SAX, 56, 57, 71, 73, 11, 0, 26), 1.0, 0.0, 68, 1.0, "solo")
_FORMS = {"head": 2.0, "aaba": 1.0}

JAZZ: dict[str, Style] = {
    "jazz trio": Style(
        "jazz", (84, 140, 230),
        (
            Seat("chords", ("jazz comp", "charleston", "jazz comp", "hold"), GRAND, 1.0, 0.0, 60, 0.0, "piano"),
            Seat("melody", ("jazz head", "jazz solo", "jazz solo"), (0,), 1.0, 0.0, 74, 0.0, "piano"),
            bass("walking", "walking", "bass two", programs=UPRIGHT, register=38)),
        {"jazz": 4.0, "blues": 0.7, "modal jazz": 0.7}, modes={"major": 0.6, "minor": 0.3, "dorian": 0.1},
        grooves=("swing", "swing", "brushes", "swing hat"), kits=(32, 40, 0), drums=0.85, swing=(0.55, 0.68),
        metres={"4/4": 0.85, "3/4": 0.13, "5/4": 0.02}, forms=_FORMS, phrases={8: 0.6, 4: 0.3, 12: 0.1}, enrich=0.8,
        fills=0.4, anacrusis=0.4, count_in=0.03, moods=("relaxed",), weight=1.5),
    "jazz combo": Style(
        "jazz", (96, 152, 236),
        (
            _SOLO,
            Seat(
                "chords", ("jazz comp", "charleston", "freddie green"), (0, 26, 17, 11), 1.0, 0.0, 60, -1.0, "comping"),
            bass("walking", programs=UPRIGHT, register=38),
            Seat("counter", ("answers", "counter"), (56, 57, 65), 0.3, 0.5, 67, 0.0, "second horn")),
        {"jazz": 3.0, "blues": 1.0, "modal jazz": 0.7}, modes={"major": 0.55, "minor": 0.35, "dorian": 0.1},
        grooves=("swing", "swing hat", "big band"), kits=(32, 0), swing=(0.55, 0.68),
        metres={"4/4": 0.87, "3/4": 0.1, "5/4": 0.03}, forms=_FORMS, phrases={8: 0.6, 4: 0.2, 12: 0.2}, enrich=0.8,
        fills=0.5, anacrusis=0.4, moods=("cool",), weight=1.2),
    "hard bop": Style(
        "jazz", (120, 176, 240),
        (
            _SOLO,
            Seat("chords", ("jazz comp", "stabs"), (0, 17), 1.0, 0.0, 60, -1.0, "piano"),
            bass("walking", programs=UPRIGHT, register=38),
            Seat("counter", ("riff", "answers"), (56, 65), 0.6, 0.5, 67, 0.0, "horns")),
        {"jazz": 2.0, "blues": 1.0, "modal jazz": 1.0}, modes={"minor": 0.6, "major": 0.4}, grooves=("hard bop",),
        kits=(32, 0), swing=(0.53, 0.64), forms=_FORMS, phrases={8: 0.7, 12: 0.3}, enrich=0.9, moods=("driving",),
        held_out=True),
    "big band": Style(
        "jazz", (96, 140, 210),
        (
            Seat("melody", ("jazz head", "jazz solo", "riff"), (*SAX, 56, 57, 71), 1.0, 0.0, 68, 1.0, "lead"),
            Seat("chords", ("brass stabs", "stabs", "charleston"), BRASS, 0.9, 0.3, 65, 0.0, "brass"),
            Seat("chords", ("hold", "charleston", "stabs"), (65, 66, 64), 0.8, 0.3, 62, -1.0, "saxophones"),
            Seat("chords", ("freddie green",), JAZZ_GUITAR, 0.8, 0.0, 58, -1.0, "guitar"),
            bass("walking", "walking", "bass two", programs=UPRIGHT, register=38),
            Seat("chords", ("jazz comp", "charleston"), GRAND, 0.6, 0.0, 62, -2.0, "piano"),
            singer(("sung", "jazz head"), 0.25)),
        {"jazz": 3.0, "blues": 1.0}, modes={"major": 0.75, "minor": 0.25},
        grooves=("big band", "swing hat", "swing", "four snares"), kits=(32, 0), swing=(0.58, 0.68), forms=_FORMS,
        phrases={8: 0.8, 12: 0.2}, enrich=0.7, fills=0.7, breaks=0.25, anacrusis=0.4, moods=("festive",), weight=0.9),
    "jazz ballad": Style(
        "jazz", (50, 62, 80),
        (
            Seat("melody", ("lyrical", "jazz head"), (*SAX, 56, 73, 71, 26), 0.9, 0.0, 68, 1.0, "solo"),
            Seat("chords", ("hold", "rhodes", "block ballad", "broken"), (*GRAND, 4, 26), 1.0, 0.0, 60, 0.0, "piano"),
            bass("bass two", "bass whole", "walking", programs=UPRIGHT, register=38)),
        {"jazz": 1.0}, grooves=("brushes", "ballad"), drums=0.7, kits=(40, 32), swing=(0.55, 0.67),
        timing={"human": 0.7, "rubato": 0.3}, forms=_FORMS, phrases={8: 0.7, 4: 0.3}, enrich=0.9, fills=0.2,
        anacrusis=0.5, moods=("romantic",), weight=0.9),
    "gypsy jazz": Style(
        "jazz", (110, 180, 230),
        (
            Seat(
                "chords", ("boom chick", "freddie green", "quarters short"), (25, 26), 1.0, 0.0, 60, 0.0,
                "rhythm guitar"),
            Seat("melody", ("jazz solo", "eighth line", "jazz head"), (25, 40, 71, 21), 1.0, 0.0, 72, 1.0, "solo"),
            bass("bass two", "walking", programs=UPRIGHT, register=38)),
        {"jazz": 3.0, "ragtime": 1.0}, modes={"minor": 0.55, "major": 0.45}, swing=(0.52, 0.66), forms=_FORMS,
        phrases={8: 1.0}, enrich=0.5, metres={"4/4": 0.85, "3/4": 0.15}, anacrusis=0.4, moods=("lively",), weight=0.8),
    "odd jazz": Style(
        "jazz", (120, 164, 210),
        (
            _SOLO,
            Seat("chords", ("jazz comp", "stabs", "riff chords"), (0, 4, 26), 1.0, 0.0, 60, -1.0, "piano"),
            bass("bass quarters", "riff", "walking", programs=UPRIGHT, register=38)),
        {"modal jazz": 2.0, "jazz": 1.0, "modal": 1.0}, modes={"minor": 0.6, "dorian": 0.2, "major": 0.2},
        grooves=("jazz five", "five four", "seven four"), kits=(32, 0), swing=(0.5, 0.66), enrich=0.6, forms=_FORMS,
        metres={"5/4": 0.7, "7/4": 0.2, "3/4": 0.1}, fills=0.4, moods=("cool",), weight=0.7),
    "ragtime": Style(
        "ragtime", (72, 90, 112),
        (
            Seat("melody", ("rag",), (3, 0, 1), 1.0, 0.0, 74, 1.0, "piano"),
            Seat("chords", ("left stride",), (3, 0, 1), 1.0, 0.0, 60, 0.0, "piano")),
        {"ragtime": 1.0}, modes={"major": 0.95, "minor": 0.05}, metres={"2/4": 0.85, "4/4": 0.15},
        forms={"binary": 1.0, "tunes": 1.0, "reprise": 1.0}, timing={"human": 0.7, "steady": 0.2, "rubato": 0.1},
        anacrusis=0.5, modulates=0.1, moods=("merry",), weight=0.9),
    "stride": Style(
        "jazz", (120, 160, 216),
        (
            Seat("melody", ("jazz solo", "rag", "eighth line"), (0, 1, 3), 1.0, 0.0, 74, 1.0, "piano"),
            Seat("chords", ("left stride", "bass two"), (0, 1, 3), 1.0, 0.0, 58, 0.0, "piano")),
        {"ragtime": 1.0, "jazz": 1.0, "blues": 0.7}, modes={"major": 0.85, "minor": 0.15}, swing=(0.52, 0.66),
        forms=_FORMS, phrases={8: 0.8, 12: 0.2}, enrich=0.3, anacrusis=0.4, moods=("merry",), weight=0.8),
    "dixieland": Style(
        "jazz", (120, 168, 220),
        (
            Seat("melody", ("jazz head", "eighth line", "dotted"), (56, 71), 1.0, 0.0, 70, 1.0, "trumpet"),
            Seat("counter", ("jazz solo", "eighth line"), (71, 64), 0.8, 0.3, 76, -1.0, "clarinet"),
            Seat("counter", ("counter", "sparse"), (57,), 0.7, 0.3, 56, -1.0, "trombone"),
            Seat("chords", ("quarters short", "boom chick"), (105, 0, 3), 1.0, 0.0, 64, 0.0, "banjo"),
            bass("bass two", "bass tuba", programs=(*TUBA, 32), register=38)),
        {"ragtime": 2.0, "blues": 1.0, "march": 1.0}, modes={"major": 0.9, "minor": 0.1},
        grooves=("second line", "big band", "street march", "swing hat"), drums=0.8, swing=(0.54, 0.66), forms=_FORMS,
        phrases={8: 0.8, 12: 0.2}, breaks=0.4, anacrusis=0.4, moods=("festive",), weight=0.8),
    "fusion": Style(
        "jazz", (84, 112, 150),
        (
            Seat("melody", ("jazz solo", "synth hook", "jazz head"), (*SAX, 81, 29, 73), 1.0, 0.0, 70, 1.0, "solo"),
            Seat("chords", ("rhodes", "stabs", "hold"), RHODES, 1.0, 0.0, 60, 0.0, "keys"),
            bass("bass funk", "bass push", "riff", programs=(35, 33, 36)),
            Seat("chords", ("funk scratch", "backbeat"), (27,), 0.4, 0.4, 66, -2.0, "guitar")),
        {"funk": 1.0, "modal jazz": 1.0, "jazz": 1.0, "soul": 1.0},
        modes={"dorian": 0.4, "minor": 0.3, "major": 0.2, "lydian": 0.1},
        grooves=("funk", "funk linear", "latin rock", "rock sixteenths"),
        metres={"4/4": 0.82, "7/8": 0.06, "5/4": 0.08, "3/4": 0.04}, enrich=0.7, forms=_FORMS, changes=0.1,
        moods=("complex",), weight=0.8),
    "organ trio": Style(
        "jazz", (90, 130, 190),
        (
            Seat("chords", ("jazz comp", "charleston", "stabs"), ORGAN, 1.0, 0.0, 62, 0.0, "organ"),
            Seat("melody", ("jazz solo", "blues lead", "jazz head"), (26, 26, 66, 16), 1.0, 0.0, 68, 1.0, "guitar"),
            bass("walking", "bass boogie", programs=(16, 32, 33), register=38)),
        {"blues": 2.0, "jazz": 1.0, "funk": 0.5}, grooves=("swing", "big band", "texas shuffle", "soul"),
        swing=(0.54, 0.67), forms=_FORMS, phrases={12: 0.5, 8: 0.5}, enrich=0.5, moods=("groovy",), weight=0.6),
    "vibraphone cool": Style(
        "jazz", (80, 120, 180),
        (
            Seat("melody", ("jazz head", "lyrical"), MALLETS, 1.0, 0.0, 72, 1.0, "vibraphone"),
            Seat("chords", ("hold", "charleston"), (0, 26), 0.7, 0.0, 60, -1.0, "piano"),
            bass("walking", "bass two", programs=UPRIGHT, register=38),
            Seat("counter", ("counter",), (*PIANO, *HORNS), 0.2, 0.4, 68, -2.0, "second")),
        {"jazz": 2.0, "bossa": 1.0}, grooves=("brushes", "swing"), kits=(40, 32), swing=(0.53, 0.66), forms=_FORMS,
        phrases={8: 1.0}, enrich=0.7, metres={"4/4": 0.75, "3/4": 0.25}, moods=("cool",), weight=0.5),
}
