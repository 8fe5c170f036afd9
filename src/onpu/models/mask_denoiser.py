"""Network that hears a noisy sound's spectrum and tells what share of each point is music.

Williamson, Wang & Wang, "Complex ratio masking for monaural speech separation" (IEEE/ACM TASLP 2016), section II: noisy
spectrum times mask, back to sound; of the U-Net of `onpu.models.separation_unet`, whose two parts are music and noise.

Deviation: the mask is real and in [0, 1]; phases stay as they are.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from onpu.models.separation_unet import SeparationUnet
from onpu.represent import Stft

N_FFT, HOP = 1024, 256
MUL = 300.0
"""Of the compression log10(1 + MUL x) of amplitudes."""
PARTS = 2


class MaskDenoiser(nn.Module):
    """Noisy (batch, 1, samples) and noise (batch, 0, any), which it does without -> clean (batch, 1, samples).

    Args:
        rate: samples a second.
        widths: channels of the U-Net's levels.
    """

    def __init__(self, rate: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.rate, self.widths = rate, list(widths)
        self.stft = Stft(rate, N_FFT, HOP, amplitude=True)
        self.unet = SeparationUnet(PARTS, self.widths, 0.0).to(
            memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """See the class."""
        spectrum = self.stft.spectrum(x[:, 0].float())
        seen = torch.log10(1 + MUL * spectrum.abs())[:, None]
        mask = self.unet(seen).float().softmax(dim=1)[:, 0]  # (batch, bins, frames)
        return self.stft.inverse(mask * spectrum, x.shape[-1])[:, None]
