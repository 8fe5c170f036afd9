"""Distances of textures: of how features are distributed over time, wherever they stand.

Gatys, Ecker & Bethge, "Image style transfer using convolutional neural networks" (CVPR 2016), eq. 3 to 5: the style of
what a layer sees is the Gram matrix of its maps. Li, Wang, Liu & Hou, "Demystifying neural style transfer" (IJCAI
2017), section 4: to match Gram matrices is to minimise the maximum mean discrepancy of two sets of features with the
kernel (xᵀ y)²; other kernels give other styles.
"""

import torch
from torch import Tensor

KERNELS = ("polynomial", "linear", "gaussian")
SAMPLED = 256
"""Frames, evenly spaced, that the Gaussian kernel compares."""


def gram(features: Tensor) -> Tensor:
    """Features (maps, frames) -> the mean over frames of the products of all pairs of maps, (maps, maps)."""
    return features @ features.mT / features.shape[1]


class StyleTarget:
    """The style of features (maps, frames), and how far other features are from it.

        MMD² = E k(x, x') + E k(y, y') - 2 E k(x, y)                 (Li et al. 2017, eq. 4)

        polynomial   k = (xᵀ y)²            MMD² = ‖G_x - G_y‖²      Gatys' distance
        linear       k = xᵀ y               MMD² = ‖E x - E y‖²
        gaussian     k = exp(-‖x - y‖² / (2 σ²)), σ² the mean of ‖y - y'‖²; of `SAMPLED` frames

    Deviation: the first two are divided by E k(y, y'), so that all layers count alike and nothing depends on the scale
    of the features.
    """

    def __init__(self, features: Tensor, kernel: str = "polynomial") -> None:
        if kernel not in KERNELS:
            raise ValueError(f"kernel must be {', '.join(KERNELS)}, not {kernel!r}")
        self.kernel = kernel
        self.known = self._known(features.detach())
        if kernel == "gaussian":
            self.width = torch.cdist(self.known, self.known).square().mean().clamp(min=1e-12)
            self.own = self._similar(self.known, self.known)
        else:
            self.own = self.known.square().sum().clamp(min=1e-12)

    def distance(self, features: Tensor) -> Tensor:
        """MMD² of features (maps, frames) from these, a scalar, 0 or more up to rounding, 0 for the same features."""
        found = self._known(features)
        if self.kernel != "gaussian":
            return (found - self.known).square().sum() / self.own
        return self._similar(found, found) + self.own - 2 * self._similar(found, self.known)

    def _known(self, features: Tensor) -> Tensor:
        """What of features counts: their Gram matrix, their mean, or sampled frames (frames, maps)."""
        if self.kernel == "polynomial":
            return gram(features)
        if self.kernel == "linear":
            return features.mean(dim=1)
        frames = features.shape[1]
        at = torch.linspace(0, frames - 1, min(frames, SAMPLED), device=features.device).round().long()
        return features[:, at].mT

    def _similar(self, first: Tensor, second: Tensor) -> Tensor:
        apart = first.square().sum(dim=1)[:, None] + second.square().sum(dim=1) - 2 * first @ second.mT
        return torch.exp(-apart / (2 * self.width)).mean()
