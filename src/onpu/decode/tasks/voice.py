"""Where somebody sings, of what `onpu.listen.voice` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.filters import moving_mean
from onpu.music import Clock, Voice
from onpu.recipe import Options, setting


@dataclass(frozen=True)
class VoiceOptions(Options):
    """How sure of singing one wants to be, and how short it may be."""

    voice_threshold: float = setting(
        0.6, "probability of singing from which a frame is sung; higher for less singing", "(0, 1)")
    voice_median_seconds: float = setting(0.8, "window of the median filter, seconds", "[0, 60]")
    min_voice_seconds: float = setting(0.3, "shortest stretch of singing, seconds", "[0, 60]")
    min_voice_pause_seconds: float = setting(0.5, "shortest pause between two stretches of singing, seconds", "[0, 60]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: VoiceOptions) -> dict[str, Voice]:
    """voice: stretches of frames whose median around them passes the threshold; how sure: their mean activation."""
    activation = np.asarray(activations["voice"], dtype=np.float64)
    reach = round(options.voice_median_seconds * clock.fps / 2)
    likely = (activation >= options.voice_threshold).astype(np.float64)
    edges = np.diff(moving_mean(likely, 2 * reach + 1) > 0.5, prepend=False, append=False)
    bounds = np.flatnonzero(edges).reshape(-1, 2)  # first frame, and first frame after
    gaps = bounds[1:, 0] - bounds[:-1, 1] >= options.min_voice_pause_seconds * clock.fps
    first, last = bounds[np.append(True, gaps)[: len(bounds)], 0], bounds[np.append(gaps, True)[: len(bounds)], 1]
    kept = last - first >= options.min_voice_seconds * clock.fps
    first, last = first[kept], last[kept]
    sure = np.array([activation[a:b].mean() for a, b in zip(first, last, strict=True)])
    starts, ends = clock.seconds(first - 0.5).clip(0), clock.seconds(last - 0.5)
    return {"voice": Voice(starts, ends, np.full(len(first), ""), sure)}


DECODER = Decoder(
    name="voice",
    title="where somebody sings",
    paper="Schlüter & Grill, Exploring data augmentation for improved singing voice detection, ISMIR 2015; "
          "Leglaive, Hennequin & Badeau, ICASSP 2015",
    label="voice",
    fields=("voice",),
    decode=decode,
    options=VoiceOptions(),
)
