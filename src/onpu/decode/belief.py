"""Whether there are beats at all, and how sure each of them is.

Noise, speech and applause give an activation too, low and without order. Music that a network hears badly gives a low
one as well, but its beats stand out from what lies between them, and either the spectrum rises there or the tempo head
knows one tempo. So the height alone decides only where it is very low or very high.
"""

import numpy as np

from onpu.decode.pulse import SMALL, HeardPulse, tempo_belief

CONSTANT, LEVEL, CONTRAST, ORDER = 0.4, 2.0, 2.0, 4.0
"""Logarithm of odds of beats where nothing is known, and what the logarithm of the activation at beats, their contrast
and their order add; set by speech, noise and applause against music that is hard to hear."""
SURE, SURE_HEIGHT, SURE_LEVEL = 0.6, 1.5, 0.9
"""Logarithm of odds that a beat as high as the activation's peaks is right where its level is an even bet, and what the
logarithms of its height and of the level's odds add; fitted on recordings and songs that are kept for such choices."""
LOWEST_HEIGHT, LEAST_DOUBT = 0.05, 0.02
"""What is added to a beat's height and to the doubt about the level, so that no beat is wholly sure or unsure."""
FEWEST = 3
"""Fewer places are no beats."""


def belief(frames: np.ndarray, pulse: HeardPulse) -> float:
    """Probability that there are beats, of the places in frames (n,) where they would be; of less than three 0.

    Contrast: 1 less the activation half-way between beats over that at beats. Order: the logarithm of the flux at beats
    over that half-way, or 1 plus the logarithm of the tempo head's belief in their tempo, whichever is more; where
    neither is known, half the contrast stands for it.
    """
    if len(frames) < FEWEST:
        return 0.0
    middles = (frames[:-1] + frames[1:]) / 2
    level, between = (float(pulse.level(places).mean()) for places in (frames, middles))
    contrast = 1 - between / max(level, SMALL)
    orders = [] if pulse.flux is None else [float(np.log(pulse.rise(frames).mean() / pulse.rise(middles).mean()))]
    orders += [] if pulse.tempo is None else [1 + tempo_belief(frames, pulse)]
    order = max(orders, default=contrast / 2)
    odds = CONSTANT + LEVEL * np.log(level + SMALL) + CONTRAST * contrast + ORDER * order
    return float(1 / (1 + np.exp(-odds)))


def sureness(heights: np.ndarray, pulse: HeardPulse, level: float) -> np.ndarray:
    """Probability that each beat lies within 70 ms of a true one, (n,), from the beat activation on it, (n,), and the
    probability of the metrical level."""
    height = np.log(heights / max(pulse.peak, SMALL) + LOWEST_HEIGHT)
    odds = SURE + SURE_HEIGHT * height + SURE_LEVEL * np.log(level / (1 - level + LEAST_DOUBT))
    return np.asarray(1 / (1 + np.exp(-odds)))
