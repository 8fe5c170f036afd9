"""The parts of the renderer against closed forms, standards and scipy."""

import numpy as np
import pytest
from scipy.signal import freqz_sos, welch

from onpu.engine.render.amplifier import amplify, draw_amplifier
from onpu.engine.render.codec import Codec, inverse_mdct, mdct, transcode
from onpu.engine.render.dynamics import Compressor, compress, limit, saturate
from onpu.engine.render.filters import bell, filtered, highpass, lowpass, shelf
from onpu.engine.render.loudness import loudness
from onpu.engine.render.performance import Strokes
from onpu.engine.render.room import Room, impulse_response, reverberate
from onpu.engine.render.soundfont import SoundFont, library, soundfonts
from onpu.engine.render.synth import play
from onpu.engine.render.synth.drums import kit
from onpu.engine.render.synth.oscillators import coloured, modes, scan, wavetables
from onpu.engine.render.synth.patches import patch

RATE = 44_100


def tone(frequency, seconds=1.0, level=1.0, rate=RATE):
    return (level * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def strokes_of(pitch, onset=0.0, offset=1.0, bends=()):
    return Strokes(np.array([onset]), np.array([offset]), np.array([float(pitch)]), np.array([90.0]),
                   np.array(bends, dtype=np.float64).reshape(-1, 2))


def pitch_of(sound, low, rate=RATE):
    """Strongest frequency within a semitone of `low`, Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 19))
    frequencies = np.fft.rfftfreq(1 << 19, 1 / rate)
    near = np.abs(np.log2(np.maximum(frequencies, 1) / low)) < 1 / 12
    return frequencies[near][np.argmax(spectrum[near])]


def test_modes_are_decaying_cosines():
    f, d = np.array([100.0, 3000.5, 30_000.0]), np.array([0.5, 0.05, 1.0])
    a, p = np.array([1.0, 0.5, 9.0]), np.array([0.3, 2, 0])
    t = np.arange(20_000) / RATE
    direct = sum(a[i] * np.exp(-t / d[i]) * np.cos(2 * np.pi * f[i] * t + p[i]) for i in range(2))
    np.testing.assert_allclose(modes(f, d, a, p, 20_000, RATE), direct, atol=2e-5)


def test_a_scanned_wavetable_is_the_sum_of_its_harmonics():
    harmonics, cycles = 1 / np.arange(1, 40), 210.3 * np.arange(5000) / RATE
    direct = sum(a * np.sin(2 * np.pi * (k + 1) * cycles) for k, a in enumerate(harmonics))
    np.testing.assert_allclose(scan(wavetables(harmonics[None]), cycles), direct, atol=2e-3)
    tables = wavetables(np.stack([harmonics, 3 * harmonics]))
    np.testing.assert_allclose(scan(tables, cycles, np.full(5000, 0.5)), 2 * direct, atol=5e-3)


def test_coloured_noise_has_its_slope_and_band():
    noise = coloured(np.random.default_rng(0), 1 << 17, RATE, 20, 20_000, 6.0)
    frequencies, power = welch(noise, RATE, nperseg=4096)
    level = 10 * np.log10(power)
    fall = level[np.argmin(np.abs(frequencies - 500))] - level[np.argmin(np.abs(frequencies - 4000))]
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(1, abs=1e-3)
    assert fall == pytest.approx(18, abs=2)


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_loudness_is_that_of_bs_1770(rate):
    """A 997 Hz sine of full scale in one channel reads -3.01 LKFS (ITU-R BS.1770-4, annex 1)."""
    sine = tone(997, 3.0, rate=rate)
    assert loudness(np.stack([sine, 0 * sine]), rate) == pytest.approx(-3.01, abs=0.02)
    assert loudness(np.stack([sine, sine]), rate) == pytest.approx(0.0, abs=0.02)
    gated = np.concatenate([sine, 0 * sine, 0.001 * sine])
    assert loudness(np.stack([gated, gated]), rate) == pytest.approx(0.0, abs=0.35)
    assert loudness(np.zeros((2, rate)), rate) == -np.inf


@pytest.mark.parametrize("gain", [-9.0, 6.0])
def test_equalisers_reach_their_gain(gain):
    peak, low, high = bell(1000, gain, 1.0, RATE), shelf(500, gain, False, RATE), shelf(500, gain, True, RATE)
    for section, where, expected in ((peak, 1000, gain), (peak, 30, 0), (low, 5, gain), (low, 20_000, 0),
                                     (high, 20_000, gain), (high, 5, 0)):
        _, response = freqz_sos(section, [where], fs=RATE)
        assert 20 * np.log10(np.abs(response[0])) == pytest.approx(expected, abs=0.1)
        poles = np.roots(section[0, 3:])
        zeros = np.roots(section[0, :3])
        assert np.abs(poles).max() < 1 and np.abs(zeros).max() < 1, "not of minimum phase"


def test_filters_pass_silence_and_its_end_without_growing():
    sound = np.zeros((2, 5 * RATE), dtype=np.float32)
    sound[:, :100] = 1
    out = filtered(sound, highpass(30, 2, RATE), bell(80, 12, 2, RATE), lowpass(4000, 8, RATE))
    assert np.abs(out[:, -RATE:]).max() < 1e-7
    assert len(lowpass(22_000, 4, RATE)) == 0


def test_compressor_follows_its_static_curve():
    """6 dB over the threshold at 3:1 leaves 2 dB over it; what lies under the threshold is left alone."""
    sound = np.stack([np.concatenate([tone(1000, 1.0, 0.01), tone(1000, 1.0, 0.5)])])
    mean = 10 * np.log10(np.mean(sound**2))
    loud = 20 * np.log10(0.5 / np.sqrt(2))
    settings = Compressor(threshold=loud - 6 - mean, ratio=3.0, attack=0.005, release=200)
    out = compress(sound, settings, RATE)
    np.testing.assert_allclose(out[0, : RATE - 100], sound[0, : RATE - 100], rtol=1e-5)
    assert 20 * np.log10(np.abs(out[0, -RATE // 2 :]).max() / 0.5) == pytest.approx(-4, abs=0.3)


def test_limiter_holds_the_ceiling_and_leaves_the_quiet_alone():
    sound = np.stack([tone(300, 1.0, 0.3), tone(300, 1.0, 0.3)])
    sound[:, 20_000] = 3.0
    out = limit(sound, 0.9, 0.005, RATE)
    assert np.abs(out).max() <= 0.9
    np.testing.assert_allclose(out[:, :15_000], sound[:, :15_000], rtol=1e-6)
    unclipped = sound * (0.9 / 3)
    np.testing.assert_allclose(out[:, 20_000], unclipped[:, 20_000], rtol=0.02)


def test_saturation_has_unit_gain_at_rest_and_makes_harmonics():
    quiet = tone(500, 0.5, 1e-3)
    np.testing.assert_allclose(saturate(quiet, 4.0, 0.3), quiet, rtol=0.01, atol=1e-5)
    spectrum = np.abs(np.fft.rfft(saturate(tone(441, 1.0, 0.8), 5.0, 0.3)))
    assert spectrum[882] > 0.02 * spectrum[441] and spectrum[1323] > 0.1 * spectrum[441]


@pytest.mark.parametrize("hop", [576, 1024])
def test_mdct_gives_the_sound_back_and_keeps_its_energy(hop):
    sound = np.random.default_rng(0).standard_normal((2, 10_000)).astype(np.float32)
    coefficients = mdct(sound, hop)
    np.testing.assert_allclose(inverse_mdct(coefficients, hop)[:, :10_000], sound, atol=1e-5)
    assert (coefficients**2).sum() == pytest.approx((sound**2).sum(), rel=1e-4)


@pytest.mark.parametrize("quality", [10.0, 25.0])
def test_a_codec_has_its_noise_and_its_cut(quality):
    sound = np.random.default_rng(0).standard_normal((2, 1 << 16)).astype(np.float32)
    low = filtered(sound, lowpass(4000, 8, RATE))
    error = transcode(low, Codec(1024, quality, 0.0, 20_000), RATE) - low
    assert 10 * np.log10((low**2).sum() / (error**2).sum()) == pytest.approx(quality, abs=2.0)
    cut = transcode(sound, Codec(576, quality, 0.0, 9_000), RATE)
    frequencies, power = welch(cut[0], RATE, nperseg=2048)
    assert power[frequencies > 9_600].max() < 1e-3 * power[frequencies < 8_500].mean()


@pytest.mark.parametrize("decay", [0.4, 1.5])
def test_a_room_has_its_decay_time_and_does_not_sound_before_the_direct_sound(decay):
    response = impulse_response(Room(6.0, decay, 2.0, 1.2, 0.5, 3), RATE)
    band = filtered(response, highpass(350, 2, RATE), lowpass(700, 2, RATE))
    left = np.cumsum((band[0] ** 2)[::-1])[::-1]
    curve = 10 * np.log10(left / left[0])
    first, last = np.argmax(curve < -5), np.argmax(curve < -25)
    assert 3 * (last - first) / RATE == pytest.approx(decay, rel=0.2)
    assert np.abs(response[:, : round(0.3 * 6 / 343 * RATE)]).max() < 0.01
    assert (response**2).sum() / 2 == pytest.approx(1, rel=1e-4)
    click = np.zeros((1, 1000), dtype=np.float32)
    click[0, 0] = 1
    np.testing.assert_allclose(reverberate(click, response), response[:, :1000], atol=1e-6)


def test_an_amplifier_keeps_the_level_and_makes_chords_intermodulate():
    rng = np.random.default_rng(1)
    fifth = tone(220, 1.0, 0.1) + tone(330, 1.0, 0.1)
    out = amplify(fifth, draw_amplifier(rng, True), RATE, rng)
    assert np.sqrt(np.mean(out**2)) == pytest.approx(np.sqrt(np.mean(fifth**2)), rel=1e-3)
    spectrum = np.abs(np.fft.rfft(out))
    assert spectrum[110] > 10 * np.median(spectrum[90:130])
    assert len(out) == len(fifth)


@pytest.mark.parametrize("program", range(0, 128, 5))
def test_every_family_of_patches_is_in_tune_and_stops(program):
    rng = np.random.default_rng(program)
    played = strokes_of(69, 0.1, 1.1)
    sound = play(played, patch(program, rng), 4 * RATE, RATE, rng).mean(axis=0)
    start = round(0.1 * RATE)
    assert np.isfinite(sound).all() and not sound[: start - 1].any() and np.abs(sound).max() > 0.01
    assert np.abs(sound[-RATE // 4 :]).max() < 0.05 * np.abs(sound).max()
    heard = sound[start : start + RATE]
    best = min(abs(np.log2(pitch_of(heard, f) / f)) for f in (440.0, 880.0))
    assert best < 40 / 1200


def test_fractions_and_bends_move_the_pitch():
    organ = patch(19, np.random.default_rng(5))
    plain = play(strokes_of(57.0), organ, RATE, RATE, np.random.default_rng(0)).mean(axis=0)
    raised = play(strokes_of(57.5), organ, RATE, RATE, np.random.default_rng(0)).mean(axis=0)
    held = strokes_of(57, bends=[(0.0, 2.0), (0.5, 2.0)])
    bent = play(held, organ, RATE, RATE, np.random.default_rng(0)).mean(axis=0)
    base = pitch_of(plain, 220)
    assert 12 * np.log2(pitch_of(raised, 226) / base) == pytest.approx(0.5, abs=0.05)
    assert 12 * np.log2(pitch_of(bent, 247) / base) == pytest.approx(2.0, abs=0.05)


def test_every_drum_of_the_map_sounds_at_once_and_dies_away():
    rng = np.random.default_rng(0)
    pieces = kit(rng)
    assert set(pieces) >= set(range(27, 88))
    for number, piece in pieces.items():
        sound = piece(rng, 1.0, 22_050)
        energy = np.cumsum(sound.astype(float) ** 2)
        assert np.isfinite(sound).all() and energy[-1] > 0, number
        assert np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()) < 0.02 * 22_050, number
        assert np.abs(sound[-20:]).max() < 0.05 * np.abs(sound).max(), number


@pytest.mark.skipif(library() is None or not soundfonts(), reason="no libfluidsynth, or no soundfont")
def test_a_soundfont_plays_in_tune_on_time_and_bends():
    font = next(font for font in (SoundFont(path, RATE) for path in soundfonts()) if font.plays(80))
    note = [(RATE // 2, "noteon", 69, 100), (3 * RATE // 2, "noteoff", 69)]
    plain = font.play(80, False, note, 2 * RATE, {}).mean(axis=0)
    bent = font.play(80, False, [(0, "pitch_bend", 8192 + 8192 // 12), *note], 2 * RATE, {}).mean(axis=0)
    assert not plain[: RATE // 2 - 33].any() and plain[RATE // 2 : RATE // 2 + 2000].any()
    base = pitch_of(plain[RATE // 2 : RATE], 440)
    assert abs(1200 * np.log2(base / 440)) < 15
    assert 12 * np.log2(pitch_of(bent[RATE // 2 : RATE], 494) / base) == pytest.approx(2.0, abs=0.05)
