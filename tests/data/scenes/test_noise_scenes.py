"""Music and noise side by side: equally loud, repeatable, every noise noisy, songs the plan's own."""

import numpy as np
import pytest

from onpu.data.plan import Plan
from onpu.data.scenes.noise import NOISES, RATE, TARGET_RMS, NoiseScenes
from onpu.errors import DataError

SCENES = NoiseScenes().of(Plan(seed=2, seconds=5.0, rate=44_100, fonts=(), styles=("pop",)))


def test_an_item_is_music_and_noise_equally_loud():
    item = SCENES.item(0)
    np.testing.assert_array_equal(item, SCENES.item(0))
    assert SCENES.rate == RATE and item.shape[0] == 2 and item.dtype == np.float32
    np.testing.assert_allclose(np.sqrt(np.square(item).mean(axis=1)), TARGET_RMS, rtol=1e-3)
    assert abs(np.corrcoef(item)[0, 1]) < 0.05


def test_every_noise_sounds_all_the_time_and_never_the_same():
    for noise in NOISES:
        one, other = (noise(2 * RATE, RATE, np.random.default_rng(seed)) for seed in (1, 2))
        assert one.shape == (2, 2 * RATE) and np.isfinite(one).all() and one.any()
        assert not np.array_equal(one, other)


def test_what_is_no_music_is_refused():
    with pytest.raises(DataError, match="no music"):
        NoiseScenes(Plan(negatives=1.0)).item(0)
