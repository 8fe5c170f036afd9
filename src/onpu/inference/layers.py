"""What every layer of a network says of a recording, on the average: features for other tasks than it was trained for.

Choi, Fazekas, Sandler & Cho, "Transfer learning for music classification and regression tasks" (ISMIR 2017): the means
over time and frequency of the feature maps of all layers, put together, are what shallow classifiers learn from.
Deviation: any network that onpu has, in place of theirs; negative outputs count as 0 whatever comes after a layer.
Windows of a recording overlap by what a network sees around a frame, and what overlaps counts twice.
"""

from collections.abc import Mapping
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError

CHANNELS_FIRST = (nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.modules.batchnorm._BatchNorm,
                  nn.modules.instancenorm._InstanceNorm, nn.GroupNorm)
"""Layers whose second axis is that of the channels; of the others below it is the last."""
NORMS = (nn.modules.batchnorm._BatchNorm, nn.modules.instancenorm._InstanceNorm, nn.GroupNorm, nn.LayerNorm)
OTHERS = (nn.Linear, nn.RNNBase, nn.LayerNorm)


class LayerMeans:
    """While it is entered, gathers what the layers of a network answer: convolutions, dense and recurrent layers, or
    the normalisation that follows them. `means` are those of all that was answered so far.

    Raises
    ------
    OnpuError
        When the network has no such layers, as one that onnxruntime computes.
    """

    def __init__(self, network: nn.Module):
        self.layers = dict(chosen_layers(network))
        if not self.layers:
            raise OnpuError(f"means of layers: {type(network).__name__} has no layers to look into; load the weights "
                            "with the backend torch")
        self.totals: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}
        self.hooks: list[torch.utils.hooks.RemovableHandle] = []

    def __enter__(self) -> Self:
        for name, layer in self.layers.items():
            self.hooks.append(layer.register_forward_hook(partial(self._take, name)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for hook in self.hooks:
            hook.remove()
        self.hooks = []

    def _take(self, name: str, layer: nn.Module, inputs: object, output: Tensor | tuple[Tensor, object]) -> None:
        told = output[0] if isinstance(output, tuple) else output
        channels = told.movedim(1, -1) if isinstance(layer, CHANNELS_FIRST) and told.ndim > 1 else told
        rows = channels.detach().float().clamp(min=0).flatten(0, -2)
        total = rows.sum(dim=0, dtype=torch.float64).cpu()
        self.totals[name] = self.totals[name] + total if name in self.totals else total
        self.counts[name] = self.counts.get(name, 0) + len(rows)

    @property
    def means(self) -> Mapping[str, np.ndarray]:
        """Layer -> (channels,) float32, in the order in which the network has them."""
        return {name: (self.totals[name] / self.counts[name]).numpy().astype(np.float32)
                for name in self.layers if name in self.totals}


def chosen_layers(network: nn.Module) -> list[tuple[str, nn.Module]]:
    """Name and module of the layers that are listened to; a layer before its normalisation is not."""
    found = [(name, module) for name, module in network.named_modules()
             if isinstance(module, CHANNELS_FIRST + OTHERS)]
    return [(name, module) for number, (name, module) in enumerate(found)
            if isinstance(module, NORMS) or number + 1 == len(found) or not isinstance(found[number + 1][1], NORMS)]
