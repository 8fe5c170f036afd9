"""Acoustic and language model together."""

import numpy as np
import pytest
import torch

from onpu.decode.chain import best_path
from onpu.decode.hybrid import hybrid_path
from onpu.models.chord_rnn import ChordRnn


class Moves:
    """A language model that remembers one symbol: the chain's matrix. Its state is that symbol's number."""

    def __init__(self, moves):
        self.moves = np.log(np.maximum(moves, 1e-12))

    def begin(self):
        return np.zeros((1, len(self.moves))), np.zeros(1)

    def advance(self, state, rows, symbols):
        return self.moves[symbols], symbols

    def join(self, first, kept, second):
        return first[kept] if second is None else np.concatenate([first[kept], second])


class Alternating:
    """Only ever A, B, C, A, B, C: what comes depends on two symbols. State: the last two."""

    def begin(self):
        return np.zeros((1, 3)), np.full((1, 2), -1)

    def advance(self, state, rows, symbols):
        out = np.full((len(rows), 3), -20.0)
        for line, (row, symbol) in enumerate(zip(rows, symbols, strict=True)):
            out[line, (symbol + (1 if state[row][1] < 0 or (state[row][1] + 1) % 3 == symbol else 2)) % 3] = 0
            out[line, symbol] = -np.inf
        return out, np.stack([state[rows][:, 1], symbols], axis=1)

    def join(self, first, kept, second):
        return first[kept] if second is None else np.concatenate([first[kept], second])


@pytest.mark.parametrize("seed", range(5))
def test_with_the_memory_of_one_symbol_it_is_the_chain(seed):
    rng = np.random.default_rng(seed)
    moves = rng.random((6, 6)) * (1 - np.eye(6))
    moves /= moves.sum(axis=1, keepdims=True)
    emissions, change = np.log(rng.dirichlet(np.ones(6), 40)).T, rng.uniform(0.05, 0.5, 40)
    np.testing.assert_array_equal(hybrid_path(emissions, change, Moves(moves), width=36),
                                  best_path(emissions, change, moves))


def test_a_longer_memory_decides_where_the_sound_does_not():
    told = np.array([0, 0, 1, 1, -1, -1, 0, 0, 1, 1])  # what is not told can only be C
    emissions = np.where(told < 0, 0.0, np.where(np.arange(3)[:, None] == told, 0.0, -6.0))
    path = hybrid_path(emissions, np.tile([0.5, 0.01], 5), Alternating())
    assert path.tolist() == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1]


def test_nothing_and_a_single_frame():
    assert hybrid_path(np.zeros((3, 0)), np.zeros(0), Moves(np.full((3, 3), 1 / 3))).shape == (0,)
    assert hybrid_path(np.array([[0.0], [1.0], [0.5]]), np.ones(1), Moves(np.full((3, 3), 1 / 3))).tolist() == [1]


def test_the_network_learns_what_comes_and_never_repeats():
    torch.manual_seed(0)
    network = ChordRnn(4, units=16, dropout=0.0)
    songs = torch.tensor([[4, 0, 1, 2, 3, 0, 1, 2, 3], [4, 3, 2, 1, 0, 3, 2, 1, 0]])
    optimizer = torch.optim.Adam(network.parameters(), 0.02)
    for _ in range(120):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(songs[:, :-1]).flatten(0, 1), songs[:, 1:].flatten())
        loss.backward()
        optimizer.step()
    network.eval()
    state, last = None, torch.tensor([4, 4])
    last, state = torch.tensor([0, 3]), network.advance(last, state)[1]
    for step in range(4):
        likely, state = network.advance(last, state)
        assert torch.isinf(likely[torch.arange(2), last]).all()
        torch.testing.assert_close(likely.exp().sum(dim=-1), torch.ones(2))
        if step:  # after two chords the direction is known
            assert likely.argmax(dim=-1).tolist() == [(int(last[0]) + 1) % 4, (int(last[1]) - 1) % 4]
        last = torch.tensor([(int(last[0]) + 1) % 4, (int(last[1]) - 1) % 4])


def test_steps_one_by_one_are_those_of_the_whole():
    torch.manual_seed(1)
    network = ChordRnn(5, units=8).eval()
    chords = torch.tensor([[5, 2, 0, 4]])
    whole, state = network(chords), None
    for step in range(4):
        said, state = network.step(chords[:, step : step + 1], state)
        torch.testing.assert_close(said[:, 0], whole[:, step])
