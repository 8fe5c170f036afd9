"""Recordings of the benchmark of tags with what is true of them, and how genres of others are told by onpu's (see
README.md)."""

import csv
from collections.abc import Iterator
from functools import cache

import numpy as np

from benchmarks.composed import Piece, held_out, rendered
from benchmarks.listening.tags_styles import RATE
from benchmarks.listening.tags_styles import unseen_styles as styles_unseen
from benchmarks.paths import data
from benchmarks.recordings import Item, labelled, real
from onpu.engine.compose import STYLES
from onpu.music import Instruments, Tags
from onpu.music.words import genre_of

SECONDS = 25.0
KNOWN_SEED = 3_400_000
REPORTED_SECONDS, REPORTED_SEED = 12.0, 3_500_000
EMOTIFY = {"classical": ("classical", "soundtrack"), "rock": ("rock", "metal"), "electronic": ("electronic", "ambient"),
           "pop": ("pop", "soul and hip hop", "jazz and blues", "folk and country", "latin", "reggae")}
"""Genre of Emotify -> onpu's genres that stand for it; written down before any figure of that set was seen."""
MDB = {"acoustic guitar": "guitar", "clean electric guitar": "guitar", "distorted electric guitar": "guitar",
       "drum set": "drums", "electric bass": "bass", "male singer": "voice", "female singer": "voice"}
"""Instrument of MedleyDB -> what it is called here."""


def unseen_styles(count: int) -> Iterator[Item]:
    """Composed clips of the styles, and from the soundfont, that are held out."""
    return rendered("tags", (piece._replace(seconds=SECONDS) for piece in held_out(count)))


def known_styles(count: int) -> Iterator[Item]:
    """Composed clips of all other styles in turn, with seeds and from the soundfont that are held out."""
    styles = [name for name, style in sorted(STYLES.items()) if not style.held_out and style.weight > 0]
    return rendered("tags-known", (Piece(KNOWN_SEED + number, styles[number % len(styles)], SECONDS)
                                   for number in range(count)))


def reported(count: int) -> Iterator[Item]:
    """Composed clips of the styles of `tags_styles.unseen_styles` in turn, from the soundfont that is held out, with
    seeds that choose nothing."""
    styles = styles_unseen()
    return rendered("tags-reported", (Piece(REPORTED_SEED + number, styles[number % len(styles)], REPORTED_SECONDS)
                                      for number in range(count)), RATE)


def emotify() -> Iterator[Item]:
    """Excerpts of Emotify with their genre as the one tag."""
    folder = data("real/emotify")
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = folder / "audio" / f"{row['id']}.opus"
            yield Item(row["id"], path, labelled(path, tags=Tags(np.array([row["genre"]]), np.ones(1))))


def multitracks() -> Iterator[Item]:
    """Mixtures of MDB with who plays when."""
    for folder, path in real("mdb"):
        rows = [line.split("\t") for line in (folder / "activations.tsv").read_text(encoding="utf-8").splitlines()
                if line and not line.startswith("#")]
        yield Item(folder.name, path, labelled(path, instruments=_band(
            [(float(start), float(end), MDB[name.strip()]) for start, end, name in rows if name.strip() in MDB])))


def _band(rows: list[tuple[float, float, str]]) -> Instruments:
    """Stretches of players of one family as one where they overlap."""
    joined: list[tuple[float, float, str]] = []
    for label in sorted({row[2] for row in rows}):
        own: list[tuple[float, float, str]] = []
        for start, end, _ in sorted(row for row in rows if row[2] == label):
            if own and start <= own[-1][1]:
                own[-1] = own[-1][0], max(end, own[-1][1]), label
            else:
                own.append((start, end, label))
        joined += own
    joined.sort()
    return Instruments(np.array([row[0] for row in joined]), np.array([row[1] for row in joined]),
                       np.array([row[2] for row in joined]), np.ones(len(joined)))


@cache
def shares() -> dict[str, float]:
    """How often each genre is composed."""
    found: dict[str, float] = {}
    for style in STYLES.values():
        genre = genre_of(style.genre)
        if genre is not None and not style.held_out:
            found[genre] = found.get(genre, 0.0) + style.weight
    return {genre: weight / sum(found.values()) for genre, weight in found.items()}


def as_emotify(levels: dict[str, float]) -> str:
    """The genre of Emotify that levels of onpu's genres speak for most. There all four are equally frequent, so levels
    are divided by how often their genres are composed."""
    return max(EMOTIFY, key=lambda genre: sum(levels[own] for own in EMOTIFY[genre]) / sum(
        shares()[own] for own in EMOTIFY[genre]))
