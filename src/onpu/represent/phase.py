"""Signals from the magnitudes of their short-time Fourier transform alone."""

from collections.abc import Callable

import torch
from torch import Tensor

from onpu.represent.spectra import Stft

Inversion = Callable[[Stft, Tensor, int], Tensor]
"""(stft, magnitude (batch, 1, bins, frames), samples) -> audio (batch, samples): any other way to find the phases."""
MOMENTUM = {"griffin-lim": 0.0, "fast griffin-lim": 0.99}
"""Name of a method -> α, how far it goes on in the direction that it came; .99 as in Perraudin et al. 2013."""
MIN_POWER = 1e-30
"""Beneath the rounding error of every spectrum, but it has a phase."""


def invert(stft: Stft, magnitude: Tensor, samples: int, method: str | Inversion = "fast griffin-lim",
           iterations: int = 32, rng: torch.Generator | None = None, start: Tensor | None = None) -> Tensor:
    """A signal whose STFT has, as nearly as may be, given magnitudes.

    With s the magnitudes, P(t) = s t / |t| what keeps the phases of t and restores the magnitudes, and C(t) the STFT of
    the least-squares inverse of t,

        c_n = C(P(t_{n-1})),    t_n = c_n + α (c_n - c_{n-1}),    from random phases and c_0 = 0 on

    griffin-lim: α = 0; the distance between wanted and reached magnitudes never grows (Griffin & Lim 1984). fast
    griffin-lim: α = .99, mostly faster and nearer in the end, without that promise (Perraudin, Balazs & Søndergaard, "A
    fast Griffin-Lim algorithm", WASPAA 2013).

    A network that reconstructs phases (Oyamada et al., EUSIPCO 2018) is a callable in the place of the name. It may
    begin with the answer of a named method; `iterations`, `rng` and `start` are those of the named ones.

    Parameters
    ----------
    stft
        The transform that made the magnitudes; its `power` is undone.
    magnitude
        (batch, 1, n_fft / 2 + 1, frames), as `stft` returns it.
    samples
        Length of the signal, which has as many frames: samples // hop + 1.
    method
        griffin-lim, fast griffin-lim, or a callable (stft, magnitude, samples) -> audio (batch, samples).
    iterations
        Number of times the phases are improved; 0 leaves the first ones.
    rng
        Of the first phases.
    start
        Complex spectrum (batch, n_fft / 2 + 1, frames) whose phases are the first ones, such as that of a sound which
        this one was made of; None: random ones.

    Returns
    -------
    Tensor
        Audio (batch, samples); without a gradient, if the method is a named one.

    Examples
    --------
    >>> import torch
    >>> from onpu.represent import Stft, invert
    >>> stft = Stft(22050, 1024, 256)
    >>> sound = torch.sin(torch.arange(8192) * 0.1)[None]
    >>> wanted = stft(sound)
    >>> found = invert(stft, wanted, 8192, rng=torch.Generator().manual_seed(0))
    >>> found.shape
    torch.Size([1, 8192])
    >>> float((stft(found) - wanted).norm() / wanted.norm()) < 0.1
    True
    """
    if callable(method):
        return method(stft, magnitude, samples)
    if method not in MOMENTUM:
        raise ValueError(f"method must be {', '.join(MOMENTUM)} or a function, not {method!r}")
    if magnitude.shape[-1] != stft.clock.count(samples):
        raise ValueError(f"{samples} samples have {stft.clock.count(samples)} frames; "
                         f"these are the magnitudes of {magnitude.shape[-1]}")
    return _projected(stft, magnitude, samples, MOMENTUM[method], iterations, rng, start)


@torch.no_grad()
def _projected(stft: Stft, magnitude: Tensor, samples: int, momentum: float, iterations: int,
               rng: torch.Generator | None, start: Tensor | None) -> Tensor:
    wanted = magnitude[:, 0] ** (1 / stft.power)
    if start is None:
        device = "cpu" if rng is None else rng.device
        turns = torch.rand(wanted.shape, generator=rng, dtype=wanted.dtype, device=device).to(wanted.device)
        phases = 2 * torch.pi * turns
    else:
        phases = start.angle()
    audio = stft.inverse(torch.polar(wanted, phases), samples)
    before = torch.zeros((), device=wanted.device)
    for _ in range(iterations):
        reached = stft.spectrum(audio)
        ahead = reached + momentum * (reached - before) + MIN_POWER
        audio = stft.inverse(ahead * (wanted / ahead.abs()), samples)
        before = reached
    return audio
