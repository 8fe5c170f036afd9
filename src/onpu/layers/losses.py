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


def triplet_loss(first: Tensor, second: Tensor, margin: float) -> Tensor:
    """Mean of what the triplets of a batch lack that violate the margin (Schroff, Kalenichenko & Philbin, "FaceNet",
    CVPR 2015): max(0, margin - s + n) with s the cosine of a row of `first` and the same row of `second`, (batch, size)
    of length 1, and n that of different rows; 0 where none does."""
    likeness = first @ second.T
    same = likeness.diagonal()
    other = ~torch.eye(len(first), dtype=torch.bool, device=first.device)
    lacking = torch.cat(((margin - same[:, None] + likeness)[other], (margin - same + likeness)[other])).relu()
    return lacking.sum() / (lacking > 0).sum().clamp(min=1)


def connectionist(logits: Tensor, spikes: Tensor, mask: Tensor) -> Tensor:
    """CTC loss (Graves et al., ICML 2006, eq. 8): -log p of the sequences of a batch over the number of their classes.

    logits (batch, classes, frames), the last class is the blank. spikes: the same shape, the sequence of a row being
    the classes that are above ½ in one frame after the other, the blank left out. mask: (batch, frames), 1 up to a
    row's last frame. A row of more classes than it has frames counts nothing.
    """
    blank = logits.shape[1] - 1
    strongest, classes = (spikes[:, :blank] * mask[:, None]).max(dim=1)
    rows = [row[high > 0.5] for row, high in zip(classes, strongest, strict=True)]
    lengths = torch.tensor([len(row) for row in rows])
    losses: Tensor = functional.ctc_loss(
        functional.log_softmax(logits.float(), dim=1).permute(2, 0, 1), torch.cat(rows), mask.sum(dim=1).long().cpu(),
        lengths, blank=blank, reduction="none", zero_infinity=True)
    return losses.sum() / lengths.sum().clamp(min=1).to(losses)
