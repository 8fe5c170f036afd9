"""Recordings with what is true of them, and songs from the styles and the soundfont that all training leaves out."""

from collections.abc import Callable, Iterator, Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from benchmarks.paths import Missing, data
from onpu.engine.compose import STYLES
from onpu.engine.render import HELD_OUT, soundfonts
from onpu.formats.audio import open_audio
from onpu.music import Timeline

Task = TypeVar("Task")
FOLDERS = {**dict.fromkeys(("mdb", "maps", "ultrastar"), "real"),
           **dict.fromkeys(("metal", "grid", "charted", "voice"), "real/free")}
"""Set -> where its folder lies below `data`."""
SOUNDS = ("mix.flac", "audio.flac", "audio.opus", "audio.mp3", "audio.ogg")
"""What the whole mixture is called, the preferred name first."""
PACKAGES = "timgm6mb-soundfont fluid-soundfont-gm musescore-general-soundfont"


class Item(NamedTuple):
    """A recording and what is true of it; a field of the timeline is None where nothing is known."""

    name: str
    path: Path
    truth: Timeline


def labelled(path: Path, **values: Any) -> Timeline:
    """Labels of a sound file, on a timeline of its length."""
    with open_audio(path) as source:
        return Timeline(source.duration, **values)


def real(name: str) -> Iterator[tuple[Path, Path]]:
    """Folder of each recording of a set of `FOLDERS`, and the sound file of the whole mixture in it. Raises
    `Missing`."""
    for folder in sorted(data(f"{FOLDERS[name]}/{name}").glob("*/")):
        found = [folder / sound for sound in SOUNDS if (folder / sound).exists()]
        if found:
            yield folder, found[0]


def held_out_styles() -> tuple[str, ...]:
    """The styles in which no training music is composed."""
    return tuple(sorted(name for name, style in STYLES.items() if style.held_out))


def held_out_style(number: int) -> str:
    """Song `number` has this style: the held-out ones in turn."""
    return held_out_styles()[number % len(held_out_styles())]


def fonts(names: Sequence[str] = (HELD_OUT,)) -> list[Path]:
    """Installed soundfonts of these names, by default the one that training never hears. Raises `Missing`."""
    found = [path for path in soundfonts() if path.name in names]
    if {path.name for path in found} < set(names):
        raise Missing(f"{', '.join(names)} must be installed (Debian: apt install {PACKAGES})")
    return found


def render_missing(render: Callable[[Task], Path], files: dict[Path, Task], names: Sequence[str]) -> None:
    """Call `render`, which returns the file, with the tasks of those files that are not there yet, two at a time.

    names: soundfonts that it needs; `Missing` is raised where they are not installed.
    """
    missing = [task for path, task in files.items() if not path.exists()]
    if not missing:
        return
    fonts(names)
    with Pool(2) as pool:
        for path in pool.imap_unordered(render, missing):
            print(f"rendered {path}", flush=True)
