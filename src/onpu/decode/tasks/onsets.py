"""Onsets, of what `onpu.listen.onsets` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.peaks import pick
from onpu.music import Clock, Onsets
from onpu.music.onsets import MERGED_ONSET_SECONDS
from onpu.recipe import Options, setting


@dataclass(frozen=True)
class OnsetOptions(Options):
    """What is wanted of a recording's onsets."""

    onset_threshold: float = setting(
        0.25, "activation from which there is an onset, 0 to 1; higher for fewer onsets", "(0, 1)")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: OnsetOptions) -> dict[str, object]:
    """onsets: Onsets of the activation onset (frames,) in [0, 1]."""
    frames, heights = pick(activations["onset"], options.onset_threshold, MERGED_ONSET_SECONDS * clock.fps)
    return {"onsets": Onsets(clock.seconds(frames), np.clip(heights, 0, 1))}


DECODER = Decoder(
    name="onsets",
    title="onsets of everything that is played",
    paper="Schlüter & Böck, Improved musical onset detection with convolutional neural networks, ICASSP 2014",
    label="onsets",
    fields=("onsets",),
    decode=decode,
    options=OnsetOptions(),
)
