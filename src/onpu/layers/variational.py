"""What variational autoencoders need: a divergence, a way through the latent space, how often the truth is told."""

import math

import torch
from torch import Tensor, nn


def divergence(mean: Tensor, spread: Tensor) -> Tensor:
    """KL divergence of N(mean, spread²) from N(0, I), nats: (batch, latent) -> (batch,) (Kingma & Welling,
    "Auto-encoding variational Bayes", 2014, appendix B)."""
    return 0.5 * (mean.square() + spread.square() - 1 - 2 * spread.clamp_min(1e-8).log()).sum(dim=1)


def between(first: Tensor, second: Tensor, share: float) -> Tensor:
    """Spherical interpolation (White, "Sampling generative networks", 2016, section 2.1): (latent,) -> (latent,)."""
    cosine = nn.functional.cosine_similarity(first, second, dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if float(angle.sin()) < 1e-4:
        return torch.lerp(first, second, share)
    return (((1 - share) * angle).sin() * first + (share * angle).sin() * second) / angle.sin()


def true_share(step: int, k: float) -> float:
    """Share of true tokens, in place of its own, that a decoder is told at a step of training: the inverse sigmoid of
    Bengio et al., "Scheduled sampling" (2015); 1 where k is 0."""
    return k / (k + math.exp(min(step / k, 500.0))) if k else 1.0
