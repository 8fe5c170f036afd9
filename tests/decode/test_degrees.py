"""Chords speak for keys: cadences for their tonic, against the relative key, whatever the transposition."""

import numpy as np
import pytest

from onpu.decode.degrees import SHARES, evidence
from onpu.music import Chords, harte


def chords(*labels):
    starts = np.arange(len(labels), dtype=float)
    return Chords(starts, starts + 1, np.array(labels), np.ones(len(labels)))


@pytest.mark.parametrize(("labels", "key"), [
    (("C:maj", "F:maj", "G:7", "C:maj"), 0), (("A:min", "D:min", "E:7", "A:min"), 12 + 9),
    (("A:min", "F:maj", "C:maj", "G:maj"), 0), (("D:min7", "G:7", "C:maj7"), 0), (("E:hdim7", "A:7", "D:min"), 12 + 2)])
@pytest.mark.parametrize("up", [0, 5])
def test_progressions_are_in_their_keys(labels, key, up):
    moved = chords(*(harte.transposed(label, up, "C:major") for label in labels))
    said = evidence(moved, np.arange(len(labels)) + 0.5).sum(axis=1)
    assert said.argmax() == (key % 12 + up) % 12 + 12 * (key >= 12)


def test_where_there_is_no_chord_nothing_is_said():
    found = evidence(chords("C:maj", "N", "X"), np.array([-1.0, 0.5, 1.5, 2.5, 9.0]))
    assert found[:, 1].any() and not found[:, [0, 2, 3, 4]].any()
    np.testing.assert_allclose(np.exp(found[:, 1]).mean(), 1)


def test_shares_are_shares():
    np.testing.assert_allclose(SHARES.sum(axis=(1, 2)), 1, atol=0.01)
    assert (SHARES > 0).all()
