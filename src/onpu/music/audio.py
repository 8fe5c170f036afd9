"""Sound: samples with a rate, whole or as a source that is read block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from onpu.errors import AudioError
from onpu.music.downmix import downmix

BLOCK_SECONDS = 2.0
"""Seconds in which it is decided how channels become one."""
MOST_CHANNELS = 32
"""Channels of a recording at most; what is longer in an array is its samples."""


class Samples(Protocol):
    """What is an array or can become one: NumPy's, tensors of torch on any device, arrays of other libraries."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sides."""

    def __array__(self) -> np.ndarray:
        """It as NumPy's."""


class AudioSource(Protocol):
    """What a listener needs of a recording: `Audio` has it, and so has an opened file (`onpu.formats.audio`)."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def channels(self) -> int:
        """Number of channels."""

    @property
    def duration(self) -> float:
        """Length in seconds; of a compressed stream an estimate until it has been read."""

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """Consecutive float32 blocks (channels, samples), each of `seconds` but the last; every call begins anew."""


@dataclass(frozen=True, eq=False, repr=False)
class Audio:
    """Samples (channels, samples), float32, nominally within ±1, and their rate in Hz."""

    samples: np.ndarray
    rate: int

    def __repr__(self) -> str:
        return f"Audio({self.duration:.2f} s, {in_channels(self.channels)}, {self.rate} Hz)"

    @staticmethod
    def of(samples: Samples, rate: int) -> "Audio":
        """Take samples as other libraries hold them.

        Parameters
        ----------
        samples
            (samples,), (channels, samples) or, as soundfile has it, (samples, channels): the short side is the
            channels. Floats within ±1, or signed integers, which are scaled to ±1; an array, or a tensor on any device,
            with a gradient or not.
        rate
            Samples a second, in Hz.

        Returns
        -------
        Audio
            The same sound, (channels, samples), float32.

        Raises
        ------
        AudioError
            When the samples cannot be used, or their shape does not tell which side is the channels.

        Examples
        --------
        >>> import soundfile
        >>> from onpu.music import Audio
        >>> audio = Audio.of(*soundfile.read("song.wav"))
        >>> audio.channels, audio.rate, round(audio.duration)
        (1, 22050, 20)
        """
        array = _channels_first(_array(samples))
        if array.dtype.kind == "i":
            array = np.multiply(array, -1 / np.iinfo(array.dtype).min, dtype=np.float32)
        if not isinstance(rate, int | float | np.number) or rate != rate // 1:
            raise AudioError(f"a sample rate is a whole number of Hz, not {rate!r}")
        return Audio(array.astype(np.float32, copy=False), int(rate)).validate()

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[0])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return float(self.samples.shape[1] / self.rate)

    def mono(self) -> np.ndarray:
        """The channels together, float32 (samples,): their mean, where they do not cancel each other (`downmix`)."""
        return np.concatenate([np.zeros(0, np.float32), *downmix(self.blocks(BLOCK_SECONDS), self.rate)])

    def blocks(self, seconds: float) -> Iterator[np.ndarray]:
        """Consecutive views (channels, samples) of `seconds` each but the last."""
        step = max(1, round(seconds * self.rate))
        for start in range(0, self.samples.shape[1], step):
            yield self.samples[:, start : start + step]

    def validate(self) -> "Audio":
        """Return self, or raise `AudioError` when the shape, rate or a sample is not usable."""
        if self.samples.ndim != 2 or self.samples.shape[0] < 1:
            raise AudioError(f"audio must be (channels, samples), not {self.samples.shape}; put mono into x[None, :]")
        if not 4_000 <= self.rate <= 384_000:
            raise AudioError(f"a sample rate of {self.rate} Hz is outside 4000 to 384000 Hz; resample the recording")
        if not np.isfinite(self.samples).all():
            bad = int(np.argmin(np.isfinite(self.samples).all(axis=0)))
            raise AudioError(f"a sample at {bad / self.rate:.3f} s is NaN or infinite; re-export the recording")
        return self


def in_channels(count: int) -> str:
    """`2 channels`."""
    return f"{count} channel{'' if count == 1 else 's'}"


def rms(samples: np.ndarray, dtype: type[np.floating] | None = None) -> np.floating:
    """Root mean square of samples of any shape; of none 0. dtype: of the squares that are added up, that of the samples
    by default; float64 tells the level of a long recording to the last digit of float32."""
    return np.sqrt(np.mean(np.square(samples, dtype=dtype))) if samples.size else np.float64(0)


def _array(samples: Any) -> np.ndarray:
    """Samples as a NumPy array of floats or signed integers, whichever library they come from."""
    try:
        if hasattr(samples, "detach"):  # a tensor: NumPy knows neither gradients and devices nor bfloat16
            samples = samples.detach().cpu()
            samples = samples.float() if samples.is_floating_point() else samples
        array = np.asarray(samples)
    except (TypeError, ValueError, RuntimeError) as error:  # a meta tensor, for one, has no values
        raise AudioError(f"the samples of a {type(samples).__name__} cannot be had: {error}") from error
    if array.dtype.kind not in "fi":
        raise AudioError(f"samples must be floats or signed integers, not {array.dtype}")
    return array


def _channels_first(array: np.ndarray) -> np.ndarray:
    """Samples (samples,) in either orientation -> (channels, samples)."""
    if array.ndim == 1:
        return array[None]
    if array.ndim != 2:
        raise AudioError(f"an array of shape {array.shape} is no recording; give (samples,), (channels, samples) or "
                         "(samples, channels), and several recordings as a list")
    short, long = sorted(array.shape)
    if short > MOST_CHANNELS:
        raise AudioError(f"an array of shape {array.shape} has no side that can be its channels, which are at most "
                         f"{MOST_CHANNELS}; give (channels, samples)")
    if short > 1 and long <= MOST_CHANNELS:
        raise AudioError(f"an array of shape {array.shape} does not tell which side is its channels; give "
                         "onpu.Audio(samples, rate) with float32 samples (channels, samples)")
    if short == 0:
        return array.reshape(long if 0 < long <= MOST_CHANNELS else 1, 0)
    return array if array.shape[0] == short else array.T
