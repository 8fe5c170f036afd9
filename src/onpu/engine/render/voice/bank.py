"""A speaker's syllables, taken apart by the WORLD analysis (Morise et al., IEICE Trans. Inf. Syst. 2016): spectral
envelope and aperiodicity every 5 ms, kept in the user's cache folder."""

import hashlib
import importlib
import os
import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

import numpy as np
import soxr

from onpu.engine.render.voice.tts import Speaker, draw_syllable, pronounce
from onpu.files import replacing

RATE = 32_000
FRAME_SECONDS = 0.005
"""Seconds between frames."""
FFT = 1024
LOWEST_HZ = 96.0
"""Hz; the analysis window of 1024 samples is three periods of it."""
BANDS, NOISE_BANDS = 64, 12
SYLLABLES_PER_SPEAKER = 40
"""Syllables of a speaker."""
VERSION = 1
_EDGE = 1.6
_CORE = 1.1
"""Natural logarithms: how far below the greatest amplitude a syllable is still heard, and its vowel reaches."""


def mel(frequency: np.ndarray) -> np.ndarray:
    """Mel of Hz (O'Shaughnessy 1987)."""
    return 2595 * np.log10(1 + frequency / 700)


_MELS = np.linspace(0, mel(np.array(RATE / 2)), BANDS)
CENTRES = 700 * (10 ** (_MELS / 2595) - 1)
NOISE_CENTRES = np.linspace(0, RATE / 2, NOISE_BANDS)
_BINS = np.linspace(0, RATE / 2, FFT // 2 + 1)


@dataclass(frozen=True, eq=False)
class Syllable:
    """text: its phonemes. envelope: (frames, BANDS) natural log of the power at `CENTRES`. noise: (frames, NOISE_BANDS)
    aperiodicity 0 to 1 at `NOISE_CENTRES`. voiced: (frames,). begin, end: frames of the vowel."""

    text: str
    envelope: np.ndarray
    noise: np.ndarray
    voiced: np.ndarray
    begin: int
    end: int


@cache
def world() -> ModuleType | None:
    """pyworld, if it is installed and can be imported."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it imports pkg_resources
            return importlib.import_module("pyworld")
    except ImportError:
        return None


@lru_cache(maxsize=64)
def syllables(speaker: Speaker) -> tuple[Syllable, ...]:
    """What the speaker can sing: the same wherever it is made with the same programs. Empty without pyworld."""
    path = _folder() / f"{speaker.program}-{speaker.voice}-{VERSION}.npz"
    found = _load(path)
    if found is None:
        rows = _record(speaker)
        if not rows:
            return ()
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file, file.open("wb") as opened:
            np.savez_compressed(opened, **rows)  # type: ignore[arg-type]
        found = _unpack(rows)
    return found


def _folder() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "onpu" / "voices"


def _load(path: Path) -> tuple[Syllable, ...] | None:
    try:
        with np.load(path) as stored:
            return _unpack({key: stored[key] for key in stored.files})
    except (OSError, ValueError, KeyError, EOFError):
        return None


def _unpack(rows: dict[str, np.ndarray]) -> tuple[Syllable, ...]:
    lasts = np.cumsum(rows["lengths"])
    return tuple(
        Syllable(str(text), rows["envelope"][last - length : last].astype(np.float32),
                 rows["noise"][last - length : last].astype(np.float32), rows["voiced"][last - length : last],
                 int(begin), int(end))
        for text, length, last, begin, end in zip(rows["texts"], rows["lengths"], lasts, rows["begins"], rows["ends"],
                                                  strict=True))


def _record(speaker: Speaker) -> dict[str, np.ndarray]:
    """Syllables spoken and taken apart; half precision, so that stored and fresh ones are equal."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(speaker.voice.encode()).digest()[:8], "little"))
    taken: dict[str, Syllable] = {}
    for _ in range(3 * SYLLABLES_PER_SPEAKER):
        phonemes = draw_syllable(speaker, rng)
        text = "".join(phonemes)
        if text not in taken and len(taken) < SYLLABLES_PER_SPEAKER:
            syllable = _taken_apart(text, *pronounce(speaker, phonemes))
            if syllable is not None:
                taken[text] = syllable
    if len(taken) < 8:
        return {}
    found = list(taken.values())
    return {"texts": np.array([s.text for s in found]), "lengths": np.array([len(s.voiced) for s in found]),
            "begins": np.array([s.begin for s in found]), "ends": np.array([s.end for s in found]),
            "envelope": np.concatenate([s.envelope for s in found]).astype(np.float16),
            "noise": np.concatenate([s.noise for s in found]).astype(np.float16),
            "voiced": np.concatenate([s.voiced for s in found])}


def _taken_apart(text: str, sound: np.ndarray, rate: int, vowel: tuple[float, float] | None) -> Syllable | None:
    """None where no vowel is found."""
    pyworld = world()
    if pyworld is None or len(sound) < 0.1 * rate or np.abs(sound).max() < 1e-3:
        return None
    wave = np.ascontiguousarray(soxr.resample(sound.astype(np.float64), rate, RATE))
    coarse, times = pyworld.dio(wave, RATE, f0_floor=LOWEST_HZ, f0_ceil=500.0, frame_period=1000 * FRAME_SECONDS)
    f0 = pyworld.stonemask(wave, coarse, times, RATE)
    spectra = analysed(wave, f0, times)
    heard = np.flatnonzero(spectra.loud > spectra.loud.max() - 2.5 * _EDGE)
    first, last = int(heard[0]), int(heard[-1]) + 1
    if vowel is None:
        begin, end = _vowel(spectra.middle, spectra.voiced)
    else:
        begin, end = round(vowel[0] / FRAME_SECONDS), min(round(vowel[1] / FRAME_SECONDS), len(f0))
    first, last = min(first, begin), max(last, end)
    if end - begin < 8 or spectra.voiced[begin:end].mean() < 0.7:
        return None
    voiced = spectra.voiced[first:last]
    voiced[begin - first : end - first] = True
    envelope = spectra.envelope[first:last] - 2 * np.median(spectra.loud[begin:end])
    return Syllable(text, extended(envelope, voiced, 0.45 * rate).astype(np.float16),
                    spectra.noise[first:last].astype(np.float16), voiced, begin - first, end - first)


@dataclass(frozen=True, eq=False)
class Spectra:
    """Frames of a recording. envelope, noise, voiced: as in `Syllable`. loud, middle: (frames,) natural log of the
    amplitude, of the whole spectrum and of 300 to 3000 Hz."""

    envelope: np.ndarray
    noise: np.ndarray
    voiced: np.ndarray
    loud: np.ndarray
    middle: np.ndarray


def analysed(wave: np.ndarray, f0: np.ndarray, times: np.ndarray) -> Spectra:
    """A recording at `RATE` Hz taken apart. f0: Hz, 0 where there is none, at these times. Needs pyworld."""
    pyworld = world()
    assert pyworld is not None
    power = pyworld.cheaptrick(wave, f0, times, RATE, f0_floor=LOWEST_HZ, fft_size=FFT)
    noise = pyworld.d4c(wave, f0, times, RATE, fft_size=FFT)
    return Spectra(np.stack([np.interp(CENTRES, _BINS, row) for row in np.log(power + 1e-14)]),
                   np.stack([np.interp(NOISE_CENTRES, _BINS, row) for row in noise]), f0 > 0,
                   0.5 * np.log(power.mean(axis=1) + 1e-14),
                   0.5 * np.log(power[:, (_BINS > 300) & (_BINS < 3000)].mean(axis=1) + 1e-14))


def _vowel(loud: np.ndarray, voiced: np.ndarray) -> tuple[int, int]:
    """Frames around the loudest voiced one in which the middle of the spectrum stays strong."""
    strong = (loud > loud[voiced].max(initial=-99.0) - _CORE) & voiced
    if not strong.any():
        return 0, 0
    peak = int(np.argmax(np.where(voiced, loud, -99.0)))
    weak = np.flatnonzero(~strong)
    before, after = weak[weak < peak], weak[weak > peak]
    return int(before[-1]) + 1 if len(before) else 0, int(after[0]) if len(after) else len(loud)


def extended(envelope: np.ndarray, voiced: np.ndarray, reach: float) -> np.ndarray:
    """The envelope above what the recording reaches, Hz: falling by 12 dB an octave in vowels, 4 in consonants."""
    beyond, edge = reach < CENTRES, (CENTRES > 0.8 * reach) & (reach >= CENTRES)
    level = envelope[:, edge].mean(axis=1, keepdims=True)
    slope = np.where(voiced, 12.0, 4.0)[:, None] * np.log(10) / 10
    return np.where(beyond, level - slope * np.log2(np.maximum(CENTRES, reach) / reach), envelope)
