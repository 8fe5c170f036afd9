"""POP909 and Groove as passages."""

import numpy as np
from tiny_corpora import HARMONY, MELODY

from onpu.data.corpora.passages import Passages
from onpu.music.passage import BAR


def test_songs_of_pop909_have_their_melody_bass_and_chords(pop909_zip):
    found = Passages.open(pop909_zip)
    song, = found.passages  # of the others none can be used
    assert song.name == "001" and found.description["licence"] == "MIT" and found.description["commercial_use"]
    melody, bass = song.line("melody"), song.line("bass")
    assert melody.pitches[:8].tolist() == [pitch + 12 for pitch in MELODY]
    assert melody.starts[:8].tolist() == list(range(0, 32, 4)) and melody.ends[:8].tolist() == list(range(4, 36, 4))
    assert bass.pitches[bass.starts % BAR == 0][:4].tolist() == [low - 12 for low, *_ in HARMONY]
    assert song.chords[:4] == ("D:maj", "G:maj", "A:maj", "D:maj/3")


def test_takes_of_groove_are_on_the_grid_on_their_official_sides(groove_zip):
    found = Passages.open(groove_zip)
    assert [(passage.name.split("/")[-1], side) for passage, side in zip(found.passages, found.sides, strict=True)] == [
        ("straight.mid", "train"), ("held.mid", "test")]
    drums = found.passages[0].parts["drums"]
    bar = drums[BAR : 2 * BAR]
    assert np.flatnonzero(bar[:, 0]).tolist() == [0, 8] and np.flatnonzero(bar[:, 1]).tolist() == [4, 12]
    assert np.flatnonzero(bar[:, 2]).tolist() == list(range(0, 16, 2)) and "CC BY 4.0" in found.description["licence"]
