"""The chain against all its sequences: best path, posteriors, and the loss that trains it."""

from itertools import product

import numpy as np
import pytest
import torch

from onpu.decode.chain import best_path, posterior
from onpu.layers.chain import chain_loss

STATES = 3


def chain(seed, frames, states=STATES):
    """Emissions (states, frames), change (frames,), moves (states, states) without a diagonal."""
    rng = np.random.default_rng(seed)
    moves = rng.random((states, states)) + 0.05
    np.fill_diagonal(moves, 0)
    return rng.normal(0, 1.5, (states, frames)), rng.uniform(0.05, 0.9, frames), moves / moves.sum(1, keepdims=True)


def score(path, emissions, change, moves):
    """Log of what the model gives to a sequence, up to a constant of all of them; written as in its definition."""
    total = sum(emissions[state, t] for t, state in enumerate(path))
    for t in range(1, len(path)):
        before, after = path[t - 1], path[t]
        total += np.log((1 - change[t]) * (before == after) + change[t] * moves[before, after])
    return total


def everything(emissions, change, moves):
    """All sequences (n, frames) and their probabilities (n,)."""
    paths = np.array(list(product(range(emissions.shape[0]), repeat=emissions.shape[1])))
    scores = np.array([score(path, emissions, change, moves) for path in paths])
    chances = np.exp(scores - scores.max())
    return paths, chances / chances.sum()


@pytest.mark.parametrize("frames", [1, 2, 6])
@pytest.mark.parametrize("seed", range(6))
def test_best_path_is_the_best_of_all(seed, frames):
    given = chain(seed, frames)
    paths, chances = everything(*given)
    np.testing.assert_array_equal(best_path(*given), paths[chances.argmax()])


@pytest.mark.parametrize("frames", [1, 2, 6])
@pytest.mark.parametrize("seed", range(4))
def test_posteriors_are_sums_over_all(seed, frames):
    given = chain(seed, frames)
    paths, chances = everything(*given)
    found = posterior(*given)
    states = np.array([[chances[paths[:, t] == state].sum() for t in range(frames)] for state in range(STATES)])
    changes = [0.0, *(chances[paths[:, t] != paths[:, t - 1]].sum() for t in range(1, frames))]
    np.testing.assert_allclose(found.states, states, atol=1e-9)
    np.testing.assert_allclose(found.changes, changes, atol=1e-9)


def test_where_no_change_is_possible_the_state_stays():
    emissions, change, moves = chain(0, 8)
    change[[3, 4]] = 0
    path = best_path(emissions, change, moves)
    assert path[2] == path[3] == path[4]
    assert not posterior(emissions, change, moves).changes[[0, 3, 4]].any()


def test_a_frame_where_changes_are_likely_attracts_them():
    """Two states that hand over somewhere in a stretch that tells nothing: they do at the likely frame."""
    emissions = np.zeros((2, 20))
    emissions[0, :8], emissions[1, 12:] = 3, 3
    change = np.full(20, 0.01)
    change[10] = 0.4
    path = best_path(emissions, change, np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert np.flatnonzero(np.diff(path)).tolist() == [9]


def test_long_chains_neither_overflow_nor_vanish():
    _, change, moves = chain(1, 3000, 5)
    path = np.random.default_rng(2).integers(0, 5, 3000)
    emissions = 1000.0 * np.eye(5)[:, path]
    np.testing.assert_allclose(posterior(emissions, change, moves).states, np.eye(5)[:, path], atol=1e-9)
    np.testing.assert_array_equal(best_path(emissions, change, moves), path)


def test_no_frames():
    emissions, change, moves = chain(0, 0)
    assert best_path(emissions, change, moves).shape == (0,)
    found = posterior(emissions, change, moves)
    assert found.states.shape == (STATES, 0) and found.changes.shape == (0,)


def tensors(seeds, frames):
    """A batch of chains with common moves, their true states (batch, frames), and a mask of ones."""
    made = [chain(seed, frames) for seed in seeds]
    emissions, change = (torch.tensor(np.stack([one[part] for one in made])) for part in (0, 1))
    states = torch.tensor(np.random.default_rng(9).integers(0, STATES, (len(made), frames)))
    return emissions, states, change, torch.tensor(made[0][2]), torch.ones(len(made), frames, dtype=torch.float64)


def test_loss_is_the_negative_log_of_the_probability():
    emissions, states, change, moves, mask = tensors((0, 1, 2), 5)
    expected = []
    for row in range(3):
        paths, chances = everything(emissions[row].numpy(), change[row].numpy(), moves.numpy())
        expected.append(-np.log(chances[(paths == states[row].numpy()).all(axis=1)].item()))
    assert chain_loss(emissions, states, change, moves, mask).item() == pytest.approx(sum(expected) / 15, abs=1e-6)
    each = [chain_loss(emissions[r : r + 1], states[r : r + 1], change[r : r + 1], moves, mask[:1]) for r in range(3)]
    np.testing.assert_allclose([5 * one.item() for one in each], expected, atol=1e-6)


def test_probabilities_of_all_sequences_sum_to_one():
    emissions, _, change, moves, mask = tensors((4,), 4)
    paths = torch.tensor(list(product(range(STATES), repeat=4)))
    losses = [chain_loss(emissions, path[None], change, moves, mask).item() for path in paths]
    assert np.exp(-4 * np.array(losses)).sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("at", [0, 3, 6])
def test_masked_frames_leave_no_trace(at):
    """Frames before, between or behind, whatever stands in them."""
    emissions, states, change, moves, mask = tensors((0, 1), 6)
    plain = chain_loss(emissions, states, change, moves, mask)
    noise = 50 * torch.randn(2, STATES, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    others, often = torch.tensor([[0, 1, 2, 0]] * 2), torch.full((2, 4), 0.5, dtype=torch.float64)
    none = torch.zeros(2, 4, dtype=torch.float64)
    padded = [torch.cat([values[..., :at], more, values[..., at:]], dim=-1) for values, more in
              ((emissions, noise), (states, others), (change, often), (mask, none))]
    torch.testing.assert_close(chain_loss(*padded[:3], moves, padded[3]), plain, rtol=1e-5, atol=0)


def test_gradients_are_finite_and_nothing_is_lost_to_hard_cases():
    emissions, states, change, moves, mask = (tensor.clone() for tensor in tensors((0, 1), 40))
    emissions *= 300
    parts = [part.requires_grad_() for part in (emissions, change, moves)]
    loss = chain_loss(parts[0], states, parts[1], parts[2], mask)
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(part.grad).all() and part.grad.any() for part in parts)


def test_nothing_to_count_costs_nothing():
    emissions, states, change, moves, mask = tensors((0,), 5)
    assert chain_loss(emissions, states, change, moves, 0 * mask).item() == pytest.approx(0, abs=1e-9)
