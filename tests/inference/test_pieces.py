"""Pieces that overlap, joined: what is made of them is as if it had been made of the whole."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from onpu.inference.pieces import linear_fade, overlap_add


def cut(whole, step, overlap):
    """Copies of what begins every `step`, each `overlap` longer than that, as long as there is something."""
    return [whole[..., start : start + step + overlap].copy() for start in range(0, whole.shape[-1], step)]


@given(st.integers(0, 40), st.integers(1, 9), st.data())
def test_unchanged_pieces_are_the_whole(length, step, data):
    overlap = data.draw(st.integers(0, step))
    whole = np.random.default_rng(length).standard_normal((2, length)).astype(np.float32)
    parts = list(overlap_add(cut(whole, step, overlap), step, *linear_fade(overlap)))
    assert all(part.shape[-1] == step for part in parts[: length // step])
    np.testing.assert_allclose(np.concatenate([whole[:, :0], *parts], axis=-1), whole, atol=1e-6)


@given(st.integers(2, 6), st.integers(1, 8), st.data())
def test_overlapping_parts_are_weighted_and_added(count, step, data):
    overlap = data.draw(st.integers(0, step))
    rng = np.random.default_rng(count)
    pieces = rng.standard_normal((count, 3, step + overlap))
    rise, fall = rng.random((2, overlap))
    expected = np.zeros((3, count * step + overlap))
    for number, piece in enumerate(pieces):
        weight = np.ones(step + overlap)
        weight[:overlap] *= rise if number else 1
        weight[step:] *= fall if number < count - 1 else 1
        expected[:, number * step : (number + 1) * step + overlap] += weight * piece
    for kind in (np.array, torch.tensor):
        found = overlap_add([kind(piece) for piece in pieces], step, kind(rise), kind(fall))
        assert np.concatenate([np.asarray(part) for part in found], axis=-1) == pytest.approx(expected)


def test_a_piece_is_asked_for_when_the_stretch_before_has_been_taken():
    asked = []

    def pieces():
        for number in range(3):
            asked.append(number)
            yield np.full(6, float(number))

    joined = overlap_add(pieces(), 4, *linear_fade(2))
    assert [next(joined).tolist(), asked] == [[0, 0, 0, 0], [0]]
    assert next(joined)[2:].tolist() == [1, 1] and asked == [0, 1]


def test_nothing_joined_is_nothing():
    assert list(overlap_add([], 4, *linear_fade(2))) == []


@pytest.mark.parametrize("overlap", [0, 1, 7])
def test_a_fade_sums_to_one_and_only_rises(overlap):
    rise, fall = linear_fade(overlap)
    assert np.allclose(rise + fall, 1) and (np.diff(rise) > 0).all() and ((rise > 0) & (rise < 1)).all()
