"""What a decision rests on, and whether it really does.

Saliency (Simonyan, Vedaldi & Zisserman 2014, section 3; times the input: Shrikumar, Greenside & Kundaje 2017): by how
much the decision changes, to first order, when a cell of the features is taken out.

Deletion (Samek et al., "Evaluating the visualization of what a deep neural network has learned", 2017; Petsiuk, Das &
Saenko, "RISE", BMVC 2018): the cells that are said to matter most are taken out, more and more of them, and the
decision is looked at. It has to fall faster than where as many others are taken out: the same shape elsewhere, or what
stands out most from its band.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from onpu.errors import OnpuError, suggestion

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
"""Shares of the cells that are taken out."""
ELSEWHERE = 3
"""Places to which the shape is moved for the mean of what such a loss costs."""
QUIET = 0.1
"""Quantile of a band over time that stands in its place where it is taken out."""
DECIDED = 0.5
"""Share of a head's largest activation from which on a cell of it is looked at."""


@dataclass(frozen=True, eq=False)
class Decision:
    """What a network said that is to be explained.

    head: its name. cells: (classes, frames), or (classes, 1) of a pooled head; 1 where it was said. activations: what
    was said, of the same shape.
    """

    head: str
    cells: Tensor
    activations: Tensor

    def strength(self, values: Tensor) -> Tensor:
        """Mean of the head's values, `(1, [classes,] [frames])`, over the cells."""
        return (_plain(values) * self.cells).sum() / self.cells.sum()


@dataclass(frozen=True, eq=False)
class Deletion:
    """Strength of a decision, share of its first, when cells are taken out.

    shares: of the cells. shown, elsewhere, loudest: strengths (shares,), where the cells that matter most are taken
    out, the same shape in other places (mean), the cells that stand out most from a quiet moment of
    their band.
    """

    shares: np.ndarray
    shown: np.ndarray
    elsewhere: np.ndarray
    loudest: np.ndarray

    def lost(self, curve: np.ndarray) -> float:
        """Mean share of the decision that is lost along a curve: 0 none, 1 all at once."""
        widths = np.diff(self.shares)
        return float(((1 - curve[1:] + 1 - curve[:-1]) / 2 * widths).sum() / widths.sum())


def decision(activations: Mapping[str, Tensor], logits: Mapping[str, Tensor], head: str | None = None,
             number: int | None = None) -> Decision:
    """What is explained of a network's activations: of a head (None: the first) the cells that come near its largest.

    number: of a class; None: all. Raises `OnpuError` when there is no such head or class.
    """
    known = [name for name in activations if name in logits and activations[name].ndim in (2, 3)]
    if head is not None and head not in known:
        raise OnpuError(f"no head is called {head}; {suggestion(head, known)}")
    name = head or known[0]
    values = _plain(activations[name].detach())
    if number is not None and not 0 <= number < len(values):
        raise OnpuError(f"{name}: has classes 0 to {len(values) - 1}, not {number}")
    wanted = torch.zeros_like(values)
    wanted[slice(None) if number is None else number] = 1
    return Decision(name, (values * wanted >= DECIDED * (values * wanted).max().clamp(min=1e-9)).float(), values)


def taken_out(x: Tensor) -> Tensor:
    """What stands in place of each cell of features (..., frames) that is taken out: a quiet moment of its band."""
    return x.quantile(QUIET, dim=-1, keepdim=True).expand_as(x)


def saliency(network: nn.Module, x: Tensor, what: Decision) -> Tensor:
    """How much each cell of features (1, channels, bins, frames) speaks for a decision: (channels, bins, frames)."""
    network.eval()
    x = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        slope, = torch.autograd.grad(what.strength(network(x)[what.head]), x)
    return (slope * (x.detach() - taken_out(x.detach())))[0]


def deletion(strength: Callable[[Tensor], float], x: Tensor, relevance: Tensor, rng: np.random.Generator,
             shares: tuple[float, ...] = SHARES) -> Deletion:
    """How a decision falls when what is relevant is taken out.

    strength: features like x -> strength of the decision. x: (1, channels, bins, frames). relevance: (bins, frames).
    """
    whole, quiet = strength(x), taken_out(x)
    rows, columns = relevance.shape
    moves = [(int(rng.integers(rows)), int(rng.integers(columns))) for _ in range(ELSEWHERE)]

    def left(cells: Tensor) -> float:
        return strength(torch.where(cells, quiet, x)) / max(whole, 1e-9)

    curves: dict[str, list[float]] = {"shown": [], "elsewhere": [], "loudest": []}
    for share in shares:
        count = round(share * relevance.numel())
        if not count:
            for curve in curves.values():
                curve.append(1.0)
            continue
        shown = _largest(relevance, count)
        curves["shown"].append(left(shown))
        curves["elsewhere"].append(float(np.mean([left(shown.roll(move, (0, 1))) for move in moves])))
        curves["loudest"].append(left(_largest((x - quiet)[0].mean(dim=0), count)))
    return Deletion(np.array(shares), **{name: np.array(curve) for name, curve in curves.items()})


def _largest(values: Tensor, count: int) -> Tensor:
    """True at the `count` largest values."""
    out = torch.zeros(values.numel(), dtype=torch.bool, device=values.device)
    out[values.flatten().topk(count).indices] = True
    return out.reshape(values.shape)


def _plain(values: Tensor) -> Tensor:
    """(1, [classes,] frames) -> (classes, frames)."""
    plain = values[0]
    return plain[None] if plain.ndim == 1 else plain
