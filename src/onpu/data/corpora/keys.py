"""The key of a passage whose key signature is known: the major or the minor one, where the notes say the same."""

import numpy as np

from onpu.engine.compose.chord import Tonality
from onpu.music.phrase import PROFILES


def heard_key(signature: Tonality, notes: np.ndarray) -> Tonality | None:
    """The key, of the two that the signature stands for, that fits the notes best of all twenty-four; else None.

    signature: its major key. notes: start, length in quarters, pitch, (n, 3 or more). The fit is the correlation of
    Krumhansl's profiles with the time that each pitch class sounds.
    """
    if not len(notes):
        return None
    times = np.bincount(notes[:, 2].astype(np.int64) % 12, notes[:, 1], 12)
    fits = {Tonality(tonic, mode): float(np.corrcoef(np.roll(PROFILES[mode], tonic), times)[0, 1])
            for mode in ("major", "minor") for tonic in range(12)}
    best = max(fits, key=lambda key: fits[key])
    return best if best in (signature, Tonality((signature.tonic + 9) % 12, "minor")) else None
