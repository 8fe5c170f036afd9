"""Densities of one number, given a vector."""

import math

import torch
from torch import Tensor, nn


class Mcgsm(nn.Module):
    """Mixture of conditional Gaussian scale mixtures (Theis, Hosseini & Bethge 2012; Theis & Bethge, NIPS 2015, eq. 2
    to 4).

        p(y | x) = Σ_cs p(c, s | x) N(y; a_cᵀ x + m_c, exp(-α_cs))
        p(c, s | x) ∝ exp(η_cs - ½ exp(α_cs) xᵀ K_c x),   K_c = Σ_n β_cn² b_n b_nᵀ

    with c the component, s its scale and b_n features that all components share. Deviation: the constants m_c.
    """

    def __init__(self, inputs: int, components: int = 16, scales: int = 4, features: int = 16):
        super().__init__()
        self.inputs, self.components, self.scales, self.features = inputs, components, scales, features
        self.weights = nn.Parameter(0.1 * torch.randn(components, scales))
        self.precisions = nn.Parameter(0.1 * torch.randn(components, scales) + torch.linspace(-1, 3, scales))
        self.strengths = nn.Parameter(0.5 * torch.rand(components, features))
        self.project = nn.Linear(inputs, features, bias=False)
        self.mean = nn.Linear(inputs, components)

    def prior(self, x: Tensor) -> Tensor:
        """log p(c, s | x): (…, inputs) -> (…, components, scales)."""
        features: Tensor = self.project(x)
        energy = features.square() @ self.strengths.square().T
        logits = self.weights - 0.5 * self.precisions.exp() * energy[..., None]
        return logits.flatten(-2).log_softmax(-1).view(logits.shape)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """log p(y | x), (…), of x (…, inputs) and y (…)."""
        mean: Tensor = self.mean(x)
        apart = (y[..., None] - mean)[..., None]
        normal = 0.5 * (self.precisions - math.log(2 * math.pi) - self.precisions.exp() * apart.square())
        return (self.prior(x) + normal).flatten(-2).logsumexp(-1)

    def draw(self, x: Tensor, chance: Tensor, normal: Tensor, temperature: float = 1.0) -> Tensor:
        """y (n,) of x (n, inputs): chance (n,) uniform in [0, 1) chooses component and scale, normal (n,) the place.

        temperature: divides the logits of the choice and multiplies the variance.
        """
        shares = (self.prior(x).flatten(-2) / temperature).softmax(-1).cumsum(-1)
        chosen = (shares < chance[:, None]).sum(-1).clamp(max=shares.shape[-1] - 1)
        means: Tensor = self.mean(x)
        mean = means.gather(1, chosen[:, None] // self.scales)[:, 0]
        return mean + normal * (temperature * (-self.precisions).exp()).flatten()[chosen].sqrt()
