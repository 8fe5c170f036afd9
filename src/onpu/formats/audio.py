"""Recordings as files: libsndfile reads what it can, the ffmpeg program what it cannot, both as a stream of blocks.

Times are those of the decoders: where an mp3, Ogg, Opus or m4a file states the encoder's delay and padding (LAME tag,
granule position, edit list), both decoders cut them off, so that a sound comes out at the sample where it went in. A
stream that does not state its delay (mp3 without a LAME tag, bare AAC) is taken as it decodes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from onpu.errors import AudioError, FormatError
from onpu.files import replacing
from onpu.formats.decoding import AudioFile, opened
from onpu.music.audio import Audio

RATES = (4_000, 384_000)
CHANNELS = (1, 32)
BLOCK_SECONDS = 10.0  # read at once where the caller does not say
SUFFIXES = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".opus": "OGG", ".mp3": "MP3", ".aif": "AIFF",
            ".aiff": "AIFF", ".au": "AU", ".caf": "CAF", ".w64": "W64", ".rf64": "RF64"}
AUDIO = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf", ".w64",
                   ".rf64", ".m4a", ".m4b", ".mp4", ".aac", ".wma", ".ac3", ".mka", ".webm", ".wv", ".ape"})
"""Suffixes of recordings."""
MAX_NAME_SHOWN = 300
"""Characters of a name that cannot be opened in messages."""


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
    audio = opened(path, name)
    for what, value, (low, high) in (("Hz", audio.rate, RATES), ("channels", audio.channels, CHANNELS)):
        if not low <= value <= high:
            raise AudioError(f"{name}: {value} {what} is outside {low} to {high}; convert the recording")
    if not audio.duration:
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
        temporary.touch()  # what forbids it is told by the system here, and by libsndfile not at all
        try:
            with soundfile.SoundFile(temporary, "w", rate, channels, subtype, format=form) as file:
                yield file
        except (soundfile.LibsndfileError, ValueError) as error:
            _write_more(temporary)
            raise FormatError(f"{path}: {form} cannot hold {channels} channels at {rate} Hz as "
                              f"{subtype or 'its usual samples'} ({error}); use .wav or .flac") from error
        if not temporary.stat().st_size:
            raise FormatError(f"{path}: {form} cannot hold a sound of no samples; use .wav")


def _write_more(path: Path) -> None:
    """Raise the `OSError`, such as that of a full disk, that libsndfile calls a system error."""
    with open(path, "ab") as file:
        file.write(bytes(2**16))
        file.flush()
        os.fsync(file.fileno())


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
    except ValueError:  # a zero byte in the name
        raise AudioError(f"{name!r}: no file can be called so; check the path") from None
    except OSError as error:
        shown = name if len(name) <= MAX_NAME_SHOWN else f"{name[:MAX_NAME_SHOWN]}…"
        raise AudioError(f"{shown}: cannot be opened ({error.strerror}); check its permissions") from error
    if not head:
        raise AudioError(f"{name}: is empty (0 bytes); get a complete copy")
    text = head.decode("utf-8", errors="ignore")
    if text and len(text.encode()) > len(head) - 4 and all(c.isprintable() or c in "\t\n\r\f\ufeff" for c in text):
        raise AudioError(f"{name}: holds text, not sound; name the recording itself")
