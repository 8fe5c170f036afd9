"""Pictures of spectra are inverse to amplitudes down to black."""

import torch

from onpu.represent.picture import amplitudes, picture


def test_there_and_back():
    magnitude = 10 ** torch.empty(2, 513, 7).uniform_(-4.9, 0)
    magnitude[:, -1] = 0
    torch.testing.assert_close(amplitudes(picture(magnitude, 100.0), 100.0), magnitude)


def test_black_is_silent_white_is_full_scale():
    assert not amplitudes(picture(torch.zeros(1, 513, 3), 80.0), 80.0).any()
    assert picture(torch.ones(513, 1), 80.0).eq(1).all() and picture(torch.zeros(513, 1), 80.0).eq(-1).all()
    torch.testing.assert_close(picture(torch.full((2, 1), 0.01), 80.0), torch.zeros(1, 1))
