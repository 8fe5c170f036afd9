"""Sounds that are no music, of what `onpu.listen.events` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.runs import runs
from onpu.music import Clock
from onpu.music.events import SOUNDS, Events
from onpu.recipe import Options, setting


@dataclass(frozen=True)
class EventOptions(Options):
    """How sure of a sound one wants to be, and how short it may be."""

    event_threshold: float = setting(0.3, "probability from which a sound is heard", "(0, 1)")
    event_median_seconds: float = setting(0.5, "window of the median filter, seconds", "[0, 60]")


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: EventOptions) -> dict[str, Events]:
    """events: runs of frames whose median passes the threshold; how sure: their mean activation."""
    return {"events": Events.of(runs(activations["events"], SOUNDS, clock, options.event_threshold,
                                     options.event_median_seconds))}


DECODER = Decoder(
    name="events",
    title="sounds that are no music, and when",
    paper="Çakır, Parascandolo, Heittola, Huttunen & Virtanen, Convolutional recurrent neural networks for polyphonic "
          "sound event detection, IEEE/ACM TASLP 25(6), 2017",
    label="events",
    fields=("events",),
    decode=decode,
    options=EventOptions(),
    default=False,
)
