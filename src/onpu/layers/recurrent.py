"""Cells along time: layers, directions, and what keeps a recurrent network from learning by heart.

The norm of gradients is clipped (Pascanu, Mikolov & Bengio, ICML 2013, algorithm 1) by torch's
`torch.nn.utils.clip_grad_norm_`; in a recipe that is `clip`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from onpu.layers.cells import Cell, State


class Recurrent(nn.Module):
    """Layers of cells, in one direction or both.

    (batch, frames, inputs), states -> (batch, frames, units * directions), states

    The states are one for each layer and direction, in the order of `cells`: layer by layer, forward first (Schuster &
    Paliwal 1997); the outputs of both directions lie side by side. Without states it begins with zeros. What lies
    behind the end of a sequence in a batch is heard by the backward direction.

    Dropout is variational (Gal & Ghahramani, NIPS 2016, eq. 7): a unit that is dropped stays so at all steps of a
    sequence, at the input of each layer (`dropout`) and where the output before meets the recurrent matrices
    (`recurrent_dropout`). All gates share a mask, as in the paper's tied LSTM; masks are drawn at each call.

    Args:
        cell: (inputs, units) -> a cell: `LstmCell`, `partial(LstmCell, peepholes=True)`.
        inputs, units: sizes; units are those of one direction.
        dropout, recurrent_dropout: probabilities.
        zoneout: of each tensor of a cell's state, output first, the probability that a unit keeps its value (see
            `zoneout`); empty: without.
    """

    def __init__(self, cell: Callable[[int, int], Cell], inputs: int, units: int, layers: int = 1,
                 bidirectional: bool = False, dropout: float = 0.0, recurrent_dropout: float = 0.0,
                 zoneout: Sequence[float] = ()):
        super().__init__()
        self.layers, self.bidirectional = layers, bidirectional
        self.dropout, self.recurrent_dropout, self.zoneout = dropout, recurrent_dropout, tuple(zoneout)
        directions = 2 if bidirectional else 1
        self.cells = nn.ModuleList(cell(units * directions if layer else inputs, units)
                                   for layer in range(layers) for _ in range(directions))

    def forward(self, x: Tensor, states: Sequence[State] | None = None) -> tuple[Tensor, list[State]]:
        """Inputs (batch, frames, inputs) -> outputs (batch, frames, units * directions), states; None: zeros."""
        directions, after = 2 if self.bidirectional else 1, []
        for layer in range(self.layers):
            x = x * _mask(x[:, :1], self.dropout, self.training)
            sides = []
            for direction in range(directions):
                number = layer * directions + direction
                y, state = self._run(self.cells[number], x.flip(1) if direction else x,
                                     None if states is None else states[number])
                sides.append(y.flip(1) if direction else y)
                after.append(state)
            x = torch.cat(sides, dim=-1)  # (batch, frames, units * directions)
        return x, after

    def _run(self, cell: Any, x: Tensor, state: State | None) -> tuple[Tensor, State]:
        state = cell.start(x) if state is None else state
        mask = _mask(state[0], self.recurrent_dropout, self.training) if self.recurrent_dropout else None
        outputs = []
        for given in cell.project(x).unbind(dim=1):
            state = zoneout(state, cell.step(given, state, mask), self.zoneout, self.training)
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state


def zoneout(before: State, after: State, rates: Sequence[float], training: bool) -> State:
    """Some units keep the value that they had before a step (Krueger et al., ICLR 2017, section 3).

        s_t = d ⊙ s_{t-1} + (1 - d) ⊙ s̃_t,    d = 1 with the given probability, in evaluation the probability itself

    before, after: states of a cell around a step. rates: a probability for each tensor of the state; empty: nothing is
    kept. In the paper's LSTM the output is made of the cell as it would be without zoneout, as here.
    """
    if not rates:
        return after
    if not training:
        return tuple(torch.lerp(new, old, rate) for old, new, rate in zip(before, after, rates, strict=True))
    return tuple(torch.where(torch.rand_like(new) < rate, old, new)
                 for old, new, rate in zip(before, after, rates, strict=True))


def _mask(like: Tensor, rate: float, training: bool) -> Tensor:
    """0 with the probability `rate`, else 1 / (1 - rate); all 1 in evaluation."""
    return functional.dropout(torch.ones_like(like), rate, training)


class Stepwise(Protocol):
    """`Recurrent`, or one of torch's recurrent layers with the batch first."""

    @property
    def bidirectional(self) -> bool: ...

    def __call__(self, x: Tensor, states: Any = None, /) -> tuple[Tensor, Any]: ...


def truncated(network: Stepwise, x: Tensor, length: int, states: Any = None) -> Iterator[tuple[slice, Tensor]]:
    """Truncated backpropagation through time (Williams & Peng 1990, with k₁ = k₂ = length).

    The state goes from chunk to chunk, the gradient ends at its beginning: what is learned reaches `length` steps back
    at most, and so does the memory that it takes. Backpropagate the loss of a chunk before asking for the next one:

        for frames, y in truncated(network, x, 100):
            loss(y, target[:, frames]).backward()

    Args:
        network: of one direction.
        x: (batch, frames, inputs).
        length: frames a chunk; the last one may be shorter.
        states: before the first frame; None: zeros.

    Yields:
        Which frames, and the outputs there, (batch, frames of the chunk, units).
    """
    if network.bidirectional:
        raise ValueError("a network of both directions needs the whole sequence at once")
    for start in range(0, x.shape[1], length):
        frames = slice(start, min(start + length, x.shape[1]))
        y, states = network(x[:, frames], states)
        yield frames, y
        states = _detached(states)


def _detached(states: Any) -> Any:
    return states.detach() if isinstance(states, Tensor) else tuple(_detached(each) for each in states)
