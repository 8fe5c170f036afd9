"""Single notes: one of each family, from their beginning, equally loud, at the key that their row tells."""

import numpy as np

from onpu.data.plan import Plan
from onpu.data.scenes.notes import FAMILIES, KEYS, PEAK, NoteScenes, parted
from onpu.represent.note_pictures import RATE
from onpu.represent.single_pitch import single_pitch

SCENES = NoteScenes().of(Plan(seed=4, seconds=60.0, rate=44_100, fonts=()))


def test_an_item_has_a_note_of_each_family_from_its_beginning_and_their_key():
    items = [SCENES.item(number) for number in range(2)]
    np.testing.assert_array_equal(items[0], SCENES.item(0))
    assert not np.array_equal(items[0], items[1])
    for item in items:
        assert item.shape == (2, len(FAMILIES) * 2 * RATE) and item.dtype == np.float32
        notes, keys = parted(item)
        np.testing.assert_allclose(np.abs(notes).max(axis=1), PEAK, rtol=1e-5)
        assert (np.abs(notes[:, :320]).max(axis=1) > 1e-3 * PEAK).all()
        assert (np.abs(notes[:, -1]) < 1e-6).all()
        assert set(keys.tolist()) <= set(KEYS) and len(set(keys.tolist())) > 3


def test_notes_have_the_pitch_that_is_told():
    off = []
    for number in range(3):
        notes, keys = parted(SCENES.item(number))
        found = [single_pitch(note, RATE) for note in notes]
        off += [abs(pitch - key) for pitch, key in zip(found, keys, strict=True) if pitch is not None]
    assert len(off) > 20 and np.median(off) < 0.2


def test_a_note_lasts_as_long_as_the_recipe_says():
    longer = NoteScenes(Plan(seconds=3.0, rate=RATE, negatives=0.0)).of(Plan(seed=4, fonts=()))
    notes, _ = parted(longer.item(0))
    assert notes.shape == (len(FAMILIES), 3 * RATE)
    assert np.abs(notes[:, round(2.9 * RATE) :]).max() < PEAK / 2
