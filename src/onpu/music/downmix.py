"""Several channels as one, so that nothing in them is cancelled.

The mean of two channels of opposite polarity is silence. Where the mean of a block is far weaker than its channels, the
channels that oppose the first are turned over before the mean is taken. This is decided block by block, from the block
alone: a recording needs to be read only once, a passage of inverted polarity is heard where it lies, and a change
between two blocks is faded over.
"""

import logging
from collections.abc import Iterable, Iterator

import numpy as np

CANCELLED = 2 / 11
"""Power of the mean over that of uncorrelated channels, below which channels cancel: of two their difference is 10 dB
louder than their sum."""
QUIET_SHARE = 0.01
"""Share of the power of the loudest channel, below which a channel is no measure for the others."""
FADE_SECONDS = 0.02

log = logging.getLogger(__name__)


def downmix(blocks: Iterable[np.ndarray], rate: int) -> Iterator[np.ndarray]:
    """Blocks (channels, samples) -> blocks (samples,), float32; warns once where channels would cancel."""
    before: np.ndarray | None = None
    warned = False
    for block in blocks:
        weights = _weights(block, before)
        mixed = weights @ block if len(block) > 1 else block[0].astype(np.float32, copy=False)
        if before is not None and (weights != before).any():
            count = min(round(FADE_SECONDS * rate), block.shape[1])
            rise = np.linspace(0, 1, count, dtype=np.float32)
            mixed[:count] = rise * mixed[:count] + (1 - rise) * (before @ block[:, :count])
        if (weights < 0).any() and not warned:
            warned = True
            log.warning("the channels of this recording cancel each other when they are added; "
                        "those of inverted polarity are turned over for listening")
        before = weights
        yield mixed


def _weights(block: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    """Weight of each channel, (channels,) float32; those of the block before where this one is silent."""
    count = len(block)
    if count == 1 or not block.size:
        return np.full(count, 1 / count, np.float32) if before is None else before
    with np.errstate(over="ignore", invalid="ignore"):
        return weights_of(block @ block.T, before)


def weights_of(products: np.ndarray, before: np.ndarray | None) -> np.ndarray:
    """Weight of each channel, (channels,) float32, by the sums of their products with each other (channels, channels);
    those from before where they are silent."""
    count = len(products)
    mean = np.full(count, 1 / count, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.diag(products)
        if not powers.max() > 0:
            return mean if before is None else before
        if not products.sum() / count < CANCELLED * powers.mean():
            return mean
    first = int(np.flatnonzero(powers >= QUIET_SHARE * powers.max())[0])
    return np.where(products[first] < 0, -mean, mean).astype(np.float32)
