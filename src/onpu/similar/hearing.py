"""What is kept of a recording to compare it by, from one pass over it in bounded memory.

    sound -> log mel spectrum -> patches -> `onpu.make.texture` -> mean code                    by sound
          -> learned chroma, two frames a second -> `onpu.make.tune` -> vector and binary code  by tune
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from onpu.formats.audio_like import AudioLike, as_source
from onpu.inference.activations import Predictor
from onpu.inference.streaming import extract
from onpu.layers.hashing import packed
from onpu.loading import load
from onpu.maker import TrainedMaker
from onpu.models.patch_autoencoder import PatchAutoencoder
from onpu.models.tune_net import TuneNet
from onpu.represent.patches import BINS, FRAMES, STEP, mel_of_patches, patches_of
from onpu.represent.slow_chroma import slowed
from onpu.trained import TrainedListener

STEPS = 255
"""Chroma is kept in steps of 1 / `STEPS`."""
LEAST_SECONDS = 3.0
"""A recording that is shorter has no tune."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What is kept of a recording.

    seconds: its length. texture: (64,) float32 of length 1, of its sound. tune: (128,) float32 of length 1. code: (32,)
    uint8, 256 bits of the tune. chroma: (12, frames) uint8, C first, two frames a second. Texture and tune are zeros
    where there is nothing to hear.
    """

    seconds: float
    texture: np.ndarray
    tune: np.ndarray
    code: np.ndarray
    chroma: np.ndarray


class Patches:
    """Takes the mel spectrum of a recording chunk by chunk, and gathers the codes of its patches."""

    def __init__(self, trained: TrainedMaker):
        self.trained, self.device, self.features = trained, trained.device, mel_of_patches()
        self.left = np.zeros((BINS, 0), np.float32)
        self.total, self.loudest = np.zeros(trained.recipe.size), 0.0
        self.count = 0

    def push(self, chunk: Tensor) -> None:
        """See `onpu.inference.streaming.FeatureConsumer`."""
        self.left = np.concatenate([self.left, chunk[0, 0].cpu().numpy()], axis=1)
        self.loudest = max(self.loudest, float(chunk.max()) if chunk.numel() else 0.0)
        ready = (self.left.shape[1] - FRAMES) // STEP + 1
        if ready > 0:
            self._take(self.left)
            self.left = self.left[:, ready * STEP :]

    def finish(self) -> np.ndarray:
        """The mean of all codes, of length 1; zeros where nothing is heard."""
        if not self.count:
            self._take(self.left)
        if self.loudest <= 0:
            return np.zeros(self.trained.recipe.size, np.float32)
        return np.asarray(self.total / max(float(np.linalg.norm(self.total)), 1e-9), np.float32)

    def _take(self, spectrum: np.ndarray) -> None:
        network = self.trained.network
        assert isinstance(network, PatchAutoencoder)
        codes = network.codes(patches_of(spectrum))
        self.total += codes.sum(axis=0)
        self.count += len(codes)


@dataclass(frozen=True, eq=False)
class Systems:
    """The trained systems that hear."""

    chroma: TrainedListener
    tune: TrainedMaker
    texture: TrainedMaker

    @property
    def hashes(self) -> dict[str, str]:
        """What tells these weights from others, by name."""
        return {name: str(getattr(self, name).card["sha256"]) for name in ("chroma", "tune", "texture")}


@lru_cache(maxsize=2)
def systems(device: str = "auto") -> Systems:
    """The shipped systems, loaded once. Raises `OnpuError` when the device is not to be had."""
    chroma, tunes, textures = load("chroma", device), load("tune", device), load("texture", device)
    for made in (tunes, textures):
        made.network.eval()
    return Systems(chroma, tunes, textures)


def heard(recording: AudioLike, rate: int | None = None, *, device: str = "auto",
          progress: Callable[[float], None] | None = None) -> Heard:
    """Hear what is kept of a recording.

    Parameters
    ----------
    recording, rate, progress
        As `onpu.analyze` takes them, one recording.
    device
        auto, cpu, cuda or mps.

    Returns
    -------
    Heard
        The same whatever the rate and channels of the recording are, as far as listening is.

    Raises
    ------
    AudioError
        When the recording cannot be used.
    """
    chosen = systems(device)
    predictor, patches = Predictor(chosen.chroma), Patches(chosen.texture)
    with as_source(recording, rate) as source, torch.inference_mode():
        seconds = extract(source, [predictor, patches], progress)
        activations = predictor.finish()
        chroma = slowed(activations["chroma"], chosen.chroma.features.clock.fps)
        assert isinstance(chosen.tune.network, TuneNet)
        vector, code = chosen.tune.network.embed(chroma)
        texture_vector = patches.finish()
    told = seconds >= LEAST_SECONDS and texture_vector.any() and chroma.max(initial=0.0) > 0
    return Heard(seconds, texture_vector, vector if told else np.zeros_like(vector),
                 packed(code[None])[0] if told else np.zeros(len(code) // 8, np.uint8),
                 np.rint(chroma * STEPS).astype(np.uint8))
