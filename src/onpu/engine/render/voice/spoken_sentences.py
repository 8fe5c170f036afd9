"""Sentences spoken by programs of the system, with the times of their sounds.

flite (Black & Lenzo, "Flite: a small fast run-time synthesis engine", SSW 2001; voices of CMU ARCTIC) prints when each
sound ends; the library of espeak-ng (formants) tells of each when it begins.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from onpu.errors import DataError
from onpu.music.speech_sounds import PAUSE_NAME, sounds_of_ipa

STRETCH = 1.25
"""Sounds of flite last so many times as long as it has them."""
WORDS_A_MINUTE = 140
"""Of espeak-ng."""
LEAST_SECONDS = 0.01
"""A sound that lasts no longer shares the time of the one before it."""
_SECONDS = 20
_RATE_SETTING = 1
_PHONEME_EVENT, _LAST_EVENT = 7, 0
_SYNCHRONOUS, _PHONEMES, _IN_IPA, _UTF8 = 2, 1, 2, 1
_FLITE = {"axr": "er", "el": "l", "em": "m", "en": "n", "dx": "d", "ix": "ih"}


@dataclass(frozen=True, eq=False)
class SpokenSentence:
    """samples: (n,) float32, mono. rate: Hz. sounds: names in `onpu.music.speech_sounds.SOUNDS`. starts: (sounds + 1,)
    seconds, the end last."""

    samples: np.ndarray
    rate: int
    sounds: tuple[str, ...]
    starts: np.ndarray


def speak_flite(text: str, voice: str = "slt") -> SpokenSentence:
    """A sentence by a voice of flite. Raises `DataError` where the program or the voice is not there."""
    if shutil.which("flite") is None:
        raise DataError("speech by flite needs that program; install it (apt-get install flite)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        told = subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={STRETCH}", "-psdur", "-t", text,
                               "-o", str(path)], capture_output=True, text=True, check=False, timeout=_SECONDS)
        if not path.exists():
            raise DataError(f"flite does not speak as {voice}; it has {_voices()}")
        samples, rate = soundfile.read(path, dtype="float32")
    rows = [item.rpartition(":")[::2] for item in told.stdout.split()]
    names = tuple(_FLITE.get(name, name) for name, _ in rows)
    return SpokenSentence(samples, int(rate), names, np.array([0.0, *(float(end) for _, end in rows)]))


def _voices() -> str:
    told = subprocess.run(["flite", "-lv"], capture_output=True, text=True, check=False, timeout=_SECONDS)
    return told.stdout.partition(":")[2].strip()


def speak_espeak(text: str, voice: str = "en-us") -> SpokenSentence:
    """A sentence by a voice of espeak-ng. Raises `DataError` where its library or the voice is not there."""
    library, rate = _library()
    if library.espeak_SetVoiceByName(voice.encode()):
        raise DataError(f"espeak-ng has no voice {voice}; espeak-ng --voices lists them")
    library.espeak_SetParameter(_RATE_SETTING, WORDS_A_MINUTE, 0)
    parts: list[np.ndarray] = []
    begun: list[tuple[float, str]] = []

    def heard(wave: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if count > 0:
            parts.append(np.ctypeslib.as_array(wave, (count,)).copy())
        place = 0
        while events[place].type != _LAST_EVENT:
            if events[place].type == _PHONEME_EVENT:
                begun.append((events[place].audio_position / 1000, events[place].id.text.decode(errors="ignore")))
            place += 1
        return 0

    callback = _CALLBACK(heard)
    library.espeak_SetSynthCallback(callback)
    letters = text.encode()
    library.espeak_Synth(letters, len(letters) + 1, 0, 0, 0, _UTF8, None, None)
    samples = np.concatenate([np.zeros(0, np.int16), *parts]).astype(np.float32) / 32768
    return SpokenSentence(samples, rate, *_parted(begun, len(samples) / rate))


def _parted(begun: list[tuple[float, str]], end: float) -> tuple[tuple[str, ...], np.ndarray]:
    """Sounds and their starts; letters of the IPA that stand for several sounds share their time."""
    names, starts = [PAUSE_NAME], [0.0]
    for (start, letters), (after, _) in zip(begun, [*begun[1:], (end, "")], strict=True):
        own = sounds_of_ipa(letters)
        if not own and not letters.strip("_:") and names[-1] != PAUSE_NAME:
            own = [PAUSE_NAME]
        names += own
        starts += [start + (after - start) * number / len(own) for number in range(len(own))]
    for place in range(1, len(starts) - 1):
        if starts[place + 1] - starts[place] < LEAST_SECONDS:  # told together with the sound before
            starts[place] = (starts[place - 1] + starts[place + 1]) / 2
    return tuple(names), np.array([*starts, max(end, starts[-1])])


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("text", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user_data", ctypes.c_void_p), ("id", _Id))


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """The library of espeak-ng, begun, and its rate in Hz."""
    name = find_library("espeak-ng")
    if name is None:
        raise DataError("speech by espeak-ng needs its library; install it (apt-get install espeak-ng)")
    library = ctypes.CDLL(name)
    rate = int(library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEMES | _IN_IPA))
    if rate <= 0:
        raise DataError("espeak-ng does not begin; install it anew (apt-get install espeak-ng)")
    return library, rate


SPEAKERS: dict[str, Callable[[str], SpokenSentence]] = {"slt": speak_flite, "espeak": speak_espeak}
"""Voice -> what speaks with it."""
