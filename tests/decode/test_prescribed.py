"""Prescribed chords as masks: what may begin, what may be held on, beginnings without anything before them."""

import numpy as np

from onpu.decode.prescribed import permitted, singable
from onpu.music.cadences import Close

NOTES = np.array([0, 0, 60, 61, 62, 64, 67])
"""MIDI pitches of a voice's notes; outside and a rest are 0."""


def test_voices_sing_tones_of_the_chord_the_bass_its_root_and_never_rest():
    may = permitted([Close(2, 4, (0, 4, 7), 0)], 6, [NOTES] * 4)
    for voice, found in enumerate(may):
        wanted = {60} if voice == 3 else {60, 64, 67}
        assert found[[0, 1, 4, 5]].all()
        assert set(NOTES[found[2]].tolist()) == set(NOTES[found[3]].tolist()) == wanted
    top = permitted([Close(0, 1, (0, 4, 7), 0, soprano=4)], 6, [NOTES] * 4)[0]
    assert NOTES[top[0]].tolist() == [64]


def test_a_note_may_begin_only_where_it_may_last_and_be_held_only_where_it_may_sound():
    may = np.ones((8, 7), bool)
    may[4:6] = np.isin(NOTES, (60, 64))
    sounding = np.array([4, 4, 2, 2, 2, 2, 5, 5])  # 62, 60, 64
    begins = np.array([1, 0, 1, 0, 0, 0, 1, 0], bool)
    found = singable(may, sounding, begins, np.array([0, 2, 6, 7]))
    assert found[0, :-1].all() and not found[0, -1]  # nothing sounds before the first step
    assert NOTES[np.flatnonzero(found[1, :-1])].tolist() == [60, 64]  # lasts until step 6
    assert not found[1, -1]  # 62 held on would sound in the chord
    assert found[2].all() and found[3].all()
