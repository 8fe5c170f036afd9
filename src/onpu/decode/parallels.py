"""What a voice must not sing, given the others: parallel fifths and octaves, at whatever place it is drawn anew.

Aldwell, Schachter & Cadwallader, "Harmony and Voice Leading" (4th edition 2011), chapter 5; what is counted is what
`onpu.metrics.voice_leading` counts.
"""

import numpy as np

from onpu.music.arrays import Integers

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
    before = np.where(places > 0, pitches[voice, places - 1], 0)[:, None]
    after = np.where(ends < steps, pitches[voice, np.minimum(ends, steps - 1)], 0)[:, None]
    sung = np.where(candidates < 0, before, candidates)  # (n, m)
    here, there = (np.stack(np.broadcast_arrays(*each)) for each in ((before, sung), (sung, after)))  # (moves, n, m)
    when = np.stack((places, ends))  # (moves, n)
    inside = (when > 0) & (when < steps)
    now = np.where(inside, when, min(1, steps - 1))
    others = np.delete(np.arange(len(pitches)), voice)
    sign = np.where(others > voice, 1, -1)[:, None, None, None]
    first, second = pitches[others][:, now - 1, None], pitches[others][:, now, None]  # (others, moves, n, 1)
    moves = (inside & ~parted[now - 1])[..., None] & (here > 0) & (there > 0) & (first > 0) & (second > 0)
    interval = sign * (here - first) % 12
    same = ((there - here) * (second - first) > 0) & (interval == sign * (there - second) % 12)
    forbidden = np.any([interval == semitones for semitones in FORBIDDEN], axis=0)
    counts: Integers = (moves & same & forbidden).sum(axis=(0, 1))
    return counts
