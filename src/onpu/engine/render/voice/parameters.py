"""A recording as the parameters of a vocoder, 200 frames a second, and back.

WORLD (Morise, Yokomori & Ozawa, IEICE Trans. Inf. Syst. 2016): fundamental frequency (DIO, refined by StoneMask),
spectral envelope (CheapTrick), of which 60 bands on a mel scale are kept as in Blaauw & Bonada (Interspeech 2017), and
aperiodicity (D4C) in WORLD's own three bands at this rate.
"""

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from onpu.engine.render.voice.bank import mel, world
from onpu.errors import OnpuError

RATE = 24_000
FRAME_SECONDS = 0.005
HARMONIC, APERIODIC = 60, 3
"""Numbers a frame."""
LOWEST_HZ, HIGHEST_HZ = 71.0, 700.0
FFT = 1024
_BINS = np.linspace(0, RATE / 2, FFT // 2 + 1)
_SILENT = 1e-12


@dataclass(frozen=True, eq=False)
class VocoderFrames:
    """Frames of a voice. pitch: (frames,) MIDI numbers, which go on where none is heard. voiced: (frames,). harmonic:
    (frames, HARMONIC) natural logarithm of the power. aperiodic: (frames, APERIODIC) dB, 0 where all is noise."""

    pitch: np.ndarray
    voiced: np.ndarray
    harmonic: np.ndarray
    aperiodic: np.ndarray

    def __len__(self) -> int:
        return len(self.pitch)


def vocoder() -> ModuleType:
    """pyworld. Raises `OnpuError` where it is not installed."""
    found = world()
    if found is None:
        raise OnpuError("singing needs the WORLD vocoder, pyworld; pip install 'onpu[voice]'")
    return found


def fundamental(wave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hz (frames,), 0 where there is none, and times of the frames, of samples at `RATE`."""
    pyworld = vocoder()
    wave = np.ascontiguousarray(wave, np.float64)
    coarse, times = pyworld.dio(wave, RATE, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ,
                                frame_period=1000 * FRAME_SECONDS)
    return pyworld.stonemask(wave, coarse, times, RATE), times


def taken_apart(wave: np.ndarray) -> VocoderFrames:
    """The frames of samples (samples,) at `RATE`. Raises `OnpuError` without pyworld."""
    pyworld = vocoder()
    wave = np.ascontiguousarray(wave, np.float64)
    f0, times = fundamental(wave)
    power = pyworld.cheaptrick(wave, f0, times, RATE, f0_floor=LOWEST_HZ, fft_size=FFT)
    noise = pyworld.d4c(wave, f0, times, RATE, fft_size=FFT)
    heard = f0 > 0
    pitch = np.full(len(f0), 48.0)
    if heard.any():
        places = np.arange(len(f0))
        pitch = np.interp(places, places[heard], 69 + 12 * np.log2(f0[heard] / 440))
    return VocoderFrames(pitch.astype(np.float32), heard, banded(power),
                         pyworld.code_aperiodicity(noise, RATE).astype(np.float32))


def banded(power: np.ndarray) -> np.ndarray:
    """Spectra (frames, FFT / 2 + 1) -> logarithms in bands (frames, HARMONIC), float32."""
    narrow = _hats()
    return (np.log(power + _SILENT) @ (narrow / narrow.sum(axis=1, keepdims=True)).T).astype(np.float32)


def sounding(frames: VocoderFrames) -> np.ndarray:
    """The sound of frames at `RATE`, float32 (samples,). Raises `OnpuError` without pyworld."""
    pyworld = vocoder()
    if not len(frames):
        return np.zeros(0, np.float32)
    power = np.exp(np.asarray(frames.harmonic, np.float64) @ _hats())
    coded = np.ascontiguousarray(np.where(frames.voiced[:, None], np.clip(frames.aperiodic, -60, 0), 0), np.float64)
    noise = pyworld.decode_aperiodicity(coded, RATE, FFT)
    f0 = np.where(frames.voiced, 440 * 2 ** ((np.asarray(frames.pitch, np.float64) - 69) / 12), 0.0)
    return pyworld.synthesize(f0, power, noise, RATE, 1000 * FRAME_SECONDS).astype(np.float32)


def _hats() -> np.ndarray:
    """(HARMONIC, bins): weights of linear interpolation between bands that are equally spaced in mel."""
    places = mel(_BINS) / mel(np.array(RATE / 2)) * (HARMONIC - 1)
    return np.maximum(0, 1 - np.abs(places[None] - np.arange(HARMONIC)[:, None]))
