"""Virtuoso, dense and strange piano music, and studies in unrelated notes that are drawn only where asked for."""

from collections.abc import Mapping

from onpu.engine.compose.atonal import ATONAL
from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles.instruments import GRAND

_METRES = {"4/4": 0.4, "3/4": 0.2, "2/4": 0.15, "6/8": 0.12, "12/8": 0.05, "9/8": 0.03, "2/2": 0.05}
_FORMS = {"ternary": 2.0, "rondo": 1.0, "reprise": 1.0, "binary": 1.0, "through": 2.0}
_MODES = {"major": 0.5, "minor": 0.5}
_FREE = {"rubato": 0.55, "human": 0.3, "steady": 0.15}
_STRICT = {"rubato": 0.2, "human": 0.4, "steady": 0.4}
_FUNCTIONAL = {"functional": 1.0}


def _hand(role: str, register: int, *plays: str, chance: float = 1.0) -> Seat:
    return Seat(role, plays, GRAND, chance, 0.0, register, 0.0, "piano")


def _solo(tempo: tuple[float, float, float], weight: float, mood: str, *hands: Seat,
          timing: Mapping[str, float] = _FREE, pedal: float = 0.5,
          harmony: Mapping[str, float] = _FUNCTIONAL) -> Style:
    return Style("classical", tempo, hands, harmony, metres=_METRES, modes=_MODES, timing=timing, forms=_FORMS,
                 enrich=0.2, anacrusis=0.3, changes=0.1, modulates=0.05, pedal=pedal, moods=(mood,), weight=weight)


def _study(tempo: tuple[float, float, float], pedal: float, *hands: Seat) -> Style:
    return Style("classical", tempo, hands, {ATONAL: 1.0}, modes=_MODES, timing={"rubato": 0.5, "steady": 0.5},
                 forms={"through": 1.0}, anacrusis=0.0, pedal=pedal, moods=("mysterious",), weight=0.0)


def _study_of_chords() -> Style:
    """Both hands strike chords of three notes and more, as in Brahms and Liszt."""
    return Style("classical", (48, 84, 132), (
        _hand("melody", 74, "full chords", "full chords", "lyrical octaves"),
        _hand("chords", 50, "full chords", "left octaves", "halves", "repeated", "quarters")),
        _FUNCTIONAL, metres=_METRES, modes=_MODES, timing=_FREE, forms=_FORMS, enrich=0.4, pedal=0.6,
        moods=("solemn",), weight=0.0)


KEYBOARD: dict[str, Style] = {
    "concert etude": _solo(
        (60, 96, 144), 0.5, "brilliant", _hand("melody", 78, "passage", "passage", "full chords"),
        _hand("chords", 50, "passage", "left octaves", "sweep", "calm passage", "quarters", "left stride")),
    "sonata": _solo(
        (76, 126, 176), 0.6, "bright", _hand("melody", 76, "calm passage", "running", "classical", "passage"),
        _hand("chords", 54, "alberti", "calm passage", "repeated", "broken", "left octaves", "quarters short",
              "eighth line"), timing=_STRICT, pedal=0.3),
    "rhapsody": _solo(
        (44, 80, 132), 0.5, "passionate", _hand("melody", 72, "full chords", "lyrical octaves", "passage", "hymn"),
        _hand("chords", 48, "left octaves", "sweep", "full chords", "left stride", "slow triplets"),
        _hand("arpeggio", 66, "calm passage", "sweep", "tremolo", chance=0.35), pedal=0.7),
    "finale": _solo(
        (84, 120, 168), 0.3, "stormy", _hand("melody", 70, "running fifteenths", "running octaves", "passage"),
        _hand("chords", 44, "left octaves", "quarters", "running octaves", chance=0.6), timing=_STRICT, pedal=0.3),
    "piano fugue": _solo(
        (56, 84, 126), 0.4, "clear", _hand("melody", 76, "running", "eighth line", "classical", "invention right"),
        _hand("counter", 65, "eighth line", "counter", "running"),
        _hand("chords", 52, "eighth line", "invention left", "running", "lyrical"),
        _hand("counter", 41, "eighth line", "sung slow", chance=0.5), timing=_STRICT, pedal=0.2),
    "piano minimal": _solo(
        (84, 120, 160), 0.3, "calm", _hand("melody", 72, "calm passage", "passage", "sixteenths up", "three three two"),
        _hand("chords", 52, "pulse", "eighths up", "broken", "hold", "calm passage"), timing=_STRICT, pedal=0.6,
        harmony={"pop": 1.0, "ambient": 1.0, "modal": 1.0}),
    "slow piano": _solo(
        (40, 54, 72), 0.5, "calm", _hand("melody", 74, "sparse", "sung slow", "full chords", "lyrical"),
        _hand("chords", 52, "hold", "halves", "left ballad", "nocturne", "calm passage"), pedal=0.85,
        harmony={"functional": 1.0, "ambient": 1.0, "jazz": 0.5}),
    "piano study notes": _study((60, 90, 140), 0.3, _hand("melody", 66, "scattered", "scattered wide")),
    "piano study hands": _study((60, 90, 140), 0.4, _hand("melody", 75, "scattered", "scattered near"),
                                _hand("chords", 50, "scattered", "scattered near")),
    "piano study pedal": _study((44, 66, 100), 1.0, _hand("melody", 72, "scattered", "scattered near"),
                                _hand("chords", 48, "scattered wide", chance=0.6)),
    "piano study chords": _study_of_chords(),
}
