"""Notes as they sound: the pedal, keys struck again, unisons, onsets."""

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.engine.compose.song import Track
from onpu.engine.compose.sounding import all_notes, all_onsets, held, pedal_down
from onpu.engine.render.performance import strokes
from onpu.formats.jams import write_jams
from onpu.music import Drums, Notes


def track(rows, pedal=(), program=0):
    onsets, offsets, pitches = np.array(rows, dtype=np.float64).T
    notes = Notes(onsets, offsets, pitches, np.full(len(rows), 80.0), np.full(len(rows), program), np.ones(len(rows)))
    return Track("piano", "chords", program, notes, None, 0.0, 0.0, np.array(pedal).reshape(-1, 2), np.zeros((0, 2)))


def test_the_pedal_holds_what_is_released_while_it_is_down():
    notes = held(track([(0.0, 0.5, 60), (0.1, 2.5, 64), (1.2, 1.4, 67)], [(0.4, 1.0), (1.3, 2.0)]))
    np.testing.assert_array_equal(notes.offsets, [1.0, 2.5, 2.0])


def test_a_key_struck_again_ends_its_sound():
    notes = held(track([(0.0, 0.5, 60), (0.7, 0.9, 60)], [(0.2, 2.0)]))
    np.testing.assert_array_equal(notes.offsets, [0.7, 2.0])


def test_players_in_unison_are_one_and_others_are_not():
    first, flute = track([(0.0, 4.0, 69)], program=40), track([(0.0, 1.0, 69)], program=73)
    second = track([(0.01, 3.0, 69), (3.5, 3.8, 69)], program=40)
    notes = all_notes([first, second, flute])
    violins = notes.programs == 40
    np.testing.assert_array_equal(notes.onsets[violins], [0.0, 3.5])
    np.testing.assert_array_equal(notes.offsets[violins], [3.5, 4.0])
    assert notes.offsets[~violins] == [1.0]


def test_onsets_of_a_chord_are_one():
    notes = all_notes([track([(1.0, 2.0, 60), (1.02, 2.0, 64), (1.029, 2.0, 67), (1.2, 2.0, 60)])])
    drums = Drums(np.array([0.5, 1.19]), np.array([36, 38]), np.full(2, 90.0), np.ones(2))
    np.testing.assert_array_equal(all_onsets(notes, drums).times, [0.5, 1.0, 1.19])


def test_pedals_of_several_players_are_joined():
    down = pedal_down([track([(0, 1, 60)], [(0.0, 1.0), (3.0, 4.0)]), track([(0, 1, 60)], [(0.5, 2.0)])])
    np.testing.assert_array_equal(down.starts, [0.0, 3.0])
    np.testing.assert_array_equal(down.ends, [2.0, 4.0])


@pytest.mark.parametrize("style", ["nocturne", "romantic piano", "string quartet", "punk"])
def test_labels_are_what_is_played(style):
    song = compose(4, style, 30.0)
    line = song.timeline.validate()
    assert line.notes.offsets.max() <= line.duration
    keys = 128 * line.notes.pitches + line.notes.programs
    for key in np.unique(keys):
        mine = keys == key
        assert (line.notes.onsets[mine][1:] >= line.notes.offsets[mine][:-1] - 1e-6).all()
    if len(song.tracks) == 1:
        played = strokes(song.tracks[0])
        np.testing.assert_array_equal(line.pedal.starts, song.tracks[0].pedal[:, 0])
        assert len(played.onsets) - len(line.notes.onsets) <= 0.01 * len(played.onsets)
    if style == "punk":
        assert not len(line.pedal.starts)


def test_a_pedal_that_is_down_before_the_recording_is_down_from_its_beginning_on():
    down = pedal_down([track([(0, 1, 60)], [(-0.2, -0.1), (-0.1, 0.5), (2.0, 3.0)])])
    np.testing.assert_allclose(np.column_stack([down.starts, down.ends]), [(0.0, 0.5), (2.0, 3.0)])


def test_drums_alone_have_no_key_and_labels_never_lie_before_the_recording(tmp_path):
    solo, pressed = compose(9_400_052, "drum solo").timeline, compose(9_400_025, "chamber five").timeline
    assert len(solo.notes) == len(solo.keys) == 0
    assert pressed.pedal.starts.min() >= 0
    write_jams(pressed, tmp_path / "pressed.jams")
