"""Losses: what they reward, what they forgive and what they do not look at."""

import pytest
import torch

from onpu.layers.losses import shift_tolerant_cross_entropy

FRAMES = 60


def peaks(*at, width=0):
    """Logits (1, frames): 8 within `width` of these frames, -8 elsewhere."""
    logits = torch.full((1, FRAMES), -8.0)
    for frame in at:
        logits[0, frame - width : frame + width + 1] = 8.0
    return logits


def labels(*at):
    """Targets (1, frames) with neighbours at one half, as the beats' are."""
    targets = torch.zeros(1, FRAMES)
    for frame in at:
        targets[0, [frame - 1, frame + 1]] = 0.5
        targets[0, frame] = 1.0
    return targets


def loss(logits, targets, tolerance=2, mask=None):
    return shift_tolerant_cross_entropy(logits, targets, torch.ones(1, FRAMES) if mask is None else mask,
                                        tolerance).item()


def test_a_peak_within_tolerance_costs_nothing_and_one_outside_does():
    wanted = labels(20, 40)
    assert max(loss(peaks(20, 40), wanted), loss(peaks(22, 38), wanted)) < 1e-3
    assert loss(peaks(23, 40), wanted) > 0.1


def test_a_missed_and_an_invented_event_cost():
    right = loss(peaks(20, 40), labels(20, 40))
    assert loss(peaks(20), labels(20, 40)) > right + 0.1
    assert loss(peaks(20, 30, 40), labels(20, 40)) > right + 0.1


def test_a_flat_activation_is_worse_than_a_late_peak():
    assert loss(torch.full((1, FRAMES), -1.0), labels(20, 40)) > 10 * loss(peaks(21, 41), labels(20, 40))


def test_without_tolerance_it_is_the_plain_cross_entropy_of_the_events():
    logits, targets = torch.randn(1, FRAMES), labels(20, 40)
    plain = torch.nn.functional.binary_cross_entropy_with_logits(logits, (targets == 1).float())
    assert loss(logits, targets, tolerance=0) == pytest.approx(plain.item(), rel=1e-5)


def test_what_the_mask_hides_does_not_count():
    mask = torch.ones(1, FRAMES)
    mask[0, 30:] = 0
    assert loss(peaks(20), labels(20, 40), mask=mask) == pytest.approx(loss(peaks(20, 50), labels(20, 40), mask=mask))
