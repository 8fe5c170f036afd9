"""Which instruments play, of what `onpu.listen.instruments` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.runs import runs
from onpu.music import Clock, Instruments
from onpu.music.activity import PLAYERS
from onpu.recipe import Options, setting


@dataclass(frozen=True)
class InstrumentsOptions(Options):
    """How sure of an instrument one wants to be, and how short it may play."""

    instrument_threshold: float = setting(0.4, "probability from which an instrument plays", "(0, 1)")
    instrument_median_seconds: float = setting(2.5, "window of the median filter, seconds", "[0, 60]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: InstrumentsOptions) -> dict[str, Instruments]:
    """instruments: runs of frames whose median passes the threshold; how sure: their mean activation."""
    rows = runs(activations["instruments"], PLAYERS, clock, options.instrument_threshold,
                options.instrument_median_seconds)
    starts, ends, labels, sure = zip(*rows, strict=True) if rows else ((), (), (), ())
    return {"instruments": Instruments(np.array(starts, np.float64), np.array(ends, np.float64),
                                       np.array(labels, np.str_), np.array(sure, np.float64))}


DECODER = Decoder(
    name="instruments",
    title="which instruments play, and when",
    paper="Han, Kim & Lee, Deep convolutional neural networks for predominant instrument recognition in polyphonic "
          "music, IEEE/ACM TASLP 25(1), 2017",
    label="instruments",
    fields=("instruments",),
    decode=decode,
    options=InstrumentsOptions(),
)
