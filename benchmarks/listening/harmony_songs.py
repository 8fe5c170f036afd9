"""Songs with exact chords and keys for the harmony benchmark: rendered once, kept as NAME.wav and NAME.jams.

    python -m benchmarks.listening.harmony_songs SET FOLDER

test: the songs of POP909-CL that training never sees, by a band, from a soundfont that training never hears; the
    mixture of the instruments as they are.
produced: these songs through the production chain: rooms, equalisers, noise, worn media, lossy codecs.
validation: other songs that training never sees, from soundfonts that it does hear; decoders are tuned on them.
composed: composed songs in held-out styles, from the held-out soundfont.
"""

import argparse
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

from benchmarks.paths import CACHE, DATA
from onpu.data.corpora.pop909 import HELD_OUT, JUDGES, band_of
from onpu.engine.compose import STYLES, compose
from onpu.engine.compose.song import Song
from onpu.engine.render import HELD_OUT as UNHEARD
from onpu.engine.render import produce, render, soundfonts
from onpu.formats.audio import write_audio
from onpu.formats.jams import read_jams, write_jams
from onpu.listen.key import key_of
from onpu.music import Timeline

FONTS = {**dict.fromkeys(("test", "produced", "composed"), (UNHEARD,)),
         "validation": ("FluidR3_GM.sf2", "MuseScore_General_Full.sf3")}
PACKAGES = "timgm6mb-soundfont fluid-soundfont-gm musescore-general-soundfont"
SEED = 3_100_000
COMPOSED = 24


class Item(NamedTuple):
    """A recording and what is true of it; the timeline's `key` is the key of its longest time."""

    name: str
    path: Path
    truth: Timeline


def items(name: str, folder: Path | None = None) -> list[Item]:
    """Songs of a set: test, produced, validation or composed; rendered into the folder where they are not there yet."""
    folder = CACHE / name if folder is None else folder
    folder.mkdir(parents=True, exist_ok=True)
    missing = [(name, number, title, folder) for number, title in enumerate(titles(name))
               if not (folder / f"{title}.jams").exists()]
    if missing:
        installed = {path.name for path in soundfonts()}
        if not installed >= set(FONTS[name]):
            raise SystemExit(f"{', '.join(FONTS[name])} must be installed (Debian: apt install {PACKAGES})")
        with Pool(2) as pool:
            for title in pool.imap_unordered(_render, missing):
                print(f"rendered {folder / title}.wav", flush=True)
    return [_item(folder, title) for title in titles(name)]


def titles(name: str) -> list[str]:
    """Names of the songs of a set."""
    if name == "composed":
        styles = sorted(style for style, known in STYLES.items() if known.held_out)
        return [f"{styles[number % len(styles)]}-{number:02d}".replace(" ", "-") for number in range(COMPOSED)]
    return list(JUDGES if name == "validation" else HELD_OUT)


def _song(name: str, number: int) -> Song:
    if name == "composed":
        styles = sorted(style for style, known in STYLES.items() if known.held_out)
        return compose(SEED + number, styles[number % len(styles)])
    return band_of(DATA / "pop909.zip", titles(name)[number], SEED + number)


def _render(task: tuple[str, int, str, Path]) -> str:
    """Write the sound, then the truth, which says that the sound is complete."""
    name, number, title, folder = task
    song = _song(name, number)
    fonts = [path for path in soundfonts() if path.name in FONTS[name]]
    stems = render(song, song.seed, 44_100, fonts, sampled=True)
    write_audio(folder / f"{title}.wav", stems.mixture() if name == "test" else produce(stems, song.seed))
    write_jams(song.timeline, folder / f"{title}.jams", title, f"{title}.wav")
    return title


def _item(folder: Path, title: str) -> Item:
    truth = read_jams(folder / f"{title}.jams")
    assert truth.keys is not None
    return Item(title, folder / f"{title}.wav", replace(truth, key=key_of(truth.keys)))


def main() -> None:
    """Render a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=sorted(FONTS))
    parser.add_argument("folder", type=Path, help="where to")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    print(f"{len(items(given.set, given.folder))} songs in {given.folder}")


if __name__ == "__main__":
    main()
