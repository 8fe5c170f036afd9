"""Single hits, cut where they begin and brought to one level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onpu.engine.render.sampler.sets import Sample
from onpu.music.drum_patterns import ROWS

LEAD_SECONDS = 0.001
"""Of a hit's sound, before its onset."""
LONGEST_SECONDS, FADE_SECONDS = 3.0, 0.05
SILENT = 10 ** (-66 / 20)
"""Of the highest sample: what is left below it at the end is cut off."""
REFERENCE = 0.2
"""RMS of a full hit of the bass drum, after its onset."""
LOUDNESS = {"kick": 0.0, "snare": -1.0, "closed_hat": -11.0, "open_hat": -11.0, "high_tom": -3.0, "mid_tom": -3.0,
            "low_tom": -3.0, "crash": -8.0, "ride": -13.0}
"""dB beside the bass drum, of hits that were not recorded together."""
STAND_INS = {"open_hat": ("closed_hat",), "closed_hat": ("open_hat",), "high_tom": ("mid_tom", "low_tom"),
             "mid_tom": ("high_tom", "low_tom"), "low_tom": ("mid_tom", "high_tom"), "crash": ("ride",),
             "ride": ("crash",)}
"""Row -> rows that stand in for it where a kit lacks it, the best first."""


@dataclass(frozen=True, eq=False)
class OneShotKit:
    """A kit at one sample rate: row -> its hits from soft to loud, each float32 (2, samples) that begins
    `LEAD_SECONDS` before its onset. Rows may be missing."""

    rows: Mapping[str, Sequence[np.ndarray]]
    rate: int

    def hit(self, row: str, velocity: float) -> np.ndarray | None:
        """The hit that is played at a velocity, 1 to 127; None where the kit lacks the row."""
        layers = self.rows.get(row, ())
        return layers[min(len(layers) - 1, int(velocity / 128 * len(layers)))] if layers else None


def assembled(found: Mapping[str, Sequence[np.ndarray]], rate: int, together: bool) -> OneShotKit:
    """A kit out of sounds (channels, samples), from soft to loud. together: whether they were recorded as one kit,
    whose levels beside each other are kept; else each is brought to the usual one.

    Layers of a row are brought to one level, since the velocity decides of theirs.
    """
    heard = {row: [Sample.of(_stereo(sound), rate) for sound in sounds] for row, sounds in found.items() if sounds}
    heard = {row: samples for row, samples in heard.items() if samples[-1].level > 1e-5}
    kick = heard.get("kick") or next(iter(heard.values()), None)
    rows = {}
    for row, samples in heard.items():
        level = REFERENCE * 10 ** (LOUDNESS[row] / 20)
        if together and kick is not None:
            level = REFERENCE * samples[-1].level / kick[-1].level
        rows[row] = [_cut(sample, np.float32(level / sample.level), rate) for sample in samples]
    for row in ROWS:
        stand_in = next((other for other in STAND_INS.get(row, ()) if other in heard), None)
        if row not in rows and stand_in is not None:
            rows[row] = rows[stand_in]
    return OneShotKit(rows, rate)


def _stereo(sound: np.ndarray) -> np.ndarray:
    return np.repeat(sound[:1], 2, axis=0) if sound.shape[0] == 1 else sound[:2]


def _cut(sample: Sample, gain: np.float32, rate: int) -> np.ndarray:
    lead, longest, fade = (round(seconds * rate) for seconds in (LEAD_SECONDS, LONGEST_SECONDS, FADE_SECONDS))
    sound = sample.sound[:, max(0, sample.onset - lead) :][:, :longest]
    sound = np.pad(sound, ((0, 0), (max(0, lead - sample.onset), 0))).astype(np.float32) * gain
    height = np.abs(sound).max(axis=0)
    sound = sound[:, : int(np.flatnonzero(height > SILENT * height.max())[-1]) + fade]
    fade = min(fade, sound.shape[1])
    sound[:, sound.shape[1] - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return np.ascontiguousarray(sound)
