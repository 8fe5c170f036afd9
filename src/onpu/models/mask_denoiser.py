"""Network that hears a noisy sound's spectrum and tells what share of each point is music.

Williamson, Wang & Wang, "Complex ratio masking for monaural speech separation" (IEEE/ACM TASLP 2016), section II: noisy
spectrum times mask, back to sound; of the U-Net of `onpu.models.separation_unet`, whose two parts are music and noise.

Deviation: the mask is real and in [0, 1]; phases stay as they are.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from onpu.layers.layout import channels_last
from onpu.models.separation_unet import SeparationUnet

N_FFT, HOP = 1024, 256
MUL = 300.0
"""Of the compression log10(1 + MUL x) of amplitudes."""
PARTS = 2


class MaskDenoiser(nn.Module):
    """Noisy (batch, 1, samples) and noise (batch, 0, any), which it does without -> clean (batch, 1, samples).

    Args:
        widths: channels of the U-Net's levels.
    """

    window: Tensor

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.widths = list(widths)
        taper = torch.hann_window(N_FFT, dtype=torch.float64)
        self.register_buffer("window", (taper * (2 / taper.sum())).float(), persistent=False)
        self.unet = channels_last(SeparationUnet(PARTS, self.widths, 0.0))

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """Noisy sound (batch, 1, samples) -> clean sound (batch, 1, samples); `noise` is not used."""
        spectrum = torch.stft(x[:, 0].float(), N_FFT, HOP, window=self.window, pad_mode="constant", return_complex=True)
        seen = torch.log10(1 + MUL * spectrum.abs())[:, None]
        mask = self.unet(seen).float().softmax(dim=1)[:, 0]  # (batch, bins, frames)
        return torch.istft(mask * spectrum, N_FFT, HOP, window=self.window, length=x.shape[-1])[:, None]
