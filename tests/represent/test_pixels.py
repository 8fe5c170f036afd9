"""Pictures of music: what is known of each pixel, levels of spectra and back."""

import numpy as np
import torch

from onpu.music.roll import LOWEST, PITCHES, Roll
from onpu.represent.pixels import BAR, OCTAVES, RollPixels, SpectrumPixels

RATE = 16_000


def test_places_of_a_roll_are_step_degree_and_octave():
    pixels = RollPixels()
    hints = torch.stack([pixels.hinted("D:minor", 3), pixels.hinted("Bb:major", 4)])
    known = pixels.known(hints, 32)
    assert known.shape == (2, pixels.places, 32, PITCHES) and (known.sum(1) == 3).all()
    for number, (tonic, minor, bar) in enumerate(((2, 1, 12), (10, 0, 16))):
        for row, column in ((0, 0), (13, 30), (31, 63)):
            step, degree, octave = torch.nonzero(known[number, :, row, column])[:, 0].tolist()
            assert step == row % bar and octave == BAR + 24 + column // 12
            assert degree == BAR + 12 * minor + (LOWEST + column - tonic) % 12
    assert known[:, -OCTAVES:].sum(1).eq(1).all()


def test_a_roll_is_its_own_picture():
    roll = Roll(np.random.default_rng(0).random((32, PITCHES)) < 0.1, 4, "C:major")
    assert np.array_equal(RollPixels().of(roll).numpy() > 0, roll.sounding)


def tone(hz, level):
    return 10 ** (level / 20) * np.sin(2 * np.pi * hz * np.arange(8192) / RATE).astype(np.float32)


def test_levels_of_a_tone_fall_with_its_loudness_where_it_is():
    pixels = SpectrumPixels(RATE, 8)
    loud, soft, silent = pixels.of(torch.from_numpy(np.stack([tone(1000, 0), tone(1000, -20), 0 * tone(1, 0)])), 32)
    assert loud.shape == (32, pixels.columns) and (silent == 0).all()
    band = int(loud[16].argmax())
    assert float(pixels.weights[band].argmax()) * RATE / 512 == 1000 or abs(
        int(pixels.weights[band].argmax()) * RATE / 512 - 1000) < 120
    assert int(loud[16, band] - soft[16, band]) in (7, 8, 9)  # of 2.5 dB
    assert 0 <= float(loud.min()) and float(loud.max()) < pixels.levels and (loud == loud.floor()).all()


def test_places_of_a_spectrum_are_band_and_frame():
    pixels = SpectrumPixels(RATE, 8)
    known = pixels.known(torch.eye(8)[:2], 40)
    assert known.shape == (2, pixels.places, 40, pixels.columns) and (known.sum(1) == 2).all()
    assert known[1, 5, 7, 5] == 1 and known[1, pixels.columns + 7, 7, 5] == 1 and known[0, -1, 39, 0] == 1


def test_a_sound_of_a_picture_has_about_this_picture():
    pixels = SpectrumPixels(RATE, 8)
    rng = np.random.default_rng(0)
    decay = np.exp(-np.arange(8192) / 2500)
    picture = pixels.of(torch.from_numpy((0.3 * decay * rng.standard_normal(8192)).astype(np.float32))[None], 32)[0]
    sound = pixels.sounding(picture, 31 * pixels.hop, 32)
    assert sound.shape == (31 * pixels.hop,)
    again = pixels.of(sound[None], 32)[0]
    assert float((again - picture)[2:28, 4:].abs().mean()) < 2.5
