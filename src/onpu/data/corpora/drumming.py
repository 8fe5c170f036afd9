"""The takes of the Groove MIDI Dataset (Gillick et al., ICML 2019; CC BY 4.0, Google LLC) as bars on a grid."""

from pathlib import Path

import numpy as np

from onpu.data.corpora.takes import DrumTake, takes
from onpu.errors import DataError
from onpu.music.chorale import STEPS
from onpu.music.passage import BAR, QUARTERS, Passage, struck


def groove_passages(path: Path) -> list[tuple[Passage, str]]:
    """The drums of every beat in 4/4, two bars or more, whose bars can be trusted and that is not swung, on the nearest
    sixteenths, with its official side. Raises `DataError` when there are none."""
    found = [(passage_of(take), take.split) for take in takes(path)
             if take.signature.name == "4/4" and take.trusted and take.swing[0] == 0.5]
    if not found:
        raise DataError(f"{path}: holds no beat in 4/4 that can be used; give the zip file of the Groove MIDI Dataset")
    return found


def passage_of(take: DrumTake) -> Passage:
    """The whole bars of a take."""
    at = np.rint(STEPS * (take.times - take.first * QUARTERS)).astype(np.int64)
    return Passage({"drums": struck(at, take.pitches, take.bars * BAR)}, name=take.name).validate()
