"""Music whose beat is a custom, which no single bar tells: dub and its kin, counted half as fast as chords and hats
move; dancehall, reggaeton, trap and drill; jungle, counted as fast as its break over a slow bass; quick waltzes;
marches and ballads in threes; polkas, and Brazil's music in two.

They are asked for by name. What seeds without a style stand for, and with it corpora of former days, stays as it was.
"""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACCORDION,
    CHOIR,
    CLEAN,
    E_BASS,
    HORNS,
    MALLETS,
    NYLON,
    ORGAN,
    PIANO,
    SAX,
    STRINGS,
    SYNTH_BASS,
    SYNTH_LEAD,
    TUBA,
    UPRIGHT,
    WOODWIND,
    backing,
    bass,
    pad,
    singer,
)

_SONG = {"song": 1.0, "verse chorus": 1.0, "strophic": 0.7}
_LOOP = {"loop": 1.5, "song": 1.0, "verse chorus": 0.5}
_TUNES = {"tunes": 1.5, "rondo": 1.0, "ternary": 0.5}
_MIXED = {"major": 0.5, "minor": 0.5}
_DARK = {"minor": 0.8, "dorian": 0.1, "phrygian": 0.1}
_MACHINE = {"steady": 0.85, "human": 0.15}
_FREE = {"human": 0.7, "rubato": 0.3}
_STRAIGHT = (0.5, 0.5)


def _style(genre: str, tempo: tuple[float, float, float], mood: str, seats: tuple[Seat, ...], grooves: tuple[str, ...],
           harmony: Mapping[str, float], *, metre: str = "4/4", modes: Mapping[str, float] = _MIXED, drums: float = 1.0,
           kits: tuple[int, ...] = (0, 8, 16), percussion: tuple[str, ...] = (), swing: tuple[float, float] = _STRAIGHT,
           swing_unit: float = 1.0, timing: Mapping[str, float] | None = None, forms: Mapping[str, float] = _SONG,
           phrases: Mapping[int, float] | None = None, enrich: float = 0.1, anacrusis: float = 0.3,
           breaks: float = 0.1, fills: float = 0.5) -> Style:
    return Style(genre, tempo, seats, harmony, metres={metre: 1.0}, modes=modes, grooves=grooves, drums=drums,
                 kits=kits,
                 percussion=percussion, swing=swing, swing_unit=swing_unit, timing=timing or {"human": 1.0},
                 forms=forms,
                 phrases=phrases or {4: 0.7, 8: 0.3}, enrich=enrich, anacrusis=anacrusis, breaks=breaks, fills=fills,
                 moods=(mood,), weight=0.0)


def _chords(*plays: str, programs: tuple[int, ...], chance: float = 1.0, track: str = "keys") -> Seat:
    return Seat("chords", plays, programs, chance, 0.0, 63, -0.5, track)


def _lead(*plays: str, programs: tuple[int, ...], chance: float = 1.0, enters: float = 0.0, register: int = 73) -> Seat:
    return Seat("melody", plays, programs, chance, enters, register, 1.0, "lead")


def _counter(*plays: str, programs: tuple[int, ...] = HORNS, chance: float = 0.4) -> Seat:
    return Seat("counter", plays, programs, chance, 0.45, 68, -1.0, "counter")


COUNTED_SLOW: dict[str, Style] = {
    "dub": _style(
        "reggae", (60, 70, 84), "spacious",
        (_chords("dub chop", programs=CLEAN, track="guitar"), bass("dub bass", register=33, enters=0.0),
         _chords("shuffled organ", "dub chop", programs=(*ORGAN, 0), chance=0.7),
         _lead("sparse", "sung slow", programs=(22, 21, 23, 56), chance=0.6), _counter("answers", "brass stabs"),
         pad(0.2)),
        ("dub drop", "dub drop", "dub steppers", "dub eighths"), {"modal": 1.0, "drone": 0.7, "soul": 0.5},
        modes=_DARK, swing=(0.5, 0.6), swing_unit=0.5, percussion=("hands", "shaker"), forms=_LOOP, breaks=0.3),
    "steppers": _style(
        "reggae", (66, 74, 86), "militant",
        (_chords("dub chop", programs=(*CLEAN, 0), track="guitar"),
         bass("steppers bass", "dub bass", programs=(33, 38, 39), register=33, enters=0.0),
         _lead("sung", "sparse", "rap", programs=(53, 85, 22, 73)), _counter("brass stabs", "thirds"),
         _chords("shuffled organ", programs=ORGAN, chance=0.5)),
        ("dub steppers", "dub steppers", "dub eighths"), {"modal": 1.0, "soul": 1.0}, modes=_DARK,
        timing={"human": 0.5, "steady": 0.5}, kits=(0, 8, 24), forms=_LOOP),
    "lovers rock": _style(
        "reggae", (66, 78, 92), "tender",
        (_chords("dub chop", programs=CLEAN, track="guitar"), bass("dub bass", "bass motown", register=34),
         singer(("sung", "lyrical", "sung sixteenths")),
         _chords("shuffled organ", "dub chop", "rhodes", programs=(16, 17, 4, 5)), pad(0.4), backing(0.5)),
        ("lovers", "lovers", "dub drop"), {"soul": 1.5, "pop": 1.0}, swing=(0.52, 0.64), swing_unit=0.5, enrich=0.4,
        modes={"major": 0.7, "minor": 0.3}),
    "bluebeat": _style(
        "ska", (104, 120, 138), "cheerful",
        (_chords("offbeats", "off-beat chops", programs=(0, 0, 26), track="piano"), bass("walking", "bass boogie",
                                                                                          programs=UPRIGHT),
         _lead("sung", "blues lead", "jazz head", programs=(66, 65, 56, 57)), _counter("riff", "thirds", chance=0.7),
         _chords("off-beat chops", programs=(26, 27), chance=0.6, track="guitar")),
        ("bluebeat",), {"blues": 1.0, "beat": 1.0}, swing=(0.58, 0.67), modes={"major": 0.8, "minor": 0.2}),
    "ragga": _style(
        "reggae", (80, 92, 106), "rough",
        (_chords("ragga keys", "dub chop", programs=(0, 16, 62, 81)), bass("ragga bass",
         programs=SYNTH_BASS, enters=0.0),
         singer(("rap", "sung")), _counter("synth hook", "answers", programs=SYNTH_LEAD)),
        ("ragga",), {"drone": 1.0, "dance": 1.0, "modal": 0.5}, modes=_DARK, timing=_MACHINE, kits=(24, 25, 0),
        forms=_LOOP, breaks=0.3),
    "reggaeton": _style(
        "reggaeton", (82, 92, 102), "sensual",
        (_chords("perreo plucks", "hold", programs=(25, 45, 108, 0, 88)),
         bass("ragga bass", "bass sub", "bass dembow", programs=SYNTH_BASS), singer(("rap", "sung", "sung sixteenths")),
         _counter("synth hook", "answers", programs=SYNTH_LEAD), pad(0.6)),
        ("perreo",), {"dance": 1.0, "pop": 0.5, "latin": 0.5}, modes=_DARK, timing=_MACHINE, kits=(25, 24, 8),
        forms=_LOOP, breaks=0.2),
    "half-time trap": _style(
        "hip hop", (62, 71, 80), "dark",
        (Seat("arpeggio", ("bell", "eighths up", "picked", "broken"), (*MALLETS, 0, 46, 24), 1.0, 0.0, 70, 0.0,
              "bells"),
         bass("bass sub", "drill bass", programs=(38, 39), register=29), singer(("rap", "sung sixteenths"), 0.8),
         pad(0.7),
         _counter("sparse", "answers", programs=(81, 73, 48))),
        ("trap rolls",), {"dance": 1.0, "modal": 1.0}, modes=_DARK, timing=_MACHINE, kits=(25, 24), forms=_LOOP,
        fills=0.2),
    "drill": _style(
        "hip hop", (66, 71, 75), "menacing",
        (Seat("arpeggio", ("three three two", "bell", "picked"), (0, 48, 11, 46), 1.0, 0.0, 68, 0.0, "keys"),
         bass("drill bass", programs=(38, 39), register=29, enters=0.0), singer(("rap",), 0.9), pad(0.6, CHOIR)),
        ("drill",), {"phrygian": 1.0, "modal": 1.0}, modes=_DARK, timing=_MACHINE, kits=(25,), forms=_LOOP, fills=0.1),
    "jungle": _style(
        "electronic", (156, 165, 174), "restless",
        (bass("dub bass", "bass sub", programs=SYNTH_BASS, register=31), pad(0.9),
         _chords("hold", "stabs", "rhodes", programs=(4, 90, 50, 0), chance=0.7),
         _lead("sung slow", "sparse", "rap", programs=(53, 85, 81), chance=0.6)),
        ("chopped break",), {"dance": 1.0, "soul": 1.0, "ambient": 0.5}, modes=_DARK, timing=_MACHINE, kits=(0, 8),
        forms={"build": 1.0, "loop": 1.0}, phrases={8: 1.0}),
}
"""Counted half as fast as much of it moves, and jungle, counted twice as fast as its bass; by name."""

IN_THREES: dict[str, Style] = {
    "viennese waltz": _style(
        "classical", (156, 174, 194), "elegant",
        (_lead("lyrical", "classical", "dotted", programs=(48, 40, 49)),
         _chords("vienna chords", programs=(48, 60, 45), track="strings"), bass("bass waltz",
         programs=(43, 42), enters=0.0),
         _counter("counter", "thirds", programs=(*WOODWIND, 46), chance=0.6),
         _chords("vienna chords", "hold", programs=(60, 61), chance=0.5, track="horns")),
        ("vienna",), {"functional": 1.0}, metre="3/4", modes={"major": 0.85, "minor": 0.15}, drums=0.5, kits=(48,),
        timing=_FREE, forms=_TUNES, phrases={8: 0.8, 4: 0.2}, anacrusis=0.7),
    "jazz waltz": _style(
        "jazz", (132, 162, 200), "floating",
        (_lead("jazz solo", "jazz head", "lyrical", programs=(0, *SAX, 73, 26, 11)),
         _chords("waltz comp", programs=(0, 0, 26)), bass("walking", "bass waltz", programs=UPRIGHT, enters=0.0),
         _counter("answers", "thirds", programs=(56, 65), chance=0.3)),
        ("waltz ride",), {"jazz": 2.0, "modal jazz": 1.0}, metre="3/4", swing=(0.56, 0.67), enrich=0.6,
        kits=(32, 40, 0),
        drums=0.9, forms={"head": 2.0, "aaba": 1.0}, phrases={8: 0.8, 4: 0.2}),
    "valse swing": _style(
        "folk", (168, 196, 220), "nostalgic",
        (_lead("jazz head", "classical", "eighth line", programs=(*ACCORDION, 40, 25)),
         _chords("pompe in three", programs=(25, 26), track="guitar"), bass("bass waltz",
         programs=UPRIGHT, enters=0.0)),
        ("waltz ride",), {"jazz": 1.0, "tango": 1.0}, metre="3/4", modes={"minor": 0.75, "major": 0.25}, drums=0.15,
        kits=(40, 32), forms=_TUNES, phrases={8: 0.8, 4: 0.2}, anacrusis=0.5, swing=(0.5, 0.6)),
    "orchestral scherzo": _style(
        "classical", (166, 186, 208), "impish",
        (_lead("classical", "eighth line", "dotted", programs=(40, 48, 71, 68)),
         _chords("scherzo chords", programs=(48, 45, 49), track="strings"), bass("bass waltz", "bass quarters",
                                                                               programs=(43, 42), enters=0.0),
         _counter("answers", "counter", programs=(*WOODWIND, 60), chance=0.7)),
        ("scherzo timpani",), {"functional": 2.0, "folk": 0.5}, metre="3/4", drums=0.6, kits=(48,),
        timing={"human": 0.9, "rubato": 0.1}, forms={"ternary": 1.0, "rondo": 1.0}, phrases={4: 0.6, 8: 0.4}),
    "ländler": _style(
        "folk", (96, 126, 156), "rustic",
        (_lead("eighth line", "classical", "thirds", programs=(*ACCORDION, 71, 40, 56)),
         _chords("oompah horns", "waltz chords", programs=(61, 21, 24, 60), track="horns"),
         bass("bass waltz", programs=TUBA, enters=0.0), _counter("thirds", programs=(71, 56), chance=0.5)),
        ("ländler",), {"functional": 1.0, "folk": 1.0}, metre="3/4", modes={"major": 0.95, "minor": 0.05}, drums=0.6,
        forms=_TUNES, phrases={8: 0.8, 4: 0.2}, anacrusis=0.6),
    "power ballad in twelve": _style(
        "rock", (46, 58, 74), "pleading",
        (_chords("slow triplets", "threes", programs=(*PIANO, 16)), bass("bass slow rock", "bass threes"),
         singer(("sung", "triplet line", "sung slow")),
         _chords("arpeggio threes", "power threes", programs=(29, 27, 25), chance=0.7, track="guitar"),
         pad(0.5, STRINGS),
         backing(0.4)),
        ("power twelve",), {"soul": 1.0, "rock": 1.0, "beat": 0.7}, metre="12/8", anacrusis=0.5),
    "pipe march": _style(
        "celtic", (72, 92, 116), "proud",
        (_lead("reel", "triplet line", "dotted", programs=(109, 109, 72, 110), register=74),
         Seat("pad", ("drone",), (109,), 0.9, 0.0, 48, -5.0, "drone"), _counter("thirds",
         programs=(109, 72), chance=0.5)),
        ("pipe six",), {"celtic": 1.0, "modal": 0.5}, metre="6/8", modes={"major": 0.5, "mixolydian": 0.5}, drums=0.9,
        kits=(0, 48), forms=_TUNES, fills=0.2, enrich=0.0),
}
"""Waltzes, quick ones above all, and what goes in threes within the beat; by name."""

IN_TWO: dict[str, Style] = {
    "oompah": _style(
        "folk", (100, 118, 136), "merry",
        (_lead("eighth line", "classical", "reel", programs=(71, 56, *ACCORDION)),
         _chords("oompah horns", "polka chords", programs=(61, 60, 21), track="horns"),
         bass("bass tuba", programs=TUBA, enters=0.0), _counter("thirds", "answers",
         programs=(56, 57, 71), chance=0.6)),
        ("oompah",), {"functional": 1.0, "folk": 1.0, "march": 0.5}, metre="2/4", modes={"major": 0.9, "minor": 0.1},
        forms=_TUNES, anacrusis=0.4),
    "pagode": _style(
        "latin", (82, 94, 108), "sociable",
        (_chords("cavaquinho", programs=(24, 25, 105), track="cavaquinho"),
         singer(("syncopated", "sung", "sung sixteenths")),
         bass("choro bass", "bass samba", programs=(*E_BASS, 32, 24)),
         _chords("choro guitar", "samba comp", programs=NYLON, chance=0.7, track="guitar"), backing(0.5)),
        ("pagode",), {"latin": 1.0, "soul": 0.7, "pop": 0.5}, metre="2/4", enrich=0.4),
    "choro": _style(
        "latin", (66, 84, 104), "nimble",
        (_lead("rag", "running", "syncopated", programs=(73, 71, 25, 21)), _chords("choro guitar", programs=NYLON,
                                                                                 track="guitar"),
         _chords("cavaquinho", programs=(25, 24), chance=0.8, track="cavaquinho"),
         bass("choro bass", programs=NYLON, register=43, enters=0.0)),
        ("choro",), {"functional": 1.0, "ragtime": 1.0}, metre="2/4", drums=0.8, forms={"rondo": 2.0, "tunes": 1.0},
        phrases={8: 0.8, 4: 0.2}, anacrusis=0.7, fills=0.1),
    "marchinha": _style(
        "latin", (112, 128, 144), "festive",
        (_lead("sung", "eighth line", programs=(56, 53, 85, 65)), _chords("parade horns", "oompah horns",
         programs=HORNS,
                                                                         track="horns"),
         bass("bass tuba", programs=TUBA, enters=0.0), backing(0.5, enters=0.4)),
        ("marchinha",), {"march": 1.0, "functional": 1.0}, metre="2/4", forms={"strophic": 1.0, "tunes": 1.0}),
}
"""Counted in two; by name."""

CUSTOMS: dict[str, Style] = {**COUNTED_SLOW, **IN_THREES, **IN_TWO}
"""All of them."""
