"""The experiment of docs/reber.md, in small: the grammar, the scores, and what an LSTM learns that an RNN does not."""

import numpy as np
import torch

from benchmarks.layers import delayed_xor, reber


def test_strings_follow_the_grammar():
    rng = np.random.default_rng(3)
    drawn = [reber.embedded(rng) for _ in range(500)]
    for string, legal in drawn:
        assert string[0] == "B" and string[-1] == "E" and string[1] == string[-2] in "TP" and string[2] == "B"
        assert len(legal) == len(string) - 1
        assert all(symbol in ways for symbol, ways in zip(string[1:], legal, strict=True))
    assert 0.4 < np.mean([string[1] == "T" for string, _ in drawn]) < 0.6
    assert {ways for _, legal in drawn for ways in legal} == {"TP", "B", "SX", "TV", "XS", "PV", "E", "T", "P"}


def test_scores_tell_who_remembers():
    """Who knows the grammar but forgets the beginning has half of the strings; who knows nothing has none."""
    strings = reber.read(reber.held_out())
    known = strings.legal.float()
    forgetful = known.clone()
    forgetful[torch.arange(len(known)), strings.lengths - 2] = torch.tensor([0, 1, 0.9, 0, 0, 0, 0])  # always T
    assert reber.score(known, strings) == (1, 1)
    share = (strings.following[torch.arange(len(known)), strings.lengths - 2] == 1).float().mean()
    assert reber.score(forgetful, strings) == (share, share) and 0.4 < share < 0.6
    assert reber.score(torch.zeros_like(known), strings) == (0, 0)


def test_sequences_ask_for_the_marked_bits():
    x, differ = delayed_xor.sequences((3, 200), 5)
    assert x.shape == (3, 200, 7, 2) and x[..., 1].sum(dim=-1).unique() == 2
    marked = (x[..., 0] * x[..., 1]).sum(dim=-1)
    assert torch.equal(differ == 1, marked == 0) and 0.4 < differ.mean() < 0.6


def test_an_lstm_remembers_what_a_vanilla_network_forgets():
    """After 3000 strings; both know which symbols follow, at the second-to-last one the vanilla network guesses."""
    lstm, rnn = ([curve[-1] for curve in reber.learn(name, 2, 3000)] for name in ("lstm", "rnn"))
    assert all(score.right > 0.97 for score in lstm)
    assert all(0.4 < score.remembered < 0.6 for score in rnn)
