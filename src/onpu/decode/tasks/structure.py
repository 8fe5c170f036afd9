"""Sections and which are alike, of what `onpu.listen.structure` hears."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.section_boundaries import boundaries, smoothed
from onpu.decode.section_labels import groups, kept_together, likeness, named
from onpu.music import Beats, Clock, Sections
from onpu.recipe import Options


@dataclass(frozen=True)
class StructureOptions(Options):
    """What is known of a recording: its beats, for sections begin with bars."""

    beats: Beats | None = None


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: StructureOptions) -> dict[str, object]:
    """sections: Sections without gaps from the first sound of music to the last; none where there is no music."""
    boundary, music = (np.asarray(activations[name], np.float64) for name in ("boundary", "music"))
    playing = np.flatnonzero(smoothed(music, round(2 * clock.fps)) > 0.5) if len(music) else np.zeros(0, int)
    if len(playing) < 2:
        return {"sections": Sections.empty()}
    first, last = float(clock.seconds(playing[0])), float(clock.seconds(min(playing[-1] + 1, len(music) - 1)))
    downbeats = np.zeros(0) if options.beats is None else options.beats.downbeats
    inner, heights = boundaries(boundary, clock, downbeats, first, last)
    edges = np.array([first, *inner, last])
    frames = np.clip(np.round(clock.frames(edges)).astype(int), 0, len(music) - 1)
    if "label" in activations:  # of targets
        label = activations["label"][((frames[:-1] + frames[1:]) / 2).astype(int)]
        alike = (label[:, None] == label).astype(np.float64)
    else:
        alike = likeness(frames, *(np.asarray(activations[name], np.float64) for name in ("chroma", "timbre")))
    found = groups(alike)
    sure = np.sqrt(np.array([1.0, *heights]) * kept_together(alike, found))
    name = np.asarray(activations["name"], np.float64)
    return {"sections": Sections(edges[:-1], edges[1:], named(found, frames, name), np.clip(sure, 0, 1))}


DECODER = Decoder(
    name="structure",
    title="sections, and which are alike",
    paper="Ullrich, Schlüter & Grill, Boundary detection in music structure analysis using CNNs, ISMIR 2014",
    label="sections",
    fields=("sections",),
    decode=decode,
    options=StructureOptions(),
)
