"""Composed songs in held-out styles from the held-out soundfont, rendered once: NAME.wav, and the truth in NAME.npz."""

from collections.abc import Iterator
from dataclasses import fields, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from benchmarks.paths import CACHE
from onpu.engine.compose import STYLES, compose
from onpu.engine.render import HELD_OUT, produce, render, soundfonts
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
    """Sound files and their labels; none where the soundfont is not installed."""
    styles = sorted(style for style, known in STYLES.items() if known.held_out)
    tasks = [(number, styles[number % len(styles)]) for number in range(SONGS)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = [task for task in tasks if not _labels(*task).exists()]
    if missing and HELD_OUT not in {path.name for path in soundfonts()}:
        print(f"{HELD_OUT} is not installed (Debian: apt install timgm6mb-soundfont)")
        return
    with Pool(2) as pool:
        for title in pool.imap_unordered(_render, missing):
            print(f"rendered {title}", flush=True)
    for task in tasks:
        path = _labels(*task)
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
    return Notes(*(getattr(notes, field.name)[np.sort(keep)] for field in fields(Notes)))


def _labels(number: int, style: str) -> Path:
    return FOLDER / f"{style}-{number:02d}.npz".replace(" ", "-")


def _render(task: tuple[int, str]) -> str:
    """Write the sound, then the truth, which says that the sound is complete."""
    number, style = task
    song = compose(SEED + number, style, seconds=SECONDS)
    fonts = [path for path in soundfonts() if path.name == HELD_OUT]
    target = _labels(number, style)
    write_audio(target.with_suffix(".wav"), produce(render(song, song.seed, 44_100, fonts, sampled=True), song.seed))
    with replacing(target) as temporary:
        np.savez_compressed(temporary, **song.timeline.arrays())
    return target.stem
