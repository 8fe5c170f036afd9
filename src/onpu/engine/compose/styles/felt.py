"""Music whose beat is easily taken for its half, its double, its third or its off-beat: slow ballads with eighths and
sixteenths on top, compound metres from slow to fast, shuffles, bebop, off-beat chords, waltzes with upbeats, five and
seven."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACCORDION,
    ACOUSTIC,
    CLEAN,
    E_BASS,
    GRAND,
    HORNS,
    KEYS,
    ORGAN,
    PIANO,
    SAX,
    STRINGS,
    TWANG,
    UPRIGHT,
    WOODWIND,
    backing,
    bass,
    pad,
    singer,
)

_SONG = {"song": 1.0, "verse chorus": 1.0, "strophic": 1.0, "aaba": 0.5}
_MODES = {"major": 0.58, "minor": 0.34, "mixolydian": 0.08}
_COMPOUND = {"6/8": 0.55, "12/8": 0.4, "9/8": 0.05}
_TWELVE = {"12/8": 0.75, "6/8": 0.25}
_FREE = {"human": 0.75, "steady": 0.25}


def _song(genre: str, tempo: tuple[float, float, float], seats: tuple[Seat, ...], grooves: tuple[str, ...], mood: str,
          weight: float, *, metres: Mapping[str, float] | None = None, harmony: Mapping[str, float] | None = None,
          modes: Mapping[str, float] = _MODES, drums: float = 1.0, kits: tuple[int, ...] = (0, 8, 16),
          swing: tuple[float, float] = (0.5, 0.5), swing_unit: float = 1.0, anacrusis: float = 0.3,
          timing: Mapping[str, float] = _FREE, forms: Mapping[str, float] = _SONG,
          phrases: Mapping[int, float] | None = None, enrich: float = 0.2, fills: float = 0.5) -> Style:
    return Style(genre, tempo, seats, harmony or {"pop": 2.0, "soul": 1.0, "folk": 0.5}, metres=metres or {"4/4": 1.0},
                 modes=modes, grooves=grooves, drums=drums, kits=kits, timing=timing, swing=swing,
                 swing_unit=swing_unit,
                 forms=forms, phrases=phrases or {4: 0.7, 8: 0.3}, enrich=enrich, anacrusis=anacrusis, fills=fills,
                 moods=(mood,), weight=weight)


def _keys(*plays: str, programs: tuple[int, ...] = KEYS, chance: float = 1.0) -> Seat:
    return Seat("chords", plays, programs, chance, 0.0, 62, 0.0, "keys")


def _guitar(*plays: str, programs: tuple[int, ...] = CLEAN, chance: float = 1.0, enters: float = 0.0) -> Seat:
    return Seat("chords", plays, programs, chance, enters, 63, -1.0, "guitar")


def _solo(*plays: str, programs: tuple[int, ...] = (27, 29, 65, 73, 22), chance: float = 0.5) -> Seat:
    return Seat("melody", plays, programs, chance, 0.5, 70, 0.0, "solo")


FELT: dict[str, Style] = {
    "slow eighths ballad": _song(
        "pop", (48, 61, 76),
        (
            _keys("eighths", "broken", "eighths", "block ballad"),
            bass("bass eighths", "bass ballad", "bass whole"),
            singer(("sung", "sung sixteenths", "lyrical")),
            _guitar("picked", "strum eighths", "hold", "power hold", programs=(27, 25, 29), chance=0.6, enters=0.3),
            pad(0.6),
            backing(0.3)),
        ("slow eighths", "slow eighths", "slow sixteenths", "ballad snare", "ballad"), "tender", 1.6, drums=0.85),
    "slow sixteenths soul": _song(
        "soul", (50, 63, 80),
        (
            _keys("rhodes", "hold", "broken", "eighths", programs=(4, 5, 0, 17)),
            bass("bass funk", "bass ballad", "bass motown", "bass rock", programs=(33, 34, 36, 38)),
            singer(("sung sixteenths", "sung", "lyrical")),
            _guitar("funk scratch", "backbeat", "picked", "strum sixteenths", chance=0.5),
            pad(0.5),
            backing(0.5)),
        ("slow sixteenths", "slow sixteenths", "neo soul", "hip hop", "trap"), "warm", 1.3, kits=(0, 8, 24, 25),
        harmony={"soul": 2.0, "pop": 1.0}, swing=(0.5, 0.62), swing_unit=0.5, enrich=0.5),
    "slow guitars": _song(
        "rock", (50, 64, 84),
        (
            _guitar("picked", "strum eighths", "power hold", "strum sixteenths", programs=(27, 25, 29, 26)),
            bass("bass rock", "bass eighths", "bass ballad"),
            singer(("sung", "sung slow", "sung sixteenths")),
            _solo("rock lead", "blues lead", "lyrical", programs=(29, 30, 27)),
            _keys("hold", "eighths", programs=(*ORGAN, 0, 4), chance=0.4),
            backing(0.25)),
        ("slow eighths", "slow sixteenths", "half time", "heavy slow", "crash ride", "slow triplets"), "sad", 1.2,
        harmony={"rock": 1.0, "pop": 1.0}, drums=0.9),
    "triplet ballad": _song(
        "pop", (42, 58, 84),
        (
            _keys("slow triplets", "slow triplets", "threes", "broken", programs=PIANO),
            bass("bass slow rock", "bass threes", "bass whole"),
            singer(("sung", "lyrical", "triplet line")),
            _guitar("arpeggio threes", "threes", "slow triplets", programs=(27, 25, 26), chance=0.6),
            pad(0.4, STRINGS),
            backing(0.5)),
        ("slow blues", "doo wop", "twelve eight rock", "twelve eight half", "slow triplets"), "romantic", 1.5,
        metres={"12/8": 0.62, "6/8": 0.2, "4/4": 0.18}, harmony={"beat": 1.0, "pop": 1.0, "soul": 1.0}, drums=0.85,
        anacrusis=0.45),
    "compound rock": _song(
        "rock", (54, 92, 146),
        (
            _guitar("threes", "power threes", "strum eighths", "power hold", programs=(29, 27, 25, 30)),
            bass("bass threes", "bass slow rock", "bass threes"),
            singer(("sung", "triplet line", "eighth line")),
            _guitar("arpeggio threes", "picked", "threes", chance=0.5, enters=0.4),
            _keys("hold", "slow triplets", programs=(*ORGAN, *PIANO), chance=0.4),
            _solo("rock lead", "triplet line", programs=(29, 30)),
            backing(0.2)),
        ("six eight rock", "twelve eight rock", "six eight sixteenths", "twelve eight half", "nine eight rock",
         "heavy six"),
        "driving", 2.2, metres=_COMPOUND, harmony={"rock": 1.0, "pop": 1.0, "folk": 0.5}),
    "compound pop": _song(
        "pop", (46, 70, 116),
        (
            _keys("broken", "slow triplets", "left ballad", "hold", "threes"),
            bass("bass threes", "bass ballad", "bass whole", programs=(33, 34, 38, 32)),
            singer(("sung", "lyrical", "sung slow")),
            _guitar("picked", "threes", "strum folk", programs=ACOUSTIC, chance=0.7),
            pad(0.5),
            backing(0.3)),
        ("six eight rock", "six eight sixteenths", "six eight", "six eight swung", "twelve eight rock", "slow blues"),
        "bittersweet", 2.0, metres=_COMPOUND, timing={"human": 0.6, "steady": 0.4}, drums=0.8),
    "fast compound folk": _song(
        "folk", (104, 138, 182),
        (
            Seat("melody", ("reel", "eighth line", "classical"), (40, 72, 73, 21, 22, 110, 75), 1.0, 0.0, 75, 1.0,
                 "fiddle"),
            _guitar("threes", "strum folk", "boom chick", programs=(24, 25, 105, 21)),
            bass("bass two", "bass threes", "bass tuba", programs=UPRIGHT, chance=0.7, enters=0.0)),
        ("tarantella", "frame drum six", "bodhran jig", "march six", "slip jig"), "merry", 1.3, drums=0.5,
        metres={"6/8": 0.72, "9/8": 0.14, "12/8": 0.14}, harmony={"celtic": 1.0, "folk": 1.0, "functional": 0.5},
        forms={"tunes": 1.0, "binary": 1.0}, anacrusis=0.5, enrich=0.0, fills=0.1),
    "twelve eight soul": _song(
        "gospel", (46, 66, 104),
        (
            _keys("slow triplets", "hold", "threes", programs=(0, 16, 17, 4)),
            bass("bass slow rock", "walking", "bass threes"),
            singer(("sung", "blues lead")),
            _guitar("backbeat", "threes", "stabs", chance=0.5),
            Seat("counter", ("brass stabs", "answers"), HORNS, 0.4, 0.5, 67, 0.0, "horns"),
            backing(0.7)),
        ("gospel", "slow blues", "twelve eight rock", "doo wop"), "uplifting", 1.2, metres=_TWELVE,
        harmony={"soul": 1.0, "blues": 0.7, "beat": 0.5}, enrich=0.4),
    "compound dance of strings": Style(
        "classical", (44, 82, 140),
        (
            Seat("melody", ("lyrical", "classical", "triplet line", "dotted"), (48, 40, 73, 68), 1.0, 0.0, 74, 1.0,
                 "violins"),
            Seat("chords", ("broken", "repeated", "offbeats", "after beats"), (48, 49, 45, 46), 1.0, 0.0, 62, 0.0,
                 "strings"),
            bass("bass two", "bass threes", "cello line", programs=(42, 43), enters=0.0),
            Seat("counter", ("counter", "answers"), WOODWIND, 0.5, 0.3, 76, -2.0, "winds")),
        {"functional": 2.0, "folk": 1.0}, metres={"6/8": 0.55, "9/8": 0.17, "12/8": 0.28}, modes=_MODES,
        timing={"human": 0.6, "rubato": 0.4}, forms={"ternary": 1.0, "binary": 1.0, "rondo": 1.0}, anacrusis=0.5,
        moods=("pastoral",), weight=1.2),
    "shuffle rock": _song(
        "rock", (66, 124, 212),
        (
            _guitar("blues shuffle", "power eighths", "strum eighths", "boom chick", programs=(27, 29, 30)),
            bass("bass boogie", "walking", "bass eighths", "bass quarters"),
            singer(("sung", "blues lead", "eighth line")),
            _solo("blues lead", "rock lead", programs=(29, 27, 22)),
            _keys("eighths", "backbeat", programs=PIANO, chance=0.4)),
        ("shuffle", "texas shuffle", "half time shuffle", "rock", "rock ride"), "earthy", 1.3,
        harmony={"blues": 1.0, "rock": 1.0, "beat": 0.5}, swing=(0.58, 0.68), phrases={12: 0.3, 4: 0.5, 8: 0.2}),
    "bebop": _song(
        "jazz", (196, 244, 300),
        (
            Seat("melody", ("jazz solo", "jazz head", "running"), (*SAX, 56, 71, 0, 26, 11), 1.0, 0.0, 69, 1.0, "solo"),
            Seat("chords", ("jazz comp", "charleston", "stabs"), (0, 0, 26), 0.9, 0.0, 60, -1.0, "comping"),
            bass("walking", programs=UPRIGHT, register=38, enters=0.0),
            Seat("counter", ("answers", "thirds"), (56, 65, 66), 0.3, 0.5, 67, 0.0, "second horn")),
        ("bebop", "bebop", "swing", "big band"), "fiery", 1.6, harmony={"jazz": 3.0, "blues": 0.7}, kits=(32, 0, 40),
        swing=(0.5, 0.6), forms={"head": 2.0, "aaba": 1.0}, phrases={8: 0.75, 12: 0.15, 4: 0.1}, enrich=0.7, drums=0.8,
        anacrusis=0.4, timing={"human": 1.0}),
    "walking duo": _song(
        "jazz", (120, 190, 280),
        (
            Seat("melody", ("jazz solo", "jazz head", "lyrical"), (26, 0, 65, 71, 11, 40), 1.0, 0.0, 69, 0.0, "solo"),
            Seat("chords", ("freddie green", "charleston", "jazz comp"), (26, 0, 25), 0.6, 0.0, 58, -1.0, "chords"),
            bass("walking", programs=UPRIGHT, register=38, enters=0.0, chance=1.0)),
        (), "intimate", 0.9, harmony={"jazz": 1.0}, swing=(0.5, 0.66), forms={"head": 1.0, "aaba": 1.0},
        phrases={8: 0.8, 4: 0.2}, enrich=0.6, timing={"human": 1.0}),
    "ska punk": _song(
        "ska", (140, 172, 208),
        (
            _guitar("off-beat chops", "offbeats", "power eighths", programs=(27, 27, 29)),
            bass("walking", "bass ska", "bass eighths", "bass octaves"),
            singer(("sung", "eighth line")),
            Seat("counter", ("brass stabs", "riff", "thirds"), HORNS, 0.7, 0.4, 67, 0.0, "horns"),
            _keys("organ bubble", "offbeats", programs=ORGAN, chance=0.3)),
        ("ska", "skank", "off-beat drums", "punk", "fast two"), "happy", 1.1,
        harmony={"punk": 1.0, "beat": 1.0, "rock": 1.0}),
    "rocksteady": _song(
        "ska", (76, 92, 122),
        (
            _guitar("off-beat chops", "off-beat chops", "reggae chop"),
            bass("bass motown", "bass rock", "bass ska", "bass push"),
            singer(("sung", "sung slow")),
            _keys("organ bubble", "offbeats", "off-beat chops", programs=(*ORGAN, 0), chance=0.7),
            Seat("counter", ("answers", "brass stabs"), HORNS, 0.3, 0.5, 67, 0.0, "horns"),
            backing(0.4)),
        ("off-beat drums", "ska", "rockers", "backbeat only"), "relaxed", 0.9,
        harmony={"beat": 1.0, "soul": 1.0, "pop": 1.0}, swing=(0.5, 0.58)),
    "off-beat band": _song(
        "pop", (84, 118, 168),
        (
            _guitar("off-beat chops", "after beats", "backbeat", "offbeats", programs=(27, 25, 24, 21)),
            bass("bass quarters", "bass two", "bass offbeat"),
            singer(("syncopated", "sung", "eighth line")),
            _keys("after beats", "offbeats", "hold", chance=0.6)),
        ("off-beat drums", "backbeat only", "two beat", "offbeat hats", "tambourine"), "light", 1.1, drums=0.7),
    "slow waltz song": _song(
        "pop", (72, 100, 142),
        (
            _guitar("waltz chords", "picked", "strum folk", programs=ACOUSTIC),
            bass("bass waltz", "bass whole", programs=(32, 33), chance=0.8),
            singer(("sung", "lyrical", "hymn")),
            _keys("waltz chords", "left waltz", "hold", chance=0.5),
            pad(0.3)),
        ("waltz", "rock waltz", "frame drum three", "brushes"), "nostalgic", 1.2, drums=0.6, metres={"3/4": 1.0},
        harmony={"folk": 1.0, "country": 1.0, "pop": 1.0}, anacrusis=0.85),
    "fast waltz": _song(
        "folk", (150, 186, 236),
        (
            Seat("melody", ("classical", "lyrical", "dotted", "eighth line"), (*ACCORDION, 40, 71, 73, 48), 1.0, 0.0,
                 75, 1.0,
                 "melody"),
            _guitar("waltz chords", "after beats", "left waltz", programs=(25, 21, 0, 45)),
            bass("bass waltz", programs=(*UPRIGHT, 58, 43), enters=0.0)),
        ("waltz", "jazz waltz", "frame drum three"), "lively", 0.9, drums=0.4, metres={"3/4": 1.0},
        harmony={"functional": 1.0, "tango": 0.5, "folk": 1.0}, anacrusis=0.8, forms={"tunes": 1.0, "rondo": 1.0},
        timing={"human": 0.7, "rubato": 0.3}),
    "five and seven": _song(
        "pop", (88, 128, 176),
        (
            _keys("eighths", "hold", "broken", "stabs", programs=(*PIANO, 4, 16, 81)),
            bass("bass quarters", "bass eighths", "riff", programs=(*E_BASS, 32, 38)),
            singer(("sung", "eighth line"), 0.8),
            _guitar("strum eighths", "picked", "riff chords", "backbeat", programs=TWANG, chance=0.8),
            _solo("jazz solo", "rock lead", "lyrical", programs=(65, 27, 73, 81)),
            pad(0.3)),
        ("five four", "seven four", "seven eight", "jazz five", "electro five", "five eight"), "restless", 3.2,
        metres={"5/4": 0.5, "7/4": 0.28, "7/8": 0.17, "5/8": 0.05}, harmony={"pop": 1.0, "rock": 1.0, "modal": 1.0}),
    "chamber five": Style(
        "classical", (72, 112, 160),
        (
            Seat("melody", ("lyrical", "classical", "dotted"), (40, 73, 71, 0, 68), 1.0, 0.0, 74, 1.0, "first"),
            Seat("chords", ("ostinato", "broken", "repeated", "quarters"), (*GRAND, 48, 46), 1.0, 0.0, 60, 0.0,
                 "chords"),
            bass("bass quarters", "bass whole", "cello line", programs=(42, 43, 70), chance=0.7, enters=0.0)),
        {"modal": 1.0, "folk": 1.0, "functional": 0.5}, metres={"5/4": 0.6, "7/4": 0.2, "7/8": 0.12, "5/8": 0.08},
        modes={"minor": 0.4, "dorian": 0.2, "major": 0.3, "lydian": 0.1}, timing={"human": 0.7, "rubato": 0.3},
        forms={"ternary": 1.0, "through": 1.0, "rondo": 1.0}, anacrusis=0.25, moods=("odd",), weight=1.2),
}
"""By name."""
