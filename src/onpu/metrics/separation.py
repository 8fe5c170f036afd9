"""Separation measures: how near a part that was taken out of a mixture is to what it was before.

SI-SDR (Le Roux, Wisdom, Erdogan & Hershey, "SDR - half-baked or well done?", ICASSP 2019): 10 log10 of the energy of
the reference over that of the error, after the reference was scaled to come nearest to the estimate; its improvement
is against the mixture taken for the part. A part that is silent in the reference, or all that sounds, has no measure.
"""

import numpy as np

SILENT_POWER = 1e-8
"""Mean square from which on there is a reference."""
ALONE_SI_SDR_DB = 30.0
"""SI-SDR of the mixture, dB, from which on a part is all that sounds."""


def si_sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """SI-SDR in dB of sounds of one shape, all channels taken together; ±100 at most."""
    truth, found = (value.astype(np.float64).ravel() for value in (reference, estimate))
    scaled = truth * (found @ truth) / max(float(truth @ truth), 1e-20)
    ratio = float(scaled @ scaled) / max(float(((found - scaled) ** 2).sum()), 1e-20)
    return float(np.clip(10 * np.log10(max(ratio, 1e-20)), -100, 100))


def evaluate(reference: dict[str, np.ndarray], estimate: dict[str, np.ndarray]) -> dict[str, float]:
    """Score the parts of a mixture against what they were before.

    Parameters
    ----------
    reference, estimate
        Name of a part -> sound (…, samples); both have the same names and shapes. The parts of the reference sum to the
        mixture.

    Returns
    -------
    dict
        `PART SI-SDR` and `PART SI-SDR improvement` of each part, dB, and `SI-SDR improvement`, the mean of the latter.
        A part that is silent in the reference, or alone, is missing.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.separation import evaluate
    >>> rng = np.random.default_rng(0)
    >>> voice, drums = rng.normal(size=(2, 1000))
    >>> reference = {"voice": voice, "drums": drums}
    >>> scores = evaluate(reference, {"voice": voice + 0.1 * drums, "drums": drums + 0.1 * voice})
    >>> round(scores["SI-SDR improvement"])
    20
    """
    mixture = np.sum(list(reference.values()), axis=0)
    scores: dict[str, float] = {}
    for name, truth in reference.items():
        before = si_sdr(truth, mixture)
        if float(np.mean(truth.astype(np.float64) ** 2)) > SILENT_POWER and before < ALONE_SI_SDR_DB:
            scores[f"{name} SI-SDR"] = si_sdr(truth, estimate[name])
            scores[f"{name} SI-SDR improvement"] = scores[f"{name} SI-SDR"] - before
    better = [value for name, value in scores.items() if name.endswith("improvement")]
    return scores | ({"SI-SDR improvement": float(np.mean(better))} if better else {})
