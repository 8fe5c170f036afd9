"""Drum hits with velocities, of what `onpu.listen.drums` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.peaks import pick
from onpu.music import Clock, Drums
from onpu.music.drums import CLASSES
from onpu.recipe import Options, setting

PITCHES = np.array([pitches[0] for pitches in CLASSES.values()])
THRESHOLDS = (0.45, 0.3, 0.3, 0.3, 0.35, 0.1, 0.15, 0.1)
HATS = (2, 3)  # closed and open
MIN_HIT_DISTANCE_SECONDS = 0.035  # seconds between hits of a class


@dataclass(frozen=True)
class DrumOptions(Options):
    """What is wanted of a recording's drums."""

    drum_threshold_factor: float = setting(
        1.0, "factor of the activation thresholds of hits; higher for fewer hits", "[0.1, 10]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: DrumOptions) -> dict[str, object]:
    """drums: Drums of the activations hits and velocity (8, frames) in [0, 1]."""
    hits, velocity = np.asarray(activations["hits"], dtype=np.float64), activations["velocity"]
    rows = []
    for number, threshold in enumerate(THRESHOLDS):
        if number == HATS[1]:
            continue
        activation = np.minimum(hits[list(HATS)].sum(axis=0), 1) if number == HATS[0] else hits[number]
        least = min(threshold * options.drum_threshold_factor, 0.99)
        frames, heights = pick(activation, least, MIN_HIT_DISTANCE_SECONDS * clock.fps)
        nearest = np.round(frames).astype(int)
        kind = np.full(len(frames), number)
        if number == HATS[0]:
            kind[hits[HATS[1], nearest] > hits[HATS[0], nearest]] = HATS[1]
        loud = np.clip(np.round(127 * velocity[kind, nearest]), 1, 127)
        rows.append(np.stack([clock.seconds(frames), PITCHES[kind], loud, np.clip(heights, 0, 1)]))
    columns = np.concatenate(rows, axis=1)
    times, pitches, velocities, confidence = columns[:, np.argsort(columns[0], kind="stable")]
    return {"drums": Drums(times, pitches.astype(np.int64), velocities.astype(np.int64), confidence)}


DECODER = Decoder(
    name="drums",
    title="drums with velocities",
    paper="Vogl, Dorfer, Widmer & Knees, Drum transcription via joint beat and drum modeling using convolutional "
          "recurrent neural networks, ISMIR 2017",
    label="drums",
    fields=("drums",),
    decode=decode,
    options=DrumOptions(),
)
