"""Lines of notes: four instruments at once, each with its own sound, and rows that say what is played."""

import numpy as np

from onpu.data.plan import Plan
from onpu.data.scenes.lines import INSTRUMENTS, PEAK, RATE, SCALE, LineScenes
from onpu.represent.line_frames import HOP, KEYS

SCENES = LineScenes().of(Plan(seed=3, seconds=60.0, rate=44_100, fonts=()))


def test_rows_say_what_all_instruments_play():
    item, notes = SCENES.item(0), SCENES.notes(0).validate()
    assert item.shape == (6, 10 * RATE) and item.dtype == np.float32
    np.testing.assert_array_equal(item, SCENES.item(0))
    assert not np.array_equal(item, SCENES.item(1))
    np.testing.assert_allclose(notes.onsets * RATE / HOP, np.rint(notes.onsets * RATE / HOP), atol=1e-6)
    keys, velocities = np.rint(item[4:] * SCALE)
    for onset, key, velocity in zip(notes.onsets, notes.pitches, notes.velocities, strict=True):
        place = round(float(onset) * RATE)
        assert keys[place] == key and velocities[place] == velocity and keys[place - 1] == 0
    assert set(keys.tolist()) <= {0, *KEYS}
    loud = np.abs(item[:4]).max(axis=1)
    assert (loud > PEAK / 10).all() and (loud <= 1).all() and np.abs(item[:4].mean(axis=1)).max() < 0.01


def test_an_instrument_has_one_sound_at_the_pitch_that_is_told():
    notes = SCENES.notes(0)
    alone = notes.select(np.arange(len(notes.onsets)) == 0)
    tones = {name: SCENES.played(name, alone, 2.0) for name in INSTRUMENTS}
    np.testing.assert_array_equal(tones["flute"], SCENES.played("flute", alone, 2.0))
    start, end = round(float(alone.onsets[0]) * RATE), round(float(alone.offsets[0]) * RATE)
    pitch = 440 * 2 ** ((float(alone.pitches[0]) - 69) / 12)
    for sound in tones.values():
        assert np.abs(sound[: start - HOP]).max(initial=0.0) < 1e-3
        piece = sound[start:end] * np.hanning(end - start)
        spectrum = np.abs(np.fft.rfft(piece, 2**16))
        partials = [spectrum[round(order * pitch / RATE * 2**16) + np.arange(-40, 41)].max() for order in (1, 2, 3)]
        between = spectrum[round(1.5 * pitch / RATE * 2**16) + np.arange(-20, 21)].max()
        assert max(partials) > 5 * between
