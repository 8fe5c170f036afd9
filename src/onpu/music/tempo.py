"""Tempo: the curve along the piece and the candidates for one number."""

from dataclasses import dataclass

import numpy as np

from onpu.music.arrays import Floats
from onpu.music.checks import ascending, lengths, probabilities


@dataclass(frozen=True, eq=False)
class Tempo:
    """Tempo in beats a minute.

    bpm: (k,) candidates for the whole piece, strongest first (empty: no beats). strength: (k,) in [0, 1], summing
    to at most 1. times, curve: (n,) seconds and beats a minute from there on.
    """

    bpm: Floats
    strength: Floats
    times: Floats
    curve: Floats

    @staticmethod
    def empty() -> "Tempo":
        """No tempo: no beats were found."""
        return Tempo(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))

    @staticmethod
    def of_beats(times: np.ndarray) -> "Tempo":
        """The tempo of beats (n,), in seconds, that are known: the middle of their rates, which are the curve."""
        if len(times) < 2:
            return Tempo.empty()
        curve = 60 / np.diff(times)
        return Tempo(np.array([60 / float(np.median(np.diff(times)))]), np.ones(1), times[:-1], curve)

    def __repr__(self) -> str:
        return f"Tempo({self.in_brief()})"

    def in_brief(self) -> str:
        """The candidates: `120.1 or 60.0 beats a minute`."""
        return f"{' or '.join(f'{bpm:.1f}' for bpm in self.bpm)} beats a minute" if len(self.bpm) else "no tempo"

    @property
    def octave(self) -> float:
        """Second candidate over the first (0.5, 2, 1.5 …); NaN with fewer than two."""
        return float(self.bpm[1] / self.bpm[0]) if len(self.bpm) > 1 else float("nan")

    def validate(self) -> "Tempo":
        """Return self or raise `LabelError`."""
        lengths("tempo candidates", self.bpm, self.strength)
        lengths("tempo curve", self.times, self.curve)
        ascending("tempo times", self.times)
        probabilities("tempo strength", self.strength)
        return self
