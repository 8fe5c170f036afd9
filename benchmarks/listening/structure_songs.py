"""Whole songs whose sections are known, for the benchmark of structure: rendered once, kept in the cache.

    python -m benchmarks.listening.structure_songs SET

test: the songs of POP909 that training never sees, by a band, with the sections as two listeners heard them.
validation: other songs that training never sees; decoders are tuned on them.
composed: composed songs in held-out styles, from the held-out soundfont, by which constants are chosen.
composed-reported: a hundred others of that kind, by which nothing is.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.paths import CACHE, data
from benchmarks.recordings import fonts, held_out_style
from benchmarks.report import run
from onpu.data.corpora.pop909 import HELD_OUT, VALIDATION, band_and_form
from onpu.engine.compose import Song, compose
from onpu.engine.render import HELD_OUT as UNHEARD
from onpu.engine.render import produce, render
from onpu.files import replacing
from onpu.formats.audio import write_audio
from onpu.music import Sections, Timeline

RATE = 22_050
SEED, COMPOSED_SEED = 3_500_000, 3_600_000
SECONDS = 180.0
COMPOSED = {"composed": range(40), "composed-reported": range(40, 140)}
FONTS = {"test": (UNHEARD,), "composed": (UNHEARD,), "composed-reported": (UNHEARD,),
         "validation": ("FluidR3_GM.sf2", "MuseScore_General_Full.sf3")}


class Form(NamedTuple):
    """A recording, its labels, and its sections as each listener heard them (one of composed songs)."""

    name: str
    path: Path
    truth: Timeline
    readings: tuple[Sections, ...]


def songs(name: str, count: int | None = None) -> list[Form]:
    """The songs of a set, at most so many; those of POP909 whose sections are certain."""
    folder = CACHE / f"structure-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Form] = []
    for number, title in zip(COMPOSED.get(name, range(len(titles(name)))), titles(name), strict=True):
        if count is not None and len(found) >= count:
            break
        known = _song(name, number, title, folder)
        if known is not None:
            found.append(known)
    return found


def titles(name: str) -> list[str]:
    """Names of the songs of a set."""
    if name in COMPOSED:
        return [f"{held_out_style(number)}-{number:02d}".replace(" ", "-") for number in COMPOSED[name]]
    return list(VALIDATION if name == "validation" else HELD_OUT)


def _song(name: str, number: int, title: str, folder: Path) -> Form | None:
    """The song from the cache, or rendered; an empty file stands for a song whose sections are not certain."""
    sound, labels = folder / f"{title}.flac", folder / f"{title}.npz"
    if not labels.exists():
        made: tuple[Song, tuple[Sections, ...]] | None
        if name in COMPOSED:
            song = compose(COMPOSED_SEED + number, held_out_style(number), SECONDS)
            made = song, (song.timeline.require(Sections),)
        else:
            made = band_and_form(data("pop909.zip"), data("pop909-structure.zip"), title, SEED + number, SECONDS)
        arrays: dict[str, np.ndarray] = {}
        if made is not None:
            stems = render(made[0], made[0].seed, RATE, fonts(FONTS[name]), sampled=name not in COMPOSED)
            write_audio(sound, produce(stems, made[0].seed))
            arrays = made[0].timeline.arrays()
            for index, reading in enumerate(made[1]):
                arrays |= {f"reading{index}.{key}": getattr(reading, key) for key in ("starts", "ends", "labels")}
        with replacing(labels) as temporary:
            np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]
        print(f"{labels}: {'rendered' if arrays else 'no sections'}", flush=True)
    with np.load(labels) as stored:
        kept = dict(stored)
    readings: list[Sections] = []
    while f"reading{len(readings)}.starts" in kept:
        starts, ends, labels = (kept.pop(f"reading{len(readings)}.{key}") for key in ("starts", "ends", "labels"))
        readings.append(Sections(starts, ends, labels, np.ones(len(starts))))
    return Form(title, sound, Timeline.from_arrays(kept), tuple(readings)) if readings else None


def main() -> None:
    """Render a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=sorted(FONTS))
    parser.add_argument("--count", type=int, default=None, help="songs at most")
    given = parser.parse_args()
    print(f"{len(songs(given.set, given.count))} songs")


if __name__ == "__main__":
    run(main)
