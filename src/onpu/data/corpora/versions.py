"""The same composed song in several versions: in another key and tempo, by another band, with other sounds.

What a song is, here: its sections with their bars and chords, and the tune of whoever led the band it was composed for.
A version keeps these and draws all else: key, tempo, style of the band, who plays the tune, performance. Versions are
exact pairs to learn from what makes two recordings the same song, which cover detection has only by people's lists.
"""

from dataclasses import dataclass, replace

import numpy as np

from onpu.data.corpora.staging import Stage, likely_style, line_player, perform_stage, rng_for
from onpu.engine.compose.band import play_all, seat_players
from onpu.engine.compose.chord import Tonality
from onpu.engine.compose.draw import between, draw, pick
from onpu.engine.compose.metre import SIGNATURES, Signature
from onpu.engine.compose.plan import Placed, liveliness, make_plan
from onpu.engine.compose.sketch import Note, Shared, Sketch
from onpu.engine.compose.song import Song
from onpu.engine.compose.styles import STYLES

TEMPO_RATIO = 1.25
"""A version is at most so many times faster or slower than the song was composed."""
BPM = (45.0, 220.0)
LEADS = (0, 4, 11, 22, 24, 26, 40, 42, 52, 53, 54, 56, 64, 65, 66, 68, 71, 73, 80, 81)
"""General MIDI programs that play the tune."""
GENRES = tuple(sorted({style.genre for style in STYLES.values()}))


@dataclass(frozen=True, eq=False)
class Work:
    """What all versions of a song share. style: of the band that it was composed for. bpm: counted beats a minute.
    tune: in quarters, empty where nobody led. lead: quarters of its upbeat."""

    style: str
    signature: Signature
    bpm: float
    placed: list[Placed]
    tune: list[Note]
    lead: float


def compose_work(seed: int, seconds: float, unseen: bool = False) -> Work:
    """A song without its band, about so long at its own tempo. unseen: in a style that is held out of training."""
    rng = rng_for("versions", seed, seconds)
    name = draw(rng, {name: style.weight for name, style in STYLES.items() if style.held_out == unseen and style.seats})
    style = STYLES[name]
    signature = pick(rng, SIGNATURES[draw(rng, style.metres)])
    usual = SIGNATURES[next(iter(style.metres))][0]
    bpm = float(np.clip(rng.triangular(*style.tempo) * liveliness(signature) / liveliness(usual), *BPM))
    placed = make_plan(style, signature, Tonality(int(rng.integers(12)), draw(rng, style.modes)), bpm, seconds, rng)
    players = seat_players(style, 0.0, rng)
    notes, lead = play_all(style, players, placed, rng)
    led = [row for player, row in zip(players, notes, strict=True) if player.seat.role == "melody" and row]
    return Work(name, signature, bpm, placed, max(led, key=len, default=[]), lead)


def arrange(work: Work, seed: int, number: int) -> Song:
    """Version `number` of a work that was composed with `seed`; the first is in the style it was composed for."""
    rng = np.random.default_rng([seed, number, *b"version"])
    semitones = int(rng.integers(-6, 6))
    bpm = float(np.clip(work.bpm * TEMPO_RATIO ** between(rng, -1, 1), *BPM))
    name = likely_style(work.signature, bpm, GENRES, rng) if number else work.style
    style = STYLES[name]
    timing = draw(rng, style.timing)
    human = 0.0 if timing == "steady" and rng.random() < 0.6 else between(rng, 0.5, 1.2)
    seats = tuple(seat for seat in style.seats if not work.tune or seat.role not in ("melody", "counter"))
    style = replace(style, seats=seats, harmony={}, anacrusis=0.0, drums=style.drums if seats else 0.0)
    players, written = [], {}
    if work.tune:
        players = [line_player("melody", "melody", pick(rng, LEADS), human, 1.0, rng)]
        octave = 12 * pick(rng, (-1, 0, 0, 0))
        written = {0: [note._replace(pitch=note.pitch + semitones + octave) for note in work.tune]}
    players += seat_players(style, human, rng) if style.seats else []
    stage = Stage(style, _transposed(work.placed, semitones), bpm, timing, human, work.lead, players, written)
    return perform_stage(int(rng.integers(2**31)), f"version/{name}", stage, None, rng, listened=False).validate()


def _transposed(placed: list[Placed], semitones: int) -> list[Placed]:
    """Sections in another key; those that share their material go on doing so."""
    moved: dict[int, Sketch] = {}
    for place in placed:
        sketch = place.sketch
        if id(sketch) not in moved:
            spans = tuple(span._replace(chord=span.chord.transpose(semitones)) for span in sketch.spans)
            moved[id(sketch)] = replace(sketch, spans=spans, key=sketch.key.transpose(semitones), shared=Shared())
    return [replace(place, sketch=moved[id(place.sketch)]) for place in placed]
