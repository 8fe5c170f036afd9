"""Spectra of a corpus, computed once: half-precision arrays on disk, of which training reads crops.

    CORPUS/features/NAME-KEY/00000.npy     (frames, channels * bins) float16, memory-mapped

KEY depends on what the representation answers to a test sound, so that features of other arguments or of another
version of the code are never taken for these.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch

from onpu.data.corpus import Corpus
from onpu.files import replacing
from onpu.inference.streaming import features_of, fingerprint
from onpu.represent import Representation
from onpu.workers import Progress, for_each


@dataclass(frozen=True)
class StoredFeatures:
    """Stored features of a corpus, channels and bins as in the representation."""

    folder: Path
    channels: int
    bins: int

    def frames(self, number: int) -> int:
        """Length of an item."""
        return len(_mapped(self.folder / f"{number:05d}.npy"))

    def crop(self, number: int, start: int, stop: int) -> np.ndarray:
        """Frames [start, stop) of an item, (channels, bins, frames) float32."""
        rows = _mapped(self.folder / f"{number:05d}.npy")[start:stop]
        return rows.T.reshape(self.channels, self.bins, len(rows)).astype(np.float32)


def compute_features(corpus: Corpus, representation: Representation, jobs: int = 1,
                     progress: Progress | None = None) -> StoredFeatures:
    """The features of all items, of which only those are computed that are not yet stored."""
    folder = corpus.folder / "features" / f"{type(representation).__name__}-{cache_key(representation)}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(len(corpus)) if not (folder / f"{number:05d}.npy").exists()]
    for_each(partial(_compute_item, corpus, representation, folder), missing, jobs, progress)
    return StoredFeatures(folder, representation.channels, representation.bins)


def cache_key(representation: Representation) -> str:
    """Twelve hexadecimal digits that differ when the representation does."""
    text = " ".join(f"{value:.3g}" for value in fingerprint(representation))
    return sha256(f"{representation.rate} {representation.clock.hop} {text}".encode()).hexdigest()[:12]


def _compute_item(corpus: Corpus, representation: Representation, folder: Path, number: int) -> None:
    with torch.inference_mode():
        chunks = [chunk[0].flatten(0, 1).T.half().numpy()
                  for chunk in features_of(corpus.audio(number), representation)]
    with replacing(folder / f"{number:05d}.npy") as path:
        np.save(path, np.concatenate(chunks))


@lru_cache(maxsize=256)
def _mapped(path: Path) -> np.ndarray:
    return np.load(path, mmap_mode="r")
