"""Loudness is reached, nothing passes the ceiling, mono never cancels, and effects go with the beat."""

from dataclasses import replace

import numpy as np
import pytest

from onpu.engine.compose import compose
from onpu.engine.render import perform, produce
from onpu.engine.render.in_time import CUTOFFS, Pulse, duck, gate, in_time, moving_lowpass, pulse_of, swept, wobble
from onpu.engine.render.loudness import loudness
from onpu.engine.render.master import master, soft_clip
from onpu.engine.render.stereo import foldable, widened
from onpu.music import Stems

RATE = 22_050
PERIOD = 0.5


@pytest.fixture(scope="module")
def house():
    return perform(compose(3, "house", seconds=8), 3, RATE, [])


@pytest.fixture
def pulse():
    """Eight bars at 120, a kick on every beat of the second half, two sections."""
    beats = 0.25 + PERIOD * np.arange(32)
    return Pulse(beats, 0, beats[16:], np.array([[0.0, 8.25], [8.25, 16.5]]), 1.0)


def noise(seconds, seed=0):
    return 0.1 * np.random.default_rng(seed).standard_normal((2, round(seconds * RATE))).astype(np.float32)


@pytest.mark.parametrize("target", [-14.0, -10.0, -8.0, -6.0])
def test_masters_are_as_loud_as_asked(house, target):
    mix = house[0].samples.sum(axis=0)
    out = master(mix, target, 0.98, 0.005, RATE)
    assert loudness(out, RATE) == pytest.approx(target, abs=0.8)
    assert np.abs(out).max() <= 0.98 and out.dtype == np.float32


def test_silence_is_not_made_loud():
    assert not master(np.zeros((2, RATE), dtype=np.float32), -6.0, 0.98, 0.005, RATE).any()


def test_the_soft_clipper_leaves_what_is_soft_and_keeps_order():
    ramp = np.linspace(-5, 5, 1001, dtype=np.float32)[None, :]
    out = soft_clip(ramp, 1.0)
    soft = np.abs(ramp) < 0.7
    np.testing.assert_array_equal(out[soft], ramp[soft])
    assert np.abs(out).max() <= 1 and (np.diff(out) >= 0).all()


def test_studios_reach_today_s_loudness(house):
    stems, labels = house
    levels = [loudness(produce(stems, seed, labels).samples, RATE) for seed in range(12)]
    assert max(levels) > -9 and min(levels) < -18


def test_sums_never_cancel():
    left = noise(1)
    cases = [np.stack([left[0], -left[0]]), np.stack([left[0], -0.8 * left[0]]), widened(left, 3.0),
             np.stack([left[0], 0 * left[0]]), left]
    for sound in cases:
        out = foldable(sound)
        assert (out.mean(axis=0) ** 2).mean() >= 0.5 * (out**2).mean() * (1 - 1e-4)
    assert foldable(cases[3]) is cases[3] and foldable(cases[0])[0] is not None
    np.testing.assert_array_equal(foldable(cases[0])[1], left[0])


def test_a_recording_in_opposite_polarity_is_heard_in_mono(house):
    stems = house[0]
    turned = replace(stems, samples=stems.samples * np.array([1, -1], dtype=np.float32)[None, :, None])
    for seed in range(3):
        mix = produce(turned, seed).samples
        assert (mix.mean(axis=0) ** 2).mean() > 0.4 * (mix**2).mean()


def test_others_duck_at_kicks_and_only_there(pulse):
    gain = duck(pulse, pulse.kicks, 12.0, 0.8, 1.0, 17 * RATE, RATE)
    at = (np.round(pulse.kicks * RATE)).astype(int)
    before = int(np.floor(pulse.kicks[0] * RATE)) - 64
    np.testing.assert_allclose(gain[:before], 1.0, atol=1e-6)
    low = 20 * np.log10([gain[k : k + round(0.02 * RATE)].min() for k in at])
    assert np.all(low < -10) and np.all(low >= -12.01)
    back = 20 * np.log10(gain[at + round(0.9 * PERIOD * RATE)])
    assert np.all(back > -0.5), "back before the next beat"


def test_a_pulse_goes_on_before_and_after_its_beats(pulse):
    np.testing.assert_allclose(pulse.count(np.array([0.0, 0.25, 0.5, 15.75, 16.25])), [-0.5, 0, 0.5, 31, 32])
    assert pulse.period == PERIOD


def test_gates_repeat_with_the_beat(pulse):
    for seed in range(8):
        gain = gate(pulse, np.random.default_rng(seed), 17 * RATE, RATE)
        assert gain.min() >= -1e-6 and gain.max() <= 1 + 1e-6 and np.ptp(gain) > 0.3
        bar = round(4 * PERIOD * RATE)
        early, late = gain[bar : 2 * bar], gain[3 * bar : 4 * bar]
        assert np.corrcoef(early, late)[0, 1] > 0.95


def test_wobbles_are_brightest_on_the_beat(pulse):
    sound = noise(17)
    out = wobble(sound, pulse, RATE, np.random.default_rng(1))
    bright = np.abs(np.diff(out.mean(axis=0)))
    frames = np.arange(2, 30, 2)
    on = [bright[round((0.25 + PERIOD * k) * RATE) :][:300].mean() for k in frames]
    assert np.mean(on) > 1.15 * bright.mean()


def test_a_moving_lowpass_is_open_at_the_end_and_delays_nothing():
    click = np.zeros((2, RATE), dtype=np.float32)
    click[:, RATE // 2] = 1
    blocks = -(-RATE // 32)
    np.testing.assert_allclose(moving_lowpass(click, np.full(blocks, float(len(CUTOFFS))), RATE), click, atol=1e-6)
    for place in np.linspace(0, len(CUTOFFS), 11):
        out = np.abs(moving_lowpass(click, np.full(blocks, place), RATE)[0])
        assert abs(int(out.argmax()) - RATE // 2) <= 0.001 * RATE


def test_only_whole_sections_are_filtered(pulse):
    mix = noise(16.5)
    changed = [swept(mix, pulse, RATE, np.random.default_rng(seed)) for seed in range(30)]
    moved = [np.abs(out - mix).max(axis=0) > 0 for out in changed]
    spans = (pulse.sections * RATE).round().astype(int)
    shares = {tuple(round(float(where[a:b].mean())) for a, b in spans) for where in moved}
    assert {(0, 0)} < shares <= {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_effects_need_a_style_that_has_them(house):
    stems, labels = house
    pulse = pulse_of(labels)
    assert pulse is not None and pulse.liking == 1.0 and len(pulse.kicks) > 3
    waltz = compose(1, "piano waltz", seconds=6)
    assert pulse_of(waltz.timeline) is None and pulse_of(None) is None
    plain = Stems(stems.names, stems.samples.copy(), stems.rate)
    changed = [in_time(stems, pulse, np.random.default_rng(seed)).samples for seed in range(6)]
    np.testing.assert_array_equal(plain.samples, stems.samples)
    assert any(not np.array_equal(out, plain.samples) for out in changed)
    drums = stems.names.index("drums")
    assert all(np.array_equal(out[drums], plain.samples[drums]) for out in changed)


def test_records_with_labels_are_functions_of_their_arguments(house):
    stems, labels = house
    for seed in range(3):
        first, second = produce(stems, seed, labels).samples, produce(stems, seed, labels).samples
        np.testing.assert_array_equal(first, second)
        assert np.abs(first).max() <= 1
