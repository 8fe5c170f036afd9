"""Composed songs whose key really changes: rendered once, the mixture as it is, kept as NAME.wav and NAME.jams.

    python -m benchmarks.listening.modulating FOLDER

Of the seeds from the first on, in all styles in turn, those whose own keys make more than one key signature of a sheet.
"""

import argparse
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from benchmarks.paths import CACHE
from benchmarks.recordings import Item, fonts, render_missing
from benchmarks.report import run
from onpu.engine.compose import STYLES, compose
from onpu.engine.render import HELD_OUT, render
from onpu.formats.audio import write_audio
from onpu.formats.jams import read_jams, write_jams
from onpu.music import Timeline
from onpu.music.bars import bars
from onpu.music.signatures import keys_of
from onpu.music.spelling import written_signature

SEED, CHOOSING_SEED = 9_600_000, 9_400_000
"""Of the first song of those that report, and of those that choose."""
SONGS = 20
RATE = 22_050
"""Samples a second."""


def signatures(timeline: Timeline) -> list[int]:
    """Sharps of the key signature of each bar."""
    return [written_signature(label) if label else 0 for label in keys_of(bars(timeline), timeline)]


def chosen(first: int) -> Iterator[tuple[int, str]]:
    """Seeds and styles of songs that modulate."""
    names = sorted(STYLES)
    for number in count():
        name = names[number % len(names)]
        if len(set(signatures(compose(first + number, name).timeline))) > 1:
            yield first + number, name


def modulating(songs: int = SONGS, folder: Path | None = None, seed: int = SEED) -> list[Item]:
    """The first songs from a seed on, rendered into the folder where they are not there yet."""
    folder = CACHE / "modulating" if folder is None else folder
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(islice(chosen(seed), songs))
    tasks = {folder / f"{name.replace(' ', '-')}-{number}.jams": (number, name) for number, name in wanted}
    render_missing(_render, {path: (*task, path) for path, task in tasks.items()}, (HELD_OUT,))
    return [Item(path.stem, path.with_suffix(".wav"), read_jams(path)) for path in tasks]


def _render(task: tuple[int, str, Path]) -> Path:
    """Write the sound, then the truth, which says that the sound is complete."""
    seed, name, labels = task
    song = compose(seed, name)
    write_audio(labels.with_suffix(".wav"), render(song, seed, RATE, fonts(), sampled=True).mixture())
    write_jams(song.timeline, labels, labels.stem, labels.with_suffix(".wav").name)
    return labels


def main() -> None:
    """Render the songs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to")
    print(f"{len(modulating(folder=parser.parse_args().folder))} songs")


if __name__ == "__main__":
    run(main)
