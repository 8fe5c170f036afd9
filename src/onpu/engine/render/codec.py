"""What a lossy codec does to music, without a codec: MDCT coefficients quantised band by band, as MP3 and AAC do."""

from dataclasses import dataclass

import numpy as np
from scipy.fft import dct

from onpu.engine.compose.draw import between

BARK_EDGES = (0, 100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400,
              5300, 6400, 7700, 9500, 12_000, 15_500, 22_050)
"""Critical bands (Zwicker 1961), Hz."""


@dataclass(frozen=True)
class Codec:
    """hop: coefficients a frame (a transient smears over twice as many samples). quality: signal to noise in a band
    at low frequencies, dB. slope: dB that it is less an octave higher. cut: Hz above which nothing is kept."""

    hop: int
    quality: float
    slope: float
    cut: float


def draw_codec(rng: np.random.Generator) -> Codec:
    """From near transparency to a bad web stream."""
    quality = between(rng, 6, 24)
    return Codec(hop=int(rng.choice([576, 1024])), quality=quality, slope=between(rng, 0.3, 1.5),
                 cut=between(rng, 9_000, 16_000) if quality < 14 else between(rng, 14_000, 20_000))


def transcode(sound: np.ndarray, codec: Codec, rate: int) -> np.ndarray:
    """(channels, samples) coded as middle and side, and decoded; neither delayed nor longer. float32."""
    pair = np.stack([sound[0] + sound[1], sound[0] - sound[1]]) / 2 if len(sound) == 2 else sound
    coefficients = mdct(pair, codec.hop)
    frequencies = np.arange(codec.hop + 1) * rate / (2 * codec.hop)
    edges = np.unique(np.searchsorted(frequencies[:-1], [e for e in BARK_EDGES if e < rate / 2]))
    widths = np.diff(np.append(edges, codec.hop))
    rms = np.sqrt(np.add.reduceat(coefficients**2, edges, axis=-1) / widths)
    octave = np.log2(np.maximum(frequencies[edges], 100) / 100)
    step = rms * (np.sqrt(12) * 10 ** (-(codec.quality - codec.slope * octave) / 20)).astype(np.float32)
    step = np.repeat(np.maximum(step, 1e-7), widths, axis=-1)
    coded = np.rint(coefficients / step) * step
    coded[..., frequencies[:-1] > codec.cut] = 0
    out = inverse_mdct(coded, codec.hop)[:, : sound.shape[1]]
    return np.stack([out[0] + out[1], out[0] - out[1]]) if len(sound) == 2 else out


def mdct(sound: np.ndarray, hop: int) -> np.ndarray:
    """Modified discrete cosine transform with a sine window (Princen, Johnson & Bradley 1987): (channels, samples) ->
    (channels, frames, hop), orthonormal; `inverse_mdct` gives the samples back, padded with silence at the end."""
    channels, samples = sound.shape
    blocks = -(-samples // hop)
    padded = np.zeros((channels, (blocks + 2) * hop), dtype=np.float32)
    padded[:, hop : hop + samples] = sound
    rows = padded.reshape(channels, blocks + 2, hop)
    window = np.sin(np.pi * (np.arange(2 * hop) + 0.5) / (2 * hop)).astype(np.float32)
    past, present = rows[:, :-1] * window[:hop], rows[:, 1:] * window[hop:]
    half = hop // 2
    folded = np.concatenate([-present[..., half - 1 :: -1] - present[..., half:],
                             past[..., :half] - past[..., : half - 1 : -1]], axis=-1)
    return dct(folded, type=4, norm="ortho", axis=-1)


def inverse_mdct(coefficients: np.ndarray, hop: int) -> np.ndarray:
    """Inverse of `mdct`: float32 (channels, (frames - 1) * hop)."""
    folded = dct(coefficients.astype(np.float32, copy=False), type=4, norm="ortho", axis=-1)
    window = np.sin(np.pi * (np.arange(2 * hop) + 0.5) / (2 * hop)).astype(np.float32)
    half = hop // 2
    first, second = folded[..., :half], folded[..., half:]
    past = np.concatenate([second, -second[..., ::-1]], axis=-1) * window[:hop]
    present = np.concatenate([-first[..., ::-1], -first], axis=-1) * window[hop:]
    return (present[:, :-1] + past[:, 1:]).reshape(len(coefficients), -1)
