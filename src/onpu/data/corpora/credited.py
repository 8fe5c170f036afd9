"""Recordings that people published under free licences: labels, author and licence of each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from onpu.music import Timeline

_PERMISSIVE = re.compile(r"CC0\b|\bpublic[- ]domain\b|\bPD\b|\bMIT\b|\bExpat\b|\bBSD\b|CC[- ]BY(?![- ](SA|NC|ND))",
                         re.IGNORECASE)
_RESTRICTED = re.compile(r"GPL|\bGNU\b|Share|[- ](SA|NC|ND)\b|non-?commercial|\bFAL\b|Free[- ]Art|\band\b",
                         re.IGNORECASE)


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


def is_permissive(licence: str) -> bool:
    """Whether a licence asks for no more than credit and its text: CC0, public domain, MIT, BSD, CC BY. One that names
    several licences, or one unknown, is not."""
    return bool(_PERMISSIVE.search(licence)) and not _RESTRICTED.search(licence)


def permissive_only(recordings: Iterable[CreditedRecording]) -> list[CreditedRecording]:
    """Those of them under licences that are permissive."""
    return [one for one in recordings if is_permissive(one.licence)]
