"""A picture of attention: which sixteenths of a melody each chord was found by."""

from pathlib import Path

import numpy as np

from onpu.errors import OnpuError
from onpu.files import replacing
from onpu.music.phrase import Phrase, chord_label
from onpu.music.symbols import symbol


def write_attention(path: Path, phrase: Phrase, attention: np.ndarray) -> list[Path]:
    """Draw a phrase with its chords and what they attended to into an image file; return the files written.

    attention: (slots, steps) of at least the phrase's size. Raises `OnpuError` where matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise OnpuError("pictures need matplotlib; pip install 'onpu[train]'") from None
    figure = Figure(figsize=(10, 6.5), layout="constrained")
    line, picture = figure.subplots(2, 1, sharex=True, height_ratios=(1, 2.2))
    starts = np.flatnonzero(phrase.attacks)
    stops = np.append(np.flatnonzero(phrase.attacks | (phrase.pitches == 0)), phrase.steps)
    ends = stops[np.searchsorted(stops, starts, side="right")]
    line.hlines(phrase.pitches[starts], starts, ends - 0.2, color="#2b6777", linewidth=4)
    line.set_ylabel("MIDI pitch")
    line.set_title(f"{phrase.name}: what each chord attended to", loc="left", fontsize=10)
    slots = len(phrase.chords)
    picture.imshow(attention[:slots, : phrase.steps], aspect="auto", cmap="Greys", interpolation="nearest",
                   extent=(0, phrase.steps, slots - 0.5, -0.5))
    picture.set_yticks(range(slots), [symbol(chord_label(int(number), phrase.key)) for number in phrase.chords],
                       fontsize=7)
    for axes in (line, picture):
        axes.set_xticks(np.arange(0, phrase.steps + 1, phrase.bar),
                        [str(bar + 1) for bar in range(phrase.steps // phrase.bar)] + [""])
        axes.grid(axis="x", color="#c8553d", linewidth=0.5)
    picture.set_xlabel("bar")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=110)
    return [path]
