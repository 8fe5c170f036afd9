"""Hands on keys, strings and drums: pianists' touch, passages, bent strings, fills, tunings."""

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.engine.compose.draw import pick
from onpu.engine.compose.drummer import PITCHES
from onpu.engine.compose.fills import fill, solo
from onpu.engine.compose.pitch import bend, detuned, draw_tuning
from onpu.engine.compose.styles import PIANO_STYLES, SOLO_STYLES, STYLES
from onpu.music import Notes


def test_pianists_play_softly_and_loudly():
    velocities = [compose(seed, PIANO_STYLES[seed * 5 % len(PIANO_STYLES)], 12.0).timeline.notes.velocities
                  for seed in range(40)]
    medians = [np.median(column) for column in velocities]
    assert np.quantile(medians, 0.2) < 45 and 37 < np.median(medians) < 60 and max(medians) > 75
    assert min(column.min() for column in velocities) < 25 and max(column.max() for column in velocities) > 115


def test_studies_use_all_keys_and_name_no_harmony():
    keys = set()
    for seed in range(12):
        line = compose(seed, "piano study notes", 30.0).timeline
        keys |= set(line.notes.pitches.astype(int).tolist())
        assert not len(line.keys.starts) and set(line.chords.labels) <= {"X", "N"}
    assert len(keys) > 75 and min(keys) >= 21 and max(keys) <= 108


def test_groups_of_styles_are_what_they_say():
    assert all(STYLES[name].weight == 0 for name in PIANO_STYLES if name.startswith("piano study"))
    for name in SOLO_STYLES:
        assert len(compose(1, name, 10.0).tracks) == 1
    assert not any(STYLES[name].held_out for name in (*PIANO_STYLES, *SOLO_STYLES))
    families = {program // 8 for name in SOLO_STYLES for seat in STYLES[name].seats for program in seat.programs}
    assert families >= set(range(14))


@pytest.mark.parametrize("compound", [False, True])
def test_fills_stay_in_their_time_and_on_the_kit(compound):
    rng = np.random.default_rng(0)
    kit = {letter: pick(rng, options) for letter, options in PITCHES.items()}
    kinds = set()
    for _ in range(60):
        beat = 1.5 if compound else 1.0
        hits = fill(kit, 4.0, 4.0 + 2 * beat, beat, compound, rng)
        assert hits and all(3.9 < hit.start < 4.0 + 2 * beat and 0 < hit.accent < 1.5 for hit in hits)
        kinds |= {hit.pitch for hit in hits}
    assert kinds >= {kit[letter] for letter in "KS123C"}
    whole = solo(kit, 0.0, 32.0, 1.0, compound, rng)
    assert max(np.diff(sorted(hit.start for hit in whole))) < 4


def test_lead_guitars_bend_up_to_the_note():
    onsets = np.arange(20.0)
    notes = Notes(onsets, onsets + 0.9, np.full(20, 64.0), np.full(20, 90.0), np.full(20, 29), np.ones(20))
    curves = [bend(notes, 29, False, np.random.default_rng(seed)) for seed in range(20)]
    assert min(curve[:, 1].min() for curve in curves if len(curve)) < -0.95
    assert all((np.diff(curve[:, 0]) > 0).all() and np.abs(curve[:, 1]).max() < 2.6 for curve in curves if len(curve))
    assert not len(bend(notes, 0, False, np.random.default_rng(0)))


def test_a_tuning_moves_everything():
    np.testing.assert_allclose(detuned(np.array([[1.0, 0.1], [2.0, -0.1]]), 0.25)[:, 1], [0.25, 0.35, 0.15])
    assert len(detuned(np.zeros((0, 2)), 0.0)) == 0
    tunings = np.array([draw_tuning(np.random.default_rng(seed)) for seed in range(300)])
    assert 0.2 < (tunings != 0).mean() < 0.5 and np.abs(tunings).max() <= 0.4
    songs = [compose(seed, "solo flute", 10.0) for seed in range(12)]
    tuned = [song for song in songs if len(song.tracks[0].bends) and song.tracks[0].bends[0, 0] < 1]
    assert tuned
