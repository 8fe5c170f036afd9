"""The voice task: what labels become, what is decoded, how spectra are varied, what must not be heard as singing."""

import numpy as np
import pytest
import torch

from onpu.decode.tasks.voice import VoiceOptions, decode
from onpu.engine.render.ambience import applause, hiss
from onpu.engine.render.negatives import silence
from onpu.errors import OnpuError
from onpu.listen import load
from onpu.listen.voice import LISTENER, augment, loss, target
from onpu.music import Clock, Timeline, Voice
from onpu.weights import models

CLOCK = Clock(22050, 315)
SMALL = LISTENER.recipes["small"]
BLSTM = LISTENER.recipes["blstm"]
NOTHING = Timeline(1.0)


def timeline(*sung, duration=20.0):
    starts, ends = (np.array([stretch[side] for stretch in sung], dtype=float) for side in (0, 1))
    return Timeline(duration, voice=Voice(starts, ends, np.full(len(sung), ""), np.ones(len(sung)))).validate()


def heard(line, sure=1.0, doubt=0.0):
    """What a network hears that gives singing the probability `sure` and all else `doubt`."""
    ones = target(line, CLOCK, CLOCK.count(round(line.duration * CLOCK.rate)))["voice"]
    return {"voice": doubt + (sure - doubt) * ones}


def stretches(activations, **options):
    found = decode(activations, CLOCK, VoiceOptions(**options))["voice"].validate()
    return np.column_stack([found.starts, found.ends]), found.confidence


def test_what_goes_in_comes_out():
    truth = [(0.0, 3.0), (4.013, 5.2), (11.71, 20.0)]
    found, confidence = stretches(heard(timeline(*truth), 0.9, 0.2))
    np.testing.assert_allclose(found, truth, atol=0.51 / CLOCK.fps)
    np.testing.assert_allclose(confidence, 0.9, rtol=1e-6)


def test_short_breaths_belong_to_singing_and_short_sounds_do_not():
    """As the labels of songs have it, notes less than half a second apart are one stretch."""
    found, _ = stretches(heard(timeline((2, 4), (4.3, 6), (7, 9), (12, 12.25))))
    np.testing.assert_allclose(found, [(2, 6), (7, 9)], atol=0.51 / CLOCK.fps)
    found, _ = stretches(heard(timeline((2, 4), (4.3, 6), (12, 12.25))), voice_median_seconds=0.0,
                         min_voice_pause_seconds=0.0, min_voice_seconds=0.0)
    np.testing.assert_allclose(found, [(2, 4), (4.3, 6), (12, 12.25)], atol=0.51 / CLOCK.fps)


def test_the_threshold_is_where_singing_begins():
    activations = heard(timeline((3, 6)), 0.6, 0.3)
    assert [len(stretches(activations, voice_threshold=at)[0]) for at in (0.25, 0.5, 0.7)] == [1, 1, 0]
    assert np.ptp(stretches(activations, voice_threshold=0.25)[0]) == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize("options", [{"voice_threshold": 0.0}, {"voice_threshold": 1.0}, {"voice_median_seconds": -1.0},
                                     {"min_voice_pause_seconds": 61.0}])
def test_impossible_options_are_refused(options):
    with pytest.raises(OnpuError):
        VoiceOptions(**options)


def test_no_frames_have_no_voice():
    assert not len(decode({"voice": np.zeros(0)}, CLOCK, VoiceOptions())["voice"].starts)


def test_the_loss_is_least_at_two_per_cent_of_doubt_and_knows_the_mask():
    wanted, mask = torch.tensor([[1.0, 0.0, 1.0]]), torch.tensor([[1.0, 1.0, 0.0]])

    def at(sung, quiet, beside=0.0):
        logits = torch.logit(torch.tensor([[sung, quiet, 0.5]])) + torch.tensor([0.0, 0.0, beside])
        return loss({"voice": logits}, {"voice": wanted}, mask).item()

    assert at(0.98, 0.005) > at(0.98, 0.0199) and at(0.9, 0.02) > at(0.98, 0.02)
    assert at(0.5, 0.02) == pytest.approx(at(0.98, 0.5)), "what is sung weighs as what is not"
    assert at(0.7, 0.2) == at(0.7, 0.2, beside=9.0)


def sinusoid(hertz, rate, seconds=1.0):
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate).astype(np.float32)


def spectrum(sound, recipe=SMALL):
    with torch.inference_mode():
        return LISTENER.network(recipe).features()(torch.from_numpy(sound)[None])[0].numpy()


def test_spectra_move_as_the_sound_would():
    middle = slice(20, 50)
    for seed in range(12):
        factor = 1 + np.random.default_rng(seed).uniform(-SMALL.pitch_shift, SMALL.pitch_shift)
        varied, labels = augment(spectrum(sinusoid(1200, 22050)), NOTHING, np.random.default_rng(seed), SMALL)
        expected = spectrum(sinusoid(1200 * factor, 22050))[0, :, middle].mean(axis=1).argmax()
        assert abs(int(varied[0, :, middle].mean(axis=1).argmax()) - int(expected)) <= 1, seed
        assert labels is NOTHING


@pytest.mark.parametrize("recipe", [SMALL, BLSTM], ids=["cnn", "blstm"])
def test_variation_is_finite_repeatable_and_keeps_silence(recipe):
    sound = np.concatenate([np.zeros(20000, np.float32), sinusoid(500, 22050)])
    plain = spectrum(sound, recipe)
    varied = [augment(plain, NOTHING, np.random.default_rng(seed), recipe)[0] for seed in (1, 1, 2)]
    assert varied[0].dtype == np.float32 and varied[0].shape == plain.shape and np.isfinite(varied[0]).all()
    np.testing.assert_array_equal(varied[0], varied[1])
    assert not np.array_equal(varied[0], varied[2])
    still, _ = augment(np.full_like(plain, plain.min()), NOTHING, np.random.default_rng(3), recipe)
    np.testing.assert_allclose(still, plain.min(), atol=0.01)


@pytest.mark.parametrize("name", [name for name, card in models().items() if card["task"] == "voice"])
@pytest.mark.parametrize("scene", [silence, hiss, applause], ids=lambda scene: scene.__name__)
def test_shipped_weights_hear_no_singing_where_there_is_none(name, scene):
    sound = scene(8 * 22050, 22050, np.random.default_rng(6))
    assert not len(load(name)(0.1 * sound.astype(np.float32), 22050).starts)
