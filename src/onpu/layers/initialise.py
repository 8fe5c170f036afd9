"""Weights to begin with, where torch has no function for it.

torch has the others: LeCun's normal distribution with the variance 1 / fan-in (Sakaue, eq. 11) is
`nn.init.kaiming_normal_(weight, nonlinearity="linear")`, Glorot's uniform one (eq. 12) `nn.init.xavier_uniform_`, He's
with twice LeCun's variance (eq. 13) `nn.init.kaiming_normal_(weight, nonlinearity="relu")`, orthogonal matrices (Saxe,
McClelland & Ganguli, ICLR 2014) `nn.init.orthogonal_`.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

Weighted = nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d | nn.ConvTranspose2d
WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)


@torch.no_grad()
def ordered_(weight: Tensor, periods: float, gain: float = 1.0) -> Tensor:
    """Weights (levels, width) of levels that stand in an order, in place: each column is a sine over the levels of at
    most so many periods, of any phase and the root mean square `gain`, so that levels side by side begin alike.

    Returns:
        The weights.
    """
    levels, width = weight.shape
    places = torch.arange(levels) / levels
    turns = places[:, None] * periods * torch.rand(width) + torch.rand(width)
    return weight.copy_(gain * 2**0.5 * torch.sin(2 * torch.pi * turns))


@torch.no_grad()
def unit_variance_(network: nn.Module, batch: Sequence[Tensor], tolerance: float = 0.1, attempts: int = 10
                   ) -> nn.Module:
    """Layer-sequential unit variance, LSUV (Mishkin & Matas, ICLR 2016, algorithm 1), in place.

    Convolutions and linear layers get orthogonal weights; then, in the order in which they are used, each is divided by
    the standard deviation of what it says of the batch until that is 1. Whatever lies between the layers, it is heard.
    A layer that says the same of everything stays orthogonal. Nothing is dropped, and no statistics are gathered,
    while it measures.

    Args:
        network: changed in place.
        batch: inputs as the network takes them; some hundred examples.
        tolerance: largest difference of the variance from 1.
        attempts: divisions of a layer at most; one is enough unless it is used more than once.

    Returns:
        The network.
    """
    order: list[nn.Module] = []
    said: list[Tensor] = []
    layers = [layer for layer in network.modules() if isinstance(layer, WEIGHTED)]
    for layer in layers:
        nn.init.orthogonal_(layer.weight)

    def note(layer: nn.Module, given: object, answer: Tensor) -> None:
        if layer not in order:
            order.append(layer)

    def listen(layer: nn.Module, given: object, answer: Tensor) -> None:
        said.append(answer)

    training = network.training
    network.eval()
    hooks = [layer.register_forward_hook(note) for layer in layers]
    network(*batch)
    for hook in hooks:
        hook.remove()
    for weighted in order:
        assert isinstance(weighted, WEIGHTED)
        hook = weighted.register_forward_hook(listen)
        for _ in range(attempts):
            said.clear()
            network(*batch)
            variance = torch.cat([answer.flatten() for answer in said]).var()
            if variance == 0 or abs(variance - 1) <= tolerance:
                break
            weighted.weight /= variance.sqrt()
        hook.remove()
    return network.train(training)


def constant_bias_(layer: Weighted, value: float) -> None:
    """Fill a layer's bias, in place. Raises `ValueError` where it has none."""
    if layer.bias is None:
        raise ValueError(f"{layer} has no bias")
    nn.init.constant_(layer.bias, value)
