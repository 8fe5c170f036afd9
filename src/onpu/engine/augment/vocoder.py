"""Time stretching by a phase vocoder that leaves attacks alone.

Output frames are a hop apart. Each is the frame of the recording at the place that the time map gives, turned by an
angle that lets every partial advance by what it advances in a hop there (Laroche & Dolson 1999; the hop of the analysis
is that of the synthesis, so that no phase needs unwrapping). Around an onset the time map has slope 1 and the angle
starts anew: the attack is copied as it is, to the place where the labels put it (after Röbel 2003).
"""

import numpy as np
from scipy.fft import irfft, rfft

WINDOW_SECONDS = 0.046
"""Length of a frame, rounded to a power of two of samples."""
OVERLAP = 4
FLUX_HOP = 4
"""Onsets are looked for so many times a synthesis hop."""
ONSET_RATIO = 3.0
MIN_ONSET_RISE = 0.1
"""A rise in magnitude is an onset when it is the greatest within half a window, at least ONSET times the median rise
and at least FAINT times the greatest."""


def stretched(samples: np.ndarray, rate: int, factor: float) -> np.ndarray:
    """(channels, n) played `factor` times as fast at the same pitch: float32 (channels, round(n / factor))."""
    window = 1 << round(np.log2(WINDOW_SECONDS * rate))
    count = samples.shape[1]
    hop, length = window // OVERLAP, round(count / factor)
    if factor == 1 or count < 2 * window:
        return np.pad(samples, ((0, 0), (0, max(0, length - count))))[:, :length]
    frames = length // hop + 2
    onsets = _spaced(_onsets(samples.mean(axis=0), window), window, factor)
    places, starts = _time_map(onsets, frames, hop, window, count, factor)
    taper = np.hanning(window + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, ((0, 0), (window // 2 + hop, 2 * window)))
    turn = _turns(_slides(padded.mean(axis=0), window), places, starts, hop, taper)
    out = np.zeros((len(samples), (frames - 1) * hop + window), dtype=np.float32)
    for row, channel in zip(out, padded, strict=True):
        spectra = rfft(_slides(channel, window)[places + hop] * taper, axis=1)
        pieces = irfft(spectra * turn, window, axis=1) * taper
        for lap in range(OVERLAP):
            row[lap * hop : (lap + frames) * hop] += pieces[:, lap * hop : (lap + 1) * hop].reshape(-1)
    return out[:, window // 2 : window // 2 + length] / np.float32((taper**2).sum() / hop)


def _turns(slides: np.ndarray, places: np.ndarray, starts: np.ndarray, hop: int, taper: np.ndarray) -> np.ndarray:
    """By what the frames at `places` are turned, unit complex64 (frames, bins): the phase of the frame before, less the
    phase a hop before this one, summed from the last of `starts`."""
    here = np.angle(rfft(slides[places + hop] * taper, axis=1))
    before = np.angle(rfft(slides[places] * taper, axis=1))
    steps = np.zeros(here.shape)
    steps[1:] = here[:-1] - before[1:]
    total = np.cumsum(steps, axis=0)
    last = np.maximum.accumulate(np.where(starts, np.arange(len(places)), 0))
    return np.exp(1j * (total - total[last])).astype(np.complex64)


def _time_map(onsets: np.ndarray, frames: int, hop: int, window: int, count: int, factor: float
              ) -> tuple[np.ndarray, np.ndarray]:
    """Centre in the recording of every output frame, in samples, and where phases start anew: (frames,) int, bool."""
    near = window // 2
    targets = onsets / factor
    output = np.concatenate([[0], np.stack([targets - near, targets + near], axis=1).reshape(-1), [count / factor]])
    source = np.concatenate([[0], np.stack([onsets - near, onsets + near], axis=1).reshape(-1), [count]])
    times = np.arange(frames) * hop
    places = np.rint(np.interp(times, output, source)).astype(int)
    starts = np.zeros(frames, dtype=bool)
    starts[np.minimum(np.ceil(np.maximum(targets - near, 0) / hop).astype(int), frames - 1)] = True
    starts[0] = True
    return places, starts


def _onsets(sound: np.ndarray, window: int) -> np.ndarray:
    """Samples at which something begins, the strongest first: peaks of the rise in magnitude of short frames."""
    short, hop = window // 4, window // OVERLAP // FLUX_HOP
    frames = _slides(np.pad(sound, (short // 2, short)), short)[::hop] * np.hanning(short).astype(np.float32)
    magnitude = np.sqrt(np.abs(rfft(frames, axis=1)))
    rise = np.maximum(np.diff(magnitude, axis=0, prepend=magnitude[:1]), 0).sum(axis=1)
    reach = window // 2 // hop
    around = _slides(np.pad(rise, reach), 2 * reach + 1).max(axis=1)
    peaks = np.flatnonzero((rise >= around) & (rise > max(ONSET_RATIO * np.median(rise), MIN_ONSET_RISE * rise.max())))
    return peaks[np.argsort(-rise[peaks], kind="stable")] * float(hop)


def _spaced(onsets: np.ndarray, window: int, factor: float) -> np.ndarray:
    """Of onsets, strongest first, those that have room for an unstretched frame around them; in order of time."""
    room = 1.1 * window * max(1.0, factor)
    kept: list[float] = []
    for onset in onsets.tolist():
        if onset > 0.6 * room and all(abs(onset - other) > room for other in kept):
            kept.append(onset)
    return np.array(sorted(kept))


def _slides(sound: np.ndarray, length: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(sound, length)
