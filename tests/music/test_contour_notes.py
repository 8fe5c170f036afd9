"""Notes of a contour: a swing is one note, a step is two, and only what swings like vibrato is called so."""

import numpy as np
import pytest

from onpu.music.contour_notes import contour_notes, vibrato

FPS = 100.0
SECONDS = np.arange(150) / FPS


def swing(extent, rate, pitch=60.0):
    return pitch + extent * np.sin(2 * np.pi * rate * SECONDS)


@pytest.mark.parametrize("rate", [4.2, 5.5, 7.5])
@pytest.mark.parametrize("extent", [0.4, 0.8, 1.0])
def test_a_vibrato_is_one_note_and_a_semitone_beside_it_another(extent, rate):
    found = contour_notes(np.concatenate([swing(extent, rate), swing(extent, rate, 61), np.full(5, np.nan),
                                          swing(extent, rate, 65)]), FPS)
    assert np.rint(found.pitches).tolist() == [60, 61, 65]
    np.testing.assert_allclose(found.firsts, [0, 150, 305], atol=6)
    np.testing.assert_allclose(found.lasts, [150, 300, 455], atol=6)
    np.testing.assert_allclose(found.rates, rate, rtol=0.06)
    np.testing.assert_allclose(found.extents, extent, rtol=0.2)


def test_a_steady_tone_noise_and_a_slow_swing_are_no_vibrato():
    rng = np.random.default_rng(0)
    for line in (np.full(150, 60.0), 60 + 0.3 * rng.standard_normal(150), swing(0.2, 6.0), swing(0.8, 2.0),
                 swing(0.8, 11.0)):
        assert vibrato(line, FPS) == (0.0, 0.0)


def test_a_trill_is_many_notes_and_no_vibrato():
    line = 60.5 + np.sign(swing(1.0, 6.0, 0.0) + 1e-9)
    found = contour_notes(line, FPS)
    assert len(found.firsts) == 18 and not found.rates.any()
    assert vibrato(line, FPS) == (0.0, 0.0)


def test_a_short_pause_bridges_and_a_long_one_parts():
    line = np.full(100, 60.0)
    line[40:43] = np.nan
    assert len(contour_notes(line, FPS).firsts) == 1
    line[40:45] = np.nan
    found = contour_notes(line, FPS)
    assert found.firsts.tolist() == [0, 45] and found.lasts.tolist() == [40, 100]


def test_glides_and_silence_give_nothing():
    assert len(contour_notes(np.full(50, np.nan), FPS).firsts) == 0
    assert len(contour_notes(np.zeros(0), FPS).firsts) == 0
    glide = np.concatenate([np.full(50, 60.0), np.linspace(60, 67, 14), np.full(50, 67.0)])
    assert np.rint(contour_notes(glide, FPS).pitches).tolist() == [60, 67]
