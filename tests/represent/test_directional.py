"""Bands say where they come from, whatever array hears them, and turn with the world."""

import numpy as np
import pytest

from onpu.engine.render.array import Shoebox, heard_by
from onpu.music.bearing import TETRAHEDRON
from onpu.represent.directional import BANDS, COLUMNS, ROWS, band_directions, turned
from onpu.represent.steered import RATE, unit_vectors

MIDDLE = np.full(3, 10.0)
CORNERS = np.array(TETRAHEDRON) / np.sqrt(3)


def heard(azimuth, elevation, microphones, seconds=1.0):
    towards = unit_vectors(np.array(azimuth), np.array(elevation))
    noise = np.random.default_rng(0).standard_normal(round(seconds * RATE)).astype(np.float32)
    sound = heard_by(MIDDLE + microphones, Shoebox((20.0, 20.0, 20.0), 0.0), noise, MIDDLE + 3 * towards, RATE)
    return band_directions(sound, microphones), towards


def tensor(six):
    whole = np.zeros((3, 3))
    whole[ROWS, COLUMNS] = whole[COLUMNS, ROWS] = six
    return whole


@pytest.mark.parametrize("microphones", [0.03 * CORNERS, 0.06 * CORNERS,
                                         0.05 * np.array([(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0), (0, 0, -1)])],
                         ids=["small", "large", "five"])
@pytest.mark.parametrize("azimuth, elevation", [(0, 0), (90, 30), (-135, -30), (20, 80)])
def test_low_bands_point_at_the_source_by_their_vector_and_their_tensor(microphones, azimuth, elevation):
    features, towards = heard(azimuth, elevation, microphones)
    assert features.shape == (10, BANDS, 41) and np.abs(features[1:]).max() < 2
    vector = features[1:4, 5:25].mean(axis=(1, 2))
    assert np.degrees(np.arccos(vector @ towards / np.linalg.norm(vector))) < 10  # five are not the same on all sides
    values, axes = np.linalg.eigh(tensor(features[4:, 5:25].mean(axis=(1, 2))))
    assert len(microphones) > 4 or abs(axes[:, values.argmax()] @ towards) > 0.85


def test_a_turn_of_the_world_turns_the_features():
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))
    features = np.random.default_rng(2).standard_normal((10, 3, 2)).astype(np.float32)
    changed = turned(features, turn)
    np.testing.assert_array_equal(changed[0], features[0])
    np.testing.assert_allclose(changed[1:4, 1, 1], turn @ features[1:4, 1, 1], atol=1e-6)
    np.testing.assert_allclose(tensor(changed[4:, 1, 1]), turn @ tensor(features[4:, 1, 1]) @ turn.T, atol=1e-6)
    quarter = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    front, left = (heard(azimuth, 10, 0.06 * CORNERS)[0] for azimuth in (0, 90))
    np.testing.assert_allclose(turned(front, quarter)[1:].mean(axis=2), left[1:].mean(axis=2), atol=0.03)


def test_the_level_of_a_recording_changes_nothing_and_silence_is_zero():
    sound = np.random.default_rng(3).standard_normal((4, RATE // 2)).astype(np.float32)
    np.testing.assert_allclose(band_directions(sound / 100, 0.06 * CORNERS), band_directions(sound, 0.06 * CORNERS),
                               atol=1e-4)
    assert not band_directions(np.zeros((4, 4000), np.float32), 0.06 * CORNERS).any()
