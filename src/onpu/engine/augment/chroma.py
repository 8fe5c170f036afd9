"""Chroma as a network hears it, made of labels: what learns from chroma needs no sound.

The learned chroma (`onpu.listen.chroma`) of composed recordings was held against their labels: a chord's tone has a
mean of .82 where it sounds and .64 where it is only meant, a foreign tone .24 where it sounds and .08 where it does
not, and nearly all values lie close to 0 or 1. The noise here is drawn accordingly; errors last as long as a chord.
"""

import numpy as np

FIRM, SOUNDING = 0.85, 0.28
"""Chance that a chord's tone is heard all through its chord, and that a foreign tone that sounds is taken for one."""
CONFUSED = 0.06
"""Chance that a whole chord is taken for another."""
NOISE = 0.06
"""Standard deviation from frame to frame."""


def heard_chroma(meant: np.ndarray, sounding: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Chroma (12, frames) in [0, 1] of the tones of the chords (12, frames), 0 or 1, and of all that sounds, likewise;
    C first."""
    frames = meant.shape[1]
    change = np.any(meant[:, 1:] != meant[:, :-1], axis=0)
    chord = np.concatenate([np.zeros(min(frames, 1), int), np.cumsum(change)])
    count = int(chord[-1]) + 1 if frames else 0
    firm = np.where(rng.random((12, count)) < FIRM, rng.uniform(0.75, 1, (12, count)),
                    rng.uniform(0, 0.75, (12, count)))
    stray = np.where(rng.random((12, count)) < SOUNDING, rng.uniform(0.2, 0.9, (12, count)),
                     rng.uniform(0, 0.12, (12, count)))
    shift = np.where(rng.random(count) < CONFUSED, rng.integers(1, 12, count), 0)[chord]
    taken = meant[(np.arange(12)[:, None] - shift) % 12, np.arange(frames)]
    faint = 0.25 * stray * (rng.random((12, count)) < 0.4)
    out = np.where(taken > 0, firm[:, chord], np.where(sounding > 0, stray[:, chord], faint[:, chord]))
    return np.clip(out + NOISE * rng.standard_normal(out.shape), 0, 1).astype(np.float32)
