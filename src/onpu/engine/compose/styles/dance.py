"""Electronic dance music, hip-hop, ambient and film music."""

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    BRASS,
    CHOIR,
    GRAND,
    HARP,
    KEYS,
    MALLETS,
    PIZZICATO,
    RHODES,
    SOLO_STRINGS,
    STRINGS,
    SYNTH_BASS,
    SYNTH_BRASS,
    SYNTH_LEAD,
    bass,
    pad,
    singer,
)

_STEADY = {"steady": 1.0}
_BUILD = {"build": 3.0, "loop": 1.0}
_KITS = (24, 25, 25, 8)
_MINOR = {"minor": 0.75, "major": 0.15, "dorian": 0.1}

DANCE: dict[str, Style] = {
    "house": Style(
        "electronic", (116, 124, 130),
        (
            Seat(
                "chords", ("house piano", "offbeats", "tresillo", "stabs"), (0, 1, 4, 16, 62, 90), 1.0, 0.0, 64, 0.0,
                "piano"),
            bass("bass offbeat", "bass disco", "bass push", "bass rolling", programs=SYNTH_BASS, enters=0.4),
            pad(0.6),
            Seat("melody", ("synth hook", "sparse"), SYNTH_LEAD, 0.5, 0.5, 74, 0.0, "lead"),
            singer(("sung", "sparse"), 0.5)),
        {"dance": 3.0, "soul": 1.0}, modes=_MINOR, grooves=("house", "house", "garage", "disco"), kits=_KITS,
        timing=_STEADY, forms=_BUILD, phrases={8: 0.6, 4: 0.4}, enrich=0.4, percussion=("shaker", "hands"), fills=0.3,
        swing=(0.5, 0.58), swing_unit=0.5, moods=("groovy",), weight=1.2),
    "techno": Style(
        "electronic", (122, 130, 145),
        (
            Seat(
                "arpeggio", ("sixteenths up", "trance", "three three two", "riff"), (*SYNTH_LEAD, 38, 39), 1.0, 0.0, 58,
                0.0, "sequence"),
            bass("bass rolling", "bass offbeat", "bass sixteenths", programs=SYNTH_BASS, enters=0.4),
            pad(0.5),
            Seat("chords", ("stabs", "dembow chords"), (81, 90, 62, 55), 0.5, 0.4, 62, -2.0, "stabs")),
        {"drone": 2.0, "dance": 1.0, "modal": 1.0}, modes={"minor": 0.7, "phrygian": 0.3},
        grooves=("techno", "techno", "house", "kick only"), kits=_KITS, timing=_STEADY, forms=_BUILD,
        phrases={8: 0.7, 4: 0.3}, fills=0.2, moods=("hypnotic",), weight=0.9),
    "trance": Style(
        "electronic", (128, 138, 150),
        (
            Seat("arpeggio", ("trance", "sixteenths up"), SYNTH_LEAD, 1.0, 0.0, 66, 0.0, "arpeggio"),
            bass("bass rolling", "bass offbeat", programs=SYNTH_BASS, enters=0.4),
            pad(1.0),
            Seat("melody", ("synth hook", "lyrical", "eighth line"), SYNTH_LEAD, 0.8, 0.5, 76, 1.0, "lead"),
            singer(("sung slow",), 0.3)),
        {"dance": 1.0}, modes=_MINOR, grooves=("trance", "techno", "euro"), kits=_KITS, timing=_STEADY, forms=_BUILD,
        phrases={8: 1.0}, fills=0.4, moods=("euphoric",), weight=0.8),
    "eurodance": Style(
        "electronic", (124, 136, 150),
        (
            Seat("melody", ("synth hook", "synth hook", "eighth line"), SYNTH_LEAD, 1.0, 0.4, 74, 1.0, "lead"),
            bass("bass offbeat", "bass disco", "bass eighths", programs=SYNTH_BASS),
            pad(0.6),
            Seat("chords", ("house piano", "offbeats", "pulse"), (0, 1, 62, 90), 0.7, 0.0, 64, -1.0, "piano"),
            singer(("sung", "rap"), 0.7)),
        {"dance": 2.0, "pop": 1.0}, modes=_MINOR, grooves=("euro", "house", "trance"), kits=_KITS, timing=_STEADY,
        forms={**_BUILD, "song": 2.0}, fills=0.4, modulates=0.2, moods=("energetic",), weight=0.8),
    "drum and bass": Style(
        "electronic", (160, 172, 180),
        (
            pad(0.9),
            bass("bass dnb", "bass sub", "bass rolling", programs=SYNTH_BASS, enters=0.4),
            Seat("chords", ("rhodes", "stabs", "hold"), (*RHODES, 0, 90), 0.6, 0.0, 64, -1.0, "keys"),
            Seat("melody", ("sparse", "synth hook"), (*SYNTH_LEAD, 65), 0.5, 0.4, 72, 0.0, "lead"),
            singer(("sung slow", "sung"), 0.4)),
        {"dance": 2.0, "ambient": 1.0, "soul": 1.0}, modes=_MINOR, grooves=("drum and bass", "jungle", "breakbeat"),
        kits=(0, 8, 24, 25), timing=_STEADY, forms=_BUILD, phrases={8: 1.0}, pace={2: 0.6, 1: 0.4}, enrich=0.4,
        fills=0.4, moods=("restless",), weight=0.8),
    "breakbeat": Style(
        "electronic", (108, 128, 142),
        (
            Seat("chords", ("stabs", "hold", "dembow chords"), (*RHODES, 81, 62, 16), 1.0, 0.0, 62, 0.0, "keys"),
            bass("bass funk", "bass sub", "riff", "bass push", programs=SYNTH_BASS),
            Seat("arpeggio", ("riff", "three three two", "sixteenths up"), SYNTH_LEAD, 0.6, 0.4, 68, -1.0, "riff"),
            singer(("rap", "sung"), 0.4)),
        {"funk": 1.0, "dance": 1.0, "riff": 1.0}, modes=_MINOR, grooves=("breakbeat", "breakbeat", "electro", "jungle"),
        kits=(0, 8, 24), timing=_STEADY, forms=_BUILD, fills=0.5, breaks=0.3, moods=("gritty",), weight=0.7),
    "hip hop": Style(
        "hip hop", (74, 90, 104),
        (
            Seat(
                "chords", ("rhodes", "hold", "stabs", "picked", "quarters"), (*RHODES, 0, 24, 46, 48, 11), 1.0, 0.0, 62,
                0.0, "loop"),
            bass("bass sub", "bass rock", "bass funk", programs=(33, 38, 39, 32)),
            singer(("rap", "rap", "sung sixteenths")),
            Seat("counter", ("answers", "sparse", "riff"), (*MALLETS, 65, 73, 81), 0.5, 0.5, 72, -2.0, "hook")),
        {"soul": 2.0, "jazz": 0.7, "dance": 1.0, "modal": 1.0}, modes=_MINOR,
        grooves=("hip hop", "hip hop", "breakbeat", "neo soul"), kits=(0, 8, 24, 25),
        timing={"steady": 0.9, "human": 0.1}, forms={"loop": 1.0}, swing=(0.5, 0.62), swing_unit=0.5, enrich=0.5,
        fills=0.25, breaks=0.3, moods=("laid-back",), weight=1.2),
    "trap": Style(
        "hip hop", (62, 72, 84),
        (
            Seat(
                "arpeggio", ("bell", "eighths up", "picked", "three three two"), (*MALLETS, 0, 46, 88, 45), 1.0, 0.0,
                70, 0.0, "bells"),
            bass("bass sub", programs=(38, 39), register=30),
            pad(0.6),
            singer(("rap", "sung sixteenths"), 0.8),
            Seat("counter", ("sparse", "answers"), (81, 73, 48), 0.4, 0.5, 74, -2.0, "lead")),
        {"dance": 1.0, "modal": 1.0}, modes={"minor": 0.8, "phrygian": 0.2}, grooves=("trap", "hip hop"), kits=(25, 24),
        timing=_STEADY, forms={"loop": 1.0, "build": 0.5}, fills=0.2, moods=("dark",), weight=0.8),
    "dancehall": Style(
        "reggaeton", (84, 94, 106),
        (
            Seat(
                "chords", ("dembow chords", "tresillo", "offbeats", "hold"), (0, 5, 25, 62, 90), 1.0, 0.0, 64, 0.0,
                "keys"),
            bass("bass dembow", "bass sub", "bass push", programs=SYNTH_BASS),
            singer(("sung", "rap", "sung sixteenths")),
            pad(0.4),
            Seat("counter", ("synth hook", "answers"), SYNTH_LEAD, 0.4, 0.5, 74, -1.0, "hook")),
        {"dance": 1.0, "latin": 1.0}, modes=_MINOR, grooves=("dembow",), kits=_KITS, timing=_STEADY,
        forms={"song": 1.0, "loop": 1.0}, fills=0.3, breaks=0.2, moods=("sensual",), weight=0.8),
    "downtempo": Style(
        "electronic", (60, 82, 104),
        (
            pad(0.9),
            bass("bass sub", "bass ballad", "bass push", programs=(38, 33, 32)),
            Seat("chords", ("rhodes", "hold", "picked"), (*RHODES, 24, 27, 0), 1.0, 0.0, 62, 0.0, "keys"),
            Seat("melody", ("sparse", "lyrical", "jazz head"), (56, 65, 73, 81, 0), 0.6, 0.3, 72, 0.0, "solo"),
            Seat(
                "arpeggio", ("eighths up", "three three two"), (*SYNTH_LEAD, *MALLETS), 0.4, 0.3, 70, -3.0,
                "sequence")),
        {"soul": 1.0, "ambient": 1.0, "modal jazz": 1.0, "dance": 1.0}, modes=_MINOR,
        grooves=("hip hop", "neo soul", "breakbeat", "half time", "shaker"), kits=(0, 24, 25, 8), drums=0.9,
        timing={"steady": 0.9, "human": 0.1}, forms={"loop": 1.0, "through": 0.5}, enrich=0.6, fills=0.2,
        swing=(0.5, 0.6), swing_unit=0.5, moods=("dreamy",), weight=0.9),
    "ambient": Style(
        "ambient", (48, 70, 100),
        (
            pad(1.0),
            Seat(
                "arpeggio", ("harp", "bell", "broken", "eighths up"), (*HARP, *MALLETS, 0, 88, 98, 99), 0.8, 0.0, 68,
                -2.0, "bells"),
            Seat("melody", ("sparse", "sung slow"), (0, 4, 48, 73, 75, 89, 91), 0.6, 0.0, 72, 0.0, "line"),
            bass("bass whole", "pedal point", programs=(38, 39, 43, 89), chance=0.6)),
        {"ambient": 3.0, "modal": 1.0, "drone": 1.0}, modes={"major": 0.4, "minor": 0.3, "lydian": 0.2, "dorian": 0.1},
        timing={"steady": 0.5, "human": 0.3, "rubato": 0.2}, forms={"through": 1.0, "ternary": 1.0}, enrich=0.5,
        pace={2: 0.5, 1: 0.5}, metres={"4/4": 0.75, "3/4": 0.15, "6/8": 0.1}, moods=("calm",), weight=0.7),
    "film": Style(
        "film", (60, 96, 150),
        (
            Seat(
                "arpeggio", ("pulse", "eighths up", "sixteenths up", "broken"), (*STRINGS, *PIZZICATO, 0), 1.0, 0.0, 62,
                0.0, "strings"),
            Seat("melody", ("lyrical", "sung slow", "sparse"), (60, 48, 42, 73, 68, 0, 52), 0.8, 0.3, 70, 1.0, "theme"),
            bass("bass whole", "pedal point", "bass quarters", programs=(43, 43, 58, 48), enters=0.3),
            pad(0.6, (*STRINGS, *CHOIR)),
            Seat(
                "chords", ("hold", "brass stabs", "power syncopated"), (*BRASS, *SYNTH_BRASS), 0.5, 0.7, 60, 0.0,
                "brass"),
            Seat("counter", ("counter",), SOLO_STRINGS, 0.4, 0.4, 66, -1.0, "counter")),
        {"pop": 2.0, "functional": 1.0, "ambient": 1.0, "metal": 0.3},
        modes={"minor": 0.6, "major": 0.25, "lydian": 0.1, "dorian": 0.05},
        grooves=("timpani", "tom groove", "march", "hands"), drums=0.55, kits=(48, 0, 16),
        timing={"human": 0.5, "steady": 0.3, "rubato": 0.2}, forms={"through": 1.0, "ternary": 1.0, "rondo": 0.5},
        metres={"4/4": 0.62, "3/4": 0.15, "6/8": 0.13, "5/4": 0.05, "7/8": 0.05}, changes=0.15, fills=0.3,
        moods=("epic",), weight=1.0),
    "minimal": Style(
        "classical", (84, 120, 160),
        (
            Seat(
                "arpeggio", ("broken", "sixteenths up", "eighths up", "three three two", "etude"),
                (*GRAND, *MALLETS, 48, 71), 1.0, 0.0, 64, 0.0, "first"),
            Seat(
                "arpeggio", ("eighths up", "broken", "pulse", "three three two"), (*GRAND, *MALLETS, 45, 68), 0.9, 0.3,
                70, -1.0, "second"),
            Seat("chords", ("hold", "halves", "pulse"), (*KEYS, 48, 19), 0.7, 0.3, 55, -1.0, "chords"),
            Seat("melody", ("sung slow", "sparse"), (40, 71, 73, 52, 0), 0.4, 0.4, 74, 0.0, "line")),
        {"ambient": 1.0, "modal": 1.0, "pop": 1.0},
        metres={"4/4": 0.5, "3/4": 0.2, "6/8": 0.15, "12/8": 0.05, "5/4": 0.05, "7/8": 0.05},
        timing={"steady": 0.5, "human": 0.5}, forms={"through": 1.0}, phrases={4: 0.5, 8: 0.5}, pace={2: 0.6, 1: 0.4},
        moods=("hypnotic",), weight=0.8),
}
