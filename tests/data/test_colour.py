"""Colouring changes the level of bands, not when things happen."""

import numpy as np

from onpu.data.colour import colour

MUL = 1000.0


def clicks():
    x = np.full((1, 82, 400), 1e-5, dtype=np.float32)
    x[..., 20::40] = 0.1
    return np.log10(1 + MUL * x)


def test_same_seed_same_result_and_other_seed_another():
    a, b, c = (colour(clicks(), np.random.default_rng(seed), MUL, 2) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert not np.allclose(a, c)


def test_onsets_stay_where_they_are():
    for seed in range(200):
        flux = colour(clicks(), np.random.default_rng(seed), MUL, 2).mean(axis=(0, 1))
        assert np.isfinite(flux).all() and flux.min() >= 0
        loudest = np.sort(np.argsort(flux)[-5:])
        assert np.all((loudest - 20) % 40 == 0) or flux.max() - flux.min() < 0.05


def test_input_is_left_alone():
    spectra = clicks()
    before = spectra.copy()
    colour(spectra, np.random.default_rng(5), MUL, 2)
    np.testing.assert_array_equal(spectra, before)
