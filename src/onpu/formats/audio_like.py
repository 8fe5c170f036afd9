"""What a user hands in as a recording -> an `AudioSource`: a path, a file, bytes, samples with their rate, or many."""

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np

from onpu.errors import AudioError, OnpuError
from onpu.formats.audio import AudioFile, open_audio
from onpu.music.audio import Audio, AudioSource, Samples

Result = TypeVar("Result")


class BinaryFile(Protocol):
    """What `open(path, "rb")`, `io.BytesIO` and responses of servers have in common."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes, `size` at most; none at the end."""


AudioLike: TypeAlias = (str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryFile | Samples | AudioSource
                        | tuple[Samples, int] | tuple[int, Samples])
"""One recording in any of its forms."""
Like = TypeVar("Like", bound=AudioLike)
ManyAudioLike: TypeAlias = list[Like] | tuple[Like, ...] | Iterator[Like]
"""Several recordings."""
FORMS = ("a path, a binary file, bytes, samples (an array or a tensor) with their rate, a pair (samples, rate), "
         "an onpu.Audio, or a list or an iterator of these")


@contextmanager
def as_source(recording: AudioLike, rate: int | None = None) -> Iterator[AudioSource]:
    """One recording, opened.

    recording: the path of a file; a binary file, read from where it stands and set back there where it can be; the
    bytes of a file; samples in either orientation (see `Audio.of`), in a pair with their rate or with `rate`; what has
    the attributes of an `AudioSource`. rate in Hz: samples need it; what has a rate of its own must have this one.

    Raises
    ------
    AudioError
        When the recording is none of these, or cannot be used.
    """
    with _opened(recording, rate) as source:
        if rate is not None and rate != source.rate:
            raise AudioError(f"{name_of(recording)}: has {source.rate} Hz, not {rate}; give a rate with samples only")
        yield source


def _opened(recording: Any, rate: int | None) -> AbstractContextManager[AudioSource]:
    if isinstance(recording, str | os.PathLike):
        if "://" in str(recording):
            raise AudioError(f"{recording}: onpu opens no addresses; download the recording first")
        return open_audio(recording)
    if _is_pair(recording):
        return nullcontext(Audio.of(*sorted(recording, key=_is_samples, reverse=True)))
    if _is_samples(recording):
        if rate is None:
            raise AudioError(f"samples ({name_of(recording)}) need their sample rate in Hz beside them, such as 44100")
        return nullcontext(Audio.of(recording, rate))
    if isinstance(recording, Audio):
        return nullcontext(recording.validate())
    if _is_source(recording):
        return nullcontext(recording)
    if isinstance(recording, bytes | bytearray | memoryview):
        return _copied(io.BytesIO(recording), name_of(recording))
    if hasattr(recording, "read"):
        return _copied(recording, name_of(recording))
    raise AudioError(f"{name_of(recording)} is no recording; give {FORMS}")


@contextmanager
def _copied(file: Any, name: str) -> Iterator[AudioFile]:
    """A file whose bytes are copied to the disk, where every decoder can go to and fro in them."""
    with tempfile.TemporaryDirectory(prefix="onpu-") as folder:
        path = Path(folder) / "recording"
        try:
            start = file.tell() if getattr(file, "seekable", lambda: False)() else None
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            if start is not None:
                file.seek(start)
        except (TypeError, ValueError) as error:  # a file of text, a closed one
            raise AudioError(f"{name}: cannot be read as a binary file ({error}); open it with mode 'rb'") from error
        if start and not path.stat().st_size:
            raise AudioError(f"{name}: stands at its end; call seek(0) before handing it in")
        with open_audio(path, name) as source:
            yield source


def one_or_each(change: Callable[[AudioLike], Result], recording: AudioLike | ManyAudioLike[Any]
                ) -> Result | Iterator[Result]:
    """What a recording is changed into; of several an iterator, which changes one whenever it is asked for the next.

    What is raised for one of several names it, and the iterator goes on with the one after it.
    """
    whole: Any = recording
    if not are_many(whole):
        return change(whole)

    def one(number: int, recording: AudioLike) -> Result:
        try:
            return change(recording)
        except OnpuError as error:
            name, text = name_of(recording), str(error)
            if text.startswith(name):
                raise type(error)(f"recording {number}, {text}") from error
            raise type(error)(f"recording {number}, {name}: {text}") from error

    return map(one, count(1), whole)


def name_of(recording: Any) -> str:
    """What messages call a recording: its path, or its kind and size."""
    if isinstance(recording, str | os.PathLike):
        return str(recording)
    if _is_pair(recording):
        return f"a pair of {' and '.join(type(part).__name__ for part in recording)}"
    if _is_samples(recording):
        return f"{type(recording).__name__} {tuple(recording.shape)}"
    if isinstance(recording, bytes | bytearray | memoryview):
        return f"{type(recording).__name__} ({len(recording)})"
    name = getattr(recording, "name", None)
    return name if isinstance(name, str) and hasattr(recording, "read") else f"{type(recording).__name__}"


def are_many(recording: object) -> bool:
    """Whether these are several recordings: an iterable that is none itself. Sets have no order, and of mappings it is
    not clear what is meant, so neither is taken for several."""
    one = (str, bytes, bytearray, memoryview, os.PathLike, Mapping, Set)
    if isinstance(recording, one) or _is_pair(recording) or hasattr(recording, "read"):
        return False
    return isinstance(recording, Iterable) and not _is_samples(recording) and not _is_source(recording)


def _is_samples(value: object) -> bool:
    return hasattr(value, "__array__") and hasattr(value, "shape")


def _is_pair(value: object) -> bool:
    """Whether this is (samples, rate), as soundfile, librosa and torchaudio return it, or (rate, samples), as SciPy."""
    return isinstance(value, tuple) and len(value) == 2 and sorted(map(_is_samples, value)) == [False, True] and any(
        isinstance(part, int | float | np.number) for part in value)


def _is_source(value: object) -> bool:
    return all(hasattr(value, name) for name in ("rate", "channels", "duration", "blocks"))
