"""Channels become one without cancelling each other."""

import logging

import numpy as np
import pytest

from onpu.music import Audio
from onpu.music.downmix import downmix

RATE = 8000
TONE = np.sin(np.arange(5 * RATE) / 7).astype(np.float32)
OTHER = np.sin(np.arange(5 * RATE) / 11).astype(np.float32)


def mixed(*channels):
    return Audio(np.stack(channels), RATE).mono()


def test_inverted_channels_sound_as_one_and_are_told_of_once(caplog):
    with caplog.at_level(logging.WARNING):
        np.testing.assert_allclose(mixed(TONE, -TONE), TONE, atol=1e-6)
    assert len([record for record in caplog.records if "cancel" in record.message]) == 1


def test_almost_inverted_channels_count_as_inverted():
    found = mixed(TONE + 0.05 * OTHER, -TONE + 0.05 * OTHER)
    np.testing.assert_allclose(found, TONE, atol=1e-5)


@pytest.mark.parametrize("channels", [(TONE, TONE), (TONE, OTHER), (TONE, 0 * TONE), (TONE, -0.3 * TONE),
                                      (TONE, 0 * TONE, 0 * TONE, 0 * TONE, OTHER, 0 * TONE)])
def test_other_channels_are_averaged(channels, caplog):
    np.testing.assert_allclose(mixed(*channels), np.mean(channels, axis=0), atol=1e-6)
    assert not caplog.records


def test_each_of_several_channels_is_turned_over_by_itself():
    found = mixed(TONE, -TONE, TONE, -TONE)
    np.testing.assert_allclose(found, TONE, atol=1e-6)


def test_an_inverted_passage_is_heard_where_it_lies():
    right = np.where(np.arange(len(TONE)) < 2 * RATE, TONE, -TONE)
    found = mixed(TONE, right)
    faded = slice(2 * RATE, 2 * RATE + RATE // 50)
    assert np.abs(np.delete(found - TONE, np.r_[faded])).max() < 1e-6


def test_silent_blocks_leave_the_decision_as_it_was():
    tone = TONE.copy()
    tone[2 * RATE : 4 * RATE] = 0
    np.testing.assert_allclose(mixed(tone, -tone), tone, atol=1e-6)


def test_blocks_without_samples_pass():
    assert [len(block) for block in downmix([np.zeros((2, 0), np.float32)], RATE)] == [0]
    assert len(Audio(np.zeros((2, 0), np.float32), RATE).mono()) == 0
