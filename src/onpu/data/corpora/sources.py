"""The data sets from which music is arranged: how often each is drawn, and who reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onpu.data.corpora.published import (
    BILLBOARD,
    FREEDOOM,
    GROOVE,
    LIEDER,
    NOTTINGHAM,
    OPENMSX,
    POP909,
    QUARTETS,
    Published,
)

if TYPE_CHECKING:
    from onpu.engine.compose import Song

Arranger = Callable[[Path, int, float], "Song"]
"""From the path of a data set, a seed and a length in seconds to a song."""


@dataclass(frozen=True)
class Source:
    """A data set to arrange from. share: weight among the sources."""

    data: Published
    share: float


SOURCES: Mapping[str, Source] = {
    "pop909": Source(POP909, 0.25),
    "groove": Source(GROOVE, 0.2),
    "billboard": Source(BILLBOARD, 0.2),
    "lieder": Source(LIEDER, 0.1),
    "quartets": Source(QUARTETS, 0.07),
    "nottingham": Source(NOTTINGHAM, 0.08),
    "freedoom": Source(FREEDOOM, 0.08),
    "openmsx": Source(OPENMSX, 0.03),
}
"""By the field of a plan that names the file; two may share one, each reads its own part."""

def arranger(name: str) -> Arranger:
    """Who makes songs of the source of this name."""
    from onpu.data.corpora import billboard, game_midi, groove, nottingham, openscore, pop909

    return {"pop909": pop909.pop909, "groove": groove.groove, "billboard": billboard.billboard,
            "lieder": openscore.lieder, "quartets": openscore.quartets,
            "nottingham": nottingham.nottingham, "freedoom": game_midi.freedoom, "openmsx": game_midi.openmsx}[name]
