"""Strokes of drums: one of each class, from their beginning, equally loud, each by itself."""

import numpy as np

from onpu.data.plan import Plan
from onpu.data.scenes.hits import CLASSES, PEAK, HitScenes

SCENES = HitScenes().of(Plan(seed=4, seconds=60.0, rate=44_100, fonts=()))


def brightness(sound, rate):
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    return (spectrum * np.fft.rfftfreq(len(sound), 1 / rate)).sum() / spectrum.sum()


def test_an_item_has_a_stroke_of_each_class_from_its_beginning():
    items = [SCENES.item(number) for number in range(4)]
    np.testing.assert_array_equal(items[0], SCENES.item(0))
    assert not np.array_equal(items[0], items[1])
    for item in items:
        assert item.shape == (len(CLASSES), 8192) and item.dtype == np.float32
        np.testing.assert_allclose(np.abs(item).max(axis=1), PEAK, rtol=1e-5)
        assert (np.abs(item[:, :160]).max(axis=1) > 1e-3 * PEAK).all()
        assert (np.abs(item[:, -1]) < 1e-6).all()


def test_drums_sound_as_they_are_called():
    strokes = np.stack([SCENES.item(number) for number in range(6)])
    bright = {name: np.median([brightness(stroke, SCENES.rate) for stroke in strokes[:, number]])
              for number, name in enumerate(CLASSES)}
    assert bright["kick"] < bright["tom"] < bright["snare"] < bright["closed hi-hat"]
    energy = np.square(strokes)
    late = energy[..., 4000:].sum(axis=-1) / energy.sum(axis=-1)
    ringing = dict(zip(CLASSES, np.median(late, axis=0), strict=True))
    assert ringing["closed hi-hat"] < ringing["crash"]
