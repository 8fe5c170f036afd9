"""Linear-chain conditional random field whose states mostly stay (Lafferty, McCallum & Pereira 2001).

A state s_t is kept with probability 1 - c_t and left with c_t for another one by a matrix of moves:

    score(s) = Σ_t e_t(s_t) + Σ_t log[(1 - c_t) 1(s_t = s_{t-1}) + c_t M(s_{t-1}, s_t)]

so that what is known of a frame (a beat begins there) may say how likely a change is.
"""

import math

import torch
from torch import Tensor


def chain_loss(emissions: Tensor, states: Tensor, change: Tensor, moves: Tensor, mask: Tensor) -> Tensor:
    """Negative log likelihood of state sequences, mean over frames.

    emissions: (batch, states, frames) log potentials. states: (batch, frames) int. change: (batch, frames) in (0, 1),
    the chance that frame t has another state than t - 1. moves: (states, states), rows sum to 1, zeros on the
    diagonal. mask: (batch, frames), 1 where frames count; frames that do not are passed without a trace.
    """
    _, count, frames = emissions.shape
    seen = mask.cumsum(dim=1)  # (batch, frames), how many frames have counted so far
    joined = mask[:, 1:] * (seen[:, :-1] > 0)  # the first that counts comes after nothing
    top = emissions.amax(dim=1, keepdim=True)
    potential = (emissions - top).exp() * mask[:, None] + (1 - mask[:, None])
    alpha = potential[..., 0] / count
    scale = alpha.sum(dim=1)
    alpha, total = alpha / scale[:, None], scale.log()
    for t in range(1, frames):
        c = (change[:, t] * joined[:, t - 1])[:, None]
        alpha = ((1 - c) * alpha + c * (alpha @ moves)) * potential[..., t]
        scale = alpha.sum(dim=1)
        alpha, total = alpha / scale[:, None], total + scale.log()
    chosen = (emissions - top).gather(1, states[:, None])[:, 0] * mask
    last = torch.where(mask > 0, torch.arange(frames, device=mask.device), 0).cummax(dim=1).values
    before, after = states.gather(1, last[:, :-1]), states[:, 1:]
    stay = before == after
    step = torch.where(stay, 1 - change[:, 1:], change[:, 1:] * moves[before, after])
    path = chosen.sum(dim=1) + (step.clamp(min=1e-12).log() * joined).sum(dim=1) - math.log(count) * (seen[:, -1] > 0)
    return ((total - path).sum()) / mask.sum().clamp(min=1)
