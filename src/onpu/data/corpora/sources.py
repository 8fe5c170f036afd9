"""The data sets from which music is arranged: file, licence, how often each is drawn, and who reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from onpu.data.corpora.licences import BILLBOARD, FREEDOOM, GROOVE, LIEDER, NOTTINGHAM, OPENMSX, POP909, QUARTETS

if TYPE_CHECKING:
    from onpu.engine.compose import Song

Arranger = Callable[[Path, int, float], "Song"]
"""From the path of a data set, a seed and a length in seconds to a song."""


@dataclass(frozen=True)
class Source:
    """A data set. file: what it is called on disk. licence: as cards name it. share: weight among the sources."""

    file: str
    licence: str
    share: float


SOURCES: Mapping[str, Source] = {
    "pop909": Source("pop909.zip", POP909, 0.25),
    "groove": Source("groove.zip", GROOVE, 0.2),
    "billboard": Source("billboard.zip", BILLBOARD, 0.2),
    "lieder": Source("openscore_lieder.zip", LIEDER, 0.1),
    "quartets": Source("openscore_quartets.zip", QUARTETS, 0.07),
    "nottingham": Source("nottingham.zip", NOTTINGHAM, 0.08),
    "freedoom": Source("game_midi.zip", FREEDOOM, 0.08),
    "openmsx": Source("game_midi.zip", OPENMSX, 0.03),
}
"""By the field of a plan that names the file; two may share one, each reads its own part."""

FOLDERS = ("", "real", "scores")
"""Where in a folder of data sets they lie."""


def arranger(name: str) -> Arranger:
    """Who makes songs of the source of this name."""
    from onpu.data.corpora import billboard, game_midi, groove, nottingham, openscore, pop909

    return {"pop909": pop909.pop909, "groove": groove.groove, "billboard": billboard.billboard,
            "lieder": openscore.lieder, "quartets": openscore.quartets,
            "nottingham": nottingham.nottingham, "freedoom": game_midi.freedoom, "openmsx": game_midi.openmsx}[name]


def lying_in(folder: Path, file: str) -> str:
    """Path of a set of this name in a folder of data sets; empty where there is none."""
    return next((str(folder / place / file) for place in FOLDERS if (folder / place / file).exists()), "")


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(16)
def _hash(path: Path, changed: int) -> str:
    """The time of change is part of the key only."""
    return sha256(path.read_bytes()).hexdigest()
