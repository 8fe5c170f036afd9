"""Trained systems as ONNX models, for other programs and as a backend of `onpu.load`.

    listener: audio (1, samples) -> features (1, channels, bins, frames) [-> features at A = 440 Hz] -> activations
    stems:    audio (channels, samples) -> shares of the parts (parts, channels, bands, frames)

Decoding stays in Python; `onpu.export.decoder_config` tells other programs what it needs to know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError
from onpu.export.onnx import OnnxFeatures, OnnxNetwork, run, to_onnx
from onpu.make import stems
from onpu.maker import TrainedMaker
from onpu.trained import TrainedListener

EXAMPLE_SECONDS = 5.0
"""Length of the sound with which a model is traced; any other is taken as well."""


def _no_progress(share: float) -> None:
    """Progress that nobody asks for."""


@dataclass(frozen=True)
class OnnxModels:
    """features: audio (1, samples) -> features. network: features -> activations. whole: features of a whole recording
    -> the same, adapted to it, and what was found; None where a listener adapts to nothing."""

    features: bytes
    network: bytes
    whole: bytes | None = None

    def files(self) -> dict[str, bytes]:
        """Name of a file -> its content."""
        found = {"features.onnx": self.features, "whole.onnx": self.whole, "network.onnx": self.network}
        return {name: data for name, data in found.items() if data is not None}


class ActivatedNetwork(nn.Module):
    """Network, in evaluation mode from here on, and activation functions of a listener.

    heads: name of each activation in the order of the outputs -> its axis along time; None: none.

    Args:
        trained: the listener.
        features: an example.
    """

    def __init__(self, trained: TrainedListener, features: Tensor) -> None:
        super().__init__()
        self.network, self.activate = trained.network.eval(), trained.listener.activate
        with torch.inference_mode():
            heads = self.activate(self.network(features))
        pooled = trained.listener.pooled
        self.heads = {name: None if name in pooled else head.ndim - 1 for name, head in heads.items()}

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Features (1, channels, bins, frames) -> activations."""
        return tuple(self.activate(self.network(x)).values())


def listener_to_onnx(trained: TrainedListener, progress: Callable[[float], None] = _no_progress) -> OnnxModels:
    """The models of a listener.

    Parameters
    ----------
    trained
        The system, on any device; it is moved to the CPU.
    progress
        Called with the share of the models that are made, in [0, 1].

    Returns
    -------
    OnnxModels
        Their answers are those of torch at any length, within 1e-4.

    Raises
    ------
    OnpuError
        When the packages that export needs are not installed, or what the listener does to a recording as a whole has
        no counterpart in ONNX.
    """
    if trained.beatwise:
        raise OnpuError(f"{trained.listener.name}: these weights hear beat by beat, which is not known as ONNX; export "
                        "weights of another recipe")
    trained.to("cpu").network.eval()
    generator = torch.Generator().manual_seed(0)
    audio = 0.1 * torch.randn(1, round(EXAMPLE_SECONDS * trained.features.rate), generator=generator)
    with torch.inference_mode():
        features = trained.features(audio)
    activated = ActivatedNetwork(trained, features)
    whole = None
    if trained.listener.adapt is not None:
        if trained.listener.adaptation is None:
            raise OnpuError(f"{trained.listener.name}: what it does to a recording as a whole is not known as ONNX")
        whole = to_onnx(trained.listener.adaptation(), features, 3, "features", [("adapted", 3), ("tuning", None)])
    front = to_onnx(trained.features, audio, 1, "audio", [("features", 3)])
    progress(0.5)
    network = to_onnx(activated, features, 3, "features", list(activated.heads.items()))
    progress(1.0)
    return OnnxModels(front, network, whole)


class StemMasks(nn.Module):
    """What `onpu.make.stems` hears: audio (channels, samples) at 44.1 kHz -> masks of the parts in bands.

    Args:
        network: of the separator.
    """

    means: Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        bands = stems.bands()
        self.front, self.network = stems.front(), network
        self.register_buffer("means", bands.mean(torch.eye(stems.N_FFT // 2 + 1)))  # (bands, bins)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (channels, samples) -> shares (parts, channels, bands, frames), which sum to 1."""
        magnitude = self.means @ self.front(audio)  # (channels, 1, bands, frames)
        shares: Tensor = self.network(stems.heard(magnitude)).softmax(dim=1).transpose(0, 1)
        return shares


def stems_to_onnx(trained: TrainedMaker) -> bytes:
    """The separator as one model: `audio` (2, samples) at 44.1 kHz -> `shares` (parts, 2, bands, frames). Raises as
    `listener_to_onnx`."""
    shares = StemMasks(trained.to("cpu").network).eval()
    generator = torch.Generator().manual_seed(0)
    audio = 0.1 * torch.randn(2, round(EXAMPLE_SECONDS * stems.RATE), generator=generator)
    return to_onnx(shares, audio, 1, "audio", [("shares", 3)])


def farthest(trained: TrainedListener, models: OnnxModels, seconds: Sequence[float],
             progress: Callable[[float], None] = _no_progress) -> float:
    """How far activations by onnxruntime are from those by torch at most, for noise of each of these lengths; progress:
    called with the finished share of them.

    What an adaptation finds (the tuning of noise, in cents) is not compared; the network gets the same of both."""
    rng, clock = np.random.default_rng(0), trained.features.clock
    names = list(ActivatedNetwork(trained, trained.features(torch.zeros(1, clock.rate))).heads)
    most = 0.0
    for number, length in enumerate(seconds, 1):
        audio = (0.1 * rng.standard_normal((1, round(length * clock.rate)))).astype(np.float32)
        found = run(models.features, audio)["features"]
        with torch.inference_mode():
            features = trained.features(torch.from_numpy(audio))
            if trained.listener.adapt is not None:
                (features,), _ = trained.listener.adapt([features])
                most = max(most, _apart(run(models.whole or b"", found)["adapted"], features))
                found = features.numpy()
            heads = trained.listener.activate(trained.network(features))
        answers = run(models.network, found)
        most = max(most, *(_apart(answers[name], heads[name]) for name in names))
        progress(number / len(seconds))
    return most


def stems_farthest(trained: TrainedMaker, model: bytes, seconds: Sequence[float],
                   progress: Callable[[float], None] = _no_progress) -> float:
    """The same of the shares of stems."""
    rng, shares, most = np.random.default_rng(0), StemMasks(trained.network).eval(), 0.0
    for number, length in enumerate(seconds, 1):
        audio = (0.1 * rng.standard_normal((2, round(length * stems.RATE)))).astype(np.float32)
        with torch.inference_mode():
            most = max(most, _apart(run(model, audio)["shares"], shares(torch.from_numpy(audio))))
        progress(number / len(seconds))
    return most


def _apart(one: np.ndarray, other: Tensor) -> float:
    return float(np.abs(one - other.numpy()).max(initial=0.0))


def identity(activations: dict[str, Tensor]) -> dict[str, Tensor]:
    """The activation function of a network that answers activations."""
    return activations


def on_onnxruntime(trained: TrainedListener, models: OnnxModels | None = None) -> TrainedListener:
    """The same listener, whose front end and network onnxruntime computes, on the CPU.

    Parameters
    ----------
    trained
        The system.
    models
        Its models; None: they are made, which takes some seconds.

    Returns
    -------
    TrainedListener
        It is called and it decodes as before. Its network has no layers to look into and learns nothing.

    Raises
    ------
    OnpuError
        As `listener_to_onnx`; when onnxruntime is not installed.
    """
    found = listener_to_onnx(trained) if models is None else models
    listener = replace(trained.listener, activate=identity)
    return replace(trained, listener=listener, features=OnnxFeatures(trained.features, found.features),
                   network=OnnxNetwork(trained.network, found.network), precision="float32")
