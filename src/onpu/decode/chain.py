"""Best path and posteriors of a chain whose states mostly stay (see `onpu.layers.chain` for the model)."""

from dataclasses import dataclass

import numpy as np

MIN_PROBABILITY = 1e-12


@dataclass(frozen=True, eq=False)
class ChainPosterior:
    """states: (states, frames), probability of each state at each frame. changes: (frames,), probability that a frame
    has another state than the one before; 0 at the first."""

    states: np.ndarray
    changes: np.ndarray


def best_path(emissions: np.ndarray, change: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Most probable states (frames,), by the Viterbi algorithm.

    emissions: (states, frames) log potentials. change: (frames,) in [0, 1]. moves: (states, states), rows sum to 1.
    """
    count, frames = emissions.shape
    if frames == 0:
        return np.zeros(0, dtype=np.int64)
    log_moves = np.log(np.maximum(moves, MIN_PROBABILITY)).T.astype(np.float32).copy()  # (to, from)
    leave = np.log(np.maximum(change, MIN_PROBABILITY)).astype(np.float32)
    stay = np.log(np.maximum(1 - change, MIN_PROBABILITY)).astype(np.float32)
    columns = np.ascontiguousarray(emissions.T, dtype=np.float32)
    score = columns[0].copy()
    origin = np.empty((frames, count), dtype=np.int32)
    own = np.arange(count)
    for t in range(1, frames):
        arrivals = log_moves + score
        best = arrivals.argmax(axis=1)
        moved = arrivals[own, best] + leave[t]
        kept = score + stay[t]
        keep = kept >= moved
        origin[t] = np.where(keep, own, best)
        score = np.where(keep, kept, moved) + columns[t]
        score -= score.max()
    path = np.empty(frames, dtype=np.int64)
    path[-1] = score.argmax()
    for t in range(frames - 1, 0, -1):
        path[t - 1] = origin[t, path[t]]
    return path


def posterior(emissions: np.ndarray, change: np.ndarray, moves: np.ndarray) -> ChainPosterior:
    """Probabilities of states and of changes, by the forward-backward algorithm; arguments as for `best_path`."""
    count, frames = emissions.shape
    if frames == 0:
        return ChainPosterior(np.zeros((count, 0)), np.zeros(0))
    potential = np.exp(emissions - emissions.max(axis=0)).T.astype(np.float64)  # (frames, states)
    matrix = moves.astype(np.float64)
    ahead, scale = np.empty((frames, count)), np.empty(frames)
    ahead[0] = potential[0] / count
    scale[0] = ahead[0].sum()
    ahead[0] /= scale[0]
    for t in range(1, frames):
        ahead[t] = ((1 - change[t]) * ahead[t - 1] + change[t] * (ahead[t - 1] @ matrix)) * potential[t]
        scale[t] = ahead[t].sum()
        ahead[t] /= scale[t]
    back = np.ones(count)
    states, changes = np.empty((count, frames)), np.zeros(frames)
    for t in range(frames - 1, 0, -1):
        states[:, t] = ahead[t] * back
        seen = potential[t] * back / scale[t]
        arriving = matrix @ seen
        changes[t] = change[t] * (ahead[t - 1] @ arriving)
        back = (1 - change[t]) * seen + change[t] * arriving
    states[:, 0] = ahead[0] * back
    return ChainPosterior(states / states.sum(axis=0), np.clip(changes, 0, 1))
