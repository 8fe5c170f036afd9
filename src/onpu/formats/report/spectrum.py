"""What a listener's eye wants of the sound: its level in every semitone along time, and in every pitch class.

A plain windowed Fourier transform, gathered into semitones. It is drawn, not listened to: the representations that
networks learn from are in `onpu.represent`.
"""

import numpy as np

LOWEST, SEMITONES = 24, 96  # MIDI numbers C1 to B8
MOST_COLUMNS = 3600
SHORTEST_COLUMN = 0.05  # seconds
LONGEST_HOP = 0.12  # seconds between windows, several of which may share a column
WINDOW_SECONDS = 0.2  # seconds, about
DEPTH_DB = 65.0  # decibels from the strongest to what is drawn as nothing
CHROMA = slice(24, 72)  # semitones that count for the pitch classes: C3 to B6
GATE_DB = 45.0  # decibels below the loudest column, where pitch classes fade out


class Spectrum:
    """Collects samples as they come, in bounded memory.

    rate in Hz; duration in seconds (what comes later falls into the last column); cents: tuning of the recording.
    """

    def __init__(self, rate: int, duration: float, cents: float = 0.0) -> None:
        column = max(SHORTEST_COLUMN, duration / MOST_COLUMNS)
        self.hop = max(1, round(rate * column / np.ceil(column / LONGEST_HOP)))
        self.size = 2 ** round(np.log2(WINDOW_SECONDS * rate))
        self.column = column * rate
        self.columns = max(1, int(np.ceil(duration / column)))
        self.span = self.columns * column
        self.window = np.hanning(self.size).astype(np.float32)
        self.bands = _bands(rate, self.size, cents)
        self.power = np.zeros((self.columns, SEMITONES))
        self.count = np.zeros(self.columns)
        self.waiting = np.zeros(self.size // 2, np.float32)
        self.frames = 0

    def add(self, samples: np.ndarray) -> None:
        """Take the next samples (n,)."""
        waiting = np.concatenate([self.waiting, samples])
        frames = max(0, (len(waiting) - self.size) // self.hop + 1)
        if frames:
            windows = np.lib.stride_tricks.sliding_window_view(waiting, self.size)[: frames * self.hop : self.hop]
            power = np.abs(np.fft.rfft(windows * self.window)) ** 2 @ self.bands.T
            places = ((self.frames + np.arange(frames)) * self.hop / self.column).astype(int)
            places = np.minimum(places, self.columns - 1)
            np.add.at(self.power, places, power)
            np.add.at(self.count, places, 1)
        self.waiting, self.frames = waiting[frames * self.hop :], self.frames + frames

    def finish(self) -> tuple[np.ndarray, np.ndarray]:
        """Levels in [0, 1] of the semitones (96, columns), lowest first, and of the pitch classes (12, columns)."""
        self.add(np.zeros(self.size // 2, np.float32))
        power = (self.power / np.maximum(self.count, 1)[:, None]).T
        strongest = max(power.max(initial=0.0), 1e-12)
        levels = 1 + 10 / DEPTH_DB * np.log10(np.maximum(power / strongest, 1e-12))
        amplitude = np.sqrt(power[CHROMA]).reshape(-1, 12, self.columns).sum(axis=0)
        loudest = amplitude.max(axis=0)
        audible = 1 + 20 / GATE_DB * np.log10(np.maximum(loudest / max(loudest.max(initial=0.0), 1e-6), 1e-6))
        chroma = amplitude / np.maximum(loudest, 1e-12) * np.clip(2 * audible, 0, 1)
        return np.clip(levels, 0, 1), chroma


def _bands(rate: int, size: int, cents: float) -> np.ndarray:
    """Triangles (semitones, bins) around the semitones, a semitone or at least a bin to either side."""
    centres = 440 * 2 ** ((LOWEST + np.arange(SEMITONES) - 69 + cents / 100) / 12)
    bins = np.arange(size // 2 + 1) * rate / size
    widths = np.maximum(centres * (2 ** (1 / 12) - 1), rate / size)
    weights = np.maximum(0, 1 - np.abs(bins - centres[:, None]) / widths[:, None])
    return (weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32)
