"""Bands of a linear spectrum: nothing is lost or counted twice, and what is smooth comes back."""

import numpy as np
import pytest
import torch

from onpu.represent.bands import Bands


@pytest.mark.parametrize(("rate", "n_fft", "resolution"), [(44_100, 4096, 96), (16_000, 1024, 40)])
def test_every_bin_lies_in_one_band_and_low_bands_are_bins(rate, n_fft, resolution):
    bands = Bands(rate, n_fft, resolution)
    assert bands.widths.sum() == n_fft // 2 + 1 and bands.widths.min() >= 1
    assert (bands.widths[:resolution] == 1).all() and bands.widths[-2] > 1
    spectrum = torch.rand(3, n_fft // 2 + 1, 5)
    sums = bands.mean(spectrum) * torch.from_numpy(bands.widths)[:, None]
    torch.testing.assert_close(sums.sum(dim=1), spectrum.sum(dim=1))
    low = bands.mean(spectrum)[:, : resolution // 2]
    torch.testing.assert_close(low, spectrum[:, : resolution // 2])


def test_values_of_bands_come_back_at_any_frequency():
    bands = Bands(44_100, 4096, 96)
    hertz = np.linspace(0, 30_000, 777)
    back = bands.spread(hertz) @ torch.from_numpy(bands.hertz.astype(np.float32))[:, None]
    np.testing.assert_allclose(back[:, 0], np.clip(hertz, 0, bands.hertz[-1]), rtol=1e-4, atol=0.5)
    ones = bands.spread(hertz) @ torch.ones(len(bands), 1)
    torch.testing.assert_close(ones, torch.ones_like(ones))
