"""Composed songs in held-out styles from the held-out soundfont, rendered once: NAME.wav, and the truth in NAME.npz."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.paths import CACHE
from benchmarks.recordings import fonts, held_out_style, render_missing
from onpu.engine.compose import compose
from onpu.engine.render import HELD_OUT, produce, render
from onpu.files import replacing
from onpu.formats.audio import write_audio
from onpu.music import Notes, Timeline

FOLDER = CACHE / "bands"
SEED = 3_200_000
SONGS = 24
SECONDS = 40.0
UNISON = 0.05
"""Seconds within which notes of one pitch that begin in several instruments count as one."""


def songs() -> Iterator[tuple[Path, Timeline]]:
    """Sound files and their labels. Raises `Missing` where the soundfont is not installed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {FOLDER / f"{held_out_style(number)}-{number:02d}.npz".replace(" ", "-"): number for number in range(SONGS)}
    render_missing(_render, {path: (path, number) for path, number in files.items()}, (HELD_OUT,))
    for path in files:
        with np.load(path) as arrays:
            truth = Timeline.from_arrays(dict(arrays))
        yield path.with_suffix(".wav"), replace(truth, notes=without_unisons(truth.require(Notes)))


def without_unisons(notes: Notes) -> Notes:
    """Of the notes of a pitch that begin within `UNISON` seconds of the first of them, the longest."""
    keep = []
    for pitch in np.unique(notes.pitches):
        group: list[int] = []
        for index in np.flatnonzero(notes.pitches == pitch):
            if group and notes.onsets[index] - notes.onsets[group[0]] > UNISON:
                keep.append(max(group, key=lambda one: float(notes.offsets[one])))
                group = []
            group.append(int(index))
        keep.append(max(group, key=lambda one: float(notes.offsets[one])))
    return notes.select(np.sort(keep))


def _render(task: tuple[Path, int]) -> Path:
    """Write the sound, then the truth, which says that the sound is complete."""
    labels, number = task
    song = compose(SEED + number, held_out_style(number), seconds=SECONDS)
    write_audio(labels.with_suffix(".wav"), produce(render(song, song.seed, 44_100, fonts(), sampled=True), song.seed))
    with replacing(labels) as temporary:
        np.savez_compressed(temporary, **song.timeline.arrays())  # type: ignore[arg-type]
    return labels
