"""What a voice may sing where chords are prescribed, at whatever place it is drawn anew.

Hard constraints of pseudo-Gibbs sampling, as the notes that a user fixes are (Hadjeres, Pachet & Nielsen, "DeepBach",
ICML 2017, section 3.3), but of pitch classes instead of notes, so that the networks choose position and doubling.
"""

from collections.abc import Sequence

import numpy as np

from onpu.music.arrays import Booleans
from onpu.music.cadences import Close


def permitted(prescribed: Sequence[Close], steps: int, pitches: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Of each voice, the highest first, which of its notes may sound at each step: (steps, notes).

    pitches: MIDI pitches of the notes of each voice, 0 where it rests.
    """
    out = []
    for voice, notes in enumerate(pitches):
        may = np.ones((steps, len(notes)), bool)
        for close in prescribed:
            wanted = close.tones if voice < len(pitches) - 1 else (close.bass,)
            if voice == 0 and close.soprano is not None:
                wanted = (close.soprano,)
            may[close.start : close.stop] &= np.isin(notes % 12, wanted) & (notes > 0)
        out.append(may)
    return out


def singable(may: np.ndarray, sounding: np.ndarray, begins: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Which notes a voice may begin at a place, and, last, whether it may hold on what sounds: (places, notes + 1).

    A note lasts until the voice's next one, and may sound at all steps until then; at the first step nothing can be
    held.

    Args:
        may: (steps, notes) which notes may sound at each step.
        sounding: (steps,) the note that sounds.
        begins: (steps,) whether it begins there.
        places: (n,) steps.
    """
    steps = len(may)
    barred = np.pad(np.cumsum(~may, axis=0), ((1, 0), (0, 0)))  # (steps + 1, notes): how many steps before bar a note
    at = np.append(np.flatnonzero(begins), steps)
    ends = at[np.searchsorted(at, places, side="right")]
    free: Booleans = barred[ends] == barred[places]
    held = free[np.arange(len(places)), sounding[places - 1]] & (places > 0)
    return np.concatenate([free, held[:, None]], axis=1)
