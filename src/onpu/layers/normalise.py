"""Normalisation of weights and of activations."""

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
NORMALISATIONS = ("batch", "instance", "none")
CRITIC_NORMS = (*NORMALISATIONS, "spectral")
"""What may steady a critic: one of those, or `spectral_normalisation` of its weights."""


def spectral_normalisation(network: nn.Module, iterations: int = 1) -> nn.Module:
    """Divide the weights of all convolutions and linear layers by their largest singular value, in place.

        W̄ = W / σ(W)        (Miyato et al., ICLR 2018, eq. 8)

    so that no layer stretches a difference of its inputs (a kernel is taken as a matrix of outputs times inputs and
    taps, as in the paper; as a convolution it may stretch by the root of the number of overlapping taps). σ is
    followed by power iteration, one step at each use in training; in evaluation it stands still.

    The state of a layer then is `parametrizations.weight.original` with the two singular vectors, plain tensors under
    strict names. Layers that are normalised already are left as they are.

    Deviation: the singular vectors begin with 15 iterations (torch), in the paper at random.

    Args:
        network: changed in place.
        iterations: of the power method at each use in training.

    Returns:
        The network.
    """
    for layer in list(network.modules()):
        if isinstance(layer, LAYERS) and not is_parametrized(layer, "weight"):
            spectral_norm(layer, n_power_iterations=iterations)
    return network


def normalisation(kind: str, channels: int, dimensions: int = 2) -> nn.Module:
    """A layer that normalises activations (batch, channels, ...), to be named in a recipe.

    batch: over examples and positions (Ioffe & Szegedy, ICML 2015); in evaluation by the averages of training.
    instance: over the positions of each example and channel (Ulyanov, Vedaldi & Lempitsky 2016), in evaluation too:
        an example does not depend on the others. Deviation: scaled and shifted as in batch normalisation.
    none: nothing.

    Args:
        kind: batch, instance or none.
        channels: of the activations.
        dimensions: of positions, 1 or 2.
    """
    if kind not in NORMALISATIONS or dimensions not in (1, 2):
        raise ValueError(f"normalisation must be {', '.join(NORMALISATIONS)}, over 1 or 2 dimensions; "
                         f"not {kind!r} over {dimensions}")
    if kind == "batch":
        return nn.BatchNorm1d(channels) if dimensions == 1 else nn.BatchNorm2d(channels)
    if kind == "instance":
        return nn.InstanceNorm1d(channels, affine=True) if dimensions == 1 else nn.InstanceNorm2d(channels, affine=True)
    return nn.Identity()
