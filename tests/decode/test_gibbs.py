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
    other = tokens[1 - voice, places]
    return np.stack([other == 0, other == 1], axis=1).astype(float)


def test_the_joint_distribution_is_that_of_the_conditionals_and_what_is_fixed_stays():
    tokens = np.zeros((2, 8000), np.int64)
    free = np.ones_like(tokens, bool)
    free[0, :10] = False
    found = gibbs(tokens, free, ising, 3, np.ones(20), np.random.default_rng(1))
    assert (found[0, :10] == 0).all()
    agree = (found[0, 10:] == found[1, 10:]).mean()
    assert abs(agree - np.e / (np.e + 1)) < 0.02 and abs(found.mean() - 0.5) < 0.02
    again = gibbs(tokens, free, ising, 3, np.ones(20), np.random.default_rng(1))
    assert np.array_equal(found, again)


def test_places_that_are_drawn_at_once_are_apart_and_each_is_drawn_once_a_sweep():
    seen = []

    def conditional(tokens, voice, places):
        assert (np.diff(places) >= 5).all()
        seen.extend((voice, place) for place in places.tolist())
        return np.zeros((len(places), 2))

    told = []
    gibbs(np.zeros((3, 17), np.int64), np.ones((3, 17), bool), conditional, 5, np.ones(2), np.random.default_rng(0),
          told.append)
    assert len(seen) == 2 * 3 * 17 and len(set(seen)) == 3 * 17 and told == [0.5, 1.0]
