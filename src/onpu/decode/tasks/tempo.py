"""One tempo for a whole recording, of what `onpu.listen.beats` hears (see `onpu.listen.tempo`)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.beat_decision import AUDIBLE_ACTIVATION
from onpu.decode.comb import peaks, tempo_histogram
from onpu.decode.decoder import Decoder
from onpu.decode.pulse import TEMPI
from onpu.music import Clock, Tempo
from onpu.recipe import Options, setting

MIN_RIVAL_SHARE = 0.1  # what the tempo head leaves to a tempo that it does not hear, relative to its highest class


@dataclass(frozen=True)
class TempoOptions(Options):
    """What the user may know of a recording."""

    bpm_range: tuple[float, float] = setting((40.0, 240.0), "slowest and fastest possible tempo, beats per minute")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: TempoOptions) -> dict[str, object]:
    """tempo: Tempo with up to two candidates; the curve is the first one throughout. Empty where nothing beats."""
    beat = np.asarray(activations["beat"], dtype=np.float64)
    beat = np.where(beat > AUDIBLE_ACTIVATION, beat, 0.0)
    tempi, votes = tempo_histogram(beat, clock.fps, options.bpm_range)
    if "tempo" in activations and votes.any():
        heard = np.average(activations["tempo"], axis=1, weights=beat)
        weight = np.interp(np.log(tempi), np.log(TEMPI), heard)
        votes = votes * (MIN_RIVAL_SHARE + weight / max(weight.max(), 1e-9))
        votes /= votes.sum()
    found, strength = (column[:2] for column in peaks(tempi, votes))
    return {"tempo": Tempo(found, strength, np.zeros(len(found[:1])), found[:1])}


DECODER = Decoder(
    name="tempo",
    title="one tempo for the whole recording",
    paper="Böck, Krebs & Widmer, Accurate tempo estimation with resonating comb filters, ISMIR 2015",
    label="tempo",
    fields=("tempo",),
    decode=decode,
    options=TempoOptions(),
    weights="beats",
)
