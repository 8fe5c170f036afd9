"""How near a signal's spectrum comes to the one that was wanted.

Conventions: magnitudes (bins, frames) of the short-time Fourier transform, the same for both, 0 or more; the lower the
better. Phases count nothing. Spectral convergence is ruled by the loudest bins, log-spectral distance hears all alike.
"""

import numpy as np
from scipy.fft import dct

FLOOR_DB = 80.0
"""dB below the loudest bin of the reference: what is quieter in either is raised to it before logarithms are taken."""

COSINES = 24
"""Mel-cepstral coefficients that are compared, the first, which is the level, left out."""


def spectral_convergence(reference: np.ndarray, estimate: np.ndarray) -> float:
    """20 lg(‖R - E‖_F / ‖R‖_F) in dB (Sturmel & Daudet, DAFx 2011); -∞ where both are equal."""
    validate(reference, estimate)
    apart, whole = np.linalg.norm(reference - estimate), np.linalg.norm(reference)
    if apart == 0:
        return -np.inf
    return float(20 * np.log10(apart / whole)) if whole else np.inf


def log_spectral_distance(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Root of the mean over bins of (20 lg(R / E))², in dB, and of that the mean over frames (Gray & Markel 1976).

    Convention: bins below `FLOOR_DB` count as being there, else inaudible ones would decide. Of a silent reference, an
    estimate is 0 dB away if it is silent too, else infinitely far.
    """
    validate(reference, estimate)
    loudest = reference.max(initial=0.0)
    if not loudest:
        return np.inf if estimate.any() else 0.0
    least = loudest * 10 ** (-FLOOR_DB / 20)
    decibels = 20 * np.log10(np.maximum(reference, least) / np.maximum(estimate, least))
    return float(np.sqrt(np.square(decibels).mean(axis=0)).mean())


def cepstral_distortion(reference: np.ndarray, estimate: np.ndarray) -> np.ndarray:
    """dB of each frame, (frames,), of natural logarithms of power in mel bands (frames, bands): 10 / ln 10 times the
    distance of `COSINES` coefficients of the orthonormal cosine transform, over √bands (after Kubichek, 1993)."""
    apart = dct((reference - estimate).astype(np.float64), norm="ortho", axis=1)[:, 1 : COSINES + 1]
    return np.asarray(10 / np.log(10) * np.sqrt(np.square(apart).sum(axis=1) / reference.shape[1]))


def validate(reference: np.ndarray, estimate: np.ndarray) -> None:
    """Raise `ValueError` unless both are magnitudes (bins, frames) of one shape."""
    if reference.ndim != 2 or reference.shape != estimate.shape:
        raise ValueError("magnitudes must be two arrays (bins, frames) of one shape, "
                         f"not {reference.shape} and {estimate.shape}")
    for name, magnitude in (("reference", reference), ("estimate", estimate)):
        if not (np.isfinite(magnitude) & (magnitude >= 0)).all():
            raise ValueError(f"magnitudes of the {name} must be finite and not negative")


def evaluate(reference: np.ndarray, estimate: np.ndarray) -> dict[str, float]:
    """Score magnitudes against those that were wanted.

    Parameters
    ----------
    reference, estimate
        (bins, frames), 0 or more.

    Returns
    -------
    dict
        `Spectral convergence` and `Log-spectral distance`, both in dB; the lower the better.

    Raises
    ------
    ValueError
        When the shapes differ, or a magnitude is negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.spectra import evaluate
    >>> magnitudes = np.ones((4, 3))
    >>> scores = evaluate(magnitudes, 0.5 * magnitudes)
    >>> round(scores["Spectral convergence"], 2), round(scores["Log-spectral distance"], 2)
    (-6.02, 6.02)
    """
    return {"Spectral convergence": spectral_convergence(reference, estimate),
            "Log-spectral distance": log_spectral_distance(reference, estimate)}
