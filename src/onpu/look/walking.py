"""Running a network so that its maps can be followed back to its input.

Zeiler & Fergus, "Visualizing and understanding convolutional networks" (ECCV 2014, section 2.1): a map goes back
through the transposed convolutions; through max-pooling by its switches, the places where the maxima were; through a
rectifier by being rectified itself.

All but the last is what the gradient does (Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks", 2014,
section 4). So the network runs as it is, whatever it pads, dilates, adds or puts side by side on the way; only where it
rectifies, what comes back is rectified in place of being cut where the input was negative. Batch normalisation, which
scales, and exponential linear units, which bend, are followed as their transpose and as rectifiers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from onpu.errors import OnpuError

RECTIFIERS = (functional.relu, torch.relu, Tensor.relu, functional.elu, functional.leaky_relu)
CONVOLUTIONS = (functional.conv1d, functional.conv2d)
LINEAR = frozenset({
    "_Rectified", "Convolution", "NativeBatchNorm", "CudnnBatchNorm", "MaxPool2DWithIndices", "MaxPool1DWithIndices",
    "AvgPool1D", "AvgPool2D", "ReplicationPad1D", "ReplicationPad2D", "ConstantPadNd", "Slice", "Select", "Squeeze",
    "Unsqueeze", "View", "UnsafeView", "Reshape", "ReshapeAlias", "Clone", "Permute", "Transpose", "Cat", "Add", "Mul",
    "Alias", "Expand"})
"""Steps, by the name that torch gives their gradient, that lead back from a map; `Mul` is by a fixed number."""


class _Rectified(torch.autograd.Function):
    """What a rectifier says, whose gradient is rectified."""

    @staticmethod
    def forward(ctx: object, before: Tensor, after: Tensor) -> Tensor:
        """(before, after), of one shape -> after."""
        return after.clone()

    @staticmethod
    def backward(ctx: object, *signals: Tensor) -> tuple[Tensor, None]:
        """What comes back, rectified."""
        return signals[0].relu(), None


@dataclass(frozen=True, eq=False)
class Layer:
    """Rectified maps of a network. number: from 1 on. maps: (channels, bins, frames), bins 1 where there are none."""

    number: int
    maps: Tensor
    source: Tensor

    def __repr__(self) -> str:
        channels, bins, _ = self.maps.shape
        return f"layer {self.number}: {channels} maps" + (f" of {bins} bins" if bins > 1 else "")


class _Recording(TorchFunctionMode):
    """Rectifiers are replaced, and what they say is kept; so is the kernel of the first convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.rectified: list[Tensor] = []
        self.kernels: Tensor | None = None

    def __torch_function__(self, function: Callable[..., Tensor], types: Sequence[type],
                           given: Sequence[Tensor] = (), named: Mapping[str, object] | None = None) -> Tensor:
        named = dict(named or {})
        if function not in RECTIFIERS:
            if function in CONVOLUTIONS and self.kernels is None:
                self.kernels = given[1].detach()
            return function(*given, **named)
        named.pop("inplace", None)
        after: Tensor = _Rectified.apply(given[0], function(given[0].detach(), *given[1:], **named))
        self.rectified.append(after)
        return after


@dataclass(frozen=True, eq=False)
class Walk:
    """A network that ran over features. x: (1, channels, bins, frames). logits: its heads. layers: its rectified maps
    that lead back to the input. kernels: of its first convolution (maps, inputs, [bins,] frames); None: it has none."""

    x: Tensor
    logits: dict[str, Tensor]
    layers: tuple[Layer, ...]
    kernels: Tensor | None
    owner: str = field(default="")

    def layer(self, number: int | None) -> Layer:
        """The layer of this number, the last one for None. Raises `OnpuError` when there is none."""
        if not self.layers:
            raise OnpuError(f"{self.owner}: no layer of rectified convolutions lies before its recurrence, so that "
                            "nothing can be followed back; those of beats, chords, chroma, drums, key, melody, notes, "
                            "onsets and voice can")
        if number is None:
            return self.layers[-1]
        if not 1 <= number <= len(self.layers):
            raise OnpuError(f"{self.owner}: has layers 1 to {len(self.layers)}, not {number}")
        return self.layers[number - 1]

    def deconvolve(self, layer: Layer, number: int, only: Tensor | None = None) -> Tensor:
        """What of the input a map shows: (channels, bins, frames).

        layer, number: of the map, from 0 on. only: (bins, frames), 1 where its activations are followed back and 0
        elsewhere; None: all are. Raises `OnpuError` when there is no such map.
        """
        if not 0 <= number < len(layer.maps):
            raise OnpuError(f"{self.owner}: layer {layer.number} has maps 0 to {len(layer.maps) - 1}, not {number}")
        kept = torch.zeros_like(layer.maps)
        kept[number] = layer.maps[number] if only is None else layer.maps[number] * only
        found, = torch.autograd.grad(layer.source, self.x, kept.relu().reshape(layer.source.shape), retain_graph=True)
        return found[0].detach()


def walk(network: nn.Module, x: Tensor) -> Walk:
    """Run a network, which is put into evaluation, over features (1, channels, bins, frames)."""
    network.eval()
    network.requires_grad_(False)
    x = x.detach().clone().requires_grad_()
    recording = _Recording()
    with torch.enable_grad(), recording:
        logits: dict[str, Tensor] = network(x)
    leading = [source for source in recording.rectified if _leads_back(source)]
    layers = tuple(Layer(number, _maps(source), source) for number, source in enumerate(leading, 1))
    return Walk(x, logits, layers, recording.kernels, type(network).__name__)


def _maps(source: Tensor) -> Tensor:
    """(1, channels, [bins,] frames) -> (channels, bins, frames)."""
    maps = source.detach()[0]
    return maps[:, None] if maps.ndim == 2 else maps


def _leads_back(source: Tensor) -> bool:
    """Whether every step between the input and these maps can be followed back, and they are maps at all."""
    if source.ndim not in (3, 4):
        return False
    return all(name.split("Backward")[0] in LINEAR for name in _steps(source))


def _steps(source: Tensor) -> Iterable[str]:
    """Names of the gradients of all that lies between the input and a tensor."""
    seen, waiting = set(), [source.grad_fn]
    while waiting:
        step = waiting.pop()
        if step is None or step in seen or not step.next_functions:  # the input itself comes after nothing
            continue
        seen.add(step)
        yield step.name()
        waiting += [before for before, _ in step.next_functions]
