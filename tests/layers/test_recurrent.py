"""Cells along time: torch's layers where torch has them, dropout, zoneout, and how far a gradient reaches."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from onpu.layers.cells import GruCell, LstmCell, RnnCell
from onpu.layers.recurrent import Recurrent, truncated, zoneout

INPUTS, UNITS, BATCH, FRAMES = 5, 6, 3, 11
KINDS = {"rnn": (RnnCell, nn.RNN), "lstm": (LstmCell, nn.LSTM), "gru": (partial(GruCell, reset_after=True), nn.GRU)}


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        yield


def copied(theirs: nn.RNNBase, ours: Recurrent) -> Recurrent:
    """Weights of a layer and direction of torch's, into the cell of the same."""
    directions = 2 if theirs.bidirectional else 1
    with torch.no_grad():
        for number, cell in enumerate(ours.cells):
            suffix = f"_l{number // directions}" + ("_reverse" if number % directions else "")
            w, r, b, inner = (getattr(theirs, f"{name}{suffix}") for name in
                              ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            gates = len(cell.given.weight)
            cell.given.weight.copy_(w[:gates])
            cell.recurrent.weight.copy_(r[:gates])
            cell.bias.copy_(b + inner)
            if isinstance(cell, GruCell):
                cell.given_candidate.weight.copy_(w[gates:])
                cell.recurrent_candidate.weight.copy_(r[gates:])
                cell.bias[gates:] = b[gates:]
                cell.inner_bias.copy_(inner[gates:])
    return ours


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_layers_and_directions_are_torchs(kind, layers, bidirectional):
    cell, theirs = KINDS[kind]
    reference = theirs(INPUTS, UNITS, layers, batch_first=True, bidirectional=bidirectional)
    network = copied(reference, Recurrent(cell, INPUTS, UNITS, layers, bidirectional))
    x = random(BATCH, FRAMES, INPUTS)
    (ours, states), (wanted, last) = network(x), reference(x)
    assert (ours - wanted).abs().max() <= 1e-6
    for part, tensor in enumerate(last if isinstance(last, tuple) else (last,)):
        assert (torch.stack([state[part] for state in states]) - tensor).abs().max() <= 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_states_go_on_where_they_were(kind):
    network = Recurrent(KINDS[kind][0], INPUTS, UNITS, 2)
    x = random(BATCH, FRAMES, INPUTS)
    whole, last = network(x)
    first, states = network(x[:, :4])
    second, states = network(x[:, 4:], states)
    assert torch.allclose(torch.cat([first, second], dim=1), whole, atol=1e-6)
    assert all(torch.allclose(a, b, atol=1e-6) for one, two in zip(states, last, strict=True)
               for a, b in zip(one, two, strict=True))


def test_each_direction_hears_its_side():
    network = Recurrent(LstmCell, INPUTS, UNITS, bidirectional=True)
    x = random(BATCH, FRAMES, INPUTS)
    other = x.clone()
    other[:, 5] += 1
    change = (network(x)[0] - network(other)[0]).abs().amax(dim=0)  # (frames, 2 * units)
    forward, backward = change[:, :UNITS].amax(dim=1), change[:, UNITS:].amax(dim=1)
    assert forward[:5].max() == 0 < forward[5:].min()
    assert backward[6:].max() == 0 < backward[:6].min()


def test_what_is_dropped_stays_dropped_throughout_a_sequence():
    """One unit alone is given to the cell: it is either heard at all steps or at none."""
    network = Recurrent(RnnCell, 1, UNITS, dropout=0.5)
    with torch.no_grad():
        network.cells[0].recurrent.weight.zero_()
    heard = network(torch.ones(400, FRAMES, 1))[0].abs().amax(dim=2) > 0  # (batch, frames)
    assert torch.equal(heard.all(dim=1), heard.any(dim=1))
    assert 0.4 < heard[:, 0].float().mean() < 0.6


def test_recurrent_dropout_is_the_same_at_all_steps():
    """A unit that only carries itself on is lost at the first step or never."""
    network = Recurrent(RnnCell, 1, UNITS, recurrent_dropout=0.3)
    with torch.no_grad():
        network.cells[0].recurrent.weight.copy_(0.5 * torch.eye(UNITS))
    states = [(torch.full((300, UNITS), 1e-3),)]
    alive = network(torch.zeros(300, 12, 1), states)[0] > 0  # (batch, frames, units)
    assert torch.equal(alive[:, 0], alive[:, -1])
    assert 0.65 < alive[:, 0].float().mean() < 0.75


@pytest.mark.parametrize("kind", KINDS)
def test_in_evaluation_nothing_is_drawn(kind):
    network = Recurrent(KINDS[kind][0], INPUTS, UNITS, 2, dropout=0.5, recurrent_dropout=0.5).eval()
    plain = Recurrent(KINDS[kind][0], INPUTS, UNITS, 2)
    plain.load_state_dict(network.state_dict())
    x = random(BATCH, FRAMES, INPUTS)
    assert torch.equal(network(x)[0], plain(x)[0])
    assert not torch.equal(network.train()(x)[0], network(x)[0])


def test_zoneout_keeps_each_unit_with_its_probability():
    before, after = (torch.zeros(2000, 10), torch.zeros(2000, 10)), (torch.ones(2000, 10), torch.full((2000, 10), 2.0))
    output, memory = zoneout(before, after, (0.1, 0.6), training=True)
    assert set(output.unique().tolist()) == {0.0, 1.0} and set(memory.unique().tolist()) == {0.0, 2.0}
    assert (output == 0).float().mean() == pytest.approx(0.1, abs=0.02)
    assert (memory == 0).float().mean() == pytest.approx(0.6, abs=0.02)
    mean = zoneout(before, after, (0.1, 0.6), training=False)
    assert torch.allclose(mean[0], torch.tensor(0.9)) and torch.allclose(mean[1], torch.tensor(0.8))


def test_zoneout_at_its_ends():
    x, states = random(BATCH, FRAMES, INPUTS), [(random(BATCH, UNITS, seed=1), random(BATCH, UNITS, seed=2))]
    plain, still = (Recurrent(LstmCell, INPUTS, UNITS, zoneout=rates) for rates in ((0.0, 0.0), (1.0, 1.0)))
    reference = Recurrent(LstmCell, INPUTS, UNITS)
    reference.load_state_dict(plain.state_dict())
    assert torch.equal(plain(x, states)[0], reference(x, states)[0])
    assert torch.equal(still(x, states)[0], states[0][0][:, None].expand(-1, FRAMES, -1))


def gradients(network: nn.Module) -> list[Tensor]:
    found = [parameter.grad.clone() for parameter in network.parameters()]
    network.zero_grad()
    return found


@pytest.mark.parametrize("make", [
    lambda: Recurrent(LstmCell, INPUTS, UNITS, 2), lambda: Recurrent(GruCell, INPUTS, UNITS),
    lambda: nn.LSTM(INPUTS, UNITS, 2, batch_first=True), lambda: nn.GRU(INPUTS, UNITS, batch_first=True)])
def test_a_chunk_that_is_the_whole_truncates_nothing(make):
    network, x = make(), random(BATCH, FRAMES, INPUTS)
    network(x)[0].square().sum().backward()
    wanted = gradients(network)
    for frames, y in truncated(network, x, FRAMES):
        assert frames == slice(0, FRAMES)
        y.square().sum().backward()
    assert all(torch.equal(ours, given) for ours, given in zip(gradients(network), wanted, strict=True))


@pytest.mark.parametrize("make", [lambda: Recurrent(LstmCell, INPUTS, UNITS),
                                  lambda: nn.RNN(INPUTS, UNITS, batch_first=True)])
def test_the_gradient_ends_where_the_last_chunk_begins(make):
    """Of a loss at the last frame: it is that of a sequence that begins with the last chunk, in the state reached."""
    network, x = make(), random(BATCH, FRAMES, INPUTS)
    whole = network(x)[0]
    whole[:, -1].square().sum().backward()
    untruncated = gradients(network)
    x.requires_grad_()
    outputs = []
    for frames, y in truncated(network, x, 4):  # 4, 4, 3
        outputs.append(y.detach())
        if frames.stop == FRAMES:
            y[:, -1].square().sum().backward()
    found = gradients(network)
    assert torch.equal(torch.cat(outputs, dim=1), whole)
    assert x.grad[:, :8].abs().max() == 0 < x.grad[:, 8:].abs().amax(dim=(0, 2)).min()
    with torch.no_grad():
        states = network(x[:, :8])[1]
    network(x[:, 8:], states)[0][:, -1].square().sum().backward()
    wanted = gradients(network)
    assert all(torch.allclose(ours, given, atol=1e-7) for ours, given in zip(found, wanted, strict=True))
    assert not all(torch.allclose(ours, given, atol=1e-4) for ours, given in zip(found, untruncated, strict=True))


def test_both_directions_cannot_be_truncated():
    with pytest.raises(ValueError, match="whole sequence"):
        next(truncated(Recurrent(LstmCell, INPUTS, UNITS, bidirectional=True), random(1, 4, INPUTS), 2))


def test_clipping_is_torchs_and_keeps_the_direction():
    network = Recurrent(RnnCell, INPUTS, UNITS)
    (100 * network(random(BATCH, FRAMES, INPUTS))[0].square().sum()).backward()
    before = torch.cat([parameter.grad.flatten() for parameter in network.parameters()])
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    after = torch.cat([parameter.grad.flatten() for parameter in network.parameters()])
    assert before.norm() > 10 and after.norm() == pytest.approx(1.0, abs=1e-4)
    assert torch.nn.functional.cosine_similarity(before, after, dim=0) == pytest.approx(1.0, abs=1e-5)
