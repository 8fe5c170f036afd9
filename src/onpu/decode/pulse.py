"""What is known of the pulse of a stretch of music: activations and flux, and how strong they are at given places."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onpu.decode.steady_pulse import SteadyPulse, steady_pulse
from onpu.music.arrays import Floats

TEMPI = np.geomspace(30, 300, 120)
"""Beats a minute, classes of the tempo head."""
REACH_SECONDS, FLUX_REACH_SECONDS = 0.04, 0.02
"""Seconds around a place in which an activation, and the flux, is looked for."""
TEMPO_HEAD_TOLERANCE = 0.1
"""Difference of logarithms of tempi below which the tempo head speaks of this tempo."""
FLUX_FLOOR = 0.1
"""Share of the mean flux that is added to flux before ratios are taken."""
SMALL = 1e-3
"""What activations are compared with or added to where they might be 0."""


@dataclass(frozen=True, eq=False)
class HeardPulse:
    """What the cues are taken from, of one stretch; all arrays end in (frames,).

    tempo: (classes, frames) belief in each of `tempi` (classes,) beats a minute; flux: (bands, frames), low bands
    first; odds: log odds that harmony gives a downbeat; start: the frame in which the music starts out of silence;
    grid: (beats,) frames of the beats of a steady recording, to which the activations are drawn. None: not known.
    """

    beat: np.ndarray
    downbeat: np.ndarray
    fps: float
    tempo: np.ndarray | None = None
    tempi: np.ndarray | None = None
    flux: np.ndarray | None = None
    odds: np.ndarray | None = None
    start: float | None = None
    grid: np.ndarray | None = None

    def part(self, start: int, end: int) -> "HeardPulse":
        """The frames [start, end)."""
        tempo, flux, odds = (None if x is None else x[..., start:end] for x in (self.tempo, self.flux, self.odds))
        begins = None if self.start is None or not start <= self.start < end else self.start - start
        return HeardPulse(self.beat[start:end], self.downbeat[start:end], self.fps, tempo, self.tempi, flux, odds,
                          begins)

    @cached_property
    def peak(self) -> float:
        """Height of the activation's peaks: its mean weighed by itself."""
        return float(np.square(self.beat).sum()) / max(float(self.beat.sum()), SMALL)

    @cached_property
    def steady(self) -> SteadyPulse | None:
        """The pulse that is kept from beginning to end, if one is; None without flux."""
        return None if self.flux is None else steady_pulse(self.flux.sum(axis=0), self.fps)

    def level(self, frames: np.ndarray) -> np.ndarray:
        """Beat activation around places in frames, (n,)."""
        return near(self.beat, frames, REACH_SECONDS * self.fps)

    def rise(self, frames: np.ndarray, bands: slice = slice(None)) -> np.ndarray:
        """Flux around places in frames, summed over bands, (n,); with the floor under it."""
        flux = np.zeros((1, len(self.beat))) if self.flux is None else self.flux[bands]
        floor = FLUX_FLOOR * float(flux.sum(axis=0).mean()) + SMALL**2
        rise: Floats = near(flux, frames, FLUX_REACH_SECONDS * self.fps).sum(axis=0) + floor
        return rise


def tempo_belief(frames: np.ndarray, pulse: HeardPulse) -> float:
    """Logarithm of the tempo head's belief in the tempo of each beat, on average over the time; 0 without a head."""
    if pulse.tempo is None or pulse.tempi is None:
        return 0.0
    lengths = np.diff(frames)
    middle = (frames[:-1] + lengths / 2).astype(int)
    same = np.abs(np.log(pulse.tempi[:, None] * lengths / (60 * pulse.fps))) < TEMPO_HEAD_TOLERANCE
    belief = (pulse.tempo[:, middle] * same).sum(axis=0)
    return float(np.log(np.average(belief, weights=lengths) + 3 * SMALL))


def near(values: np.ndarray, frames: np.ndarray, reach: float) -> np.ndarray:
    """Largest value (…, n) within `reach` frames of each place."""
    around = np.arange(-max(round(reach), 1), max(round(reach), 1) + 1)
    at = np.clip(np.round(frames).astype(int)[:, None] + around, 0, values.shape[-1] - 1)
    largest: Floats = values[..., at].max(axis=-1)
    return largest
