"""Songs of PJS as a corpus of phonemes."""

from pathlib import Path

from onpu.data.corpora.pjs import recordings
from onpu.data.corpora.published import PJS
from onpu.data.corpora.singing import PARTS, items_of, part
from onpu.data.corpus import Corpus, Credit, import_corpus
from onpu.errors import DataError, suggestion


def write_singing(folder: Path, source: Path, purpose: str = "learn", over_music: bool = True) -> Corpus:
    """Store the recordings of PJS with their phonemes as passages of `voice`.

    purpose: which songs, see `part`. over_music: each stands there twice, alone and over an
    accompaniment with which it has neither key nor beat in common. Raises `DataError` where the corpus is not there
    or has no such part, and what `import_corpus` raises.
    """
    if purpose not in PARTS:
        raise DataError(f"{purpose}: no part of the corpus; {suggestion(purpose, PARTS)}")
    songs = [song for song in recordings(source) if part(song.number) == purpose]
    items = list(items_of(songs, over_music))
    kinds = ["over music" if name.endswith("over music") else "alone" for name, _, _ in items]
    origin = f"the PJS corpus, songs to {purpose}, {'alone and over music' if over_music else 'alone'}"
    credits = [Credit(name, "J. Koguchi, S. Takamichi, M. Morise (PJS corpus)", "CC BY-SA 4.0", PJS.home)
               for name, _, _ in items]
    return import_corpus(folder, items, PJS.licence, True, origin, kinds, credits)
