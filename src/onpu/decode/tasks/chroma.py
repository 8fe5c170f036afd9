"""Major and minor chords, of what `onpu.listen.chroma` hears."""

from collections.abc import Mapping

import numpy as np

from onpu.decode.decoder import Decoder
from onpu.decode.grid import edge_times
from onpu.decode.targets import metrical_positions
from onpu.decode.tasks.chords import ChordOptions, change_times, follow
from onpu.music import Chords, Clock, harte

QUALITIES = ("maj", "min")
NONE = 12 * len(QUALITIES)
"""Class of N; chords that are neither major nor minor (X) come after it."""


def decode(activations: Mapping[str, np.ndarray], clock: Clock, options: ChordOptions) -> dict[str, object]:
    """chords: Chords, major, minor, N and X."""
    frames = activations["chord"].shape[1]
    if not activations["chord"].any():
        return {"chords": Chords.empty()}
    path = follow(activations, metrical_positions(options.beats, clock, frames))
    starts = np.flatnonzero(np.diff(path, prepend=-1))
    edges = edge_times(starts, change_times(options.beats), clock, frames)
    numbers = path[starts]
    sure = [activations["chord"][number, first:last].mean()
            for number, first, last in zip(numbers, starts, [*starts[1:], frames], strict=True)]
    labels = [_label(int(number)) for number in numbers]
    return {"chords": Chords(edges[:-1], edges[1:], np.array(labels), np.clip(sure, 0, 1))}


def _label(number: int) -> str:
    if number >= NONE:
        return "N" if number == NONE else "X"
    root, quality = divmod(number, len(QUALITIES))
    return harte.class_label(root * len(harte.VOCABULARY) + harte.VOCABULARY.index(QUALITIES[quality]))


DECODER = Decoder(
    name="chroma",
    title="learned chroma, and major and minor chords from it",
    paper="Korzeniowski & Widmer, Feature learning for chord recognition: the deep chroma extractor, ISMIR 2016",
    label="chords",
    fields=("chords",),
    decode=decode,
    options=ChordOptions(),
    pooled=("change", "moves", "trust"),
    default=False,
)
