"""Composed songs that no training sees, from the soundfont that none hears: rendered once, kept until the engine
changes."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

import onpu.engine
from benchmarks.paths import CACHE
from benchmarks.recordings import Item, fonts, held_out_style
from onpu.engine.compose import STYLES, Song, compose
from onpu.engine.compose.metre import SIGNATURES
from onpu.engine.compose.styles import BAND_STYLES
from onpu.engine.render import produce, render
from onpu.files import replacing, write_text
from onpu.formats.audio import write_audio
from onpu.music import Timeline

RATE = 44_100
SEED, METRE_SEED = 3_000_000, 3_300_000
ATTEMPTS = 40
"""Songs composed until one has a metre of the kind that is looked for."""
LEAST_SHARE = 0.1
"""Of a style's songs that have such a metre, for the style to be asked for one."""


class Piece(NamedTuple):
    """A song to compose: seed, style, seconds."""

    seed: int
    style: str
    seconds: float = 60.0

    @property
    def title(self) -> str:
        """Of its file and in tables."""
        return f"{self.style}-{self.seed}".replace(" ", "-")

    def song(self) -> Song:
        """The music."""
        return compose(self.seed, self.style, self.seconds)


@cache
def engine_stamp() -> str:
    """Changes with every change of the engine."""
    whole = sha256()
    for path in sorted(Path(next(iter(onpu.engine.__path__))).rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:8]


def rendered(name: str, pieces: Iterable[Piece], rate: int = RATE) -> Iterator[Item]:
    """The songs with their labels, from the held-out soundfont, produced, so many samples a second; kept in the cache
    under this name. Raises `Missing` where the soundfont is not installed."""
    folder = CACHE / f"{name}-{engine_stamp()}"
    folder.mkdir(parents=True, exist_ok=True)
    for piece in pieces:
        sound, labels = folder / f"{piece.title}.flac", folder / f"{piece.title}.npz"
        if not labels.exists():
            song = piece.song()
            write_audio(sound, produce(render(song, song.seed, rate, fonts()), song.seed))
            with replacing(labels) as temporary:
                np.savez_compressed(temporary, **song.timeline.arrays())  # type: ignore[arg-type]
        with np.load(labels) as arrays:
            yield Item(piece.title, sound, Timeline.from_arrays(dict(arrays)))


def held_out(count: int) -> Iterator[Piece]:
    """Songs in the held-out styles in turn."""
    return (Piece(SEED + number, held_out_style(number)) for number in range(count))


def kind_of_metre(name: str) -> str:
    """Of a time signature such as `6/8`: compound, odd or simple."""
    signature = SIGNATURES[name][0]
    if signature.compound:
        return "compound"
    return "odd" if signature.additive or signature.numerator in (5, 7) else "simple"


def of_all_metres(count: int, seconds: float = 60.0, seed: int = METRE_SEED) -> list[Piece]:
    """Songs by several players in compound, odd and simple metres in turn, in the styles that have such in turn; what
    was found is kept in the cache."""
    path = CACHE / f"metres-{seed}-{count}-{seconds:g}-{engine_stamp()}.json"
    if not path.exists():
        write_text(path, json.dumps(list(_of_all_metres(count, seconds, seed))))
    return [Piece(*values) for values in json.loads(path.read_text(encoding="utf-8"))]


def _of_all_metres(count: int, seconds: float, seed: int) -> Iterator[Piece]:
    share = {kind: {name: sum(weight for metre, weight in STYLES[name].metres.items() if kind_of_metre(metre) == kind)
                    / sum(STYLES[name].metres.values()) for name in sorted(BAND_STYLES)}
             for kind in ("compound", "odd", "simple")}
    for number in range(count):
        kind = list(share)[number % len(share)]
        styles = [name for name, part in share[kind].items() if part >= LEAST_SHARE]
        style = styles[number // len(share) % len(styles)]
        pieces = (Piece(seed + ATTEMPTS * number + attempt, style, seconds) for attempt in range(ATTEMPTS))
        yield next(piece for piece in pieces if kind_of_metre(main_metre(piece.song().timeline)) == kind)


def main_metre(timeline: Timeline) -> str:
    """The time signature that lasts longest, such as `7/8`."""
    metre = timeline.metre
    if metre is None or not len(metre.times):
        return ""
    lengths = np.diff([*metre.times, timeline.duration])
    names = [f"{above}/{below}" for above, below in zip(metre.numerators, metre.denominators, strict=True)]
    return max(dict.fromkeys(names), key=lambda name: float(sum(lengths[i] for i, n in enumerate(names) if n == name)))
