"""What is drawn from, when something is made up step by step: see `onpu.decode.gibbs.drawn` for the drawing."""

import numpy as np


def nucleus(logits: np.ndarray, share: float) -> np.ndarray:
    """Logits (n, classes) with -inf outside the nucleus: the fewest classes that have this share of the probability
    (Holtzman et al., "The curious case of neural text degeneration", ICLR 2020, section 3.1: top-p)."""
    order = np.argsort(-logits, axis=1, kind="stable")
    sorted_logits = np.take_along_axis(logits, order, axis=1)
    likely = np.exp(sorted_logits - sorted_logits[:, :1])
    likely /= likely.sum(axis=1, keepdims=True)
    outside = np.cumsum(likely, axis=1) - likely >= share
    outside[:, 0] = False
    out = logits.copy()
    np.put_along_axis(out, order, np.where(outside, -np.inf, sorted_logits), axis=1)
    return out
