"""Losses of signals by their spectra."""

from collections.abc import Sequence

import torch
from torch import Tensor

RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))
"""Transform length, samples from frame to frame, and window of each resolution, at 24 kHz (Yamamoto et al. 2020)."""
POWER_FLOOR = 1e-7
"""What a squared magnitude is raised to: the logarithm of silence. A full-scale sinusoid has a quarter of the squared
sum of its window, some 10^4 to 10^5."""


def multi_resolution_stft_loss(estimate: Tensor, target: Tensor,
                               resolutions: Sequence[tuple[int, int, int]] = RESOLUTIONS) -> Tensor:
    """Distance of two signals by the magnitudes of several short-time Fourier transforms, whatever their phases.

        L     = mean over resolutions of L_sc + L_mag               (Yamamoto, Song & Kim, ICASSP 2020, eq. 3 and 6)
        L_sc  = ‖ |S(target)| - |S(estimate)| ‖_F / ‖ |S(target)| ‖_F                   (eq. 4, spectral convergence)
        L_mag = mean over bins and frames of | ln |S(target)| - ln |S(estimate)| |      (eq. 5)

    What one resolution blurs in time or frequency, another one resolves: a single one lets the generator hide there.

    Deviations: L_sc is taken of each signal and then averaged over the batch (the authors' code takes one norm over all
    of it, in which loud signals drown soft ones); zeros, not reflections, beyond the ends of the signals.

    Args:
        estimate, target: audio (batch, samples), nominally within ±1.
        resolutions: transform length, hop and Hann window of each, in samples.

    Returns:
        Scalar; 0 where the magnitudes are equal.
    """
    losses = []
    for size, hop, window in resolutions:
        ours, wanted = (_magnitude(audio, size, hop, window) for audio in (estimate, target))
        norm = torch.linalg.vector_norm
        convergence = (norm(wanted - ours, dim=(1, 2)) / norm(wanted, dim=(1, 2))).mean()
        losses.append(convergence + (wanted.log() - ours.log()).abs().mean())
    return torch.stack(losses).mean()


def _magnitude(audio: Tensor, size: int, hop: int, window: int) -> Tensor:
    """(batch, samples) -> (batch, size / 2 + 1, frames); nowhere 0."""
    taper = torch.hann_window(window, dtype=audio.dtype, device=audio.device)
    spectrum = torch.stft(audio, size, hop, window, taper, pad_mode="constant", return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square()).clamp(min=POWER_FLOOR).sqrt()


def earth_movers_distance(estimate: Tensor, target: Tensor, floor: float = 1e-7) -> Tensor:
    """How far the energy of one spectrum has to be carried to become the other, frame by frame, in bins.

    Both are made to sum to one, P and Q; in one dimension the least work, mass times distance, is the area between
    their cumulated sums (Vallender 1974; the name: Rubner, Tomasi & Guibas 2000):

        W₁ = Σ_k | Σ_{j≤k} (P_j - Q_j) |

    A peak that is moved by n bins is n bins away, and the gradient says where to, while a difference bin by bin sees
    two peaks that do not meet, however near they are. The level of the spectra counts nothing.

    Args:
        estimate, target: spectra (batch, bins, frames), 0 or more, magnitudes or powers.
        floor: added to every bin, so that silence is a flat spectrum: silences are alike.

    Returns:
        (batch, frames), in [0, bins - 1]; `onpu.layers.losses.masked_mean` makes one number of them.
    """
    ours, wanted = (spectrum + floor for spectrum in (estimate, target))
    excess = ours / ours.sum(dim=1, keepdim=True) - wanted / wanted.sum(dim=1, keepdim=True)
    return excess.cumsum(dim=1).abs().sum(dim=1)
