"""Losses over activations along time; each takes logits and ignores frames outside the mask."""

import torch
from torch import Tensor
from torch.nn import functional


def binary_cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor, positive: float = 1.0) -> Tensor:
    """Mean binary cross-entropy of (batch, frames) logits over mask; targets in [0, 1], where 1 weighs `positive`."""
    weight = torch.as_tensor(positive, dtype=logits.dtype, device=logits.device)
    loss = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none", pos_weight=weight)
    return masked_mean(loss, mask)


def cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
    """Mean cross-entropy over mask of (batch, classes, frames) logits, whose targets are distributions over classes.

    Frames whose target sums to 0 count nothing.
    """
    loss = -(functional.log_softmax(logits, dim=1) * targets).sum(dim=1)
    return masked_mean(loss, mask * (targets.sum(dim=1) > 0))


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of (batch, frames) values where mask is 1; 0 where it is nowhere."""
    return (values * mask).sum() / mask.sum().clamp(min=1)
