"""From material of a corpus to a performed song: the composer's bands play along, and its stage is used."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from onpu.data.compose.band import Player
from onpu.data.compose.composer import Placed, _drum, _grid, _perform, _play, _score, _song
from onpu.data.compose.draw import draw
from onpu.data.compose.metre import Signature
from onpu.data.compose.perform import empty_notes
from onpu.data.compose.sketch import Note
from onpu.data.compose.song import Song, Track
from onpu.data.compose.style import Style
from onpu.data.compose.styles import STYLES
from onpu.data.compose.tempo import TempoMap, make_tempo
from onpu.data.corpora.splice import Drumming
from onpu.music import Drums


@dataclass
class Stage:
    """All that is needed to perform: the style that the players know, sections in order, tempo in counted beats a minute,
    `steady`, `human` or `rubato`, how human (0 a sequencer), the upbeat's length in quarters, and the players; those with
    notes of their own have them in `written`, by place in `players`, the others make theirs up."""

    style: Style
    placed: list[Placed]
    bpm: float
    timing: str
    human: float
    lead: float
    players: list[Player]
    written: dict[int, list[Note]]


def likely_style(signature: Signature, genres: Iterable[str], rng: np.random.Generator) -> str:
    """A style that plays in this metre, of the genres where one does."""
    fits = {name: style.weight for name, style in STYLES.items()
            if signature.name in style.metres and not style.held_out and any(seat.role != "melody" for seat in style.seats)}
    wanted = set(genres)
    return draw(rng, {name: weight for name, weight in fits.items() if STYLES[name].genre in wanted} or fits)


def perform_stage(seed: int, name: str, stage: Stage, drumming: Drumming | None, rng: np.random.Generator) -> Song:
    """Everybody plays. drumming: the drummer's part as it was played; None leaves the drums to the style."""
    improvising = [index for index in range(len(stage.players)) if index not in stage.written]
    parts = dict(stage.written)
    lead = stage.lead
    if improvising:
        rows, upbeat = _play(stage.style, [stage.players[index] for index in improvising], stage.placed, rng)
        parts |= dict(zip(improvising, rows, strict=True))
        lead = max(lead, upbeat)
    kits, count_in = _drum(stage.style, stage.placed, lead, rng) if drumming is None else ({}, False)
    if count_in:
        lead = max(lead, stage.placed[0].sketch.signatures[0].length)
    grid = _grid(stage.placed, lead)
    tempo = make_tempo(grid, stage.bpm, stage.timing, np.ones(len(grid.places)), rng)
    score = _score(stage.style, stage.placed, tempo, stage.human, rng)
    notes = [parts[index] for index in range(len(stage.players))]
    tracks = _perform(stage.style, stage.players, notes, kits, score, stage.timing, rng)
    if drumming is not None:
        tracks.append(_taped(drumming, tempo, draw(rng, dict.fromkeys(stage.style.kits, 1.0)), rng))
    return _song(seed, name, stage.style, stage.placed, grid, tempo, tracks, rng)


def _taped(drumming: Drumming, tempo: TempoMap, kit: int, rng: np.random.Generator) -> Track:
    """The drummer's hits on the song's time."""
    drums = Drums(tempo.seconds(drumming.times), drumming.pitches, drumming.velocities.astype(np.float64),
                  np.ones(len(drumming.times)))
    nothing = np.zeros((0, 2))
    return Track("drums", "drums", kit, empty_notes(), drums, float(rng.normal(0, 2.0)), 0.0, nothing, nothing)
