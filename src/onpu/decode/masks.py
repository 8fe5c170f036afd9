"""Masks -> sounds: the share of each part at each point of a spectrum, applied to the mixture, whose phase stays."""

import torch
from torch import Tensor

EPSILON = 1e-8


def masked(mixture: Tensor, masks: Tensor) -> Tensor:
    """Spectra of the parts (parts, channels, bins, frames), complex.

    mixture: (channels, bins, frames), complex. masks: (parts, channels or 1, bins, frames) in [0, 1], summing to 1.
    """
    return masks * mixture


def wiener(mixture: Tensor, parts: Tensor, iterations: int = 1) -> Tensor:
    """Multichannel Wiener filtering (Duong, Vincent & Gribonval 2010; the EM algorithm of Nugraha, Liutkus & Vincent
    2016, section II): a part is a power at each point and a covariance of the channels at each bin.

    mixture: (channels, bins, frames), complex. parts: first estimates (parts, channels, bins, frames). Returns new
    ones, which sum to the mixture as far as numbers go.
    """
    channels = len(mixture)
    x = mixture.permute(1, 2, 0)  # (bins, frames, channels)
    scale = (x.abs() ** 2).mean() + EPSILON
    floor = torch.eye(channels, dtype=x.dtype) * (1e-5 * scale)
    for _ in range(iterations):
        y = parts.permute(0, 2, 3, 1)  # (parts, bins, frames, channels)
        power = (y.abs() ** 2).mean(dim=-1)  # (parts, bins, frames)
        total = power.sum(dim=-1)[..., None, None] + EPSILON * scale
        covariance = torch.einsum("pbtc,pbtd->pbcd", y, y.conj()) / total
        model = power[..., None, None] * covariance[:, :, None] + floor / len(parts)
        gain = torch.linalg.solve(model.sum(dim=0), x[..., None])  # (bins, frames, channels, 1)
        parts = (model @ gain)[..., 0].permute(0, 3, 1, 2)
    return parts
