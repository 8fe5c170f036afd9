"""n-grams: probabilities sum to one, what was seen is likelier, an order knows no more than it may."""

import numpy as np
import pytest

from onpu.metrics.ngram import BEGIN, DISCOUNT, Ngrams

SEQUENCES = [np.array([0, 1, 2, 0, 1, 3]), np.array([0, 1, 2, 2])]


@pytest.mark.parametrize("order", [1, 2, 4])
def test_probabilities_after_any_context_sum_to_one(order):
    model = Ngrams.of(SEQUENCES, 5, order)
    for context in ((), (0,), (4,), (0, 1), (BEGIN, 0), (3, 3, 3)):
        context = context[-(order - 1) :] if order > 1 else ()
        assert sum(model.probability(context, token) for token in range(5)) == pytest.approx(1.0)


def test_two_tokens_by_hand():
    model = Ngrams.of([np.array([0, 1, 0])], 2, 2)
    alone = (2 - DISCOUNT + DISCOUNT * 2 / 2) / 3  # of 0: seen twice of three, two kinds, uniform below
    assert model.probability((), 0) == pytest.approx(alone)
    assert model.probability((1,), 0) == pytest.approx(1 - DISCOUNT + DISCOUNT * alone)
    assert model.probability((7,), 0) == model.probability((), 0)


def test_what_was_learned_is_likelier_than_what_was_not():
    rng = np.random.default_rng(0)
    model = Ngrams.of([np.tile([0, 1, 2, 3], 20)], 4, 3)
    ordered, mixed = model.nats(np.tile([0, 1, 2, 3], 4)), model.nats(rng.integers(4, size=16))
    assert ordered < 0.2 < mixed and model.nats(np.tile([0, 1, 2, 3], 4)) > 0
