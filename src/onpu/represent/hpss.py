"""Harmonic and percussive parts of a sound, separated by how they lie in the spectrogram."""

import numpy as np
import torch
from torch import Tensor

from onpu.music import Clock
from onpu.represent.chain import Representation
from onpu.represent.filterbanks import mel_triangles
from onpu.represent.frames import check_audio
from onpu.represent.spectra import Stft

ITERATIONS = 50
MASK_BALANCE = 0.3


def harmonic(power: Tensor) -> Tensor:
    """Which cells of a power spectrogram (batch, frames, bins) belong to what is steady in time: a mask of 0 and 1.

    Complementary diffusion (Ono, Miyamoto, Le Roux, Kameoka & Sagayama 2008, eq. 21 to 25): the harmonic part H and the
    percussive part P of the power W begin as halves; `ITERATIONS` times, H is smoothed along time with the weight α =
    `MASK_BALANCE` and P = W - H along frequency with 1 - α, both staying within 0 and W. At last a cell goes wholly to
    its larger part. As P is W - H, one step is a stencil on H alone: half of it, α / 4 of its neighbours in time,
    (1 - α) / 4 of those in frequency, less (1 - α) / 4 of the curvature of W. Beyond the edges the last values repeat.
    """
    along, across = MASK_BALANCE / 4, (1 - MASK_BALANCE) / 4
    wide = torch.nn.functional.pad(power, (1, 1), mode="replicate")
    curvature = across * (wide[..., 2:] - 2 * power + wide[..., :-2])
    h = torch.nn.functional.pad(power / 2, (1, 1, 1, 1), mode="replicate")
    for _ in range(ITERATIONS):
        inner = torch.sub(h[:, 1:-1, 1:-1] * 0.5, curvature)
        for neighbour, weight in ((h[:, :-2, 1:-1], along), (h[:, 2:, 1:-1], along),
                                  (h[:, 1:-1, :-2], across), (h[:, 1:-1, 2:], across)):
            inner.add_(neighbour, alpha=weight)
        h[:, 1:-1, 1:-1] = torch.minimum(inner.clamp_(min=0), power)
        h[:, 0], h[:, -1] = h[:, 1], h[:, -2]
        h[..., 0], h[..., -1] = h[..., 1], h[..., -2]
    return (2 * h[:, 1:-1, 1:-1] > power).to(power.dtype)


class TwoStageHpss(Representation):
    """Mel spectra of what is steady and what is not at the pace of a voice (Leglaive, Hennequin & Badeau 2015, sec. 2).

    In the first stage, with long windows, the sound loses what is steady: instruments that hold their pitch, but not
    singing, whose pitch moves. In the second, with short windows, the rest falls into its steady part, where the voice
    is, and its percussive part, drums.

    forward: audio (batch, samples) -> (batch, 2, bands, samples // hop + 1), magnitudes: harmonic, percussive.

    Deviations: the bands are those of the masked spectra of the second stage; they are not made into sound and
    transformed once more. A mask, which jumps, has no gradient. Chunks of a recording must begin at multiples of `grid`
    frames, where windows of the first stage lie.

    Args:
        rate: samples a second.
        long, short: windows of the two stages, samples; a frame comes every half window.
        bands: mel bands from 0 to rate / 2.
    """

    weights: Tensor

    def __init__(self, rate: int = 16000, long: int = 4096, short: int = 512, bands: int = 40) -> None:
        super().__init__()
        self.long, self.short = long, short
        self.first = Stft(rate, long, long // 2, "cosine", amplitude=False)
        self.second = Stft(rate, short, short // 2, "cosine", amplitude=False)
        self.clock = Clock(rate, short // 2)
        self.channels, self.bins, self.grid = 2, bands, long // short
        self.context = (ITERATIONS + 2) * (long // 2) + (ITERATIONS + 1) * (short // 2)
        weights = mel_triangles(rate, short, bands, 0.0, rate / 2, "htk", "sum")
        scale = 2 / float(self.second.window.sum())
        self.register_buffer("weights", torch.from_numpy((weights * scale).astype(np.float32)), persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> parts (batch, channels, bins, frames)."""
        check_audio(audio)
        moving = self.moving(audio)
        x = self.second.spectrum(moving).transpose(1, 2).abs()  # (batch, frames, bins)
        steady = x * harmonic(x.square())
        return (torch.stack([steady, x - steady], dim=1) @ self.weights.T).mT

    def moving(self, audio: Tensor) -> Tensor:
        """What the first stage leaves of audio (batch, samples): its percussive part, singing included."""
        samples = audio.shape[-1]
        whole = torch.nn.functional.pad(audio, (0, self.long))
        spectrum = self.first.spectrum(whole)  # (batch, bins, frames)
        steady = harmonic(spectrum.abs().square().transpose(1, 2)).transpose(1, 2)
        return self.first.inverse(spectrum * (1 - steady), whole.shape[-1])[:, :samples]
