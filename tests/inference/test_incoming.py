"""Sound as it comes is the same sound, however it is cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from onpu.errors import AudioError
from onpu.inference.incoming import Pieces, StreamResampler

NOISE = (0.1 * np.random.default_rng(0).standard_normal((2, 9000))).astype(np.float32)


def cut(length: int, places: list[int]) -> list[slice]:
    edges = sorted({0, length, *(place % length for place in places)})
    return [slice(a, b) for a, b in pairwise(edges)]


@settings(max_examples=15)
@given(places=st.lists(st.integers(0, 10**6), max_size=40), channels=st.sampled_from([1, 2]))
def test_pieces_do_not_depend_on_how_the_sound_was_cut(places, channels):
    sound = NOISE[:channels]
    whole, parts = Pieces(8000), Pieces(8000)
    expected = [*whole.push(sound), whole.rest()]
    found = [piece for part in cut(sound.shape[1], places) for piece in parts.push(sound[:, part])] + [parts.rest()]
    np.testing.assert_array_equal(np.stack(found), np.stack(expected))
    assert {len(piece) for piece in found} == {80}
    np.testing.assert_allclose(np.concatenate(found)[:9000], sound.mean(axis=0), atol=1e-7)


@settings(max_examples=10)
@given(places=st.lists(st.integers(0, 10**6), max_size=30),
       rates=st.sampled_from([(44100, 22050), (48000, 22050), (48000, 44100), (16000, 22050), (22050, 22050)]))
def test_resampling_as_it_comes_is_resampling_of_the_whole(places, rates):
    sound, stream = NOISE[0], StreamResampler(*rates)
    found = np.concatenate([stream.push(sound[part]) for part in cut(len(sound), places)])
    whole = sound if rates[0] == rates[1] else resample_poly(sound, stream.up, stream.down, window=stream.filter)
    late = len(sound) / rates[0] - len(found) / rates[1]
    assert 0 <= late < 0.003
    np.testing.assert_allclose(found, whole[: len(found)], atol=1e-5)


def test_a_tone_keeps_its_level_and_place():
    times = np.arange(48000) / 48000
    tone = np.sin(2 * np.pi * 1000 * times).astype(np.float32)
    found = StreamResampler(48000, 22050).push(tone)
    expected = np.sin(2 * np.pi * 1000 * np.arange(len(found)) / 22050)
    assert np.abs(found - expected)[200:].max() < 0.01


def test_channels_that_cancel_each_other_are_turned_over():
    tone = np.sin(np.arange(8000) / 5).astype(np.float32)
    mono = np.concatenate(list(Pieces(8000).push(np.stack([tone, -tone]))))
    np.testing.assert_allclose(mono, tone, atol=1e-6)


def test_what_is_no_sound_is_refused_in_a_line():
    pieces = Pieces(8000)
    list(pieces.push(np.zeros((2, 100), np.float32)))
    for block, said in ((np.zeros(50, np.float32), "1 channels after blocks of 2"), (np.zeros((2, 5), bool), "bool"),
                        (np.full((2, 10), np.nan), r"a sample at 0.01\d s is NaN")):
        with pytest.raises(AudioError, match=said):
            list(pieces.push(block))


def test_integers_are_scaled():
    half = np.full(80, 2**14, np.int16)
    assert np.concatenate(list(Pieces(8000).push(half))) == pytest.approx(0.5)
