"""Recordings as files: libsndfile reads what it can, the ffmpeg program what it cannot, both as a stream of blocks.

Times are those of the decoders: where an mp3, Ogg, Opus or m4a file states the encoder's delay and padding (LAME tag,
granule position, edit list), both decoders cut them off, so that a sound comes out at the sample where it went in. A
stream that does not state its delay (mp3 without a LAME tag, bare AAC) is taken as it decodes.
"""

import json
import logging
import os
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from onpu.errors import AudioError, FormatError
from onpu.files import replacing
from onpu.music.audio import Audio

log = logging.getLogger(__name__)

RATES = (4_000, 384_000)
CHANNELS = (1, 32)
UNKNOWN_FRAMES = 2**48  # libsndfile gives more than this where a header does not say
LAST_PAGE = 255 * 2048  # samples, the most in a page of Ogg Vorbis: into the last one libsndfile seeks inexactly
BLOCK_SECONDS = 10.0  # read at once where the caller does not say
SUFFIXES = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".opus": "OGG", ".mp3": "MP3", ".aif": "AIFF",
            ".aiff": "AIFF", ".au": "AU", ".caf": "CAF", ".w64": "W64", ".rf64": "RF64"}

Decoder = Callable[["AudioFile", int, int], Generator[np.ndarray, None, None]]


@dataclass(eq=False)
class AudioFile:
    """A recording on disk, read block by block and as often as wanted: an `AudioSource`, and a context manager.

    path; rate in Hz; channels; duration in seconds, the header's until the file has been read to its end. name: what
    messages call it.
    """

    path: Path
    rate: int
    channels: int
    duration: float
    decoder: Decoder = field(repr=False)
    name: str
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
            for block in decoded:
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


def open_audio(path: str | os.PathLike[str], name: str = "") -> AudioFile:
    """Open a recording of 4 to 384 kHz and 1 to 32 channels; samples become float32, integers scaled to ±1.

    A file without a single sample is legal and has the duration 0. A stream whose header does not say how long it is
    gets decoded once to know. name: what messages call it; empty: its path.

    Raises
    ------
    AudioError
        When the file is missing, empty, a folder, not permitted, no sound, or needs ffmpeg and that is not installed.
    """
    path, name = Path(path), name or str(path)
    _readable(path, name)
    try:
        with soundfile.SoundFile(path) as file:
            frames = file.frames if file.frames < UNKNOWN_FRAMES else 0
            audio = AudioFile(path, file.samplerate, file.channels, frames / file.samplerate, _by_soundfile, name)
            counted = file.frames < UNKNOWN_FRAMES
    except (soundfile.LibsndfileError, TypeError):  # TypeError: headerless .raw
        audio = _probe(path, name)
        counted = audio.duration > 0
    for what, value, (low, high) in (("Hz", audio.rate, RATES), ("channels", audio.channels, CHANNELS)):
        if not low <= value <= high:
            raise AudioError(f"{name}: {value} {what} is outside {low} to {high}; convert the recording")
    if not counted:
        for _ in audio.blocks(BLOCK_SECONDS):
            continue
    return audio


def read_audio(path: str | os.PathLike[str], start: float = 0.0, seconds: float | None = None) -> Audio:
    """The recording, or `seconds` of it from `start` on (fewer at its end), as a whole in memory.

    Raises
    ------
    AudioError
        As `open_audio` and `AudioFile.blocks`.
    """
    with open_audio(path) as file:
        wanted = None if seconds is None else round(seconds * file.rate)
        parts = []
        for block in file.blocks(BLOCK_SECONDS if seconds is None else min(seconds, BLOCK_SECONDS), start):
            parts.append(block if wanted is None else block[:, :wanted])
            if wanted is not None and (wanted := wanted - parts[-1].shape[1]) <= 0:
                break
        samples = np.concatenate(parts, axis=1) if parts else np.zeros((file.channels, 0), np.float32)
        return Audio(samples, file.rate)


def write_audio(path: str | os.PathLike[str], audio: Audio, subtype: str | None = None) -> None:
    """Write in the format of the suffix (.wav .flac .ogg .opus .mp3 .aiff .au .caf .w64 .rf64).

    subtype: libsndfile's name of the sample format, such as `PCM_16`, `PCM_24`, `FLOAT`; None: the usual one of the
    format (16 bit where it has that). Samples beyond ±1 are clipped in integer formats. The same sound gives the same
    bytes but in Ogg and in floating-point wav, where libsndfile writes a random number and the time of day.

    Raises
    ------
    FormatError
        When the suffix is not one of these, or the format cannot hold the rate, channels or subtype.
    AudioError
        When a sample is NaN or infinite.
    """
    audio.validate()
    with writing(path, audio.rate, audio.channels, subtype) as file:
        for block in audio.blocks(1.0):
            file.write(block.T)


@contextmanager
def writing(path: str | os.PathLike[str], rate: int, channels: int, subtype: str | None = None
            ) -> Iterator[soundfile.SoundFile]:
    """A file to which blocks (samples, channels) are written one after the other; it appears when all are there.

    Format and subtype as in `write_audio`, which see. Raises `FormatError`."""
    path = Path(path)
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise FormatError(f"{path}: cannot write sound as {path.suffix or 'a file without suffix'}; use one of "
                          + " ".join(SUFFIXES))
    subtype = "OPUS" if subtype is None and path.suffix.lower() == ".opus" else subtype
    with replacing(path) as temporary:
        try:
            with soundfile.SoundFile(temporary, "w", rate, channels, subtype, format=form) as file:
                yield file
        except (soundfile.LibsndfileError, ValueError) as error:
            raise FormatError(f"{path}: {form} cannot hold {channels} channels at {rate} Hz as "
                              f"{subtype or 'its usual samples'} ({error}); use .wav or .flac") from error
        if not temporary.stat().st_size:
            raise FormatError(f"{path}: {form} cannot hold a sound of no samples; use .wav")


def _readable(path: Path, name: str) -> None:
    """Raise `AudioError` for what is no file of sound at first sight."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise AudioError(f"{name}: is a pipe or device; save the recording as a file first")
        with open(path, "rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise AudioError(f"{name}: no such file; check the path") from None
    except IsADirectoryError:
        raise AudioError(f"{name}: is a folder; name a recording in it") from None
    except OSError as error:
        raise AudioError(f"{name}: cannot be opened ({error.strerror}); check its permissions") from error
    if not head:
        raise AudioError(f"{name}: is empty (0 bytes); get a complete copy")
    text = head.decode("utf-8", errors="ignore")
    if text and len(text.encode()) > len(head) - 4 and all(c.isprintable() or c in "\t\n\r\f\ufeff" for c in text):
        raise AudioError(f"{name}: holds text, not sound; name the recording itself")


def _by_soundfile(file: AudioFile, first: int, step: int) -> Generator[np.ndarray, None, None]:
    """Decode with libsndfile from sample `first` on, `step` samples a block."""
    with soundfile.SoundFile(file.path) as stream:
        if first:
            exact = max(0, stream.frames - LAST_PAGE) if stream.format == "OGG" else stream.frames
            stream.seek(min(first, exact))
            stream.read(max(0, first - exact))
        position, filled, reason = first, step, ""
        while filled == step:
            block = np.full((step, file.channels), np.nan, np.float32)
            try:
                filled = len(stream.read(out=block))
            except soundfile.LibsndfileError as error:  # what it decoded up to the damage is in the block
                filled, reason = int(np.isfinite(block[:, 0]).sum()), f" ({error})"
            position += filled
            if filled:
                yield np.ascontiguousarray(block[:filled].T)
        if position + stream.samplerate // 2 < stream.frames < UNKNOWN_FRAMES:
            log.warning("%s: ends at %.1f s, but its header promises %.1f s%s; it may be cut off", file.name,
                        position / stream.samplerate, stream.frames / stream.samplerate, reason)


def _by_ffmpeg(file: AudioFile, first: int, step: int) -> Generator[np.ndarray, None, None]:
    """As `_by_soundfile`; what lies before `first` is decoded and dropped, so that the position is exact."""
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
            if complaints := messages.read().decode(errors="replace").splitlines():
                log.warning("%s: may be damaged; ffmpeg says: %s", file.name, complaints[0])
        finally:
            process.kill()


def _probe(path: Path, name: str) -> AudioFile:
    """What ffprobe says of a recording that libsndfile cannot read."""
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        raise AudioError(f"{name}: not a format that libsndfile reads; install the ffmpeg program, which reads m4a, "
                         "aac, wma and others, or convert the recording to wav")
    command = ["ffprobe", "-v", "error", "-protocol_whitelist", "file,pipe", "-select_streams", "a:0", "-show_entries",
               "stream=sample_rate,channels,duration:format=duration", "-of", "json", f"file:{path}"]
    answer = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    found = json.loads(answer.stdout) if answer.returncode == 0 else {}
    if not found.get("streams"):
        raise AudioError(f"{name}: neither libsndfile nor ffmpeg finds sound in it; it is damaged or no recording")
    stream = found["streams"][0]
    duration = stream.get("duration") or found.get("format", {}).get("duration") or 0.0
    return AudioFile(path, int(stream["sample_rate"]), int(stream["channels"]), float(duration), _by_ffmpeg, name)
