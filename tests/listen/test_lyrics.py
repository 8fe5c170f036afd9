"""Phonemes: alignment, the best path, error rates, and the loss of sequences."""

import numpy as np
import pytest
import torch

from onpu.decode.phonemes import aligned, best_path
from onpu.layers.losses import connectionist
from onpu.listen.lyrics import LISTENER, target
from onpu.metrics.phonemes import distance, error_rate, matched
from onpu.music import Clock, Timeline, Voice
from onpu.music.phonemes import PHONEMES


def test_the_best_path_drops_repetitions_and_blanks():
    path = [2, 0, 0, 2, 0, 1, 1, 2]
    assert best_path(np.eye(3)[path].T).tolist() == [0, 0, 1]
    assert best_path(np.zeros((3, 0))).tolist() == []


@pytest.mark.parametrize("shortest", [1, 2, 3])
def test_a_given_sequence_is_placed(shortest):
    frames = np.array([3, 3, 0, 0, 0, 3, 1, 1, 1, 1, 0, 0, 0, 3])
    scores = np.log(np.eye(4)[frames].T * 0.9 + 0.02)
    assert aligned(np.array([0, 1, 0]), scores, shortest).tolist() == [[2, 5], [6, 10], [10, 13]]


def test_more_phonemes_than_frames_are_placed_in_order():
    bounds = aligned(np.zeros(5, int), np.zeros((2, 3)))
    assert bounds.shape == (5, 2) and (np.diff(bounds.ravel()) >= 0).all()


def test_error_rates_count_changes():
    assert distance("kitten", "sitting") == 3 and matched("kitten", "sitting") == 4
    assert error_rate([], ["a"]) == 1 and error_rate([], []) == 0 and error_rate("ab", "") == 1


def test_the_loss_of_a_sequence_is_what_all_its_paths_come_to():
    """Three frames, one phoneme: all placements summed by hand."""
    torch.manual_seed(0)
    logits = torch.randn(1, 2, 3)
    p, blank = logits.softmax(1)[0]
    paths = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 1, 1)]
    total = sum(torch.stack([p[t] if one else blank[t] for t, one in enumerate(path)]).prod() for path in paths)
    spikes = torch.tensor([[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]])
    torch.testing.assert_close(connectionist(logits, spikes, torch.ones(1, 3)), -total.log())


def test_labels_of_syllables_survive():
    clock = Clock(16_000, 200)
    voice = Voice(np.array([0.5, 0.9, 1.6]), np.array([0.9, 1.3, 2.0]), np.array(["ka", "Nno", "shi"]), np.ones(3))
    found = LISTENER.decode(target(Timeline(3.0, voice=voice), clock, 240), clock, LISTENER.options)["voice"]
    assert "".join(found.labels.tolist()) == "kaNnoshi"
    assert np.abs(found.starts[[0, -1]] - [0.5, 1.6]).max() < 0.02
    assert set(PHONEMES) >= {"k", "a", "N", "n", "o", "sh", "i"}
