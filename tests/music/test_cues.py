"""Numbers that tell what kind of music a recording is, of a timeline."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.music import Beats, Chords, Drums, Key, Keys, Notes, Tempo, Timeline, Voice
from onpu.music.cues import REQUIRED, cues, has_cues

SECONDS, BEAT = 16.0, 0.5
BEATS = np.arange(0, SECONDS, BEAT)


def drummed(times, pitch=36):
    """A timeline of steady beats with one drum at these times, and nothing else."""
    count = len(times)
    return Timeline(SECONDS, beats=Beats.of(BEATS, np.arange(len(BEATS)) % 4 + 1), tempo=Tempo.of_beats(BEATS),
                    chords=Chords.empty(), keys=Keys.empty(), notes=Notes.empty(), voice=Voice.empty(),
                    drums=Drums(np.asarray(times, float), np.full(count, pitch), np.full(count, 90), np.ones(count)))


def test_where_in_the_beat_and_in_the_bar_a_drum_plays():
    found = cues(drummed(BEATS[2:-1:4]))
    assert found["Kick, step 0"] == found["Kick, beat 3"] == 1 and found["Kick, beat 1"] == 0
    off = cues(drummed(BEATS[:-1] + BEAT / 2, pitch=42))
    assert off["Closed hi-hat, step 6"] == 1 and off["Closed hi-hat, step 0"] == off["Kick, step 0"] == 0


def test_cues_are_the_same_numbers_for_every_timeline_and_stay_small():
    songs = [cues(compose(seed, style, 12.0).timeline)
             for seed, style in enumerate(("bossa nova", "thrash metal", "hymn", "jig"))]
    empty = cues(drummed([]))
    assert all(list(song) == list(empty) for song in songs)
    assert np.isfinite([list(song.values()) for song in (*songs, empty)]).all()
    assert max(abs(value) for song in songs for value in song.values()) < 5


def test_a_faster_and_a_minor_piece_say_so():
    song = compose(3, "pop", 12.0).timeline
    minor = Keys(np.zeros(1), np.array([song.duration]), np.array(["A:minor"]), np.ones(1))
    assert cues(replace(song, keys=minor))["brightness"] == pytest.approx(-0.8)
    fast = cues(replace(song, tempo=Tempo(np.array([200.0]), np.ones(1), np.zeros(0), np.zeros(0))))
    assert fast["tempo"] == pytest.approx(1) and fast["tempo fast"] == 1 and fast["tempo slow"] == 0


@pytest.mark.parametrize("name", REQUIRED)
def test_what_was_not_looked_for_leaves_no_cues(name):
    assert has_cues(drummed([])) and not has_cues(replace(drummed([]), **{name: None}))


def test_the_key_of_the_whole_is_not_needed():
    key = Key(np.array(["C:major"]), np.ones(1))
    assert cues(replace(drummed([]), key=key)) == cues(drummed([]))
