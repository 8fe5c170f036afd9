"""Recurrent cells: torch's, where torch has them; their equations, number by number, where it has not."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from onpu.layers.cells import Cell, GruCell, LstmCell, RnnCell

INPUTS, UNITS, BATCH = 5, 7, 4
CELLS = {
    "rnn": RnnCell, "rnn, normalised": partial(RnnCell, normalised=True),
    "lstm": LstmCell, "lstm, peepholes": partial(LstmCell, peepholes=True),
    "lstm, normalised": partial(LstmCell, normalised=True),
    "gru": GruCell, "gru, after": partial(GruCell, reset_after=True),
    "gru, normalised": partial(GruCell, normalised=True),
}


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def made(name: str, seed: int = 0) -> Cell:
    """With random weights everywhere, biases and gains too."""
    cell = CELLS[name](INPUTS, UNITS)
    with torch.no_grad():
        for number, parameter in enumerate(cell.parameters()):
            parameter.copy_(random(*parameter.shape, seed=100 * seed + number) / 2)
    return cell


def begun(cell: Cell) -> tuple[Tensor, ...]:
    return tuple(random(BATCH, UNITS, seed=50 + number) for number in range(cell.states))


def copied(theirs: nn.Module, cell: Cell) -> Cell:
    """Our cell with the weights of torch's."""
    with torch.no_grad():
        rows = slice(0, cell.given.weight.shape[0])
        cell.given.weight.copy_(theirs.weight_ih[rows])
        cell.recurrent.weight.copy_(theirs.weight_hh[rows])
        cell.bias.copy_(theirs.bias_ih + theirs.bias_hh)
        if isinstance(cell, GruCell):
            cell.given_candidate.weight.copy_(theirs.weight_ih[2 * UNITS :])
            cell.recurrent_candidate.weight.copy_(theirs.weight_hh[2 * UNITS :])
            cell.bias[2 * UNITS :] = theirs.bias_ih[2 * UNITS :]
            cell.inner_bias.copy_(theirs.bias_hh[2 * UNITS :])
    return cell


@pytest.mark.parametrize(("theirs", "name"), [(nn.RNNCell, "rnn"), (nn.LSTMCell, "lstm"), (nn.GRUCell, "gru, after")])
def test_cells_are_torchs(theirs, name):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        reference = theirs(INPUTS, UNITS)
    cell = copied(reference, made(name))
    state, wanted = begun(cell), begun(cell)
    for step in range(20):
        x = random(BATCH, INPUTS, seed=step)
        state = cell(x, state)
        answer = reference(x, wanted if cell.states > 1 else wanted[0])
        wanted = answer if cell.states > 1 else (answer,)
        assert all((ours - given).abs().max() <= 1e-6 for ours, given in zip(state, wanted, strict=True))


def test_lstm_follows_its_equations():
    """(18) to (27) for one unit of one example, with numbers."""
    cell, x = made("lstm, peepholes"), random(BATCH, INPUTS)
    y, c = begun(cell)
    found_y, found_c = cell(x, (y, c))
    example, unit = 2, 3
    w, r, b = (part.detach().unflatten(0, (4, UNITS))[:, unit] for part in
               (cell.given.weight, cell.recurrent.weight, cell.bias))
    sums = [float(w[gate] @ x[example] + r[gate] @ y[example] + b[gate]) for gate in range(4)]
    peep = cell.peepholes[:, unit] * c[example, unit]
    i, f, o = (torch.sigmoid(sums[gate] + peep[number]) for number, gate in enumerate((0, 1, 3)))
    state = torch.tanh(torch.tensor(sums[2])) * i + c[example, unit] * f
    assert found_c[example, unit].item() == pytest.approx(state.item(), abs=1e-6)
    assert found_y[example, unit].item() == pytest.approx((state.tanh() * o).item(), abs=1e-6)


def test_gru_follows_its_equations():
    """(28) to (31): the reset gate comes before the matrix."""
    cell, x, (h,) = made("gru"), random(BATCH, INPUTS), begun(made("gru"))
    w_r, w_z = cell.given.weight.chunk(2)
    u_r, u_z = cell.recurrent.weight.chunk(2)
    b_r, b_z, b_h = cell.bias.chunk(3)
    r = torch.sigmoid(x @ w_r.T + h @ u_r.T + b_r)
    z = torch.sigmoid(x @ w_z.T + h @ u_z.T + b_z)
    candidate = torch.tanh(x @ cell.given_candidate.weight.T + (r * h) @ cell.recurrent_candidate.weight.T + b_h)
    assert torch.allclose(cell(x, (h,))[0], z * h + (1 - z) * candidate, atol=1e-6)


def test_where_the_reset_gate_stands_matters_only_while_it_is_between():
    before, after = made("gru"), made("gru, after")
    after.load_state_dict(before.state_dict() | {"inner_bias": torch.zeros(UNITS)})
    x, state = random(BATCH, INPUTS), begun(before)
    assert (before(x, state)[0] - after(x, state)[0]).abs().max() > 0.01
    for cell in (before, after):
        with torch.no_grad():
            cell.bias[:UNITS] = 50.0
    assert torch.allclose(before(x, state)[0], after(x, state)[0], atol=1e-6)


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_memory():
    """The constant error carousel: neither value nor gradient fades."""
    cell = made("lstm, peepholes")
    with torch.no_grad():
        cell.bias[:UNITS], cell.bias[UNITS : 2 * UNITS] = -50.0, 50.0
        cell.peepholes.zero_()
    begin = begun(cell)
    c = begin[1].requires_grad_()
    state = (begin[0], c)
    for step in range(200):
        state = cell(random(BATCH, INPUTS, seed=step), state)
    state[1].sum().backward()
    assert torch.allclose(state[1], c, atol=1e-5)
    assert torch.allclose(c.grad, torch.ones_like(c), atol=1e-4)


def test_a_new_lstm_remembers_by_its_forget_bias():
    for forget_bias in (1.0, 0.0):
        gates = LstmCell(INPUTS, UNITS, forget_bias=forget_bias).bias.unflatten(0, (4, UNITS))
        assert torch.equal(gates, torch.tensor([0.0, forget_bias, 0.0, 0.0])[:, None].expand(4, UNITS))


def test_new_peepholes_are_closed():
    plain, peeping = (LstmCell(INPUTS, UNITS, peepholes=with_them) for with_them in (False, True))
    peeping.load_state_dict(plain.state_dict(), strict=False)
    x, state = random(BATCH, INPUTS), begun(plain)
    assert torch.allclose(plain(x, state)[0], peeping(x, state)[0], atol=1e-6)


@pytest.mark.parametrize("name", [name for name in CELLS if "normalised" in name])
def test_a_normalised_cell_hears_no_level(name):
    """Neither the scale of the input nor that of its matrices counts (Ba et al. 2016, section 5.1)."""
    cell, x = made(name), random(BATCH, INPUTS)
    state = begun(cell)
    assert torch.allclose(cell(x, state)[0], cell(100 * x, state)[0], atol=1e-3)
    with torch.no_grad():
        wanted = cell(x, state)[0]
        cell.given[0].weight *= 30
        cell.recurrent[0].weight *= 30
    assert torch.allclose(cell(x, state)[0], wanted, atol=1e-3)


@pytest.mark.parametrize("name", CELLS)
def test_a_mask_covers_the_recurrent_matrices_alone(name):
    """Masked whole, a cell does as if its recurrent matrices were zero: what it carries over it keeps."""
    cell, x = made(name), random(BATCH, INPUTS)
    state = begun(cell)
    masked = cell.step(cell.project(x), state, torch.zeros(BATCH, UNITS))
    assert not torch.allclose(masked[0], cell(x, state)[0])
    with torch.no_grad():
        for part, parameter in cell.named_parameters():
            if part.startswith("recurrent") and parameter.ndim > 1:
                parameter.zero_()
    assert torch.allclose(masked[0], cell(x, state)[0], atol=1e-6)


@pytest.mark.parametrize("name", CELLS)
def test_every_parameter_learns(name):
    cell = made(name)
    sum(part.square().sum() for part in cell(random(BATCH, INPUTS), begun(cell))).backward()
    assert all(parameter.grad is not None and parameter.grad.abs().max() > 0 for parameter in cell.parameters())
