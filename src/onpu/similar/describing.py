"""What is kept of a recording to compare it by, from one pass over it in bounded memory.

    sound -> log mel spectrum -> patches -> `onpu.make.timbre` -> mean code                             timbre
          -> learned chroma, saliences of all pitches and of the melody, folded to pitch classes,
             two frames a second -> `onpu.make.cover` -> vector and binary code                         cover

Serrà, Gómez & Herrera, "Audio cover song identification and similarity: background, approaches, evaluation, and beyond"
(2010) tell why: what versions of a song share is mostly its harmony and its melody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import numpy as np
import torch
from torch import Tensor

from onpu.formats.audio_like import AudioLike, as_source
from onpu.inference.activations import Predictor
from onpu.inference.streaming import extract
from onpu.layers.hashing import packed
from onpu.loading import load
from onpu.maker import TrainedMaker
from onpu.represent.patches import BINS, FRAMES, STEP, mel_of_patches, patches_of
from onpu.represent.slow_chroma import folded, slowed
from onpu.trained import TrainedListener

STEPS = 255
"""Chroma is kept in steps of 1 / `STEPS`."""
LEAST_SECONDS = 3.0
"""A recording that is shorter is no cover of anything."""


@dataclass(frozen=True, eq=False)
class Descriptors:
    """What is kept of a recording.

    seconds: its length. timbre: (64,) float32 of length 1. cover: (128,) float32 of length 1, of the harmony. code:
    (32,) uint8, 256 bits of the same. chroma: (36, frames) uint8, two frames a second: twelve pitch classes, C
    first, of the chords, of all pitches and of the melody. Timbre and cover are zeros where there is nothing to hear.
    """

    seconds: float
    timbre: np.ndarray
    cover: np.ndarray
    code: np.ndarray
    chroma: np.ndarray


class PatchCoder(Protocol):
    """What is asked of the network of timbre."""

    def codes(self, patches: np.ndarray) -> np.ndarray:
        """A code (count, size) of each patch."""


class HarmonyEncoder(Protocol):
    """What is asked of the network of covers."""

    def embed(self, chroma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vector and binary code of chroma (36, frames)."""


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
        codes = cast(PatchCoder, self.trained.network).codes(patches_of(spectrum))
        self.total += codes.sum(axis=0)
        self.count += len(codes)


@dataclass(frozen=True, eq=False)
class Systems:
    """The trained systems that descriptors are made by."""

    chroma: TrainedListener
    melody: TrainedListener
    cover: TrainedMaker
    timbre: TrainedMaker

    @property
    def hashes(self) -> dict[str, str]:
        """What tells these weights from others, by name."""
        return {name: str(getattr(self, name).card["sha256"]) for name in ("chroma", "melody", "cover", "timbre")}


@lru_cache(maxsize=2)
def systems(device: str = "auto") -> Systems:
    """The shipped systems, loaded once. Raises `OnpuError` when the device is not to be had."""
    chosen = Systems(load("chroma", device), load("melody", device), load("cover", device), load("timbre", device))
    for made in (chosen.cover, chosen.timbre):
        made.network.eval()
    return chosen


def pitch_classes(chosen: Systems, chroma: Mapping[str, np.ndarray], melody: Mapping[str, np.ndarray]) -> np.ndarray:
    """Chroma of `Descriptors`, (36, frames) in [0, 1], of what the listeners of chroma and melody answer."""
    fps = chosen.melody.features.clock.fps
    layers = [slowed(chroma["chroma"], chosen.chroma.features.clock.fps), folded(slowed(melody["pitches"], fps)),
              folded(slowed(melody["melody"], fps))]
    frames = min(layer.shape[1] for layer in layers)
    return np.concatenate([layer[:, :frames] for layer in layers])


def describe(recording: AudioLike, rate: int | None = None, *, device: str = "auto",
             progress: Callable[[float], None] | None = None) -> Descriptors:
    """Find what is kept of a recording.

    Parameters
    ----------
    recording, rate, progress
        As `onpu.analyze` takes them, one recording.
    device
        auto, cpu, cuda or mps.

    Returns
    -------
    Descriptors
        The same whatever the rate and channels of the recording are, as far as listening is.

    Raises
    ------
    AudioError
        When the recording cannot be used.
    """
    chosen = systems(device)
    chords, melody, patches = Predictor(chosen.chroma), Predictor(chosen.melody), Patches(chosen.timbre)
    with as_source(recording, rate) as source, torch.inference_mode():
        seconds = extract(source, [chords, melody, patches], progress)
        chroma = pitch_classes(chosen, chords.finish(), melody.finish())
        vector, code = cast(HarmonyEncoder, chosen.cover.network).embed(chroma)
        timbre = patches.finish()
    told = seconds >= LEAST_SECONDS and timbre.any() and chroma.max(initial=0.0) > 0
    return Descriptors(seconds, timbre, vector if told else np.zeros_like(vector),
                       packed(code[None])[0] if told else np.zeros(len(code) // 8, np.uint8),
                       np.rint(chroma * STEPS).astype(np.uint8))
