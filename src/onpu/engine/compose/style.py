"""What makes a style: everything that the composer chooses from."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seat:
    """One player's place in the band.

    role: as in `Track`. plays: names of textures (see `textures`), one drawn for each section's material. programs:
    General MIDI, one drawn a song. chance: of being in the band at all. enters: energy in [0,
        1] of a section from which
    the player takes part. register: pitch around which the part lies. gain: dB. track: seats with the same track are
    the hands of one player. sung: the part is a voice's.
    """

    role: str
    plays: tuple[str, ...]
    programs: tuple[int, ...]
    chance: float
    enters: float
    register: int
    gain: float
    track: str
    sung: bool = False


@dataclass(frozen=True)
class Style:
    """A kind of music.

    tempo: lowest, commonest, highest, in counted beats a minute. metres: signature name -> weight. harmony: family ->
    weight. modes: mode -> weight. seats: the band. grooves: drum patterns to choose from,
        by name; kits: programs; drums:
    chance that there is a drummer; percussion: grooves of a second one. timing: `steady`, `human`, `rubato` -> weight.
    swing: range of the first eighth's share of the beat (0.5 straight); swing_unit: quarters of the pair that swings
    (1: eighths swing, 0.5: sixteenths). forms: names of `form.FORMS` -> weight. phrases: bars a phrase -> weight.
    enrich, pace: see `harmony`. anacrusis, count_in, push, breaks, modulates, changes: chances of an upbeat, a
    count-in, chords ahead of the bar, stops, a change of key, a change of metre or tempo. fills: chance of a fill at a
    phrase's end. pedal: chance that pianists use theirs. moods: words for people who choose a style; no label follows
    from them. weight: how often it is drawn; a held-out style never is.
    """

    genre: str
    tempo: tuple[float, float, float]
    seats: tuple[Seat, ...]
    harmony: Mapping[str, float]
    metres: Mapping[str, float] = field(default_factory=lambda: {"4/4": 1.0})
    modes: Mapping[str, float] = field(default_factory=lambda: {"major": 0.6, "minor": 0.4})
    grooves: tuple[str, ...] = ()
    kits: tuple[int, ...] = (0,)
    drums: float = 1.0
    percussion: tuple[str, ...] = ()
    timing: Mapping[str, float] = field(default_factory=lambda: {"human": 1.0})
    swing: tuple[float, float] = (0.5, 0.5)
    swing_unit: float = 1.0
    forms: Mapping[str, float] = field(default_factory=lambda: {"song": 1.0})
    phrases: Mapping[int, float] = field(default_factory=lambda: {4: 0.8, 8: 0.2})
    enrich: float = 0.1
    pace: Mapping[float, float] = field(default_factory=lambda: {1: 0.85, 2: 0.1, 0.5: 0.05})
    anacrusis: float = 0.2
    count_in: float = 0.0
    push: float = 0.0
    breaks: float = 0.1
    modulates: float = 0.1
    changes: float = 0.03
    fills: float = 0.6
    pedal: float = 0.5
    moods: tuple[str, ...] = ()
    weight: float = 1.0
    held_out: bool = False
