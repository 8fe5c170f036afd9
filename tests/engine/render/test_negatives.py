"""What is not music: every scene is usable, irregular where it is sparse, and equal for equal seeds."""

import numpy as np
import pytest

from onpu.engine.render import negative
from onpu.engine.render.ambience import clicks, hum
from onpu.engine.render.incidents import birds, footsteps, typing, water
from onpu.engine.render.negatives import SCENES, held_tone
from onpu.engine.render.voice import speak

RATE = 16_000


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
@pytest.mark.parametrize("samples", [1, 50, 2 * RATE])
def test_every_scene_has_its_length(scene, samples):
    sound = scene(samples, RATE, np.random.default_rng(0))
    assert sound.shape == (2, samples) and sound.dtype == np.float32 and np.isfinite(sound).all()


def test_negatives_are_functions_of_their_seed_and_within_full_scale():
    sounds = [negative(seed, 2.5, RATE) for seed in range(12)]
    assert all(sound.samples.shape == (2, 40_000) and np.abs(sound.samples).max() <= 1 for sound in sounds)
    np.testing.assert_array_equal(sounds[3].samples, negative(3, 2.5, RATE).samples)
    assert len({sound.samples.tobytes() for sound in sounds}) == 12
    assert negative(0, 0.0, RATE).samples.shape == (2, 0)


def test_clicks_are_a_poisson_process():
    sound = np.abs(clicks(120 * RATE, RATE, np.random.default_rng(2), 3.0)).max(axis=0)
    starts = np.flatnonzero((sound > 1e-3) & (np.concatenate([np.zeros(400), sound[:-400]]) < 1e-3))
    starts = starts[np.append(True, np.diff(starts) > 400)]
    gaps = np.diff(starts) / RATE
    assert 1 / gaps.mean() == pytest.approx(3.0, rel=0.25)
    assert gaps.std() / gaps.mean() > 0.7, "too regular for a Poisson process"


def test_speech_has_pauses_and_no_steady_beat():
    sound = speak(60 * RATE, RATE, np.random.default_rng(0))
    level = np.sqrt((sound[: 60 * RATE].reshape(-1, RATE // 50) ** 2).mean(axis=1))
    silent = (level < 0.02 * level.max()).mean()
    assert 0.05 < silent < 0.7
    rise = np.maximum(np.diff(level), 0)
    rise -= rise.mean()
    correlation = np.correlate(rise, rise, "full")[len(rise) - 1 :]
    assert correlation[15:100].max() < 0.3 * correlation[0]


def test_hum_is_made_of_the_mains_harmonics():
    sound = hum(4 * RATE, RATE, np.random.default_rng(0))[0]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    off = [np.abs((frequencies + mains / 2) % mains - mains / 2) / mains for mains in (50, 60)]
    assert max(spectrum[distance < 0.05].sum() for distance in off) > 0.99 * spectrum.sum()


@pytest.mark.parametrize("scene", [typing, footsteps, birds, water], ids=lambda scene: scene.__name__)
def test_incidents_come_at_no_steady_pace(scene):
    sound = scene(60 * RATE, RATE, np.random.default_rng(1))
    level = np.sqrt((sound.mean(axis=0).reshape(-1, RATE // 50) ** 2).mean(axis=1))
    rise = np.maximum(np.diff(level), 0)
    rise -= rise.mean()
    correlation = np.correlate(rise, rise, "full")[len(rise) - 1 :]
    assert correlation[50:200].max() < 0.3 * correlation[0]


def test_a_held_tone_begins_once():
    for seed in range(6):
        sound = held_tone(4 * RATE, RATE, np.random.default_rng(seed))
        level = np.sqrt((sound.reshape(2, -1, RATE // 10) ** 2).mean(axis=(0, 2)))
        held = np.flatnonzero(level > 0.05 * level.max())
        assert len(held) == held[-1] - held[0] + 1, "one stretch without a gap"
