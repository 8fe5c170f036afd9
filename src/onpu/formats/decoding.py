"""A recording on disk as blocks, decoded by libsndfile or by the ffmpeg program, and held to the length that its bytes
have (`onpu.formats.extent`): what a decoder leaves out is told."""

import json
import logging
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from onpu.errors import AudioError
from onpu.formats.extent import Extent, Mended, examine

log = logging.getLogger(__name__)

UNKNOWN_FRAMES = 2**48  # libsndfile gives more than this where a header does not say
LAST_PAGE = 255 * 2048  # samples, the most in a page of Ogg Vorbis: into the last one libsndfile seeks inexactly
RESERVOIR = 12 * 1152  # samples of mp3 frames before one, from which its bits may come
SHORT = 0.5
"""Seconds by which a decoder may deliver less or more than is there without a word."""
NOTHING = Extent()

Decoder = Callable[["AudioFile", int, int], Generator[np.ndarray, None, str]]
"""(file, first sample, samples a block) -> blocks (channels, samples), and in the end what the decoder complains of."""


@dataclass(eq=False)
class AudioFile:
    """A recording on disk, read block by block and as often as wanted: an `AudioSource`, and a context manager.

    path; rate in Hz; channels; duration in seconds, the expected one until the file has been read to its end. name:
    what messages call it. expected: seconds that are there by bytes or header, 0: unknown. extent: what the bytes say.
    """

    path: Path
    rate: int
    channels: int
    duration: float
    decoder: Decoder = field(repr=False)
    name: str
    expected: float = field(default=0.0, repr=False)
    extent: Extent = field(default_factory=Extent, repr=False)
    _running: "weakref.WeakSet[Generator[np.ndarray, None, None]]" = field(
        default_factory=weakref.WeakSet, init=False, repr=False
    )

    def blocks(self, seconds: float, start: float = 0.0) -> Iterator[np.ndarray]:
        """Consecutive float32 blocks (channels, samples) from `start` on, each of `seconds` but the last.

        Each call reads for itself. Where the sound breaks off before its end (a cut-off file), the blocks end too and
        a warning is logged.

        Raises
        ------
        AudioError
            When a sample is NaN or infinite (with its time), or when nothing can be decoded.
        """
        run = self._read(max(1, round(seconds * self.rate)), round(start * self.rate))
        self._running.add(run)
        return run

    def _read(self, step: int, first: int) -> Generator[np.ndarray, None, None]:
        position = first
        with closing(self.decoder(self, first, step)) as decoded:
            while True:
                try:
                    block = next(decoded)
                except StopIteration as end:
                    self._judge(position / self.rate if position > first or not first else 0.0, end.value)
                    break
                if not np.isfinite(block).all():
                    time = (position + int(np.argmin(np.isfinite(block).all(axis=0)))) / self.rate
                    raise AudioError(f"{self.name}: a sample at {time:.3f} s is NaN or infinite; export it again")
                yield block
                position += block.shape[1]
        if position == 0 < self.duration:
            raise AudioError(f"{self.name}: none of the {self.duration:.1f} s that its header promises can be decoded; "
                             "get an undamaged copy")
        if first == 0 or position > first:
            self.duration = position / self.rate

    def _judge(self, read: float, reason: str) -> None:
        """Warn where what was read is not what was expected. read: seconds up to the end, 0 where it began after it."""
        said = f" ({reason})" if reason else ""
        if 0 < read < self.expected - SHORT:
            log.warning("%s: ends at %.1f s, but its header promises %.1f s%s; it may be cut off", self.name, read,
                        self.expected, said)
        elif 0 < self.expected < read - SHORT:
            log.warning("%s: goes on to %.1f s, though its header promises only %.1f s%s; all of it is read", self.name,
                        read, self.expected, said)
        elif reason and (self.decoder is _decoded_by_ffmpeg or not self.expected):
            log.warning("%s: may be damaged%s", self.name, said)

    def close(self) -> None:
        """End every unfinished iteration over blocks."""
        for run in list(self._running):
            run.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def opened(path: Path, name: str) -> AudioFile:
    """A file that is there and not empty, by the decoder that reads most of it; what is wrong with its length is
    logged. Its duration is 0 where nothing tells it.

    Raises
    ------
    AudioError
        When neither decoder finds sound in it, or it needs ffmpeg and that is not installed.
    """
    extent = examine(path)
    several = extent.parts > 1
    if several and not _programs():
        log.warning("%s: holds %d streams one after the other, of which the first alone is read; install the ffmpeg "
                    "program to read all", name, extent.parts)
    audio = None if several and _programs() else _by_libsndfile(path, name, extent)
    audio = audio or probed(path, name, extent)
    if extent.complaint and audio.expected:
        log.warning("%s: %s", name, extent.complaint)
    return audio


def _by_libsndfile(path: Path, name: str, extent: Extent) -> AudioFile | None:
    """None where libsndfile does not read it."""
    try:
        with _stream(path, extent) as file:
            counted = extent.seconds
            if file.frames < UNKNOWN_FRAMES:
                counted = (file.frames + extent.lost) / file.samplerate
            expected = extent.seconds or counted
            return AudioFile(path, file.samplerate, file.channels, expected if extent.complaint else counted,
                             _decoded_by_libsndfile, name, expected, extent)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: headerless .raw
        return None


class SoundStream(soundfile.SoundFile):
    """A file for libsndfile. onwards: whether it is only read on; else soundfile seeks after each read to where it
    stands, which costs the next frame of an mp3 the bits that lie in those before it."""

    onwards = False

    def seekable(self) -> bool:
        """Whether it may be sought in."""
        return not self.onwards and bool(super().seekable())


def _stream(path: Path, extent: Extent) -> SoundStream:
    """The file, with another head where its own ends the sound too early."""
    return SoundStream(Mended(path, extent.head, extent.replaced) if extent.head else path)


def _decoded_by_libsndfile(file: AudioFile, first: int, step: int) -> Generator[np.ndarray, None, str]:
    """Decode from sample `first` on, `step` samples a block."""
    lost = _lost(file)[first:]
    with _stream(file.path, file.extent) as stream:
        if ahead := max(0, first - file.extent.lost):
            exact = {"OGG": stream.frames - LAST_PAGE, "MP3": ahead - RESERVOIR}.get(stream.format, stream.frames)
            exact = max(0, min(ahead, exact, stream.frames))
            stream.seek(exact)
            stream.onwards = True
            stream.read(ahead - exact)
        stream.onwards = True
        filled, reason = step, ""
        while filled == step:
            block = np.full((step, file.channels), np.nan, np.float32)
            block[: len(lost)], lost, begun = lost[:step], lost[step:], min(step, len(lost))
            try:
                filled = begun + len(stream.read(out=block[begun:]))
            except soundfile.LibsndfileError as error:  # what it decoded up to the damage is in the block
                filled, reason = int(np.isfinite(block[:, 0]).sum()), str(error)
            if filled:
                yield np.ascontiguousarray(block[:filled].T)
    return reason


def _lost(file: AudioFile) -> np.ndarray:
    """The samples (samples, channels) at the beginning that are missing where the head is replaced."""
    if not file.extent.lost:
        return np.zeros((0, file.channels), np.float32)
    with soundfile.SoundFile(file.path) as stream:
        samples = np.asarray(stream.read(file.extent.lost, np.float32, always_2d=True))
    if samples.shape[1] == file.channels:
        return samples
    return np.tile(samples[:, :1], file.channels)  # the head that is damaged says other channels


def probed(path: Path, name: str, extent: Extent = NOTHING) -> AudioFile:
    """A recording that the ffmpeg program decodes. Raises `AudioError` when it does not, or is not installed."""
    if not _programs():
        raise AudioError(f"{name}: not a format that libsndfile reads; install the ffmpeg program, which reads m4a, "
                         "aac, wma and others, or convert the recording to wav")
    command = ["ffprobe", "-v", "warning", "-protocol_whitelist", "file,pipe", "-select_streams", "a", "-show_entries",
               "stream=sample_rate,channels,duration:format=duration", "-of", "json", f"file:{path}"]
    answer = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    found = json.loads(answer.stdout) if answer.returncode == 0 else {}
    streams = [stream for stream in found.get("streams", ()) if int(stream.get("sample_rate", 0))]
    if not streams:
        raise AudioError(f"{name}: neither libsndfile nor ffmpeg finds sound in it; it is damaged or no recording")
    if len(streams) > 1:
        log.warning("%s: has %d sound tracks, of which the first is taken", name, len(streams))
    duration = float(streams[0].get("duration") or found.get("format", {}).get("duration") or 0.0)
    stated = 0.0 if b"Estimating duration" in answer.stderr else duration
    return AudioFile(path, int(streams[0]["sample_rate"]), int(streams[0]["channels"]), extent.seconds or duration,
                     _decoded_by_ffmpeg, name, extent.seconds or stated, extent)


def _programs() -> bool:
    """Whether the ffmpeg program is installed."""
    return all(map(shutil.which, ("ffmpeg", "ffprobe")))


def _decoded_by_ffmpeg(file: AudioFile, first: int, step: int) -> Generator[np.ndarray, None, str]:
    """As `_decoded_by_libsndfile`; what lies before `first` is decoded and dropped, so that the position is exact."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", f"file:{file.path}",
               "-map", "0:a:0", "-ac", str(file.channels), "-ar", str(file.rate), "-f", "f32le", "pipe:1"]
    frame = 4 * file.channels
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=messages) as process,
    ):
        assert process.stdout is not None
        try:
            while first and (dropped := process.stdout.read(min(first, step) * frame)):
                first -= len(dropped) // frame
            while data := process.stdout.read(step * frame):
                samples = np.frombuffer(data, "<f4", len(data) // frame * file.channels)
                yield np.ascontiguousarray(samples.reshape(-1, file.channels).T)
            process.wait()
            messages.seek(0)
            said = messages.read().decode(errors="replace").splitlines()
            return next((f"ffmpeg says: {line}" for line in said if not line.startswith("[f32le")), "")
        finally:
            process.kill()
