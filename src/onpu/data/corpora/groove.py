"""Real drumming: the Groove MIDI Dataset (Gillick et al., "Learning to Groove with Inverse Sequence Transformations",
ICML 2019, section 3), ten drummers on an electronic kit, to a click. Licence CC BY 4.0; credit "Groove MIDI Dataset,
Google LLC".
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from onpu.data.corpora.splice import Drumming, rested, splice
from onpu.data.corpora.staging import Stage, likely_style, perform_stage, rng_for
from onpu.data.corpora.takes import EARLY_QUARTERS, KICK, DrumTake, takes
from onpu.engine.compose.accompany import near
from onpu.engine.compose.band import BandMember, seat_players
from onpu.engine.compose.chord import Chord, Tonality
from onpu.engine.compose.draw import between, draw
from onpu.engine.compose.form import Section
from onpu.engine.compose.plan import BREAK, END, Placed, make_plan
from onpu.engine.compose.sketch import Note, Sketch, Span
from onpu.engine.compose.song import Song
from onpu.engine.compose.style import Style
from onpu.engine.compose.styles import STYLES
from onpu.errors import DataError
from onpu.music import Keys

_SCALE = (0.7, 1.4)
_BPM = (45.0, 230.0)
_ALONE = 0.3
_WITH_KICK = 0.4
_KITS = (0, 0, 0, 8, 8, 16, 25, 32, 40)
_GENRES = {
    "funk": ("funk", "soul"), "hiphop": ("hip hop", "electronic", "funk"), "latin": ("latin", "tango"),
    "afrocuban": ("latin", "african"), "soul": ("soul", "gospel"), "neworleans": ("jazz", "funk", "blues"),
    "punk": ("rock", "metal"), "reggae": ("ska", "reggaeton"), "afrobeat": ("african", "funk"),
    "highlife": ("african", "latin"), "dance": ("disco", "electronic"), "middleeastern": ("folk",),
    "rock": ("rock", "metal"),
}
"""Genre of a take -> genres of the composer's styles that suit it, where they are not called the same."""


def groove(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A song over a real drum take, its bars looped and joined with fills, alone or with a band composed over it.

    path: the zip file of the data set. seconds: about how long; whole phrases are kept. split: of the official ones,
    `train`, `validation` or `test`. The take keeps its microtiming and its velocities; its tempo is scaled by 0.7 to
    1.4. Pure function of the file's content and the arguments. Raises `DataError` when the file is missing or something
    else, or has no take in the split.
    """
    rng = rng_for("groove", seed, seconds)
    corpus = [take for take in takes(path) if take.split == split]
    beats = [take for take in corpus if take.trusted]
    if not beats:
        raise DataError(f"{path} has no beats in the split {split!r}; choose train, validation or test")
    take = draw(rng, {take: min(take.bars, 32) ** 0.5 for take in beats})
    bpm = float(np.clip(take.bpm * np.exp(between(rng, *np.log(_SCALE))), *_BPM)) / take.signature.beat
    if rng.random() < _ALONE:
        return _alone(seed, take, corpus, bpm, seconds, rng)
    return _with_band(seed, take, corpus, bpm, seconds, rng)


def _alone(seed: int, take: DrumTake, corpus: list[DrumTake], bpm: float, seconds: float,
           rng: np.random.Generator) -> Song:
    """The drums and nothing else: no key, no chords, no sections."""
    bars = max(2, round(seconds * bpm / 60 / take.signature.beats))
    drumming = splice(take, corpus, bars, rng)
    silence = Span(0.0, bars * take.signature.length, Chord(0, "5"))
    sketch = Sketch((take.signature,) * bars, (silence,), Tonality(0, "major"), drumming.phrase)
    style = Style(take.genre, (bpm, bpm, bpm), (), {}, kits=_KITS)
    placed = [Placed(Section("drums", bars, 1.0, 0), 0.0, sketch, False)]
    stage = Stage(style, placed, bpm, _timing(rng), 1.0, 0.0, [], {})
    song = perform_stage(seed, f"groove/{take.style}", stage, drumming, rng)
    return replace(song, timeline=replace(song.timeline, keys=Keys.empty(), sections=None)).validate()


def _timing(rng: np.random.Generator) -> str:
    return draw(rng, {"steady": 0.6, "human": 0.4})


def _with_band(seed: int, take: DrumTake, corpus: list[DrumTake], bpm: float, seconds: float,
               rng: np.random.Generator) -> Song:
    """The drums under a song in a style that suits them, swung as they are; the bass may go with the bass drum."""
    name = likely_style(take.signature, bpm, _GENRES.get(take.genre, (take.genre,)), rng)
    share, unit = take.swing
    style = replace(STYLES[name], metres={take.signature.name: 1.0}, swing=(share, share), swing_unit=unit, changes=0.0,
                    kits=_KITS)
    key = Tonality(int(rng.random() * 12), draw(rng, style.modes))
    placed = make_plan(style, take.signature, key, bpm, seconds, rng)
    last = placed[-1].section.label == END
    drumming = splice(take, corpus, sum(place.section.bars for place in placed) - last, rng)
    drumming = rested(drumming, _rests(placed, rng), last)
    human = between(rng, 0.3, 1.2)
    players = seat_players(style, human, rng)
    written = {}
    if rng.random() < _WITH_KICK:
        basses = {index: player for index, player in enumerate(players) if player.seat.role == "bass"}
        written = {index: _with_the_kick(player, drumming, placed) for index, player in basses.items()}
        for player in basses.values():
            player.hand = replace(player.hand, swing=0.0)
    stage = Stage(style, placed, bpm, _timing(rng), human, 0.0, players, written)
    return perform_stage(seed, f"groove/{take.style}", stage, drumming, rng).validate()


def _rests(placed: list[Placed], rng: np.random.Generator) -> list[tuple[float, float]]:
    """Where the drummer is silent, quarters: in some quiet sections, and where the band stops."""
    quiet = [(place.start, place.end) for place in placed if place.section.energy < 0.5 and rng.random() < 0.4]
    stops = [(place.start + place.sketch.starts[-2] + 0.3, place.end) for place in placed if place.stops]
    return quiet + stops if len(quiet) < len(placed) else stops


def _with_the_kick(player: BandMember, drumming: Drumming, placed: list[Placed]) -> list[Note]:
    """A bass note on each stroke of the bass drum, ringing until the next one or for a beat."""
    kicks = drumming.times[drumming.pitches == KICK]
    kicks = kicks[np.append(True, np.diff(kicks) > 0.2)] if len(kicks) else kicks
    ends = np.append(kicks[1:], np.inf)
    notes = []
    for place in placed:
        if place.section.label == BREAK:
            continue
        here = (kicks > place.start - EARLY_QUARTERS) & (kicks < place.end - EARLY_QUARTERS)
        for kick, end in zip(kicks[here].tolist(), ends[here].tolist(), strict=True):
            chord = place.sketch.at(kick - place.start + EARLY_QUARTERS)
            length = 0.9 * min(end - kick, drumming.signature.beat)
            notes.append(Note(kick, length, near(chord.lowest, player.register), 1.0, 0))
    return notes
