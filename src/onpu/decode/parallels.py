"""What a voice must not sing, given the others: parallel fifths and octaves, at whatever place it is drawn anew.

Aldwell, Schachter & Cadwallader, "Harmony and Voice Leading" (4th edition 2011), chapter 5; what is counted is what
`onpu.metrics.voice_leading` counts.
"""

import numpy as np

FORBIDDEN = (0, 7)
"""Semitones above octaves between two voices that must not follow each other in the same direction."""


def parallels(pitches: np.ndarray, begins: np.ndarray, parted: np.ndarray, voice: int, places: np.ndarray,
              candidates: np.ndarray) -> np.ndarray:
    """How many parallels a voice makes with the others where it begins a note at a place, for each note that it may.

    A note lasts until the voice's next one, so that only two moves are changed by it: into the place, and from its end
    on. Where the candidate is that nothing begins, the note before is held on.

    Args:
        pitches: (voices, steps) MIDI pitch that sounds, 0 in rests, the highest voice first.
        begins: (steps,) whether a note of the voice begins there.
        parted: (steps,) whether what sounds there ends a phrase; what follows is not a move.
        voice: which one is drawn.
        places: (n,) steps.
        candidates: (m,) MIDI pitch of each note; negative: nothing begins; 0: a rest.

    Returns:
        (n, m) counts.
    """
    steps = pitches.shape[1]
    at = np.append(np.flatnonzero(begins), steps)
    ends = at[np.searchsorted(at, places, side="right")]  # where the note that stands at a place would end
    before = np.where(places > 0, pitches[voice, places - 1], 0)
    sung = np.where(candidates < 0, before[:, None], candidates)  # (n, m)
    after = np.where(ends < steps, pitches[voice, np.minimum(ends, steps - 1)], 0)
    found = np.zeros(sung.shape, np.int64)
    for other in range(len(pitches)):
        if other != voice:
            for here, there, when in ((before[:, None], sung, places), (sung, after[:, None], ends)):
                inside = (when > 0) & (when < steps)
                now = np.where(inside, when, 1) if steps > 1 else np.zeros_like(when)
                its = pitches[other, now - 1][:, None], pitches[other, now][:, None]
                moves = (inside & ~parted[now - 1])[:, None] & (here > 0) & (there > 0) & (its[0] > 0) & (its[1] > 0)
                sign = 1 if other > voice else -1
                first, second = (sign * (own - others) % 12 for own, others in ((here, its[0]), (there, its[1])))
                same = (there - here) * (its[1] - its[0]) > 0
                found += moves & same & (first == second) & np.isin(first, FORBIDDEN)
    return found
