"""Real drumming: the Groove MIDI Dataset (Gillick et al., "Learning to Groove with Inverse Sequence Transformations",
ICML 2019, section 3), played by ten drummers to a click. Licence CC BY 4.0, credit "Groove MIDI Dataset, Google LLC".
"""

from pathlib import Path

import numpy as np

from onpu.data.compose.draw import between, draw
from onpu.data.compose.labels import all_drums, all_notes, beat_labels, metre_labels, tag_labels, tempo_labels
from onpu.data.compose.perform import empty_notes
from onpu.data.compose.song import Song, Track
from onpu.data.compose.tempo import Grid, TempoMap, make_tempo
from onpu.data.corpora.splice import Drumming, splice
from onpu.data.corpora.takes import Take, takes
from onpu.errors import DataError
from onpu.music import Drums, Timeline

CREDIT = "Groove MIDI Dataset, Google LLC, CC BY 4.0"

_SCALE = (0.7, 1.4)
_BPM = (45.0, 230.0)
_KITS = {0: 4.0, 8: 2.0, 16: 2.0, 25: 0.4, 32: 1.0, 40: 0.3}


def groove(path: Path, seed: int, seconds: float = 60.0, split: str = "train") -> Song:
    """A song over a real drum take: its bars looped and joined with fills to about the length asked for.

    path: the zip file of the data set. split: of the official ones, `train`, `validation` or `test`. The take keeps its
    microtiming and its velocities; the tempo is scaled by 0.7 to 1.4. Pure function of the file's content and the
    arguments. Raises `DataError` when the file is missing or is something else, or has no take in the split.
    """
    rng = np.random.default_rng([seed, 909])
    corpus = [take for take in takes(path) if take.split == split]
    beats = [take for take in corpus if take.trusted]
    if not beats:
        raise DataError(f"{path} has no beats in the split {split!r}; choose train, validation or test")
    take = draw(rng, {take: min(take.bars, 32) ** 0.5 for take in beats})
    bpm = float(np.clip(take.bpm * np.exp(between(rng, *np.log(_SCALE))), *_BPM))
    bar = take.signature.length * 60 / bpm
    drumming = splice(take, corpus, max(2, round(seconds / bar)), rng)
    grid = _grid(drumming)
    timing = draw(rng, {"steady": 0.6, "human": 0.4})
    tempo = make_tempo(grid, bpm / take.signature.beat, timing, np.ones(len(grid.places)), rng)
    return _song(seed, take, drumming, grid, tempo, rng)


def _grid(drumming: Drumming) -> Grid:
    """Every counted beat of the song, and the first one after it, on which it ends."""
    signature = drumming.signature
    count = drumming.bars * signature.beats + 1
    index = np.arange(count)
    bar = index // signature.beats
    return Grid(
        places=index * signature.beat, positions=index % signature.beats + 1, lengths=np.full(count, signature.beat),
        phase=index / signature.beats / drumming.phrase % 1, closing=bar % drumming.phrase == drumming.phrase - 1,
        section=np.zeros(count, dtype=np.int64))


def _song(seed: int, take: Take, drumming: Drumming, grid: Grid, tempo: TempoMap, rng: np.random.Generator) -> Song:
    lead = between(rng, 0.05, 0.8)
    tempo = TempoMap(tempo.places, tempo.times + lead)
    times = np.maximum(tempo.seconds(drumming.times), 0.0)
    order = np.argsort(times, kind="stable")
    drums = Drums(np.round(times[order], 6), drumming.pitches[order], drumming.velocities[order].astype(np.float64), np.ones(len(times)))
    track = Track("drums", "drums", draw(rng, _KITS), empty_notes(), drums, 0.0, 0.0, np.zeros((0, 2)), np.zeros((0, 2)))
    beats = beat_labels(grid, tempo, times.min(initial=lead), times.max(initial=lead))
    duration = float(np.ceil(times.max(initial=lead) + 2.0))
    timeline = Timeline(
        duration, beats=beats, metre=metre_labels([(float(tempo.times[0]), drumming.signature)]), tempo=tempo_labels(beats),
        notes=all_notes([track]), drums=all_drums([track]), tags=tag_labels([f"genre:{take.genre}", "instrument:drums"]))
    return Song(seed, f"groove/{take.style}", (track,), timeline).validate()
