"""Pitch classes as networks hear them, made of labels: what learns from them needs no sound.

Learned chroma (`onpu.listen.chroma`) and saliences (`onpu.listen.melody`) of composed recordings were held against
their labels. Chroma: a chord's tone has a mean of .82 where it sounds and .64 where it is only meant, a foreign tone
.24 where it sounds and .08 where it does not, and nearly all values lie close to 0 or 1. Salience of all pitches: .66
where a pitch class sounds, .16 where it does not. Salience of the melody: anything between 0 and 1, .49 on average, for
its pitch class, .07 for others that sound, .03 for the rest. The noise here is drawn accordingly; errors last as long
as a chord or a note.
"""

import numpy as np

FIRM, SOUNDING = 0.85, 0.28
"""Chance that a chord's tone is heard all through its chord, and that a foreign tone that sounds is taken for one."""
CONFUSED = 0.06
"""Chance that a whole chord is taken for another."""
NOISE = 0.06
"""Standard deviation from frame to frame."""
SALIENT, FAINT = (0.68, 0.25), (0.16, 0.11)
"""Mean and standard deviation of the salience of pitch classes that sound, and of others."""
BESIDE_MELODY = 0.07, 0.03
"""Mean salience as the melody of other pitch classes that sound, and of the rest."""


def heard_chroma(meant: np.ndarray, sounding: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Chroma (12, frames) in [0, 1] of the tones of the chords (12, frames), 0 or 1, and of all that sounds, likewise;
    C first."""
    frames = meant.shape[1]
    chord = _stretches(meant)
    count = int(chord[-1]) + 1 if frames else 0
    firm = np.where(rng.random((12, count)) < FIRM, rng.uniform(0.75, 1, (12, count)),
                    rng.uniform(0, 0.75, (12, count)))
    stray = np.where(rng.random((12, count)) < SOUNDING, rng.uniform(0.2, 0.9, (12, count)),
                     rng.uniform(0, 0.12, (12, count)))
    shift = np.where(rng.random(count) < CONFUSED, rng.integers(1, 12, count), 0)[chord]
    taken = meant[(np.arange(12)[:, None] - shift) % 12, np.arange(frames)]
    faint = 0.25 * stray * (rng.random((12, count)) < 0.4)
    out = np.where(taken > 0, firm[:, chord], np.where(sounding > 0, stray[:, chord], faint[:, chord]))
    return _blurred(out, rng)


def heard_pitches(sounding: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Salience (12, frames) in [0, 1] of the pitch classes that sound (12, frames), 0 or 1."""
    at = _stretches(sounding)
    count = int(at[-1]) + 1 if len(at) else 0
    loud, soft = (rng.normal(mean, deviation, (12, count))[:, at] for mean, deviation in (SALIENT, FAINT))
    return _blurred(np.where(sounding > 0, loud, soft), rng)


def heard_melody(melody: np.ndarray, sounding: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Salience as the melody (12, frames) in [0, 1] of its pitch class and of all that sounds (12, frames), 0 or 1."""
    at = _stretches(np.concatenate([melody, sounding]))
    count = int(at[-1]) + 1 if len(at) else 0
    own = rng.uniform(0, 1, (12, count))[:, at]
    beside = rng.exponential(1.0, (12, count))[:, at] * np.where(sounding > 0, *BESIDE_MELODY)
    return np.clip(np.where(melody > 0, own, beside), 0, 1).astype(np.float32)


def _stretches(tones: np.ndarray) -> np.ndarray:
    """Number of the stretch without a change that each frame lies in, (frames,)."""
    change = np.any(tones[:, 1:] != tones[:, :-1], axis=0)
    return np.concatenate([np.zeros(min(tones.shape[1], 1), int), np.cumsum(change)])


def _blurred(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(values + NOISE * rng.standard_normal(values.shape), 0, 1).astype(np.float32)
