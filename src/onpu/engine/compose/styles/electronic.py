"""Electronic music on grids: four on the floor with off-beat basses, broken beats, long builds, sections without drums,
pulses without drums at all."""

from collections.abc import Mapping

from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    CHOIR,
    HARP,
    MALLETS,
    PADS,
    RHODES,
    STRINGS,
    SYNTH_BASS,
    SYNTH_BRASS,
    SYNTH_LEAD,
    bass,
    pad,
    singer,
)

_KITS = (24, 25, 25, 8, 0)
_MINOR = {"minor": 0.72, "major": 0.18, "dorian": 0.1}
_BUILD = {"build": 2.0, "waves": 1.5, "stages": 1.0, "loop": 1.0}


def _sequence(*plays: str, programs: tuple[int, ...] = SYNTH_LEAD, chance: float = 1.0, register: int = 64) -> Seat:
    return Seat("arpeggio", plays, programs, chance, 0.0, register, -1.0, "sequence")


def _lead(*plays: str, chance: float = 0.6, enters: float = 0.5) -> Seat:
    return Seat("melody", plays or ("synth hook", "lyrical", "sparse"), SYNTH_LEAD, chance, enters, 76, 1.0, "lead")


def _synth_bass(*plays: str, register: int = 36) -> Seat:
    return bass(*plays, programs=SYNTH_BASS, enters=0.4, register=register)


def _chords(*plays: str, programs: tuple[int, ...] = (81, 90, 62, 4, 5, 0), chance: float = 0.7) -> Seat:
    return Seat("chords", plays, programs, chance, 0.3, 63, -1.0, "chords")


def _grid(tempo: tuple[float, float, float], seats: tuple[Seat, ...], grooves: tuple[str, ...], mood: str,
          weight: float,
          *, genre: str = "electronic", drums: float = 0.95, metres: Mapping[str, float] | None = None,
          harmony: Mapping[str, float] | None = None, pace: Mapping[float, float] | None = None,
          phrases: Mapping[int, float] | None = None, swing: tuple[float, float] = (0.5, 0.5)) -> Style:
    return Style(genre, tempo, seats, harmony or {"dance": 2.0, "pop": 1.0, "modal": 0.5},
                 metres=metres or {"4/4": 1.0}, modes=_MINOR, grooves=grooves, kits=_KITS, drums=drums,
                 timing={"steady": 1.0}, forms=_BUILD, phrases=phrases or {8: 0.6, 4: 0.4},
                 pace=pace or {1: 0.6, 2: 0.4}, enrich=0.25, anacrusis=0.05, fills=0.35, breaks=0.15, changes=0.01,
                 swing=swing, swing_unit=0.5, moods=(mood,), weight=weight)


ELECTRONIC: dict[str, Style] = {
    "hard techno": _grid(
        (132, 144, 162),
        (
            _sequence("sixteenths up", "trance", "chip", "three three two", programs=(81, 80, 38, 87)),
            _synth_bass("bass rolling", "bass offbeat", "bass sixteenths"),
            _chords("stabs", "gate", programs=(90, 62, 55, 81), chance=0.5),
            pad(0.4)),
        ("techno hard", "techno hard", "hardstyle", "techno", "snare build", "kick only"), "driving", 1.1,
        harmony={"drone": 1.5, "modal": 1.0, "dance": 1.0}),
    "minimal techno": _grid(
        (118, 126, 132),
        (
            _sequence("three three two", "riff", "bell", "sixteenths up", programs=(*MALLETS, 38, 81, 4)),
            _synth_bass("bass offbeat", "bass push", "bass octaves"),
            _chords("offbeats", "stabs", chance=0.6),
            pad(0.4)),
        ("techno sparse", "offbeat hats", "kick only", "ticks", "techno"), "hypnotic", 0.8,
        harmony={"drone": 1.0, "dance": 1.0, "modal": 1.0}, swing=(0.5, 0.58)),
    "progressive trance": _grid(
        (126, 134, 142),
        (
            _sequence("trance", "sixteenths up", "eighths up", "chip"),
            _synth_bass("bass offbeat", "bass rolling", "bass octaves"),
            _chords("gate", "pulse", "offbeats", programs=(81, 90, 62, 50)),
            _lead("lyrical", "synth hook", "sung slow"),
            pad(1.0)),
        ("trance roll", "trance roll", "trance", "techno hard", "snare build", "offbeat hats"), "euphoric", 1.6,
        harmony={"dance": 2.0, "pop": 1.0}),
    "hardstyle": _grid(
        (145, 152, 170),
        (
            _lead("synth hook", "eighth line", "sung", chance=1.0, enters=0.3),
            _synth_bass("bass offbeat", "bass rolling"),
            _chords("gate", "hold", "stabs", programs=(81, 62, 90)),
            pad(0.7)),
        ("hardstyle", "hardstyle", "techno hard", "snare build", "kick only"), "euphoric", 0.7),
    "big room house": _grid(
        (120, 127, 130),
        (
            _chords("gate", "house piano", "tresillo", "stabs", programs=(81, 90, 62, 0), chance=1.0),
            _synth_bass("bass offbeat", "bass octaves", "bass disco"),
            _lead("synth hook", "sung"),
            singer(("sung", "sung slow"), 0.4),
            pad(0.7)),
        ("house", "trance roll", "techno hard", "snare build", "kick only"), "festive", 1.0),
    "liquid drum and bass": _grid(
        (166, 173, 178),
        (
            pad(1.0),
            _synth_bass("bass sub", "bass dnb", "bass whole", register=33),
            _chords("rhodes", "hold", "broken", programs=(*RHODES, 0, 46), chance=1.0),
            _lead("lyrical", "sparse", "sung slow"),
            singer(("sung slow", "sung"), 0.4)),
        ("drum and bass two", "drum and bass", "jungle", "drum and bass half", "ticks"), "dreamy", 1.0,
        harmony={"dance": 1.0, "soul": 1.0, "ambient": 1.0}, pace={2: 0.7, 1: 0.3}),
    "neurofunk": _grid(
        (168, 174, 180),
        (
            _synth_bass("bass wobble", "bass dnb", "riff", register=31),
            _sequence("riff", "three three two", "sixteenths up", chance=0.7),
            _chords("stabs", "hold", programs=(90, 81, 55), chance=0.5),
            pad(0.6)),
        ("drum and bass two", "drum and bass", "breakbeat", "drum and bass half"), "dark", 0.8,
        harmony={"drone": 1.0, "riff": 1.0, "dance": 1.0}),
    "dubstep": _grid(
        (136, 140, 146),
        (
            _synth_bass("bass wobble", "bass sub", "riff", register=31),
            _chords("stabs", "hold", "gate", chance=0.7),
            _lead("synth hook", "sparse", "rap", chance=0.7, enters=0.4),
            singer(("sung slow", "sung"), 0.3),
            pad(0.8)),
        ("dubstep", "dubstep", "half time", "snare build", "trap"), "heavy", 1.0,
        harmony={"dance": 1.0, "riff": 1.0, "pop": 1.0}),
    "synthwave": _grid(
        (80, 102, 124),
        (
            _sequence("sixteenths up", "eighths up", "chip", "trance"),
            _synth_bass("bass sixteenths", "bass octaves", "bass eighths", "bass rolling"),
            _chords("hold", "gate", "stabs", programs=(62, 63, 50, 90, 81)),
            _lead("lyrical", "synth hook", "sung slow", chance=0.8),
            pad(0.9)),
        ("synthwave", "synthwave", "synth pop", "electro", "kick only", "ticks"), "nostalgic", 1.7,
        harmony={"pop": 2.0, "dance": 1.0, "modal": 0.5}),
    "electro": _grid(
        (104, 124, 136),
        (
            _sequence("three three two", "trance", "riff", "chip"),
            _synth_bass("bass octaves", "bass funk", "bass sixteenths", "riff"),
            _chords("stabs", "offbeats", "gate"),
            _lead("synth hook", "sparse"),
            pad(0.5)),
        ("electro break", "electro", "breakbeat", "techno sparse", "ticks"), "cool", 0.9,
        harmony={"funk": 0.7, "dance": 1.0, "modal": 1.0}),
    "pulsing ambient": _grid(
        (60, 92, 126),
        (
            pad(1.0, (*PADS, *STRINGS, *CHOIR), plays=("hold", "swells")),
            _sequence("eighths up", "pulse", "bell", "sixteenths up", "broken", programs=(*MALLETS, *HARP, 81, 88, 98)),
            bass("pedal point", "bass whole", "bass eighths", programs=(38, 39, 43, 89), enters=0.2),
            _lead("sparse", "sung slow", chance=0.4, enters=0.2)),
        ("ticks", "kick only", "techno sparse", "impact"), "calm", 1.3, genre="ambient", drums=0.35,
        harmony={"ambient": 2.0, "modal": 1.0, "pop": 1.0}, pace={2: 0.6, 1: 0.4},
        metres={"4/4": 0.8, "3/4": 0.1, "6/8": 0.1}),
    "uneven electronica": _grid(
        (92, 128, 160),
        (
            _sequence("eighths up", "broken", "sixteenths up", programs=(*MALLETS, *SYNTH_LEAD)),
            _synth_bass("bass eighths", "riff", "bass quarters"),
            _chords("hold", "stabs", "pulse"),
            _lead("synth hook", "sparse"),
            pad(0.7)),
        ("electro seven", "electro five", "electro seven four", "ticks"), "restless", 2.2,
        metres={"5/4": 0.4, "7/8": 0.25, "7/4": 0.3, "5/8": 0.05}, harmony={"modal": 1.0, "ambient": 1.0, "pop": 1.0}),
    "compound electronica": _grid(
        (76, 112, 152),
        (
            _sequence("arpeggio threes", "broken", "arpeggio threes"),
            _synth_bass("bass threes", "bass whole", "bass quarters"),
            _chords("hold", "threes", "stabs"),
            _lead("triplet line", "lyrical", "sung"),
            pad(0.6)),
        ("electro six", "electro twelve", "electro six", "taiko twelve"), "swirling", 1.2,
        metres={"6/8": 0.45, "12/8": 0.5, "9/8": 0.05}),
    "drumless trance": Style(
        "electronic", (110, 132, 150),
        (
            _sequence("trance", "sixteenths up", "chip", "three three two"),
            _synth_bass("bass offbeat", "bass rolling", "bass octaves"),
            _chords("gate", "offbeats", "pulse", programs=(81, 90, 62, 50), chance=0.9),
            Seat("chords", ("fanfare", "stabs"), SYNTH_BRASS, 0.3, 0.6, 62, -1.0, "brass"),
            _lead(),
            pad(0.9)),
        {"dance": 2.0, "pop": 1.0}, modes=_MINOR, timing={"steady": 1.0}, forms=_BUILD, phrases={8: 0.6, 4: 0.4},
        pace={1: 0.6, 2: 0.4}, enrich=0.2, anacrusis=0.05, changes=0.01, moods=("weightless",), weight=0.9),
}
"""By name."""
