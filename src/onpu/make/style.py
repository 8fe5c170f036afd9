"""A recording in the style of another: what is played is kept, how it sounds over time is taken from elsewhere.

Gatys, Ecker & Bethge, "Image style transfer using convolutional neural networks" (CVPR 2016); for sound Ulyanov &
Lebedev, "Audio texture synthesis and style transfer" (2016): one layer of random filters, with frequencies as channels.

    x minimises  ‖F(x) - F(content)‖² / ‖F(content)‖² + strength · mean over layers of MMD²(F(x), F(style))

x, the log-magnitude spectrum, begins as that of the content and is changed by L-BFGS; F are convolutions over time of
`FILTER_FRAMES` frames, either random, of spectra, or the two learned layers of onpu's tagger (`conv1d`: Dieleman &
Schrauwen 2014), of mel bands; the second term is `onpu.layers.style`. Phases: from the content's on, by fast
Griffin-Lim.

There are no published figures for sound; `benchmarks/making/style.py` measures what notes survive and how near the
style comes.

Deviations: 512 random filters, where Ulyanov & Lebedev have 4,096; both losses are relative; x begins as the content
and not as noise, which keeps more notes; all is done on one channel, in pieces of `PIECE_SECONDS`, each of which takes
on the style of the whole of the other recording, of which `STYLE_SECONDS` are heard.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from onpu.errors import AudioError, OnpuError
from onpu.formats.audio_like import AudioLike, as_source
from onpu.layers.style import KERNELS, StyleTarget
from onpu.maker import process_in_pieces
from onpu.models.tag_conv1d import TagConv1d
from onpu.music import Audio
from onpu.music.audio import rms
from onpu.recipe import Options, choice, setting
from onpu.represent import Stft, invert
from onpu.represent.chain import Features
from onpu.represent.filterbanks import Filterbank
from onpu.trained import TrainedListener

RATE, N_FFT, HOP = 22_050, 1024, 256
"""Of the spectra that random filters see; learned ones see those of their listener, with frames twice as dense."""
FILTERS, FILTER_FRAMES = 512, 11
LEAST_SECONDS = 1.0
"""Length of a style; in less there is no telling what comes again."""
STYLE_SECONDS = 30.0
PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS = 20.0, 0.5, 0.25
"""Seconds that are changed at a time, that are heard on either side, in which pieces overlap."""
LEVEL = 0.055
"""Root mean square to which both recordings are brought."""
PHASE_ITERATIONS = 32
RANDOM, LEARNED = "random", "learned"
LEAST_FRAMES = 64
"""Frames that learned layers need; what is shorter is continued with silence."""
LOUDEST = 10.0
"""Compressed magnitude that no sound of `LEVEL` comes near."""
SILENT = 1e-4
"""Root mean square below which there is no style."""


@dataclass(frozen=True)
class StyleOptions(Options):
    """How a style is taken on."""

    strength: float = setting(30.0, "weight of the style over that of the content; 0: the content alone")
    filters: str = choice(RANDOM, (RANDOM, LEARNED), "what compares sounds: random filters, or layers of the tagger")
    kernel: str = choice(KERNELS[0], KERNELS, "kernel of the style's distance; polynomial: Gram matrices")
    iterations: int = setting(40, "steps of L-BFGS, 1 to 1000", "[1, 1000]")
    seed: int = setting(0, "random seed of the filters", "[0, inf)")


class Ears(nn.Module):
    """What compares spectra: compressed magnitudes (bins, frames), see `levels`, -> what each layer sees, a list of
    (maps, frames). `stft` makes the spectra."""

    stft: Stft

    def forward(self, levels: Tensor) -> list[Tensor]:
        """See the class."""
        raise NotImplementedError


class RandomEars(Ears):
    """One layer of random filters over frequencies and `FILTER_FRAMES` frames, rectified."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.stft = Stft(RATE, N_FFT, HOP)
        rng = torch.Generator().manual_seed(seed)
        weights = torch.randn((FILTERS, self.stft.bins, FILTER_FRAMES), generator=rng)
        self.register_buffer("weights", weights / (self.stft.bins * FILTER_FRAMES) ** 0.5)
        self.weights: Tensor

    def forward(self, levels: Tensor) -> list[Tensor]:
        """Compressed magnitudes (bins, frames) -> [(maps, frames)]."""
        return [nn.functional.conv1d(levels[None], self.weights)[0].relu()]


class LearnedEars(Ears):
    """The convolutions of a tagger, after its own compression of mel bands. Its frames are every second one here, so
    that phases can be found; both halves are heard."""

    def __init__(self, listener: TrainedListener) -> None:
        super().__init__()
        features, network = listener.features, listener.network
        if not isinstance(network, TagConv1d) or not isinstance(features, Features) or not isinstance(
                features.front, Filterbank):
            raise OnpuError(f"{listener.listener.name}: its network is not that of conv1d and has no layers over time; "
                            "leave out --filters learned, or name weights of conv1d")
        self.bands, self.transforms, self.network = features.front, features.transforms, network.eval()
        own = self.bands.stft
        self.stft = Stft(own.clock.rate, own.n_fft, own.hop // 2)
        for parameter in self.parameters():
            parameter.requires_grad_(False)

    def forward(self, levels: Tensor) -> list[Tensor]:
        """Compressed magnitudes (bins, frames) -> [(maps, frames), (maps, fewer frames)]."""
        bands = self.bands.weights @ magnitudes(levels)[self.bands.first : self.bands.last]
        bands = nn.functional.pad(bands, (0, max(0, 2 * LEAST_FRAMES - bands.shape[1])))
        even = bands.shape[1] // 2 * 2
        y = torch.stack([bands[:, 0:even:2], bands[:, 1:even:2]])[:, None]
        for transform in self.transforms:
            y = transform(y)
        y = self.network.normalise(y[:, 0])
        seen = []
        for layer in self.network.blocks:
            y = layer(y)
            if isinstance(layer, nn.ReLU):
                seen.append(y.transpose(0, 1).flatten(1))
        return seen


def levels_of(spectrum: Tensor) -> Tensor:
    """Compressed magnitudes log(1 + |S|) of a spectrum."""
    return torch.log1p(spectrum.abs())


def magnitudes(levels: Tensor) -> Tensor:
    """Inverse of `levels_of`; what is below 0 is silent, and nothing is above `LOUDEST`, where steps that are tried
    would have no number any more."""
    return torch.expm1(levels.clamp(0, LOUDEST))


def transfer(content: AudioLike, style: AudioLike, options: StyleOptions = StyleOptions(), *,
             listener: TrainedListener | None = None, progress: Callable[[float], None] | None = None,
             style_name: str = "the style") -> Audio:
    """A recording in the style of another.

    Parameters
    ----------
    content, style
        Recordings in any form that `onpu.analyze` takes.
    options
        How.
    listener
        A trained tagger, `onpu.load("tags")`; needed for, and only for, `filters="learned"`.
    progress
        Called with the finished share, in [0, 1].
    style_name
        What an error calls the style.

    Returns
    -------
    Audio
        One channel, of the content's rate, length and root mean square, up to 11 kHz (8 kHz with learned filters).

    Raises
    ------
    OnpuError
        When the style lasts less than `LEAST_SECONDS`, is silent, or the listener has no such layers.
    """
    if (listener is not None) != (options.filters == LEARNED):
        raise OnpuError(f"filters {LEARNED} need a listener, and no others do; give onpu.load('tags') with them")
    ears = RandomEars(options.seed) if listener is None else LearnedEars(listener)
    rate = ears.stft.clock.rate
    heard = _mono(style)
    if heard.duration < LEAST_SECONDS:
        raise AudioError(f"{style_name}: lasts {heard.duration:.2f} s, and a style needs {LEAST_SECONDS:g} s; give a "
                         "longer recording")
    wanted = _brought(soxr.resample(heard.samples[0], heard.rate, rate)[: round(STYLE_SECONDS * rate)], style_name)
    with torch.no_grad():
        seen = ears(levels_of(ears.stft.spectrum(wanted[None])[0]))
    targets = [StyleTarget(features, options.kernel) for features in seen]
    audio = _mono(content)
    loud = float(rms(audio.samples, np.float64))
    if loud < SILENT:
        raise AudioError("the content is silent; give a recording with music")
    pieces = max(1, -(-audio.samples.shape[1] // round(PIECE_SECONDS * audio.rate)))
    done = 0

    def change(samples: np.ndarray) -> np.ndarray:
        nonlocal done
        step = None if progress is None else lambda share: progress((done + share) / pieces)
        found = restyled(ears, torch.from_numpy(samples[0] * np.float32(LEVEL / loud)), targets, options, step)
        done += 1
        level = float(rms(found, np.float64))
        return found[None] * np.float32(rms(samples, np.float64) / max(level, 1e-9))

    return process_in_pieces(audio, rate, change, PIECE_SECONDS, MARGIN_SECONDS, FADE_SECONDS, None)


def restyled(ears: Ears, sound: Tensor, targets: list[StyleTarget], options: StyleOptions,
             progress: Callable[[float], None] | None = None) -> np.ndarray:
    """Samples (samples,), brought to `LEVEL`, with the style of these targets, a layer each."""
    spectrum = ears.stft.spectrum(sound[None])
    before = levels_of(spectrum[0]).contiguous()
    with torch.no_grad():
        kept = ears(before)
    scales = [features.square().mean().clamp(min=1e-12) for features in kept]
    x = before.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([x], max_iter=options.iterations, history_size=10, line_search_fn="strong_wolfe",
                                  max_eval=options.iterations * 5 // 4, tolerance_change=0.0)
    looks = 0

    def closure() -> Tensor:
        nonlocal looks
        optimiser.zero_grad()
        seen = ears(x)
        loss = torch.stack([(now - then).square().mean() / scale
                            for now, then, scale in zip(seen, kept, scales, strict=True)]).mean()
        styles = torch.stack([target.distance(now) for now, target in zip(seen, targets, strict=True)])
        loss = loss + options.strength * styles.mean()
        loss.backward()
        looks += 1
        if progress is not None:
            progress(min(1.0, looks / (options.iterations * 5 // 4)))
        return loss

    with torch.enable_grad(), torch.inference_mode(False):
        optimiser.step(closure)
    found = invert(ears.stft, magnitudes(x.detach())[None, None], len(sound), iterations=PHASE_ITERATIONS,
                   start=spectrum)
    return found[0].numpy()


def _mono(recording: AudioLike) -> Audio:
    with as_source(recording) as source:
        parts = [np.zeros((source.channels, 0), np.float32), *source.blocks(10.0)]
        samples = np.concatenate(parts, axis=1).mean(axis=0, keepdims=True)
        return Audio(samples.astype(np.float32), source.rate).validate()


def _brought(samples: np.ndarray, name: str) -> Tensor:
    """Samples of `LEVEL`."""
    loud = float(rms(samples, np.float64))
    if loud < SILENT:
        raise AudioError(f"{name}: is silent, and silence is no style; give another recording")
    return torch.from_numpy(samples * np.float32(LEVEL / loud))
