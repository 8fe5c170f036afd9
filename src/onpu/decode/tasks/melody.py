"""The melody's fundamental frequency, of what `onpu.listen.melody` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.contour import best_line, between_bins
from onpu.decode.decoder import Decoder
from onpu.decode.tasks.notes import HOP
from onpu.music import Clock, Melody
from onpu.recipe import Options, setting

C1 = 440 * 2 ** (-45 / 12)
"""Hz of the lowest pitch that has a salience."""
OCTAVES = 6
STEP_SECONDS = 0.01
"""Seconds from value to value of what is found."""
EARLY_SECONDS = 0.006
"""Seconds by which networks answer early, for the rooms of the music that they learn from delay its sound."""
MAX_GLIDE_SEMITONES = 8
"""Semitones that a pitch may glide in a frame."""


@dataclass(frozen=True)
class MelodyOptions(Options):
    """What counts as a melody."""

    melody_threshold: float = setting(
        0.7, "probability of a melody from which a frame has one; higher for less melody", "[0, 1]")


def bins_per_octave(clock: Clock) -> int:
    """Of the salience, by the clock of its front end."""
    return 12 if clock.hop == HOP else 60


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: MelodyOptions) -> dict[str, object]:
    """melody: Melody every 10 ms, where there is one anywhere, in its pauses with what would be its pitch, negative;
    confidence: how sure the answer is, pitch or none."""
    salience = activations["melody"]
    odds = (1 - options.melody_threshold) / max(options.melody_threshold, 1e-3)
    heard = np.clip(np.asarray(activations["voicing"], dtype=np.float64), 1e-6, 1 - 1e-6)
    voiced = odds * heard / (odds * heard + 1 - heard)
    path = best_line(salience, voiced, bins_per_octave(clock))
    if (path < 0).all():
        return {"melody": Melody.empty()}
    columns = np.arange(len(path))
    times = np.arange(int(clock.seconds(len(path) - 1) / STEP_SECONDS) + 1) * STEP_SECONDS
    at = np.maximum(clock.frames(times - EARLY_SECONDS), 0)
    nearest = np.clip(np.rint(at).astype(int), 0, len(path) - 1)
    chance = np.interp(at, columns, voiced)
    # at a border of the line it ends where the chance of a melody crosses one half
    border = (path[np.maximum(nearest - 1, 0)] < 0) | (path[np.minimum(nearest + 1, len(path) - 1)] < 0)
    sounds = np.where(border & (np.abs(chance - 0.5) < 0.5), chance > 0.5, path[nearest] >= 0)
    frequencies = np.where(sounds, 1, -1) * C1 * 2 ** (_bins(salience, path, at) / bins_per_octave(clock))
    sure = np.where(path >= 0, voiced * salience[np.maximum(path, 0), columns], 1 - voiced)[nearest]
    return {"melody": Melody(times, frequencies, np.clip(sure, 0, 1))}


def _bins(salience: np.ndarray, path: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Bins at these frames with fractions, along the line and, where it pauses, the highest salience: between frames
    the pitch glides, unless it is further than `MAX_GLIDE_SEMITONES` from one to the next."""
    full = np.where(path >= 0, path, salience.argmax(axis=0))
    bins = between_bins(salience, full, np.arange(len(path)))
    before = np.floor(at).astype(int)
    after = np.minimum(before + 1, len(path) - 1)
    share = at - before
    glides = np.abs(full[after] - full[before]) * 12 < MAX_GLIDE_SEMITONES * (len(salience) // OCTAVES)
    found: np.ndarray = np.where(
        glides | (path[before] >= 0) & (path[after] >= 0),
        (1 - share) * bins[before] + share * bins[after], bins[np.minimum(np.rint(at).astype(int), after)])
    return found


DECODER = Decoder(
    name="melody",
    title="the melody's fundamental frequency",
    paper="Bittner et al., Deep salience representations for f0 estimation in polyphonic music, ISMIR 2017",
    label="melody",
    fields=("melody",),
    decode=decode,
    options=MelodyOptions(),
)
