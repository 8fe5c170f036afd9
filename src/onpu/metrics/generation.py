"""How good are things that were made up: are they like real ones, and are there all kinds of them?

Conventions: everything is told by its features (things, dimensions), what a network that was trained to tell real
things apart sees in them; `real` are held out from the training of what made the others. Scores depend on the number of
things and on the features: compare only what was measured alike.
"""

import numpy as np
from scipy.spatial.distance import cdist

NEAREST_K = 3
"""k of the nearest neighbours, as Kynkäänniemi et al. 2019 have it."""


def precision_recall(real: np.ndarray, made: np.ndarray, neighbour: int = NEAREST_K) -> tuple[float, float]:
    """Share of what was made that lies among the real, and share of the real that lies among what was made.

    Something lies among others if it is no further from one of them than that one's k-th neighbour (Kynkäänniemi,
    Karras, Laine, Lehtinen & Aila, "Improved precision and recall metric for assessing generative models", NeurIPS
    2019, eq. 1 and 2).
    """
    validate(real, made, neighbour + 1)
    between = cdist(made, real)
    precision = (between <= _radii(real, neighbour)[None, :]).any(axis=1).mean()
    recall = (between <= _radii(made, neighbour)[:, None]).any(axis=0).mean()
    return float(precision), float(recall)


def frechet_distance(real: np.ndarray, made: np.ndarray) -> float:
    """Distance of both as normal distributions (Heusel et al., NIPS 2017, eq. 6); 0 where mean and covariance agree.

        ‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½)
    """
    validate(real, made, 2)
    first, second = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (real, made))
    root = np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0)).sum()  # its trace, by its eigenvalues
    apart = np.square(real.mean(axis=0) - made.mean(axis=0)).sum()
    return float(max(0.0, apart + np.trace(first) + np.trace(second) - 2 * root))


def mode_coverage(classes: np.ndarray, count: int) -> float:
    """Share of `count` classes of which there are at least half as many as if all were made equally often.

    classes: (things,) numbers below `count`, as a network tells them.
    """
    found = np.bincount(np.asarray(classes, dtype=np.int64), minlength=count)
    return float((found >= 0.5 * len(classes) / count).mean()) if len(classes) else 0.0


def validate(real: np.ndarray, made: np.ndarray, least: int) -> None:
    """Raise `ValueError` unless both are features (things, dimensions) of at least so many things."""
    if real.ndim != 2 or made.ndim != 2 or real.shape[1] != made.shape[1]:
        raise ValueError(f"features must be (things, dimensions), not {real.shape} and {made.shape}")
    if min(len(real), len(made)) < least:
        raise ValueError(f"{least} things are needed on either side, not {len(real)} and {len(made)}")
    if not (np.isfinite(real).all() and np.isfinite(made).all()):
        raise ValueError("features must be finite")


def evaluate(real: np.ndarray, made: np.ndarray) -> dict[str, float]:
    """Score things that were generated against real ones, by their features.

    Parameters
    ----------
    real, made
        (things, dimensions), at least four things each.

    Returns
    -------
    dict
        `Precision` and `Recall` in [0, 1], and `Fréchet distance`, 0 or more.

    Raises
    ------
    ValueError
        When shapes differ, a number is not finite, or there are too few things.

    Examples
    --------
    >>> import numpy as np
    >>> from onpu.metrics.generation import evaluate
    >>> real = np.random.default_rng(0).normal(size=(100, 4))
    >>> scores = evaluate(real, 0.5 * real)
    >>> scores["Precision"], scores["Recall"] < 1, scores["Fréchet distance"] > 0
    (1.0, True, True)
    """
    precision, recall = precision_recall(real, made)
    return {"Precision": precision, "Recall": recall, "Fréchet distance": frechet_distance(real, made)}


def _radii(features: np.ndarray, neighbour: int) -> np.ndarray:
    """(things,) distance from each to its k-th neighbour."""
    return np.partition(cdist(features, features), neighbour, axis=1)[:, neighbour]
