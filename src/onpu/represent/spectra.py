"""The short-time Fourier transform and its inverse."""

import torch
from torch import Tensor

from onpu.music import Clock
from onpu.represent.chain import Representation
from onpu.represent.frames import RealDft, blockwise, centred, check_audio, exporting, magnitude

WINDOWS = {
    "hann": torch.signal.windows.hann,
    "hamming": torch.signal.windows.hamming,
    "blackman": torch.signal.windows.blackman,
    "cosine": torch.signal.windows.cosine,
}


class Stft(Representation):
    """Magnitude of the short-time Fourier transform (Choi et al. 2018, eq. 2), frames centred, zeros beyond the ends.

    forward: audio (batch, samples) -> (batch, 1, n_fft / 2 + 1, samples // hop + 1), bin k at k * rate / n_fft Hz.

    Args:
        rate: samples a second.
        n_fft: transform length in samples, even.
        hop: samples from frame to frame.
        window: hann, hamming, blackman or cosine, periodic.
        window_size: samples; a window shorter than n_fft is padded with zeros on both sides. None: n_fft.
        power: exponent of the magnitude: 1 magnitude, 2 power.
        amplitude: divide by half of the window's sum: a sinusoid of amplitude a on a bin reads a, not a * sum / 2.
    """

    window: Tensor

    def __init__(self, rate: int, n_fft: int = 2048, hop: int = 512, window: str = "hann",
                 window_size: int | None = None, power: float = 1.0, amplitude: bool = False) -> None:
        super().__init__()
        self.n_fft, self.hop, self.window_name, self.window_size = n_fft, hop, window, window_size
        self.power, self.amplitude = power, amplitude
        self.clock = Clock(rate, hop)
        self.channels, self.bins, self.context = 1, n_fft // 2 + 1, n_fft // 2
        size = n_fft if window_size is None else window_size
        if n_fft % 2 or not 1 <= size <= n_fft or window not in WINDOWS:
            raise ValueError(f"n_fft must be even, the window {', '.join(WINDOWS)} and not longer than n_fft; "
                             f"not {n_fft}, {window!r} and {size}")
        taper = WINDOWS[window](size, sym=False, dtype=torch.float64)
        if amplitude:
            taper = taper * (2 / taper.sum())
        before = (n_fft - size) // 2
        taper = torch.nn.functional.pad(taper, (before, n_fft - size - before))
        self.register_buffer("window", taper.float(), persistent=False)
        self.dft = RealDft(n_fft)

    def magnitudes(self, frames: Tensor, first: int, last: int) -> Tensor:
        """Frames (batch, count, n_fft) -> magnitude ** power (batch, count, last - first) of the bins [first, last)."""
        frames = frames * self.window
        if exporting():
            real, imaginary = self.dft(frames)
            result = magnitude(real[..., first:last], imaginary[..., first:last])
        else:
            result = torch.fft.rfft(frames)[..., first:last].abs()
        return result if self.power == 1 else result**self.power

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> magnitudes (batch, 1, bins, frames)."""
        check_audio(audio)
        frames = centred(audio, self.n_fft, self.hop)
        return blockwise(frames, lambda part: self.magnitudes(part, 0, self.bins), axis=1).mT[:, None]

    def spectrum(self, audio: Tensor) -> Tensor:
        """Complex spectrum (batch, n_fft / 2 + 1, frames) of audio (batch, samples)."""
        check_audio(audio)
        frames: Tensor = torch.fft.rfft(centred(audio, self.n_fft, self.hop) * self.window)
        return frames.transpose(1, 2)

    def inverse(self, spectrum: Tensor, samples: int) -> Tensor:
        """Audio (batch, samples) of a complex spectrum (batch, n_fft / 2 + 1, frames): the least-squares inverse
        (Griffin & Lim 1984, eq. 6), exact for the spectrum of a signal.
        """
        return torch.istft(spectrum, self.n_fft, self.hop, window=self.window, length=samples)


class Waveform(Representation):
    """The samples themselves, for networks that find their own representation (Lee et al. 2017).

    forward: audio (batch, samples) -> (batch, 1, size, samples // size + 1); bin k of frame i is the sample
    i * size - size // 2 + k, zero beyond the ends.

    Args:
        rate: samples a second.
        size: samples of a frame, which is also the hop.
    """

    def __init__(self, rate: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.clock = Clock(rate, size)
        self.channels, self.bins, self.context = 1, size, size

    def forward(self, audio: Tensor) -> Tensor:
        """Audio (batch, samples) -> samples (batch, 1, size, frames)."""
        check_audio(audio)
        return centred(audio, self.size, self.size).mT[:, None]
