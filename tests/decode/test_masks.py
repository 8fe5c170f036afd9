"""Masks and the Wiener filter: parts sum to the mixture, and places in the panorama are used."""

import numpy as np
import pytest
import torch

from onpu.decode.masks import masked, wiener


def scene(seed, parts=3, bins=20, frames=60):
    """Spectra of parts, each at its own place between two channels."""
    rng = torch.Generator().manual_seed(seed)
    sounds = torch.complex(torch.randn(parts, bins, frames, generator=rng),
                           torch.randn(parts, bins, frames, generator=rng))
    sounds = sounds * torch.rand(parts, bins, frames, generator=rng) ** 3
    angle = torch.linspace(0.1, 1.4, parts)
    return sounds[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)[:, :, None, None]


@pytest.mark.parametrize("seed", range(3))
def test_parts_sum_to_the_mixture(seed):
    truth = scene(seed)
    mixture = truth.sum(dim=0)
    masks = torch.rand(3, 1, 20, 60, generator=torch.Generator().manual_seed(seed)).softmax(dim=0)
    first = masked(mixture, masks)
    torch.testing.assert_close(first.sum(dim=0), mixture)
    for passes in (1, 3):
        torch.testing.assert_close(wiener(mixture, first, passes).sum(dim=0), mixture, rtol=1e-3, atol=1e-3)


def test_the_filter_takes_apart_what_masks_cannot_but_places_can():
    truth = scene(7, parts=2)
    mixture = truth.sum(dim=0)
    power = (truth.abs() ** 2).sum(dim=1, keepdim=True)
    first = masked(mixture, power / power.sum(dim=0))
    error = [float(((found - truth).abs() ** 2).sum() / (truth.abs() ** 2).sum())
             for found in (first, wiener(mixture, first, 1), wiener(mixture, first, 3))]
    assert error[1] < 0.5 * error[0] and error[2] < error[0]


def test_silence_stays_silence():
    nothing = torch.zeros(2, 5, 4, dtype=torch.complex64)
    found = wiener(nothing, torch.zeros(3, 2, 5, 4, dtype=torch.complex64))
    assert np.isfinite(found.abs().numpy()).all() and not found.abs().any()
