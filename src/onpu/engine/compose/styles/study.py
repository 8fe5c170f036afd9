"""Studies in chords: unrelated harmonies on many instruments, so that none is known from its neighbours alone."""

from onpu.engine.compose.sampler import SAMPLER
from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import (
    ACOUSTIC,
    BRASS,
    CHOIR,
    CLEAN,
    E_BASS,
    HARP,
    KEYS,
    MALLETS,
    ORGAN,
    PADS,
    RHODES,
    STRINGS,
    SYNTH_BASS,
    SYNTH_BRASS,
    SYNTH_LEAD,
    UPRIGHT,
    WOODWIND,
    bass,
    pad,
    singer,
)

_HARMONY = {SAMPLER: 1.0}
_MODES = {"major": 0.5, "minor": 0.5}
_METRES = {"4/4": 0.62, "3/4": 0.15, "6/8": 0.1, "12/8": 0.05, "5/4": 0.08}
_FORMS = {"through": 1.0, "ternary": 1.0}

STUDY: dict[str, Style] = {
    "chord study keys": Style(
        "new age", (56, 88, 130),
        (
            Seat("chords", ("hold", "halves", "broken", "block ballad", "quarters", "left ballad"),
                 (*KEYS, *RHODES, *ORGAN, *ACOUSTIC), 1.0, 0.0, 60, 0.0, "keys"),
            bass("bass whole", "bass ballad", programs=(32, 33, 38, 0), chance=0.7, enters=0.0),
            Seat("melody", ("sung slow", "sparse", "lyrical"), (0, 11, 40, 65, 73, 52), 0.5, 0.2, 74, -1.0, "line"),
            pad(0.3)),
        _HARMONY, metres=_METRES, modes=_MODES, grooves=("ballad", "shaker", "rock", "brushes"), drums=0.3,
        timing={"human": 0.6, "rubato": 0.2, "steady": 0.2}, forms=_FORMS, enrich=0.0, modulates=0.0,
        moods=("calm",), weight=2.2),
    "chord study band": Style(
        "pop", (70, 104, 150),
        (
            Seat("chords", ("strum pop", "strum eighths", "picked", "strum slow", "hold", "eighths"),
                 (*ACOUSTIC, *CLEAN, *KEYS), 1.0, 0.0, 60, 0.0, "guitar"),
            Seat("arpeggio", ("eighths up", "broken", "pulse", "harp"), (*KEYS, *HARP, *MALLETS, *SYNTH_LEAD), 0.5, 0.3,
                 66, -2.0, "sequence"),
            bass("bass whole", "bass rock", "bass eighths", "bass quarters", programs=(*E_BASS, *UPRIGHT, *SYNTH_BASS),
                 enters=0.0),
            singer(("sung", "sung slow"), 0.5),
            pad(0.5, enters=0.3)),
        _HARMONY, metres=_METRES, modes=_MODES, grooves=("rock", "ballad", "half time", "disco", "bossa"),
        kits=(0, 8, 16, 24, 25), forms=_FORMS, enrich=0.0, modulates=0.0, moods=("bright",), weight=2.6),
    "chord study ensemble": Style(
        "film", (52, 80, 120),
        (
            Seat("pad", ("hold", "chorale", "halves", "tremolo"),
                 (*STRINGS, *CHOIR, *BRASS, *SYNTH_BRASS, *WOODWIND, *PADS, *ORGAN), 1.0, 0.0, 62, 0.0, "ensemble"),
            Seat("arpeggio", ("harp", "broken", "bell"), (*HARP, *MALLETS, 0), 0.4, 0.3, 68, -2.0, "harp"),
            bass("bass whole", "pedal point", programs=(42, 43, 58, 70, 48), chance=0.6, enters=0.0),
            Seat("melody", ("sung slow", "lyrical"), (40, 42, 60, 68, 71, 73), 0.4, 0.3, 74, 0.0, "theme")),
        _HARMONY, metres=_METRES, modes=_MODES, timing={"human": 0.6, "rubato": 0.4}, forms=_FORMS,
        enrich=0.0, modulates=0.0, moods=("mysterious",), weight=2.0),
}
