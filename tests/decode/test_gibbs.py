"""Sampling from conditionals: what is fixed stays, the distribution is met, the order of places is fair."""

import numpy as np

from onpu.decode.gibbs import drawn, gibbs, temperatures


def test_classes_are_drawn_as_often_as_the_logits_say():
    logits = np.log(np.tile([0.5, 0.3, 0.2], (20_000, 1)))
    shares = np.bincount(drawn(logits, np.random.default_rng(0)), minlength=3) / 20_000
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.015)
    assert not (drawn(np.tile([0.0, -np.inf], (100, 1)), np.random.default_rng(0))).any()


def test_temperatures_fall_to_the_last_and_never_below_it():
    warmth = temperatures(30, 0.8, 1.5)
    assert warmth[0] == 1.5 and (np.diff(warmth) <= 0).all() and np.allclose(warmth[20:], 0.8)
    assert (temperatures(5, 2.0, 1.5) == 2.0).all() and len(temperatures(1, 1.0, 1.5)) == 1


def ising(tokens, voice, places):
    """Two voices of bits that like to agree: p(equal) = e / (e + 1)."""
    other = tokens[:, 1 - voice, places]
    return np.stack([other == 0, other == 1], axis=2).astype(float)


def rngs(*seeds):
    return [np.random.default_rng(seed) for seed in seeds]


def test_the_joint_distribution_is_that_of_the_conditionals_and_what_is_fixed_stays():
    tokens = np.zeros((1, 2, 8000), np.int64)
    free = np.ones_like(tokens, bool)
    free[0, 0, :10] = False
    found = gibbs(tokens, free, ising, np.full(20, 3), np.ones(20), rngs(1))
    assert (found[0, 0, :10] == 0).all()
    agree = (found[0, 0, 10:] == found[0, 1, 10:]).mean()
    assert abs(agree - np.e / (np.e + 1)) < 0.02 and abs(found[0, :, 10:].mean() - 0.5) < 0.02
    again = gibbs(tokens, free, ising, np.full(20, 3), np.ones(20), rngs(1))
    assert np.array_equal(found, again)


def test_scores_that_are_drawn_together_do_not_hear_each_other():
    tokens = np.zeros((2, 2, 400), np.int64)
    free = np.ones_like(tokens, bool)
    one, = gibbs(tokens[:1], free[:1], ising, np.full(5, 3), np.ones(5), rngs(1))
    free[1, 0] = False
    first, second = gibbs(tokens, free, ising, np.full(5, 3), np.ones(5), rngs(1, 2))
    assert (second[0] == 0).all() and second[1].any() and not np.array_equal(first, second)
    assert first.shape == one.shape and abs((first[0] == first[1]).mean() - (one[0] == one[1]).mean()) < 0.1


def test_what_stands_where_nothing_is_possible_stays():
    def nothing(tokens, voice, places):
        return np.full((len(tokens), len(places), 3), -np.inf)

    tokens = np.full((1, 2, 9), 2)
    assert (gibbs(tokens, np.ones_like(tokens, bool), nothing, np.full(2, 3), np.ones(2), rngs(0)) == 2).all()


def test_places_that_are_drawn_at_once_are_apart_and_each_is_drawn_once_a_sweep():
    seen = []

    def conditional(tokens, voice, places):
        assert (np.diff(places) >= 5).all()
        seen.extend((voice, place) for place in places.tolist())
        return np.zeros((1, len(places), 2))

    told = []
    gibbs(np.zeros((1, 3, 17), np.int64), np.ones((1, 3, 17), bool), conditional, np.array([5, 6]), np.ones(2), rngs(0),
          told.append)
    assert len(seen) == 2 * 3 * 17 and len(set(seen)) == 3 * 17 and told == [0.5, 1.0]
