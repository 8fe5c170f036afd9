"""Colouring changes the level of bands, not when things happen."""

import numpy as np

from onpu.engine.augment import spectrum
from onpu.engine.augment.spectrum import add_reverb, add_shifted, augment_spectrum

MUL = 1000.0


def clicks():
    x = np.full((1, 82, 400), 1e-5, dtype=np.float32)
    x[..., 20::40] = 0.1
    return np.log10(1 + MUL * x)


def test_same_seed_same_result_and_other_seed_another():
    a, b, c = (augment_spectrum(clicks(), np.random.default_rng(seed), MUL, 2) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert not np.allclose(a, c)


def test_onsets_stay_where_they_are():
    for seed in range(200):
        flux = augment_spectrum(clicks(), np.random.default_rng(seed), MUL, 2).mean(axis=(0, 1))
        assert np.isfinite(flux).all() and flux.min() >= 0
        loudest = np.sort(np.argsort(flux)[-5:])
        assert np.all((loudest - 20) % 40 == 0) or flux.max() - flux.min() < 0.05


def test_input_is_left_alone():
    spectra = clicks()
    before = spectra.copy()
    augment_spectrum(spectra, np.random.default_rng(5), MUL, 2)
    np.testing.assert_array_equal(spectra, before)


def test_another_room_rings_after_the_sound_and_leaves_what_was_before():
    x = np.zeros((1, 4, 200))
    x[..., 50:60] = 1.0
    for seed in range(20):
        rung = add_reverb(np.log10(1 + MUL * x), np.random.default_rng(seed), MUL, 43.0)
        heard = (10**rung[0, 0] - 1) / MUL
        np.testing.assert_allclose(heard[:51], x[0, 0, :51], atol=1e-4)
        tail = heard[60:] ** 2
        assert (np.diff(tail) < 1e-9).all() and 0 < tail[0] < 10**-0.8
        slope = 10 * np.log10(tail[0] / tail[10]) * 43 / 10  # dB a second
        assert 30 <= slope * 1.01 and slope <= 201


def test_rumble_lies_in_the_lowest_bins_alone(monkeypatch):
    """Silence with it and without it, all other gains 0 dB: a floor between -85 and -50 dB at the bottom, nothing
    in the upper half."""
    monkeypatch.setattr(spectrum, "_gains", lambda bins, rng: np.zeros(bins))
    silence = np.zeros((1, 120, 100), np.float32)
    bottom = []
    for seed in range(40):
        heard = []
        for chance in (0, 1):
            monkeypatch.setattr(spectrum, "RUMBLE_CHANCE", chance)
            heard.append(10 ** augment_spectrum(silence, np.random.default_rng(seed), MUL, 0)[0] - 1)
        floor = (heard[1] ** 2 - heard[0] ** 2).clip(0) ** 0.5 / MUL
        bottom.append(20 * np.log10(np.sqrt((floor[0] ** 2).mean()) + 1e-9))
        assert floor[70:].max() < 1e-3 * floor[0].max() + 1e-6
        assert floor[0].std() > 0.3 * floor[0].mean()
    assert -95 < min(bottom) and max(bottom) < -40 and np.ptp(bottom) > 20


def test_what_is_added_higher_up_has_its_level_and_powers_add_up():
    x = np.zeros((1, 100, 5), np.float32)
    x[0, [20, 56]] = 0.1
    heard = 10 ** add_shifted(np.log10(1 + MUL * x), MUL, 36, -6.0) - 1
    np.testing.assert_allclose(heard[0, 20] / MUL, 0.1, rtol=1e-4)
    np.testing.assert_allclose(heard[0, 56] / MUL, 0.1 * np.sqrt(1 + 10**-0.6), rtol=1e-4)
    np.testing.assert_allclose(heard[0, 92] / MUL, 0.1 * 10**-0.3, rtol=1e-4)
    down = 10 ** add_shifted(np.log10(1 + MUL * x), MUL, -36, 0.0) - 1
    np.testing.assert_allclose(down[0, 20] / MUL, 0.1 * np.sqrt(2), rtol=1e-4)
    assert not np.delete(down[0], [20, 56], axis=0).any()
