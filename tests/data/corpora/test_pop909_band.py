"""A named song by a band is the song itself: its chords, key and tempo."""

import numpy as np
import pytest

from onpu.data.corpora.pop909 import band_of
from onpu.errors import DataError


@pytest.mark.parametrize("seed", range(3))
def test_chords_key_and_tempo_are_those_of_the_song(pop909_zip, seed):
    song = band_of(pop909_zip, "001", seed, 60.0)
    line = song.timeline
    assert {"melody", "bass", "drums"} <= {track.role for track in song.tracks}
    named = [label for label in line.chords.labels if label != "N"]
    assert named[:4] == ["D:maj", "G:maj", "A:maj", "D:maj/3"] and len(named) >= 20
    assert set(line.keys.labels) == {"D:major"}
    assert 60 / np.median(np.diff(line.beats.times)) == pytest.approx(90, rel=0.05)
    assert 45 < song.duration < 75


def test_a_song_of_no_use_is_an_error(pop909_zip):
    for name in ("002", "nine"):
        with pytest.raises(DataError, match=name):
            band_of(pop909_zip, name, 0)
