"""Beam search: alone it is greedy, wide enough it finds the best of all."""

from itertools import product

import numpy as np
import pytest

from onpu.decode.beam import beam

CLASSES, LENGTH = 4, 5
TABLE = np.log(np.random.default_rng(0).dirichlet(np.ones(CLASSES) / 2, size=(LENGTH, CLASSES + 1, CLASSES + 1)))
"""[step, class before that before, class before, class]: of order two, so that beams must carry their past."""


def chain():
    """A second-order chain, its past kept by row as a network keeps its states."""
    past, step = np.array([CLASSES]), -1

    def advance(rows, classes):
        nonlocal past, step
        step += 1
        before = past[rows] if step else np.array([CLASSES])
        past = classes
        return TABLE[step, before, classes]

    return advance


def scored(sequence):
    padded = [CLASSES, CLASSES, *sequence]
    return sum(TABLE[t, padded[t], padded[t + 1], padded[t + 2]] for t in range(LENGTH))


def test_as_wide_as_all_sequences_it_finds_the_best():
    best = max(product(range(CLASSES), repeat=LENGTH), key=scored)
    found, score = beam(chain(), CLASSES, LENGTH, CLASSES**LENGTH)
    assert tuple(found) == best and score == pytest.approx(scored(best))


def test_alone_it_is_greedy():
    found, score = beam(chain(), CLASSES, LENGTH, 1)
    sequence = []
    for t in range(LENGTH):
        padded = [CLASSES, CLASSES, *sequence]
        sequence.append(int(TABLE[t, padded[t], padded[t + 1]].argmax()))
    assert found.tolist() == sequence and score == pytest.approx(scored(sequence))


@pytest.mark.parametrize("width", [2, 3, 8])
def test_the_score_is_that_of_the_sequence(width):
    found, score = beam(chain(), CLASSES, LENGTH, width)
    assert len(found) == LENGTH and score == pytest.approx(scored(found))
