"""A recording for the page: a small stream to play, its outline and its spectrum, from one pass over the file."""

import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr

from onpu.formats.audio import open_audio
from onpu.formats.report.spectrum import Spectrum

QUALITY = ((600.0, 32_000, 64), (2_700.0, 24_000, 48), (5_400.0, 22_050, 32), (np.inf, 16_000, 24))
"""Recordings up to so many seconds are stored at a rate in Hz and kilobits a second: three minutes take 1.4 MB."""
MP3_KILOBITS = {16_000: (8, 160), 22_050: (8, 160), 24_000: (8, 160), 32_000: (32, 320)}
"""The least and most that MP3 allows at a rate; libsndfile wants a place between them."""
PEAKS_A_SECOND, MOST_PEAKS = 100, 60_000
BLOCK_SECONDS = 10.0
MIME = "audio/mpeg"
MP3_DELAY = 1105
"""Samples by which a decoded stream lags behind the sound, where its head does not tell decoders to cut them off."""


@dataclass(frozen=True, eq=False)
class Sound:
    """What the page keeps of a recording.

    stream: a file of sound of the kind `mime`; an MP3 file, mono, where onpu writes it. duration in seconds. peaks:
    (n,) uint8, largest magnitude in equal steps of time.
    spectrogram: (96, columns) and chroma: (12, columns), in [0, 1], the lowest first. span: seconds of all columns.
    """

    stream: bytes
    duration: float
    peaks: np.ndarray
    spectrogram: np.ndarray
    chroma: np.ndarray
    span: float
    mime: str = MIME


@dataclass(frozen=True, eq=False)
class StemTrack:
    """What the page keeps of a part of a recording: its stream, duration and peaks, as in `Sound`."""

    stream: bytes
    duration: float
    peaks: np.ndarray


def condense(path: str | os.PathLike[str], cents: float = 0.0) -> Sound | None:
    """Read a recording block by block; None when it has no samples. cents: its tuning.

    Raises
    ------
    AudioError
        As `onpu.formats.audio.open_audio` and its blocks.
    """
    drawn: list[Spectrum] = []

    def draw(rate: int, duration: float) -> Spectrum:
        drawn.append(Spectrum(rate, duration, cents))
        return drawn[0]

    found = track(path, draw)
    if found is None:
        return None
    return Sound(found.stream, found.duration, found.peaks, *drawn[0].finish(), drawn[0].span)


def measured(blocks: Iterable[np.ndarray], rate: int, duration: float, cents: float, stream: bytes, mime: str) -> Sound:
    """The same of samples that are known. blocks: (samples,), one after the other. duration: of all, in seconds.
    stream: what the page plays, a file of the kind `mime`."""
    spectrum, outline = Spectrum(rate, duration, cents), Outline(rate, duration)
    for block in blocks:
        spectrum.add(block)
        outline.add(block)
    return Sound(stream, duration, outline.finish(), *spectrum.finish(), spectrum.span, mime)


def track(path: str | os.PathLike[str], drawn: Callable[[int, float], Spectrum] | None = None) -> StemTrack | None:
    """The same without pictures; drawn: called with rate and duration, what it returns is given all samples."""
    with open_audio(path) as audio:
        if audio.duration <= 0:
            return None
        _, rate, kilobits = next(row for row in QUALITY if audio.duration <= row[0])
        lag = _lag(rate, kilobits)
        spectrum, outline = drawn and drawn(rate, audio.duration), Outline(rate, audio.duration)
        resampler = soxr.ResampleStream(audio.rate, rate, 1, dtype="float32")
        stream, total = io.BytesIO(), 0
        with _encoder(stream, rate, kilobits) as file:
            blocks = audio.blocks(BLOCK_SECONDS)
            block = next(blocks, None)
            while block is not None:
                following = next(blocks, None)
                mono = resampler.resample_chunk(block.mean(axis=0, dtype=np.float32), last=following is None)
                file.write(np.clip(mono[max(0, lag - total) :], -1, 1))
                if spectrum is not None:
                    spectrum.add(mono)
                outline.add(mono)
                total += len(mono)
                block = following
    if not total:
        return None
    return StemTrack(stream.getvalue(), total / rate, outline.finish())


def _encoder(stream: io.BytesIO, rate: int, kilobits: int) -> soundfile.SoundFile:
    """An MP3 file in memory, mono, of constant bit rate, so that players find every place in it."""
    least, most = MP3_KILOBITS[rate]
    return soundfile.SoundFile(stream, "w", rate, 1, "MPEG_LAYER_III", format="MP3", bitrate_mode="CONSTANT",
                               compression_level=(most - kilobits) / (most - least))


def _lag(rate: int, kilobits: int) -> int:
    """Samples to leave out at the beginning, so that what is decoded is in time: none, where the frames are large
    enough for the encoder to write its delay into the first."""
    trial = io.BytesIO()
    with _encoder(trial, rate, kilobits) as file:
        file.write(np.zeros(rate, np.float32))
    return 0 if b"Info" in trial.getvalue()[:100] else MP3_DELAY


class Outline:
    """The largest magnitude in each step of time."""

    def __init__(self, rate: int, duration: float) -> None:
        self.step = max(rate // PEAKS_A_SECOND, int(np.ceil(duration * rate / MOST_PEAKS)))
        self.peaks: list[np.ndarray] = []
        self.waiting = np.zeros(0, np.float32)

    def add(self, samples: np.ndarray) -> None:
        """Take the next samples (n,)."""
        waiting = np.concatenate([self.waiting, np.abs(samples)])
        whole = len(waiting) // self.step * self.step
        self.peaks.append(waiting[:whole].reshape(-1, self.step).max(axis=1, initial=0))
        self.waiting = waiting[whole:]

    def finish(self) -> np.ndarray:
        """(n,) uint8, 255 for full scale."""
        rest = self.waiting.max(initial=0, keepdims=True)
        return np.rint(np.clip(np.concatenate([*self.peaks, rest]), 0, 1) * 255).astype(np.uint8)
