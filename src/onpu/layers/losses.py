"""Losses over activations along time; each takes logits and ignores frames outside the mask."""

import torch
from torch import Tensor
from torch.nn import functional


def binary_cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor, positive: float = 1.0) -> Tensor:
    """Mean binary cross-entropy of (batch, frames) logits over mask; targets in [0, 1], where 1 weighs `positive`."""
    weight = torch.as_tensor(positive, dtype=logits.dtype, device=logits.device)
    loss = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none", pos_weight=weight)
    return masked_mean(loss, mask)


def shift_tolerant_cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor, tolerance: int,
                                 positive: float = 1.0) -> Tensor:
    """Mean binary cross-entropy of (batch, frames) logits, where an event may be found a little beside its label.

    Foscarin, Schlüter & Widmer, "Beat This! Accurate beat tracking without DBN postprocessing" (ISMIR 2024, section
    3.3): the highest logit within `tolerance` frames of an event counts for it, frames further than twice that from any
    event should have no high logit within `tolerance` frames either, those between do not count. So a peak that lies
    beside its label costs nothing, and neither a low nor a flat activation around it is rewarded.

    Parameters
    ----------
    logits, mask
        (batch, frames); frames whose mask is 0 are not looked at.
    targets
        (batch, frames) in [0, 1]; events are the highest frames of peaks above one half.
    tolerance
        Frames by which a label may be wrong, 0 or more.
    positive
        Weight of events.
    """
    low = torch.finfo(logits.dtype).min / 2
    highest = _highest_within(torch.where(mask > 0, logits, low), tolerance)
    events = ((targets > 0.5) & (targets == _highest_within(targets, 1))).to(logits.dtype)
    far = 1 - _highest_within(events, 2 * tolerance)
    weight = torch.as_tensor(positive, dtype=logits.dtype, device=logits.device)
    loss = functional.binary_cross_entropy_with_logits(highest, events, reduction="none", pos_weight=weight)
    return masked_mean(loss, mask * (events + far))


def _highest_within(values: Tensor, reach: int) -> Tensor:
    """The highest value within `reach` frames on either side, (batch, frames)."""
    return functional.max_pool1d(values[:, None], 2 * reach + 1, 1, reach)[:, 0]


def cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy over mask of (batch, classes, frames) logits, whose targets are distributions over classes.

    Frames whose target sums to 0 count nothing.
    """
    loss = -(functional.log_softmax(logits, dim=1) * targets).sum(dim=1)
    return masked_mean(loss, mask * (targets.sum(dim=1) > 0))


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of (batch, frames) values where mask is 1; 0 where it is nowhere."""
    return (values * mask).sum() / mask.sum().clamp(min=1)
