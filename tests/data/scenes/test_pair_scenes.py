"""Pairs of sounds: one performance, equally long, equally loud, aligned; the target is always the same instrument."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.data.plan import Plan
from onpu.data.scenes.pairs import BAND, KEYS, TARGETS, PairScenes, arranged, reduction, sketched
from onpu.engine.render.loudness import loudness
from onpu.engine.render.performance import Strokes
from onpu.errors import DataError

PLAN = Plan(seed=5, seconds=8.0, fonts=(), styles=("nocturne",))


def first_sound(sound):
    return int(np.flatnonzero(np.abs(sound) > 1e-3 * np.abs(sound).max())[0])


@pytest.mark.parametrize("kind", TARGETS)
def test_both_sounds_begin_with_the_same_note_and_are_equally_loud(kind):
    scenes = PairScenes(kind).of(PLAN)
    pair = scenes.item(0)
    np.testing.assert_array_equal(pair, scenes.item(0))
    assert pair.shape[0] == 2 and pair.dtype == np.float32
    assert np.diff([loudness(sound[None], scenes.rate) for sound in pair])[0] == pytest.approx(0, abs=1.5)
    if kind != "piano-band":
        begins = [first_sound(sound) for sound in pair]
        assert abs(begins[0] - begins[1]) < 0.03 * scenes.rate
        envelopes = [np.convolve(np.abs(sound), np.ones(2205) / 2205)[::441] for sound in pair]
        assert np.corrcoef(*envelopes)[0, 1] > 0.3


def test_the_target_does_not_depend_on_who_plays_the_source():
    song = PairScenes().of(replace(PLAN, styles=("nocturne",))).plan.song(1)
    scenes = PairScenes("piano-guitar").of(PLAN)
    track = replace(reduction(song), program=TARGETS["piano-guitar"])
    np.testing.assert_array_equal(scenes._target(track, 5.0), scenes._target(track, 5.0))
    assert scenes._target(track, 5.0).any()


def test_a_pianist_plays_the_bands_song_and_the_band_has_its_drummer():
    song = PairScenes("piano-band").of(replace(PLAN, styles=("rock",))).plan.song(0)
    piano, band = reduction(song), arranged(song)
    assert piano.program == 0 and len(piano.notes.onsets) > 10 and (np.diff(piano.notes.onsets) >= 0).all()
    assert {int(pitch) in KEYS for pitch in piano.notes.pitches} == {True}
    melody = next(track for track in song.tracks if track.role in BAND)
    assert set(np.rint(melody.notes.pitches)) & set(KEYS) <= set(piano.notes.pitches)
    assert any(track.drums is not None for track in band)
    assert {track.program for track in band if track.drums is None} <= set(BAND.values())


def test_a_sketch_is_a_sinusoid_at_the_notes_pitch_and_nothing_outside_of_it():
    notes = Strokes(np.array([0.5]), np.array([1.5]), np.array([69.0]), np.array([127]), np.zeros((0, 2)))
    sound = sketched(notes, 16_000, 8000)
    assert not sound[:4000].any() and not sound[12_400:].any()
    spectrum = np.abs(np.fft.rfft(sound[4800:11_200]))
    assert np.argmax(spectrum) == round(440 * 6400 / 8000) and sound.max() == pytest.approx(1, abs=0.01)


def test_kinds_and_music():
    with pytest.raises(DataError, match="choose from piano-strings"):
        PairScenes("piano-kazoo")
    assert PairScenes("sine-piano").named()["kind"] == "sine-piano"
    with pytest.raises(DataError, match="no music"):
        PairScenes(plan=Plan(negatives=1.0)).item(0)
    nothing = Strokes(*(np.zeros(0) for _ in range(4)), np.zeros((0, 2)))
    assert not sketched(nothing, 100, 8000).any()
