"""Densities of one number, given a vector."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

COMPONENTS = 4
"""Of a constrained mixture."""
_STEP, _SPREAD, _WEIGHT = 1.6, 1.1, 1 / 1.75
"""γ_u, γ_s and γ_w of the paper's appendix."""


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


class ConstrainedGaussians(NamedTuple):
    """Mixtures of four Gaussians that four numbers tie together (Blaauw & Bonada, Appl. Sci. 7(12):1313, 2017,
    appendix A): location, scale, skewness and shape say where the components lie.

        σ_k = ω exp(k (γ_s |α| - 1)),   μ_k = ξ + Σ_{i<k} σ_i γ_u α,   w_k ∝ α^(2k) β^k γ_w^k,   k = 0 … 3

    means, deviations, weights: (…, 4). Deviation: the location is not confined to [-1, 1].
    """

    means: Tensor
    deviations: Tensor
    weights: Tensor

    @classmethod
    def of(cls, parameters: Tensor) -> "ConstrainedGaussians":
        """Of four unconstrained numbers: (…, 4)."""
        location, a, b, c = parameters.float().unbind(-1)
        scale, skew, shape = (2 / 255) * (4 * a.sigmoid()).exp(), 2 * b.sigmoid() - 1, 2 * c.sigmoid()
        k = torch.arange(COMPONENTS, device=parameters.device)
        deviations = scale[..., None] * (k * (_SPREAD * skew.abs() - 1)[..., None]).exp()
        steps = nn.functional.pad(deviations[..., :-1] * _STEP * skew[..., None], (1, 0))
        weights = (skew.square() * shape * _WEIGHT)[..., None].clamp(min=1e-12) ** k
        return cls(location[..., None] + steps.cumsum(-1), deviations, weights / weights.sum(-1, keepdim=True))

    def log_density(self, y: Tensor) -> Tensor:
        """log p of y (…)."""
        apart = (y[..., None] - self.means) / self.deviations
        normal = -0.5 * apart.square() - self.deviations.log() - 0.5 * math.log(2 * math.pi)
        return (normal + self.weights.clamp(min=1e-12).log()).logsumexp(-1)

    def mean(self) -> Tensor:
        """Expected value (…)."""
        return (self.weights * self.means).sum(-1)

    def draw(self, chance: Tensor, normal: Tensor, temperature: Tensor | float = 1.0) -> Tensor:
        """A value (…): chance (…) uniform in [0, 1) chooses the component, normal (…) the place. temperature: 1 draws
        from the mixture; below, components move to the mean and narrow (section 2.2.3 of the paper)."""
        heat = torch.as_tensor(temperature, dtype=self.means.dtype)
        chosen = (self.weights.cumsum(-1) < chance[..., None]).sum(-1, keepdim=True).clamp(max=COMPONENTS - 1)
        mean = self.mean()
        place = mean + heat * (self.means.gather(-1, chosen)[..., 0] - mean)
        return place + normal * heat.sqrt() * self.deviations.gather(-1, chosen)[..., 0]
