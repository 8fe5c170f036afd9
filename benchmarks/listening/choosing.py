"""Make the corpus by which weights of `beats` are chosen: recordings of the sets that choose, and composed songs, of
several kinds, which count alike whatever their number (`onpu train beats --validation FOLDER`).

    python -m benchmarks.listening.choosing FOLDER [--songs 46] [--seconds 40]

Kinds: heavy, electronic, acoustic, piano, tempo changes, odd metres. Songs have seeds and a soundfont that training
never meets.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.composed import RATE, Piece, engine_stamp, of_all_metres
from benchmarks.listening.beats_data import items
from benchmarks.recordings import Item, fonts
from benchmarks.report import parser, run
from onpu.data.corpus import Corpus, import_corpus
from onpu.engine.compose import STYLES
from onpu.engine.compose.styles import BAND_STYLES, PIANO_STYLES
from onpu.engine.render import perform, produce
from onpu.formats.audio import read_audio
from onpu.music import Audio, Beats, Timeline

SEED = 3_400_000
HEAVY, ELECTRONIC, ACOUSTIC, PIANO = "heavy", "electronic", "acoustic", "piano"
TEMPO_CHANGES, ODD_METRES = "tempo changes", "odd metres"
RECORDED = {**dict.fromkeys(("MusicDelta_Hendrix", "MusicDelta_Punk", "MusicDelta_Rock"), HEAVY),
            **dict.fromkeys(("MusicDelta_Beatles", "MusicDelta_Country1", "MusicDelta_Shadows"), ACOUSTIC)}
"""Recording of mdb -> its kind; those of maps are pianos."""
GENRES = {HEAVY: ("metal",), ELECTRONIC: ("electronic", "game", "hip hop"),
          ACOUSTIC: ("folk", "country", "celtic", "jazz", "latin", "choral", "blues")}
NAMED = {HEAVY: ("heavy rock", "punk", "grunge", "hardcore punk")}
"""Styles that belong to a kind whatever their genre."""
SHARES = {HEAVY: 0.2, ELECTRONIC: 0.2, ACOUSTIC: 0.13, PIANO: 0.07, TEMPO_CHANGES: 0.16, ODD_METRES: 0.24}
"""Of the songs; heavy, acoustic and piano have recordings as well."""
TEMPO_RANGE = 1.12
"""Fastest over slowest tempo, each the median of eight beats, from which a song's tempo changes."""


class Chosen(NamedTuple):
    """An item of the corpus: name, kind, and what makes it."""

    name: str
    kind: str
    make: Callable[[], tuple[Audio, Timeline]]


def recorded(seconds: float) -> Iterator[Chosen]:
    """Recordings of mdb and maps, the first `seconds` of each."""
    for item in chain(items("mdb", 0), items("maps", 0)):
        yield Chosen(item.name, RECORDED.get(item.name, PIANO), partial(_beginning, item, seconds))


def _beginning(item: Item, seconds: float) -> tuple[Audio, Timeline]:
    audio = read_audio(item.path, seconds=seconds)
    beats = item.truth.require(Beats)
    return audio, Timeline(audio.duration, beats=beats.select(beats.times < audio.duration))


def composed(songs: int, seconds: float) -> Iterator[Chosen]:
    """So many songs, about that long, of all kinds in their shares."""
    for kind, share in SHARES.items():
        for piece in pieces(kind, round(share * songs), seconds):
            yield Chosen(piece.title, kind, partial(_played, piece, seconds))


def _played(piece: Piece, seconds: float) -> tuple[Audio, Timeline]:
    song = piece.song()
    stems, labels = perform(song, song.seed, RATE, fonts())
    audio = produce(stems, song.seed)
    beats = labels.require(Beats)
    end = min(seconds, audio.duration)
    return (Audio(audio.samples[:, : round(end * audio.rate)], audio.rate),
            Timeline(end, beats=beats.select(beats.times < end)))


def pieces(kind: str, songs: int, seconds: float) -> list[Piece]:
    """Songs of a kind, in its styles in turn; compound and odd metres in turn. Seeds of one kind are no other's."""
    first = SEED + 10_000 * list(SHARES).index(kind)
    if kind == ODD_METRES:
        return [piece for number, piece in enumerate(of_all_metres(-(-songs // 2) * 3, seconds, first))
                if number % 3 < 2][:songs]
    styles = styles_of(kind)
    tried = (Piece(first + number, styles[number % len(styles)], seconds) for number in count())
    return list(islice((piece for piece in tried if kind != TEMPO_CHANGES
                        or tempo_range(piece.song().timeline) >= TEMPO_RANGE), songs))


def styles_of(kind: str) -> list[str]:
    """The styles of a kind, in an order in which neighbours are of different families."""
    if kind == PIANO:
        found = [name for name in PIANO_STYLES if STYLES[name].weight > 0]
    elif kind in GENRES:
        found = [name for name, style in STYLES.items() if style.genre in GENRES[kind] or name in NAMED.get(kind, ())]
    else:
        found = list(BAND_STYLES)
    return [found[place] for place in np.random.default_rng(0).permutation(len(found))]


def tempo_range(timeline: Timeline) -> float:
    """Fastest tempo over slowest, each the median of eight beats in a row."""
    intervals = np.diff(timeline.require(Beats).times)
    if len(intervals) < 8:
        return 1.0
    local = np.median(np.lib.stride_tricks.sliding_window_view(intervals, 8), axis=1)
    return float(local.max() / local.min())


def make(folder: Path, songs: int, seconds: float) -> Corpus:
    """Write the corpus."""
    chosen = [*recorded(seconds), *composed(songs, seconds)]

    def entries() -> Iterator[tuple[str, Callable[[], Audio], Timeline]]:
        for one in chosen:
            audio, timeline = one.make()
            print(one.kind, one.name, f"{audio.duration:.0f} s", flush=True)
            yield one.name, partial(lambda made: made, audio), timeline

    return import_corpus(folder, entries(), "for choosing alone: MDB and MAPS are CC BY-NC-SA", False,
                         f"choosing {engine_stamp()}", kinds=[one.kind for one in chosen])


def main() -> None:
    """Make it."""
    options = parser(__doc__)
    options.add_argument("folder", type=Path, help="where to")
    options.add_argument("--songs", type=int, default=46, help="composed songs")
    options.add_argument("--seconds", type=float, default=40.0, help="longest item")
    given = options.parse_args()
    corpus = make(given.folder, given.songs, given.seconds)
    print(f"{given.folder}: {len(corpus)} items, {corpus.seconds / 60:.1f} minutes")


if __name__ == "__main__":
    run(main)
