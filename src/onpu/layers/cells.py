"""Recurrent cells, one step of time each, written out from their equations.

Numbers of equations without a name are those of Sakaue's tutorial (18 to 31), whose symbols are kept: W meets the
input, R or U what the cell said before. Where torch has the same cell, the two agree with the same weights; torch's is
the faster and the one to take, unless something is asked of a cell that torch cannot do: peepholes, the reset gate of
the paper, layer normalisation, or, in `onpu.layers.recurrent`, zoneout and dropout inside.

Weights begin as in torch, uniform within ±1/√units, and biases at zero. Instead of torch's two biases, which are added,
there is one.
"""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]
"""What a cell hands on to the next step: tensors (batch, units), of which the first is its output."""


class Cell(nn.Module, ABC):
    """One step: input (batch, inputs), state -> state.

    units: of the output. states: how many tensors its state has.

    With layer normalisation (Ba, Kiros & Hinton 2016, supplement), what comes of the input and what comes of the state
    are normalised over all their units, each with gains, before they are added; the bias is added after.
    """

    def __init__(self, units: int, states: int, biases: int):
        super().__init__()
        self.units, self.states = units, states
        self.bias = nn.Parameter(torch.zeros(biases))

    def start(self, x: Tensor) -> State:
        """The state before the first step, zeros, for inputs (batch, ...)."""
        return (x.new_zeros(len(x), self.units),) * self.states

    @abstractmethod
    def project(self, x: Tensor) -> Tensor:
        """What the input says: (..., inputs) -> (..., gates * units), for any number of steps at once."""

    @abstractmethod
    def step(self, given: Tensor, state: State, mask: Tensor | None = None) -> State:
        """given: (batch, gates * units), of `project`. mask: (batch, units), multiplies the last output where it meets
        a recurrent matrix (for dropout), and only there."""

    def forward(self, x: Tensor, state: State) -> State:
        """Input (batch, inputs) and state -> the next state."""
        return self.step(self.project(x), state)

    def _matrix(self, inputs: int, outputs: int, normalised: bool) -> nn.Module:
        layer = nn.Linear(inputs, outputs, bias=False)
        nn.init.uniform_(layer.weight, -1 / math.sqrt(self.units), 1 / math.sqrt(self.units))
        return nn.Sequential(layer, nn.LayerNorm(outputs, bias=False)) if normalised else layer


class RnnCell(Cell):
    """Vanilla recurrent network.

        h_t = tanh(U x_t + W h_{t-1} + b)        (Choi et al., eq. 8, with a bias)

    Deviation: with layer normalisation, U x and W h are normalised apart, as in the LSTM, where Ba et al. normalise
    their sum.
    """

    def __init__(self, inputs: int, units: int, normalised: bool = False):
        super().__init__(units, states=1, biases=units)
        self.given = self._matrix(inputs, units, normalised)
        self.recurrent = self._matrix(units, units, normalised)

    def project(self, x: Tensor) -> Tensor:
        """See `Cell`."""
        given: Tensor = self.given(x)
        return given + self.bias

    def step(self, given: Tensor, state: State, mask: Tensor | None = None) -> State:
        """See `Cell`."""
        h, = state
        return (given + self.recurrent(_seen(h, mask))).tanh(),


class LstmCell(Cell):
    """Long short-term memory (Hochreiter & Schmidhuber 1997) with input, forget and output gate.

        i_t = σ(W_i x_t + R_i y_{t-1} + p_i ⊙ c_{t-1} + b_i)        (18, 21)
        f_t = σ(W_f x_t + R_f y_{t-1} + p_f ⊙ c_{t-1} + b_f)        (19, 22)
        o_t = σ(W_o x_t + R_o y_{t-1} + p_o ⊙ c_{t-1} + b_o)        (20, 23)
        z_t = tanh(W_z x_t + R_z y_{t-1} + b_z)                      (24, 25)
        c_t = z_t ⊙ i_t + c_{t-1} ⊙ f_t                              (26)
        y_t = tanh(c_t) ⊙ o_t                                        (27)

    State: y, c. The rows of the matrices are i, f, z, o, as torch has them. With layer normalisation, c_t is normalised
    too before the tanh of (27).

    Where others differ: the output gate looks at c_{t-1}, as the tutorial has it; Gers, Schraudolph & Schmidhuber
    (2002) and Greff et al. (2017) let it look at c_t.

    Args:
        peepholes: with p; without it, p is zero, and the cell is torch's.
        forget_bias: what b_f begins with; at 1 a cell remembers before it has learned to (Gers, Schmidhuber & Cummins
            2000; Jozefowicz, Zaremba & Sutskever 2015).
        normalised: with layer normalisation.
    """

    def __init__(self, inputs: int, units: int, peepholes: bool = False, forget_bias: float = 1.0,
                 normalised: bool = False):
        super().__init__(units, states=2, biases=4 * units)
        self.given = self._matrix(inputs, 4 * units, normalised)
        self.recurrent = self._matrix(units, 4 * units, normalised)
        self.settle = nn.LayerNorm(units) if normalised else nn.Identity()
        self.peepholes = nn.Parameter(torch.zeros(3, units)) if peepholes else None
        nn.init.constant_(self.bias[units : 2 * units], forget_bias)

    def project(self, x: Tensor) -> Tensor:
        """See `Cell`."""
        given: Tensor = self.given(x)
        return given + self.bias

    def step(self, given: Tensor, state: State, mask: Tensor | None = None) -> State:
        """See `Cell`."""
        y, c = state
        i, f, z, o = (given + self.recurrent(_seen(y, mask))).chunk(4, dim=-1)
        if self.peepholes is not None:
            p_i, p_f, p_o = self.peepholes
            i, f, o = i + p_i * c, f + p_f * c, o + p_o * c
        c = z.tanh() * i.sigmoid() + c * f.sigmoid()
        return self.settle(c).tanh() * o.sigmoid(), c


class GruCell(Cell):
    """Gated recurrent unit (Cho et al. 2014) with reset and update gate.

        r_t = σ(W_r x_t + U_r h_{t-1} + b_r)                         (28)
        z_t = σ(W_z x_t + U_z h_{t-1} + b_z)                         (29)
        h̃_t = tanh(W_h x_t + U_h (r_t ⊙ h_{t-1}) + b_h)              (30)
        h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t                        (31)

    With `reset_after`, the reset gate comes after the matrix, as in torch, cuDNN and the cell that Ba et al. normalise:

        h̃_t = tanh(W_h x_t + r_t ⊙ (U_h h_{t-1} + b) + b_h)

    State: h. The rows of the matrices are r, z, as torch has them; those of h̃ have matrices of their own.

    Deviation: the tutorial has no biases.
    """

    def __init__(self, inputs: int, units: int, reset_after: bool = False, normalised: bool = False):
        super().__init__(units, states=1, biases=3 * units)
        self.given = self._matrix(inputs, 2 * units, normalised)
        self.given_candidate = self._matrix(inputs, units, normalised)
        self.recurrent = self._matrix(units, 2 * units, normalised)
        self.recurrent_candidate = self._matrix(units, units, normalised)
        self.inner_bias = nn.Parameter(torch.zeros(units)) if reset_after else None

    def project(self, x: Tensor) -> Tensor:
        """See `Cell`."""
        return torch.cat([self.given(x), self.given_candidate(x)], dim=-1) + self.bias

    def step(self, given: Tensor, state: State, mask: Tensor | None = None) -> State:
        """See `Cell`."""
        h, = state
        seen = _seen(h, mask)
        gates, candidate = given.split([2 * self.units, self.units], dim=-1)
        r, z = (gates + self.recurrent(seen)).sigmoid().chunk(2, dim=-1)
        if self.inner_bias is None:
            candidate = (candidate + self.recurrent_candidate(r * seen)).tanh()
        else:
            candidate = (candidate + r * (self.recurrent_candidate(seen) + self.inner_bias)).tanh()
        return z * h + (1 - z) * candidate,


def _seen(output: Tensor, mask: Tensor | None) -> Tensor:
    return output if mask is None else output * mask
