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
from pathlib import Path

from benchmarks.paths import CACHE, data
from benchmarks.recordings import Item, fonts, held_out_style, render_missing
from benchmarks.report import run
from onpu.data.corpora.pop909 import HELD_OUT, VALIDATION, band_of
from onpu.decode.tasks.key import key_of
from onpu.engine.compose import compose
from onpu.engine.compose.song import Song
from onpu.engine.render import HELD_OUT as UNHEARD
from onpu.engine.render import produce, render
from onpu.formats.audio import write_audio
from onpu.formats.jams import read_jams, write_jams
from onpu.music import Keys

FONTS = {**dict.fromkeys(("test", "produced", "composed"), (UNHEARD,)),
         "validation": ("FluidR3_GM.sf2", "MuseScore_General_Full.sf3")}
SEED = 3_100_000
COMPOSED = 24


def items(name: str, folder: Path | None = None, count: int | None = None) -> list[Item]:
    """Songs of a set: test, produced, validation or composed; rendered into the folder where they are not there yet.

    count: as many, the first; None: all. The `key` of their timelines is the key that lasts longest.
    """
    folder = CACHE / name if folder is None else folder
    folder.mkdir(parents=True, exist_ok=True)
    labels = [folder / f"{title}.jams" for title in titles(name)][:count]
    render_missing(_render, {path: (name, number, path) for number, path in enumerate(labels)}, FONTS[name])
    truths = [read_jams(path) for path in labels]
    return [Item(path.stem, path.with_suffix(".wav"), replace(truth, key=key_of(truth.require(Keys))))
            for path, truth in zip(labels, truths, strict=True)]


def titles(name: str) -> list[str]:
    """Names of the songs of a set."""
    if name == "composed":
        return [f"{held_out_style(number)}-{number:02d}".replace(" ", "-") for number in range(COMPOSED)]
    return list(VALIDATION if name == "validation" else HELD_OUT)


def _song(name: str, number: int) -> Song:
    if name == "composed":
        return compose(SEED + number, held_out_style(number))
    return band_of(data("pop909.zip"), titles(name)[number], SEED + number)


def _render(task: tuple[str, int, Path]) -> Path:
    """Write the sound, then the truth, which says that the sound is complete."""
    name, number, labels = task
    song = _song(name, number)
    stems = render(song, song.seed, 44_100, fonts(FONTS[name]), sampled=True)
    sound = labels.with_suffix(".wav")
    write_audio(sound, stems.mixture() if name == "test" else produce(stems, song.seed))
    write_jams(song.timeline, labels, labels.stem, sound.name)
    return labels


def main() -> None:
    """Render a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", choices=sorted(FONTS))
    parser.add_argument("folder", type=Path, help="where to")
    given = parser.parse_args()
    print(f"{len(items(given.set, given.folder))} songs in {given.folder}")


if __name__ == "__main__":
    run(main)
