"""From the material of a corpus to a performed song: the composer's players take part, and its stage is used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from onpu.data.corpora.splice import Drumming
from onpu.engine.compose.band import VOCAL, BandMember, play_all
from onpu.engine.compose.composer import beat_grid, drum_hits, play_tracks, score_of
from onpu.engine.compose.draw import draw, pick
from onpu.engine.compose.labels import label
from onpu.engine.compose.metre import Signature
from onpu.engine.compose.perform import make_hand
from onpu.engine.compose.plan import Placed
from onpu.engine.compose.sketch import Note
from onpu.engine.compose.song import Song, Track
from onpu.engine.compose.style import Seat, Style
from onpu.engine.compose.styles import STYLES
from onpu.engine.compose.tempo import BeatGrid, BeatTimes, make_tempo
from onpu.errors import DataError
from onpu.music import Drums, Notes

_LOOSE = 1.12
_LONGEST = 36_000
_PIANOS = {0, 1, 2, 3}


@dataclass
class Stage:
    """All that is needed to perform.

    style: what the players know. placed: the sections in order. bpm: counted beats a minute. timing: `steady`, `human`
    or `rubato`. human: 0 a sequencer to 1. lead: the upbeat's length in quarters. written: notes of the players who
    have a part of their own, by place in `players`; the others make theirs up. marked: the tempo that the music asks
    for, its marks and held notes, quarters against seconds; None where it is `bpm` throughout.
    """

    style: Style
    placed: list[Placed]
    bpm: float
    timing: str
    human: float
    lead: float
    players: list[BandMember]
    written: dict[int, list[Note]]
    marked: BeatTimes | None = None


def rng_for(corpus: str, seed: int, seconds: float) -> np.random.Generator:
    """Where a song's chances come from; `DataError` where seed or length make none."""
    if seed < 0 or not 0 < seconds < _LONGEST:
        raise DataError(f"seed {seed} and {seconds} seconds make no song; give a seed from 0 on and 1 to {_LONGEST} s")
    return np.random.default_rng([seed, *corpus.encode()])


def likely_style(signature: Signature, bpm: float, genres: Iterable[str], rng: np.random.Generator) -> str:
    """A style that plays in this metre and at about this tempo, of the genres where one does; none that is held out."""
    weights = {}
    wanted = set(genres)
    for name, style in STYLES.items():
        if style.held_out or all(seat.role == "melody" for seat in style.seats):
            continue
        metre = signature.name in style.metres
        tempo = style.tempo[0] / _LOOSE < bpm < style.tempo[2] * _LOOSE
        weights[name] = style.weight * (1 if metre else 1e-6) * (1 if tempo else 1e-4) * (style.genre in wanted or 1e-2)
    return draw(rng, weights)


def perform_stage(seed: int, name: str, stage: Stage, drumming: Drumming | None, rng: np.random.Generator, *,
                  listened: bool = True) -> Song:
    """Everybody plays. drumming: the drummer's part as it was played; None leaves the drums to the style. listened: as
    in `label`."""
    improvising = [index for index in range(len(stage.players)) if index not in stage.written]
    parts, lead = dict(stage.written), stage.lead
    if improvising:
        rows, upbeat = play_all(stage.style, [stage.players[index] for index in improvising], stage.placed, rng)
        parts |= dict(zip(improvising, rows, strict=True))
        lead = max(lead, upbeat)
    for index in stage.written:
        stage.players[index].changes = _changes(stage.placed)
    kits, count_in = drum_hits(stage.style, stage.placed, stage.bpm, rng) if drumming is None else ({}, False)
    if count_in:
        lead = max(lead, stage.placed[0].sketch.signatures[0].length)
    grid = beat_grid(stage.placed, lead)
    tempo = make_tempo(grid, stage.bpm, stage.timing, _paces(stage, grid), rng)
    score = score_of(stage.style, stage.placed, tempo, stage.human, rng)
    notes = [parts[index] for index in range(len(stage.players))]
    tracks = play_tracks(stage.style, stage.players, notes, kits, score, rng)
    if drumming is not None:
        tracks.append(_taped(drumming, tempo, pick(rng, stage.style.kits), rng))
    return label(seed, name, stage.style, stage.placed, grid, tempo, tracks, rng, listened=listened)


def line_player(role: str, name: str, program: int, human: float, swing: float, rng: np.random.Generator) -> BandMember:
    """Who plays a line as it is written. swing: the share of the band's swing that is not in the notes already."""
    seat = Seat(role, (), (program,), 1.0, 0.0, 60, 0.0, name, sung=program in VOCAL)
    hand = replace(make_hand(human, program, rng), swing=swing)
    pan = 0.0 if role == "melody" else round(float(np.clip(0.3 * rng.standard_normal(), -0.8, 0.8)), 3)
    pedals = program in _PIANOS and rng.random() < 0.7
    return BandMember(seat, name, program, seat.register, hand, 0.0, 0.0, pan, "", pedals)


def _paces(stage: Stage, grid: BeatGrid) -> np.ndarray:
    """Tempo of each beat over the stage's."""
    if stage.marked is None:
        return np.ones(len(grid.places))
    lasting = np.diff(stage.marked.seconds(np.append(grid.places, grid.places[-1] + grid.lengths[-1])))
    return 60 / stage.bpm * (grid.lengths / grid.lengths[0]) / lasting


def _changes(placed: list[Placed]) -> np.ndarray:
    """When harmonies begin, and when the last one ends, quarters."""
    return np.array([place.start + span.start for place in placed for span in place.sketch.spans] + [placed[-1].end])


def _taped(drumming: Drumming, tempo: BeatTimes, kit: int, rng: np.random.Generator) -> Track:
    """The drummer's hits on the song's time."""
    drums = Drums(tempo.seconds(drumming.times), drumming.pitches, drumming.velocities.astype(np.float64),
                  np.ones(len(drumming.times)))
    nothing = np.zeros((0, 2))
    gain = round(float(rng.normal(0, 2.0)), 2)
    return Track("drums", "drums", kit, Notes.empty(), drums, gain, 0.0, nothing, nothing)
