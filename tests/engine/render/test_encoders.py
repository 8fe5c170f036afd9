"""True lossy files: they are lossy, exactly in time, and equal for equal sound."""

import shutil

import numpy as np
import pytest

from onpu.engine.render import encoders
from onpu.engine.render.encoders import FFMPEG, LIBSNDFILE, Encoder, delay, draw_encoder, encoded

RATE = 44_100
SMALLEST = [Encoder("libsndfile", *LIBSNDFILE[number], 2) for number in (0, 2, 5, 8, 9, 11, 14)]
if shutil.which("ffmpeg"):
    SMALLEST += [Encoder("ffmpeg", *FFMPEG[number], 2) for number in (0, 4, 5, 10, 11, 12, 15)]


def named(encoder):
    return f"{encoder.program}-{encoder.codec}-{encoder.rate}-{encoder.strength:g}"


@pytest.fixture(scope="module")
def music():
    """Three seconds of decaying chords over noise, stereo."""
    rng = np.random.default_rng(4)
    t = np.arange(3 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * f * t) for f in (220, 277.2, 329.6, 1318.5)) * np.exp(-6 * (t % 0.43))
    burst = rng.standard_normal((2, len(t))) * np.exp(-40 * (t % 0.43))
    return (0.12 * tones + 0.2 * burst).astype(np.float32)


def lag(before, after):
    size = 2 * len(before)
    alike = np.fft.irfft(np.conj(np.fft.rfft(before, size)) * np.fft.rfft(after, size), size)
    best = int(np.argmax(alike))
    return (best if best < len(before) else best - size) / RATE


@pytest.mark.parametrize("encoder", SMALLEST, ids=named)
def test_files_come_back_in_time_and_changed(music, encoder):
    out = encoded(music, encoder, RATE)
    assert out.shape == music.shape and out.dtype == np.float32 and np.isfinite(out).all()
    assert abs(lag(music.mean(axis=0), out.mean(axis=0))) <= 0.0005
    early, late = music[:, :RATE].mean(axis=0), music[:, -RATE:].mean(axis=0)
    assert abs(lag(early, out[:, :RATE].mean(axis=0))) <= 0.001
    assert abs(lag(late, out[:, -RATE:].mean(axis=0))) <= 0.001
    error = ((out - music) ** 2).mean() / (music**2).mean()
    assert 1e-4 < error < 0.7, "neither the same nor something else"
    np.testing.assert_array_equal(out, encoded(music, encoder, RATE))


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
def test_the_delay_of_an_encoder_that_tells_no_decoder_is_found():
    assert delay(Encoder("ffmpeg", "mp3", "libmp3lame", 22_050, 24, 2), RATE) > 500


def test_an_encoder_without_delay_is_known_as_such():
    assert delay(Encoder("libsndfile", "OGG", "VORBIS", 44_100, 0.85, 2), RATE) == 0


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
def test_other_rates_and_mono(music, rate):
    sound = np.repeat(music[:1, : 2 * rate], 2, axis=0)
    for number in (2, 8, 14):
        out = encoded(sound, Encoder("libsndfile", *LIBSNDFILE[number], 1), rate)
        assert out.shape == sound.shape
        np.testing.assert_array_equal(out[0], out[1])
        assert abs(lag(sound[0], out[0])) * RATE / rate <= 0.001


def test_without_ffmpeg_libsndfile_encodes(monkeypatch):
    monkeypatch.setattr(encoders.shutil, "which", lambda name: None)
    encoders._works.cache_clear()
    try:
        drawn = [draw_encoder(np.random.default_rng(seed), 2) for seed in range(40)]
    finally:
        encoders._works.cache_clear()
    assert {encoder.program for encoder in drawn} == {"libsndfile"}
    assert {encoder.codec for encoder in drawn} == {"MPEG_LAYER_III", "VORBIS", "OPUS"}


def test_what_is_too_short_for_a_frame_stays():
    sound = np.ones((2, 100), dtype=np.float32)
    assert encoded(sound, SMALLEST[0], RATE) is sound
