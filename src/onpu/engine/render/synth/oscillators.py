"""What every patch is made of: decaying modes, scanned wavetables, envelopes, coloured noise. Vectorised over time."""

import numpy as np

from onpu.music.audio import rms

TABLE = 4096
"""Samples of a wavetable; a table holds at most TABLE / 4 harmonics, so linear interpolation stays clean."""
STEP = 128
"""Samples of a block in `modes`."""

AUDIBLE = 1e-9
"""Amplitude under which a mode has died away."""


def modes(frequencies: np.ndarray, decays: np.ndarray, amplitudes: np.ndarray, phases: np.ndarray, samples: int,
          rate: int) -> np.ndarray:
    """Sum of decaying sinusoids, float32 (samples,).

    amplitudes * exp(-t / decays) * cos(2 pi frequencies t + phases), all (k,), Hz and seconds. Modes at and above half
    the rate are left out. As z^(STEP i + j) = z^(STEP i) z^j, all samples are one matrix product.
    """
    below = frequencies < 0.5 * rate
    pole = (-1 / (decays[below] * rate)) + 2j * np.pi * frequencies[below] / rate
    blocks = -(-samples // STEP)
    coarse = amplitudes[below] * np.exp(1j * phases[below] + np.outer(np.arange(blocks) * STEP, pole))
    coarse[np.abs(coarse) < AUDIBLE] = 0
    fine = np.exp(np.outer(pole, np.arange(STEP)))
    left = np.concatenate([coarse.real, -coarse.imag], axis=1).astype(np.float32)
    right = np.concatenate([fine.real, fine.imag], axis=0).astype(np.float32)
    return (left @ right).reshape(-1)[:samples]


def wavetables(harmonics: np.ndarray, phases: np.ndarray | None = None) -> np.ndarray:
    """One period of each row of harmonic amplitudes (tables, k), from the fundamental on: float32 (tables, TABLE + 1),
    the first sample repeated at the end. phases: (k,) radians of the sines, 0 where not given."""
    count = min(harmonics.shape[1], TABLE // 4)
    spectrum = np.zeros((len(harmonics), TABLE // 2 + 1), dtype=np.complex128)
    turn = np.exp(1j * (np.zeros(count) if phases is None else phases[:count]))
    spectrum[:, 1 : count + 1] = -0.5j * TABLE * harmonics[:, :count] * turn
    period = np.fft.irfft(spectrum, TABLE, axis=1)
    return np.concatenate([period, period[:, :1]], axis=1).astype(np.float32)


def scan(tables: np.ndarray, cycles: np.ndarray, place: np.ndarray | None = None) -> np.ndarray:
    """Read wavetables: cycles (samples,) is the running phase in periods, place (samples,) in [0, tables - 1] blends
    between neighbouring tables (None: the first). float32 (samples,)."""
    position = np.asarray((cycles - np.floor(cycles)) * TABLE, dtype=np.float32)
    index = np.minimum(position.astype(np.int32), TABLE - 1)  # rounding may reach the end of the period
    fraction = position - index
    if place is None:
        return _read(tables[0], index, fraction)
    row = np.minimum(place.astype(np.int32), len(tables) - 2)
    blend = (place - row).astype(np.float32)
    flat, width = tables.reshape(-1), tables.shape[1]
    low = _read(flat, index + row * width, fraction)
    high = _read(flat, index + (row + 1) * width, fraction)
    return low + blend * (high - low)


def _read(table: np.ndarray, index: np.ndarray, fraction: np.ndarray) -> np.ndarray:
    here = np.take(table, index)
    return here + fraction * (np.take(table, index + 1) - here)


def envelope(samples: int, rate: int, attack: float, decay: float, sustain: float) -> np.ndarray:
    """Attack (seconds, raised cosine), then exponential decay (time constant) to `sustain`; float32 (samples,)."""
    rise = max(1, min(samples, round(attack * rate)))
    out = np.empty(samples, dtype=np.float32)
    out[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    after = np.arange(samples - rise, dtype=np.float32) / np.float32(max(decay, 1e-3) * rate)
    out[rise:] = sustain + (1 - sustain) * np.exp(-after)
    return out


def coloured(rng: np.random.Generator, samples: int, rate: int, low: float, high: float, slope: float = 0.0
             ) -> np.ndarray:
    """Gaussian noise between `low` and `high` Hz (skirts of 12 dB an octave), falling by `slope` dB an octave; unit
    RMS, float32 (samples,)."""
    length = max(2, 1 << (samples - 1).bit_length())
    frequency = np.fft.rfftfreq(length, 1 / rate)
    frequency[0] = frequency[1]
    shape = frequency ** (-slope / 6.02) / (1 + (low / frequency) ** 4) ** 0.5 / (1 + (frequency / high) ** 4) ** 0.5
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(length, dtype=np.float32)) * shape, length)[:samples]
    return (noise / max(float(rms(noise)), 1e-9)).astype(np.float32)


def looped(sound: np.ndarray, samples: int) -> np.ndarray:
    """A stretch of noise (…, n) repeated to (…, samples)."""
    repeats = -(-samples // max(sound.shape[-1], 1))
    return np.concatenate([sound] * repeats, axis=-1)[..., :samples] if repeats else sound[..., :samples]
