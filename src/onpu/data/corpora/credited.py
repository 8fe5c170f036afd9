"""Recordings that people published under free licences: labels, author and licence of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from onpu.licensing import Terms, terms
from onpu.music import Timeline


@dataclass(frozen=True)
class CreditedRecording:
    """A labelled recording: name in tables, sound file, of which kind the music is, and whose it is.

    author: names, several of them parted as `onpu.data.corpora.folds.names_in` tells. source: where it was published.
    longest: seconds of it that are used; None: all.
    """

    name: str
    audio: Path
    timeline: Timeline
    kind: str
    author: str
    licence: str
    source: str = ""
    longest: float | None = None


def permissive_only(recordings: Iterable[CreditedRecording]) -> list[CreditedRecording]:
    """Those of them whose licence asks for credit at most, as `onpu.licensing` reads it."""
    return [one for one in recordings if terms(one.licence) is Terms.PERMISSIVE]
